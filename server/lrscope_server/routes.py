"""REST: parse, call one verb, reply."""

import csv
import io
from typing import Annotated, Any
from urllib.parse import unquote

import numpy as np
import orjson
from fastapi import APIRouter, Body, Depends, Header, Query, Request, Response
from pydantic import Field, TypeAdapter, ValidationError

import lrscope
from lrscope.common import Common
from lrscope.confirmation import Confirmation
from lrscope.curve import Curve
from lrscope.errors import InvalidInput
from lrscope.feed import WorkerState
from lrscope.reading import Reading, read
from lrscope.recipe import RecipeInfo
from lrscope.spec import MAX_STEPS, Frozen, Name, Pick, Sweep, SweepRequest
from lrscope.views import View, ViewRequest
from lrscope.wire import WIRE_VERSION
from lrscope_server import examples
from lrscope_server.confirming import ConfirmationRequest
from lrscope_server.following import Extension
from lrscope_server.importing import Measured
from lrscope_server.order import Forward
from lrscope_server.problems import Problem
from lrscope_server.rooms import Rooms
from lrscope_server.sweeps import PickRequest, SweepChange, SweepFilter, SweepPage

_sweeps, _curves, _picks, _views, _service = (
    APIRouter(tags=[section]) for section in ("Sweeps", "Curves", "Picks", "Views", "The service")
)
router = APIRouter(responses={"4XX": {"model": Problem, "content": {"application/problem+json": {}}}})

_name: TypeAdapter[str] = TypeAdapter(Name)


def rooms(request: Request) -> Rooms:
    found: Rooms = request.app.state.rooms
    return found


def person(request: Request, lrscope_user: Annotated[str | None, Header(max_length=1000)] = None) -> str:
    """Who acts: the `Lrscope-User` header, percent-encoded UTF-8; without it the server's own user."""
    if lrscope_user is None:
        user: str = request.app.state.rooms.settings.user
        return user
    try:
        return _name.validate_python(unquote(lrscope_user, errors="strict"))
    except (UnicodeDecodeError, ValidationError):
        raise InvalidInput.of("Lrscope-User", lrscope_user, "must be a name of 1 to 120 letters, one line") from None


In = Annotated[Rooms, Depends(rooms)]
Who = Annotated[str, Depends(person)]


class PointsPage(Frozen):
    """Points after a step. Pass `next` as `after` for what comes later. A loss that is not finite is null."""

    step: list[int]
    lr: list[float]
    loss: list[float | None]
    series: dict[str, list[float | None]] = Field(description="Extra series by name, one number a point.")
    next: int


class CurveBody(Frozen):
    lr: list[float] = Field(max_length=MAX_STEPS)
    loss: list[float | None] = Field(max_length=MAX_STEPS, description="null where it was not finite")

    def curve(self) -> Curve:
        return curve_of(self.lr, self.loss)


class ReadingRequest(Frozen):
    """One curve as lr and loss, or several of different seeds as curves."""

    lr: list[float] | None = Field(default=None, max_length=MAX_STEPS)
    loss: list[float | None] | None = Field(default=None, max_length=MAX_STEPS)
    curves: list[CurveBody] | None = Field(default=None, min_length=1, max_length=50)
    optimizer: str | None = Field(default=None, max_length=100, description="Its name: a weak hint.")

    def all_curves(self) -> list[Curve]:
        if self.curves is not None:
            if self.lr is not None or self.loss is not None:
                raise InvalidInput.of("curves", len(self.curves), "give lr and loss, or curves, not both")
            return [body.curve() for body in self.curves]
        if self.lr is None or self.loss is None:
            missing = "lr" if self.lr is None else "loss"
            raise InvalidInput.of(missing, None, "is needed: send lr and loss, or curves")
        return [curve_of(self.lr, self.loss)]


class CommonRequest(Frozen):
    """Which sweeps are to share a rate."""

    sweeps: list[str] = Field(min_length=1, max_length=50)


def curve_of(lr: list[float], loss: list[float | None]) -> Curve:
    return Curve(lr, [np.nan if value is None else value for value in loss])


class Traceback(Frozen):
    traceback: str


class Log(Frozen):
    log: str


class Health(Frozen):
    status: str = "ok"


class Version(Frozen):
    version: str
    wire_version: int
    user: str = Field(description="Who acts when a request names nobody.")


