"""Client: a server's REST and live feed, from Python.

    client = lrscope.Client("http://127.0.0.1:8000")
    sweep = client.submit("digits-clean", num_iter=200)
    for point in client.stream(sweep.id):
        print(point.step, point.lr, point.loss)
    client.pick(sweep.id, client.reading(sweep.id).suggestion, note="well left of the minimum")

Every method raises Unreachable when no server answers, and else the error that the server's reply stands for: NotFound,
InvalidInput with the offending fields, Conflict, Forbidden.
"""

import getpass
import math
import os
from collections.abc import Iterator, Sequence
from itertools import pairwise
from time import monotonic
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter, ValidationError

from lrscope.address import DEFAULT_SERVER, SERVER_ENV, base_url, is_loopback
from lrscope.common import Common
from lrscope.confirmation import Confirmation
from lrscope.curve import Curve, Point, Points
from lrscope.errors import FieldError, InvalidInput, LrscopeError, Unreachable, error_for
from lrscope.feed import WorkerState
from lrscope.reading import Reading
from lrscope.recipe import RecipeInfo
from lrscope.spec import Frozen, Pick, Sweep, SweepRequest
from lrscope.stream import follow
from lrscope.views import View

PAGE = 200  # sweeps asked for at a time
USER_ENV = "LRSCOPE_USER"

T = TypeVar("T")


class ServerVersion(Frozen):
    version: str
    wire_version: int
    user: str


class _SweepPage(Frozen):
    items: list[Sweep]
    next: str | None


class _Points(Frozen):
    step: list[int]
    lr: list[float]
    loss: list[float | None]
    series: dict[str, list[float | None]] = {}
    next: int


class _Traceback(Frozen):
    traceback: str


class _Log(Frozen):
    log: str


class Client:
    """A connection to the server at `url` (default: LRSCOPE_SERVER, else this machine's port 8000), acting as `user`.

    The user's default is LRSCOPE_USER, else who is logged in here. Raises InvalidInput when `url` is no address.
    """

    def __init__(
        self,
        url: str | None = None,
        user: str | None = None,
        *,
        timeout_s: float = 30,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.url = base_url(url or os.environ.get(SERVER_ENV) or DEFAULT_SERVER)
        self.user = user or os.environ.get(USER_ENV) or _logged_in()
        self._http = httpx.Client(
            base_url=self.url,
            headers={"Lrscope-User": quote(self.user, safe="")} if self.user else {},
            timeout=timeout_s,
            transport=transport,
            trust_env=not is_loopback(self.url),  # no proxy leads to this machine
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    # ── ask ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def submit(self, recipe: str | SweepRequest, *, key: str | None = None, **fields: Any) -> Sweep:
        """Ask for a range test: a recipe's name and any fields of SweepRequest, or a whole request.

        Several `seeds` make one sweep each, in one group: the first is returned, `group` gives all. A `key` makes it
        safe to ask again: the second time the sweeps made then are returned.
        """
        if isinstance(recipe, SweepRequest):
            fields = recipe.model_dump(exclude_unset=True) | fields
        else:
            fields = {"recipe": recipe, **fields}
        headers = {"Idempotency-Key": key} if key is not None else {}
        return self._ask(Sweep, "POST", "/sweeps", json=_checked(fields), headers=headers)

    def clone(self, sweep: str, **changes: Any) -> Sweep:
        """Queue the same range test once more, with these fields of the request changed."""
        return self._ask(Sweep, "POST", f"{_path(sweep)}/clone", json=changes)

    def extend(self, sweep: str, **wider: Any) -> Sweep:
        """Queue the same test over a wider range (start_lr, end_lr), or past where it stopped; its `origin` tells.

        With the same start_lr the old steps are trained again from the seed, and then it goes on. Raises Conflict while
        the sweep has not ended, InvalidInput for a range that is not wider.
        """
        return self._ask(Sweep, "POST", f"{_path(sweep)}/extend", json=wider)

    def confirm(self, sweep: str, *, key: str | None = None, **asked: Any) -> Confirmation:
        """Queue short trainings around a rate: by default around the pick that stands, else the suggestion.

        `asked`: lr, lrs, seeds, steps, schedule ("constant" or "onecycle"). What was trained before is not trained
        again. Raises Conflict while the sweep has not ended, or without a rate to go by.
        """
        headers = {"Idempotency-Key": key} if key is not None else {}
        return self._ask(Confirmation, "POST", f"{_path(sweep)}/confirm", json=asked, headers=headers)

    def upload(self, curve: Curve, *, name: str | None = None, **fields: Any) -> Sweep:
        """Keep a curve that was measured elsewhere, as a sweep that has ended.

        `fields`: recipe, params, seed, tags, notes. Raises InvalidInput for a curve that no sweep could have.
        """
        given = {**curve.to_dict(), "name": name, **fields}
        given.pop("coarse", None)
        return self._ask(Sweep, "POST", "/sweeps/import", json=given)

    def cancel(self, sweep: str) -> Sweep:
        """Take it out of the queue, or stop it before its next step. Raises Conflict when it has ended."""
        return self._ask(Sweep, "POST", f"{_path(sweep)}/cancel")

    def retry(self, sweep: str) -> Sweep:
        """Queue a failed or cancelled sweep again. Raises Conflict otherwise."""
        return self._ask(Sweep, "POST", f"{_path(sweep)}/retry")

    def front(self, sweep: str, *, by: int | None = None) -> Sweep:
        """Put a queued sweep before all others that wait, or `by` places forward; below 0: back.

        Raises Conflict when it does not wait.
        """
        asked = {} if by is None else {"json": {"by": by}}
        return self._ask(Sweep, "POST", f"{_path(sweep)}/front", **asked)

    def change(self, sweep: str, **changes: Any) -> Sweep:
        """Change name, tags, color, starred, archived or notes."""
        return self._ask(Sweep, "PATCH", _path(sweep), json=changes)

    def pick(
        self,
        sweep: str,
        lr: float,
        note: str = "",
        compared_with: Sequence[str] = (),
        smoothing: float | None = None,
    ) -> Pick:
        """Keep a decision: a rate within the swept range. `compared_with`: ids of the sweeps it was weighed against;
        `smoothing`: of the line it was read from, in decades."""
        body: dict[str, Any] = {"lr": lr, "note": note, "compared_with": list(compared_with)}
        if smoothing is not None:
            body["smoothing"] = smoothing
        return self._ask(Pick, "PUT", f"{_path(sweep)}/pick", json=body)

    def withdraw(self, sweep: str) -> Sweep:
        """Take back the pick that stands; the one before it stands again. Raises Conflict where none does."""
        return self._ask(Sweep, "DELETE", f"{_path(sweep)}/pick")

    # ── look ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def sweep(self, sweep: str) -> Sweep:
        return self._ask(Sweep, "GET", _path(sweep))

    def sweeps(self, **wanted: Any) -> Iterator[Sweep]:
        """Every sweep, newest first, page by page; `wanted`: the query of GET /sweeps."""
        query = {"limit": PAGE, **{name: value for name, value in wanted.items() if value is not None}}
        while True:
            page = self._ask(_SweepPage, "GET", "/sweeps", params=query)
            yield from page.items
            if page.next is None:
                return
            query["cursor"] = page.next

    def group(self, sweep: Sweep) -> list[Sweep]:
        """The sweeps of the request that `sweep` came from, in the order of its seeds."""
        if sweep.group is None:
            return [sweep]
        return sorted(self.sweeps(group=sweep.group), key=lambda each: each.id)

    def points(self, sweep: str) -> Points:
        """Every point of the present attempt; a loss that was not finite is NaN.

        Of a range test they are a Curve. A short training's are none where its rates fall again.
        """
        found = self._ask(_Points, "GET", f"{_path(sweep)}/points")
        series = {name: _numbers(column) for name, column in found.series.items()}
        rises = all(a <= b for a, b in pairwise(found.lr))
        return (Curve if rises else Points)(found.lr, _numbers(found.loss), series)

    def reading(self, sweep: str, *, group: bool = False) -> Reading:
        """The reading of what is there so far; with `group`, of all seeds of its request as one."""
        return self._ask(Reading, "GET", f"{_path(sweep)}/reading", params={"group": "true"} if group else {})

    def confirmation(self, sweep: str) -> Confirmation:
        """What the short trainings tell so far. Raises NotFound when none were asked for."""
        return self._ask(Confirmation, "GET", f"{_path(sweep)}/confirmation")

    def cancel_confirmation(self, sweep: str) -> Confirmation:
        """Stop the short trainings that wait or run."""
        return self._ask(Confirmation, "POST", f"{_path(sweep)}/confirmation/cancel")

    def common(self, *sweeps: str) -> Common:
        """One rate for several sweeps, the band that is safe for all, and which of them limits it."""
        return self._ask(Common, "POST", "/readings/common", json={"sweeps": list(sweeps)})

    def picks(self, sweep: str) -> list[Pick]:
        """Newest first; the first one that was not withdrawn stands."""
        return self._ask(list[Pick], "GET", f"{_path(sweep)}/picks")

    def traceback(self, sweep: str) -> str:
        """What a failed recipe raised. Raises NotFound when it did not."""
        return self._ask(_Traceback, "GET", f"{_path(sweep)}/traceback").traceback

    def log(self, sweep: str) -> str:
        """The end of what the recipe printed, also while it runs. Raises NotFound when it printed nothing."""
        return self._ask(_Log, "GET", f"{_path(sweep)}/log").log

    def stream(self, sweep: str) -> Iterator[Point]:
        """Every point there is, then each as it comes, to the sweep's end; across cuts, without gap or repeat.

        A sweep that is tried again starts anew: its step 0 comes again.
        """
        return follow(self.url, sweep, self.sweep)

    def wait(self, sweep: str, timeout_s: float = math.inf) -> Sweep:
        """The sweep once it has ended. Raises TimeoutError."""
        for _ in follow(self.url, sweep, self.sweep, until=monotonic() + timeout_s):
            pass
        return self.sweep(sweep)

    def keep_view(self, name: str, **state: Any) -> View:
        """Keep what a page shows and how, under a name; `state`: fields of ViewState. Its page is at `/v/{id}`."""
        return self._ask(View, "POST", "/views", json={"name": name, "state": state})

    def views(self) -> list[View]:
        """Newest first."""
        return self._ask(list[View], "GET", "/views")

    def view(self, view: str) -> View:
        return self._ask(View, "GET", f"/views/{quote(view, safe='')}")

    def recipes(self) -> list[RecipeInfo]:
        return self._ask(list[RecipeInfo], "GET", "/recipes")

    def workers(self) -> list[WorkerState]:
        return self._ask(list[WorkerState], "GET", "/workers")

    def health(self) -> dict[str, Any]:
        return self._ask(dict[str, Any], "GET", "/health")

    def version(self) -> ServerVersion:
        return self._ask(ServerVersion, "GET", "/version")

    # ── how ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _ask(self, kind: type[T], method: str, path: str, **options: Any) -> T:
        try:
            reply = self._http.request(method, path, **options)
        except httpx.TransportError as error:
            raise Unreachable(
                f"no lrscope server answers at {self.url} ({error or type(error).__name__}); start one with: lrscope up"
            ) from error
        if not reply.is_success:
            raise _error_of(reply)
        try:
            # A newer server may say more than this client knows.
            return TypeAdapter(kind).validate_json(reply.content, extra="ignore")
        except ValidationError as error:
            raise Unreachable(
                f"what answers at {self.url} is not an lrscope server of this version: {_first(error)}"
            ) from None


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    """The body of a request. Raises InvalidInput naming each field that cannot be taken."""
    try:
        return SweepRequest.model_validate(fields).model_dump(mode="json", exclude_unset=True)
    except ValidationError as error:
        found = tuple(
            FieldError(".".join(map(str, e["loc"])), e["input"], e["msg"].removeprefix("Value error, "))
            for e in error.errors()
        )
        raise InvalidInput("; ".join(f"{f.field or 'request'}: {f.reason}" for f in found), found) from None


def _error_of(reply: httpx.Response) -> LrscopeError:
    """The error that a reply from 400 up stands for."""
    kind = error_for(reply.status_code)
    try:
        problem = reply.json()
        fields = tuple(FieldError(e["field"], e["value"], e["reason"]) for e in problem.get("errors", []))
        return kind(problem["detail"], fields)
    except (ValueError, KeyError, TypeError, AttributeError):
        return kind(f"{reply.request.url} answered {reply.status_code}: {' '.join(reply.text.split())[:200]}")


def _numbers(column: list[float | None]) -> list[float]:
    return [math.nan if value is None else value for value in column]


def _path(sweep: str) -> str:
    return f"/sweeps/{quote(sweep, safe='')}"


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc'])) or 'reply'}: {first['msg']}"


def _logged_in() -> str | None:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's uid without a name: the server says who acts
        return None