@_sweeps.post("/sweeps", status_code=201, summary="Ask for a range test")
async def submit(
    body: Annotated[SweepRequest, Body(openapi_examples=examples.SUBMIT)],
    into: In,
    who: Who,
    response: Response,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200)] = None,
) -> Sweep:
    """Queues one sweep, or with `seeds` one for each, in one group: the first of them is the reply."""
    sweeps = await into.sweeps.submit(body, who, key=idempotency_key)
    response.headers["location"] = f"/sweeps/{sweeps[0].id}"
    return sweeps[0]


@_sweeps.post("/sweeps/import", status_code=201, summary="Keep a curve that was measured elsewhere")
async def keep(
    body: Annotated[Measured, Body(openapi_examples=examples.IMPORT)], into: In, who: Who, response: Response
) -> Sweep:
    kept = await into.sweeps.keep(body, who)
    response.headers["location"] = f"/sweeps/{kept.id}"
    return kept


@_sweeps.get("/sweeps", summary="The sweeps, newest first")
async def page(into: In, wanted: Annotated[SweepFilter, Query()]) -> SweepPage:
    return await into.sweeps.page(wanted)


@_sweeps.get("/sweeps/{sweep}", summary="One sweep")
async def get(sweep: str, into: In) -> Sweep:
    return await into.sweeps.get(sweep)


@_sweeps.patch("/sweeps/{sweep}", summary="Rename, tag, colour, star, archive, annotate")
async def change(sweep: str, body: Annotated[SweepChange, Body(openapi_examples=examples.CHANGE)], into: In) -> Sweep:
    return await into.sweeps.change(sweep, body)


@_sweeps.delete("/sweeps/{sweep}", status_code=204, summary="Hide it; restore brings it back")
async def delete(sweep: str, into: In) -> None:
    await into.sweeps.delete(sweep)


@_sweeps.post("/sweeps/{sweep}/restore", summary="Bring a deleted sweep back")
async def restore(sweep: str, into: In) -> Sweep:
    return await into.sweeps.restore(sweep)


@_sweeps.post("/sweeps/{sweep}/cancel", summary="Stop it, or take it out of the queue")
async def cancel(sweep: str, into: In, who: Who) -> Sweep:
    return await into.sweeps.cancel(sweep, who)


@_sweeps.post("/sweeps/{sweep}/retry", summary="Queue a failed or cancelled sweep again")
async def retry(sweep: str, into: In) -> Sweep:
    return await into.sweeps.retry(sweep)


@_sweeps.post("/sweeps/{sweep}/front", summary="Move it to the front of the queue, or by some places")
async def front(
    sweep: str, into: In, body: Annotated[Forward | None, Body(openapi_examples=examples.FRONT)] = None
) -> Sweep:
    return await into.sweeps.front(sweep, body.by if body else None)


@_sweeps.post("/sweeps/{sweep}/clone", status_code=201, summary="Queue it once more, with changes")
async def clone(
    sweep: str,
    into: In,
    who: Who,
    response: Response,
    changes: Annotated[dict[str, Any] | None, Body(openapi_examples=examples.CLONE)] = None,
) -> Sweep:
    sweeps = await into.sweeps.clone(sweep, changes or {}, who)
    response.headers["location"] = f"/sweeps/{sweeps[0].id}"
    return sweeps[0]


@_sweeps.post(
    "/sweeps/{sweep}/extend", status_code=201, summary="Queue it over a wider range, or past where it stopped"
)
async def extend(
    sweep: str,
    into: In,
    who: Who,
    response: Response,
    body: Annotated[Extension | None, Body(openapi_examples=examples.EXTEND)] = None,
) -> Sweep:
    longer = await into.sweeps.extend(sweep, body or Extension(), who)
    response.headers["location"] = f"/sweeps/{longer.id}"
    return longer


@_curves.post("/sweeps/{sweep}/confirm", status_code=201, summary="Queue short trainings around a rate")
async def confirm(
    sweep: str,
    into: In,
    who: Who,
    body: Annotated[ConfirmationRequest | None, Body(openapi_examples=examples.CONFIRM)] = None,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200)] = None,
) -> Confirmation:
    return await into.sweeps.confirm(sweep, body or ConfirmationRequest(), who, key=idempotency_key)


@_curves.get("/sweeps/{sweep}/confirmation", summary="What its short trainings tell so far")
async def confirmation(sweep: str, into: In) -> Confirmation:
    return await into.sweeps.confirmation(sweep)


@_curves.post("/sweeps/{sweep}/confirmation/cancel", summary="Stop its short trainings that have not ended")
async def cancel_confirmation(sweep: str, into: In, who: Who) -> Confirmation:
    return await into.sweeps.cancel_confirmation(sweep, who)


@_curves.get("/sweeps/{sweep}/points", response_model=PointsPage, summary="Every point, never decimated")
async def points(sweep: str, into: In, after: Annotated[int, Query(ge=-1)] = -1) -> Response:
    found = await into.sweeps.points(sweep)
    start = min(after + 1, len(found.lr))
    body = {
        "step": list(range(start, len(found.lr))),
        "lr": found.lr[start:].tolist(),
        "loss": found.loss[start:].tolist(),
        "series": {name: column[start:].tolist() for name, column in found.series.items()},
        "next": max(after, len(found.lr) - 1),
    }
    return Response(orjson.dumps(body), media_type="application/json")  # orjson writes null for what is not finite


@_curves.get("/sweeps/{sweep}/points.csv", response_class=Response, summary="Every point, for people")
async def points_csv(sweep: str, into: In) -> Response:
    found = await into.sweeps.points(sweep)
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["step", "lr", "loss", *found.series])
    columns = [column.tolist() for column in (found.lr, found.loss, *found.series.values())]
    rows.writerows(
        (step, *(repr(value) if np.isfinite(value) else "" for value in row))
        for step, row in enumerate(zip(*columns, strict=True))
    )
    headers = {"content-disposition": f'attachment; filename="lrscope-{sweep}.csv"'}
    return Response(text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


@_curves.get("/sweeps/{sweep}/reading", summary="The reading of what is there so far")
async def reading(sweep: str, into: In, group: bool = False) -> Reading:
    return await into.sweeps.reading(sweep, group=group)


@_curves.get("/sweeps/{sweep}/traceback", summary="What a failed recipe raised")
async def traceback(sweep: str, into: In) -> Traceback:
    return Traceback(traceback=await into.sweeps.traceback(sweep))


@_curves.get("/sweeps/{sweep}/log", summary="What the recipe printed")
async def log(sweep: str, into: In) -> Log:
    return Log(log=await into.sweeps.log(sweep))


@_picks.put("/sweeps/{sweep}/pick", summary="Keep a decision")
async def pick(
    sweep: str, body: Annotated[PickRequest, Body(openapi_examples=examples.PICK)], into: In, who: Who
) -> Pick:
    return await into.sweeps.pick(sweep, body, who)


@_picks.delete("/sweeps/{sweep}/pick", summary="Take back the pick that stands")
async def withdraw(sweep: str, into: In, who: Who) -> Sweep:
    return await into.sweeps.withdraw(sweep, who)


@_picks.get("/sweeps/{sweep}/picks", summary="The history of picks, newest first")
async def picks(sweep: str, into: In) -> list[Pick]:
    return await into.sweeps.picks(sweep)


@_curves.post("/readings", summary="Read a curve that is not stored here")
async def read_curve(body: Annotated[ReadingRequest, Body(openapi_examples=examples.READ)]) -> Reading:
    return read(body.all_curves(), body.optimizer)


@_curves.post("/readings/common", summary="One rate for several sweeps")
async def read_common(body: Annotated[CommonRequest, Body(openapi_examples=examples.COMMON)], into: In) -> Common:
    return await into.sweeps.common(body.sweeps)


@_views.post("/views", status_code=201, summary="Keep what a page shows, under a name")
async def keep_view(
    body: Annotated[ViewRequest, Body(openapi_examples=examples.VIEW)], into: In, who: Who, response: Response
) -> View:
    kept = await into.views.keep(body, who)
    response.headers["location"] = f"/v/{kept.id}"
    return kept


@_views.get("/views", summary="The kept views, newest first")
async def views(into: In) -> list[View]:
    return await into.views.list()


@_views.get("/views/{view}", summary="One view")
async def view(view: str, into: In) -> View:
    return await into.views.get(view)


@_views.delete("/views/{view}", status_code=204, summary="Take a view away")
async def delete_view(view: str, into: In) -> None:
    await into.views.delete(view)


@_service.get("/recipes", summary="What workers have offered, with the schemas of the params")
async def recipes(into: In) -> list[RecipeInfo]:
    return await into.sweeps.recipes()


@_service.get("/workers", summary="The workers that are connected")
async def workers(into: In) -> list[WorkerState]:
    return into.roster.states()


@_service.get("/health", summary="Answers once the database does")
async def health(into: In) -> Health:
    await into.sweeps.recipes()
    return Health()


@_service.get("/version", summary="What runs here, and as whom")
async def version(into: In) -> Version:
    return Version(version=lrscope.__version__, wire_version=WIRE_VERSION, user=into.settings.user)


for section in (_sweeps, _curves, _picks, _views, _service):
    router.include_router(section)
