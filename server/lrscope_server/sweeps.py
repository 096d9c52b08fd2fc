"""Every verb that a person, a script or the page has: ask, look, cancel, compare, pick."""

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import Callable, Sequence
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from lrscope.common import Common, common
from lrscope.confirmation import Confirmation
from lrscope.errors import Conflict, InvalidInput, NotFound
from lrscope.feed import MAX_WATCHED
from lrscope.palette import color_of, free_slot
from lrscope.reading import Reading
from lrscope.recipe import RecipeInfo
from lrscope.spec import (
    TRANSITIONS,
    Color,
    Frozen,
    Kind,
    Lr,
    Name,
    Note,
    Pick,
    Smoothing,
    Status,
    Sweep,
    SweepRequest,
    SweepSpec,
    Tags,
)
from lrscope.wire import Ack, Lease
from lrscope_server import records
from lrscope_server.confirming import ConfirmationRequest, confirmation_of, missing, unended
from lrscope_server.following import Extension, due, extension, refined
from lrscope_server.hub import Hub
from lrscope_server.ids import Ids
from lrscope_server.importing import Measured, kept
from lrscope_server.leases import Leases
from lrscope_server.order import forward
from lrscope_server.params import check_params
from lrscope_server.readings import Readings
from lrscope_server.roster import Roster
from lrscope_server.store import Store
from lrscope_server.tables import AttemptRow, PickRow, RecipeRow, RequestRow, SweepRow, TagRow, now

STAGES_S = 2.0  # between looks for second stages that are due, where nothing has said so

log = logging.getLogger(__name__)


class SweepChange(Frozen):
    """The body of `PATCH /sweeps/{id}`: only what is named is changed."""

    name: Name | None = None
    tags: Tags | None = None
    color: Color | None = None
    archived: bool | None = None
    starred: bool | None = None
    notes: Note | None = None


class PickRequest(Frozen):
    """The body of `PUT /sweeps/{id}/pick`."""

    lr: Lr
    note: Note = ""
    compared_with: list[str] = Field(default=[], max_length=200, description="Ids of the sweeps on the plot.")
    smoothing: Smoothing | None = Field(default=None, description="Of the line it is picked from, in decades.")


class SweepFilter(Frozen):
    """The query of `GET /sweeps`; newest first."""

    model_config = ConfigDict(strict=False)  # a query is all text

    status: Status | None = None
    owner: str | None = None
    recipe: str | None = None
    tag: str | None = None
    group: str | None = None
    kind: Kind | Literal["any"] = Field(
        default="range_test", description="training: the short ones that confirm a rate."
    )
    origin: str | None = Field(default=None, description="The sweep that these extend, refine or confirm.")
    q: str | None = Field(default=None, max_length=200, description="Text in name, recipe, owner or notes.")
    archived: bool | None = None
    starred: bool | None = None
    limit: int = Field(default=50, ge=1, le=500)
    cursor: str | None = None


class SweepPage(Frozen):
    items: list[Sweep]
    next: str | None = Field(description="Pass it as `cursor` for the following page; null on the last one.")


class Sweeps:
    def __init__(self, store: Store, hub: Hub, leases: Leases, roster: Roster) -> None:
        self._store = store
        self._hub = hub
        self._leases = leases
        self._roster = roster
        self._readings = Readings()
        self._new_id = Ids()

    # ── ask ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def submit(self, request: SweepRequest, owner: str, *, key: str | None = None) -> list[Sweep]:
        """Queue one sweep for each seed. With a key already used for the same request, the sweeps made then.

        Raises InvalidInput for an unknown recipe or parameters it does not take, Conflict for a key used otherwise.
        """
        digest = _digest(request)

        def write(session: Session) -> tuple[list[Sweep], bool]:
            used = _used(session, owner, key, digest)
            if used is not None:
                made = [row for sweep in used.sweeps if (row := session.get(SweepRow, sweep)) is not None]
                return records.sweeps_of(session, made, self._roster), False
            made = self._insert(session, request, owner)
            if key:
                session.add(RequestRow(owner=owner, key=key, digest=digest, sweeps=[row.id for row in made]))
            session.flush()
            return records.sweeps_of(session, made, self._roster), True

        sweeps, new = await self._store.write(write)
        if new:
            self._queued(*(sweep.id for sweep in sweeps))
        return sweeps

    async def clone(self, sweep: str, changes: dict[str, Any], owner: str) -> list[Sweep]:
        """Queue the sweep once more, with these fields of the request changed. Raises NotFound, ValidationError."""

        def original(session: Session) -> dict[str, Any]:
            row = records.test_row(session, sweep)
            return {
                **records.spec_of(row).model_dump(exclude={"rungs", "training"}),
                "name": row.name,
                "tags": [tag.tag for tag in row.tags],
                "stages": row.stages,
                "priority": row.priority,
                "device": row.device_wish,
            }

        fields = await self._store.read(original)
        if "seeds" in changes:
            fields.pop("seed")
        return await self.submit(SweepRequest.model_validate({**fields, **changes}), owner)

    async def keep(self, measured: Measured, owner: str) -> Sweep:
        """A curve measured elsewhere, as a sweep that has ended. Raises InvalidInput."""

        def write(session: Session) -> Sweep:
            row = kept(session, self._new_id(), free_slot(_slots(session)), measured, owner)
            _tag(session, row, measured.tags)
            session.flush()
            return self._noun(session, row)

        made = await self._store.write(write)
        self._hub.changed(made.id)
        return made

    async def extend(self, sweep: str, asked: Extension, owner: str) -> Sweep:
        """Queue the same test over a wider range, or past where it stopped; its `origin` says from which.

        Raises NotFound, Conflict while the sweep has not ended, InvalidInput for a range that is not wider.
        """

        def write(session: Session) -> Sweep:
            row = records.test_row(session, sweep)
            _recipe(session, row.recipe)
            longer = self._file(session, [extension(row, asked)], like=row, owner=owner, how="extends")
            return self._noun(session, longer[0])

        made = await self._store.write(write)
        self._queued(made.id)
        return made

    async def confirm(
        self, sweep: str, asked: ConfirmationRequest, owner: str, *, key: str | None = None
    ) -> Confirmation:
        """Queue short trainings around a rate. What was trained before, as long and alike, is not trained again.

        Raises NotFound; Conflict while the sweep has not ended, or without a rate to go by; InvalidInput.
        """
        digest = _digest(asked, sweep)

        def write(session: Session) -> tuple[Confirmation, list[str]]:
            row = records.test_row(session, sweep)
            if _used(session, owner, key, digest) is not None:
                return confirmation_of(session, row), []
            check_params(row.params, _recipe(session, row.recipe).params_schema)
            made = [
                one.id
                for one in self._file(session, missing(session, row, asked), like=row, owner=owner, how="confirms")
            ]
            if key:
                session.add(RequestRow(owner=owner, key=key, digest=digest, sweeps=made))
            session.flush()
            return confirmation_of(session, row), made

        confirmation, made = await self._store.write(write)
        if made:
            self._queued(sweep, *made)
        return confirmation

    async def watch_stages(self) -> None:
        """Runs as long as the server: queues each second stage once its first stage has ended.

        What is due stands in the record, so no stage is lost, however the server or the sweep came to its end.
        """
        while True:
            with contextlib.suppress(TimeoutError):  # nothing has said that a sweep ended: look all the same
                async with asyncio.timeout(STAGES_S):
                    await self._leases.ended.wait()
            self._leases.ended.clear()
            try:
                await self.queue_stages()
            except Exception:
                log.exception("second stages could not be queued; tried again soon")

    async def queue_stages(self) -> list[str]:
        """Queue the second stages that are due; their ids."""

        def write(session: Session) -> tuple[list[str], list[str]]:
            made, first = [], []
            for rows, span in due(session):
                group = self._new_id() if len(rows) > 1 else None
                for row in rows:
                    made += self._file(
                        session, [refined(row, span)], like=row, owner=row.owner, how="refines", group=group
                    )
                    first.append(row.id)
            return [row.id for row in made], first

        waiting = sa.select(SweepRow.id).where(SweepRow.stage_due).limit(1)
        if not await self._store.read(lambda session: session.execute(waiting).first()):
            return []
        made, first = await self._store.write(write)
        if made:
            self._queued(*made, *first)
        return made

    # ── look ────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def page(self, wanted: SweepFilter) -> SweepPage:
        def read_page(session: Session) -> SweepPage:
            query = sa.select(SweepRow).where(SweepRow.deleted_at.is_(None), *_conditions(wanted))
            rows = session.scalars(query.order_by(SweepRow.id.desc()).limit(wanted.limit + 1)).all()
            items = records.sweeps_of(session, rows[: wanted.limit], self._roster)
            return SweepPage(items=items, next=items[-1].id if len(rows) > wanted.limit else None)

        return await self._store.read(read_page)

    async def get(self, sweep: str) -> Sweep:
        return await self._store.read(lambda session: self._noun(session, records.sweep_row(session, sweep)))

    async def points(self, sweep: str) -> records.Columns:
        """All points of the present attempt."""
        return await self._store.read(lambda session: records.columns_of(session, records.sweep_row(session, sweep)))

    async def reading(self, sweep: str, *, group: bool = False) -> Reading:
        """The reading of what is there so far; with `group`, of all seeds of its request as one."""

        def read_curves(session: Session) -> Reading:
            return self._readings.of(session, records.test_row(session, sweep), group=group)

        return await self._store.read(read_curves)

    async def common(self, sweeps: list[str]) -> Common:
        """One rate for all of these sweeps. Raises NotFound, InvalidInput."""

        def read_all(session: Session) -> Common:
            rows = [records.test_row(session, sweep) for sweep in dict.fromkeys(sweeps)]
            return common({row.id: records.curve_of(session, row).noted(optimizer=row.optimizer) for row in rows})

        return await self._store.read(read_all)

    async def confirmation(self, sweep: str) -> Confirmation:
        """The short trainings of a sweep, and what they tell so far. Raises NotFound where there are none."""
        return await self._store.read(lambda session: confirmation_of(session, records.test_row(session, sweep)))

    async def traceback(self, sweep: str) -> str:
        """Of the last attempt, where the recipe raised. Raises NotFound."""

        def read_text(session: Session) -> str:
            row = records.sweep_row(session, sweep)
            if row.traceback is None:
                raise NotFound(f"sweep {sweep} has no traceback: its state is {row.status}")
            return row.traceback

        return await self._store.read(read_text)

    async def log(self, sweep: str) -> str:
        """The end of what the recipe printed in the last attempt, also while it runs. Raises NotFound."""

        def read_text(session: Session) -> str:
            row = records.sweep_row(session, sweep)
            attempt = session.get(AttemptRow, (row.id, row.attempt))
            if attempt is None or attempt.log is None:
                raise NotFound(f"sweep {sweep} has printed nothing: its state is {row.status}")
            return attempt.log

        return await self._store.read(read_text)

    async def picks(self, sweep: str) -> list[Pick]:
        """Newest first; the first one that was not withdrawn stands."""

        def read_picks(session: Session) -> list[Pick]:
            records.sweep_row(session, sweep)
            rows = session.scalars(sa.select(PickRow).where(PickRow.sweep_id == sweep).order_by(PickRow.id.desc()))
            return [records.pick_of(row) for row in rows]

        return await self._store.read(read_picks)

    async def recipes(self) -> list[RecipeInfo]:
        def read_recipes(session: Session) -> list[RecipeInfo]:
            rows = session.scalars(sa.select(RecipeRow).order_by(RecipeRow.name))
            return [
                RecipeInfo(name=row.name, description=row.description, params_schema=row.params_schema) for row in rows
            ]

        return await self._store.read(read_recipes)

    # ── change ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def change(self, sweep: str, change: SweepChange) -> Sweep:
        def apply(session: Session, row: SweepRow) -> None:
            given = change.model_dump(exclude_none=True)
            if "tags" in given:
                _tag(session, row, given.pop("tags"))
            for name, value in given.items():
                setattr(row, name, value)

        return await self._update(sweep, apply)

    async def delete(self, sweep: str) -> None:
        """Hide it everywhere; `restore` brings it back. Raises Conflict while it runs."""

        def apply(session: Session, row: SweepRow) -> None:
            if row.status == Status.RUNNING:
                raise Conflict(f"sweep {sweep} is running; cancel it first")
            if row.status == Status.QUEUED:
                records.move(row, Status.CANCELLED, reason="deleted while it waited")
            row.deleted_at = now()

        await self._update(sweep, apply)
        await self._stop_trainings(sweep, "whoever deleted its sweep")

    async def restore(self, sweep: str) -> Sweep:
        def apply(session: Session, row: SweepRow) -> None:
            row.deleted_at = None

        return await self._update(sweep, apply, deleted=True)

    async def cancel(self, sweep: str, by: str) -> Sweep:
        """A queued sweep is cancelled at once, a running one before its next step. Raises Conflict once it ended."""
        holders: list[tuple[str, Ack]] = []

        def apply(session: Session, row: SweepRow) -> None:
            _allow(row, Status.CANCELLED, "cancelled")
            holders.extend(_stop(row, by))

        changed = await self._update(sweep, apply)
        for worker, ack in holders:
            self._leases.cancel(worker, ack)
        return changed

    async def cancel_confirmation(self, sweep: str, by: str) -> Confirmation:
        """Stop the trainings of a sweep that have not ended; what the others told stays. Raises NotFound."""
        await self.confirmation(sweep)
        await self._stop_trainings(sweep, by)
        return await self.confirmation(sweep)

    async def _stop_trainings(self, sweep: str, by: str) -> None:
        def write(session: Session) -> tuple[list[str], list[tuple[str, Ack]]]:
            rows = unended(session, sweep)
            return [row.id for row in rows], [holder for row in rows for holder in _stop(row, by)]

        stopped, holders = await self._store.write(write)
        if stopped:
            self._hub.changed(*stopped, queue=True)
        for worker, ack in holders:
            self._leases.cancel(worker, ack)

    async def retry(self, sweep: str) -> Sweep:
        """Queue a failed or cancelled sweep again, as a new attempt. Raises Conflict otherwise."""

        def apply(session: Session, row: SweepRow) -> None:
            _allow(row, Status.QUEUED, "tried again; clone it for another run")
            records.move(row, Status.QUEUED)
            row.failures, row.traceback, row.stage_due, row.hurry = 0, None, row.stages == 2, 0

        changed = await self._update(sweep, apply)
        self._queued(sweep)
        return changed

    async def front(self, sweep: str, by: int | None = None) -> Sweep:
        """Put a queued sweep before all others that wait, or so many places forward. Raises Conflict otherwise."""
        return await self._update(sweep, lambda session, row: forward(session, row, by))

    async def pick(self, sweep: str, pick: PickRequest, author: str) -> Pick:
        """Keep a decision. Raises InvalidInput for a rate outside the swept range, or a compared sweep that is not."""

        def apply(session: Session, row: SweepRow) -> None:
            records.test_row(session, row.id)
            if not row.start_lr <= pick.lr <= row.end_lr:
                raise InvalidInput.of(
                    "lr", pick.lr, f"must be within the swept range, {row.start_lr:g} to {row.end_lr:g}"
                )
            known = set(session.scalars(sa.select(SweepRow.id).where(SweepRow.id.in_(pick.compared_with))))
            for i, compared in enumerate(pick.compared_with):
                if compared not in known:
                    raise InvalidInput.of(f"compared_with[{i}]", compared, "there is no such sweep")
            session.add(PickRow(sweep_id=row.id, author=author, **pick.model_dump()))

        changed = await self._update(sweep, apply)
        assert changed.pick is not None  # written in the transaction that `changed` was read in
        return changed.pick

    async def withdraw(self, sweep: str, by: str) -> Sweep:
        """Take back the pick that stands; the one before it stands again. Raises Conflict where none does."""

        def apply(session: Session, row: SweepRow) -> None:
            pick = records.standing(session, [row.id]).get(row.id)
            if pick is None:
                raise Conflict(f"sweep {row.id} has no pick that stands; GET /sweeps/{row.id}/picks has its history")
            pick.withdrawn_by = by

        return await self._update(sweep, apply)

    # ── how ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _update(self, sweep: str, apply: Callable[[Session, SweepRow], None], *, deleted: bool = False) -> Sweep:
        def write(session: Session) -> Sweep:
            row = records.sweep_row(session, sweep, deleted=deleted)
            apply(session, row)
            session.flush()
            return self._noun(session, row)

        changed = await self._store.write(write)
        self._hub.changed(sweep, queue=True)
        return changed

    def _noun(self, session: Session, row: SweepRow) -> Sweep:
        return records.sweeps_of(session, [row], self._roster)[0]

    def _queued(self, *sweeps: str) -> None:
        self._hub.changed(*sweeps, queue=True)
        self._leases.poke()

    def _insert(self, session: Session, request: SweepRequest, owner: str) -> list[SweepRow]:
        check_params(request.params, _recipe(session, request.recipe).params_schema)
        specs = request.specs()
        group = self._new_id() if request.seeds is not None and len(specs) > 1 else None
        filed = {
            "name": request.name or request.recipe,
            "owner": owner,
            "group_id": group,
            "stages": request.stages,
            "stage_due": request.stages == 2,
            "priority": request.priority,
            "device_wish": request.device,
        }
        return self._add(session, specs, filed, request.tags)

    def _file(
        self,
        session: Session,
        specs: list[SweepSpec],
        *,
        like: SweepRow,
        owner: str,
        how: str,
        group: str | None = None,
    ) -> list[SweepRow]:
        """Rows of sweeps that follow from another one, filed as that one is."""
        filed = {
            "name": like.name,
            "owner": owner,
            "group_id": group,
            "origin_id": like.id,
            "origin_how": how,
            "priority": like.priority,
            "device_wish": like.device_wish,
        }
        if how == "confirms":  # a training is never drawn beside sweeps, and takes nobody's colour
            filed |= {"slot": like.slot, "color": like.color}
        return self._add(session, specs, filed, [tag.tag for tag in like.tags])

    def _add(
        self, session: Session, specs: list[SweepSpec], filed: dict[str, Any], tags: Sequence[str]
    ) -> list[SweepRow]:
        slots = _slots(session)
        rows = []
        for spec in specs:
            slot = free_slot(slots)
            row = SweepRow(
                id=self._new_id(),
                kind=spec.kind,
                status=Status.QUEUED.value,
                **{"slot": slot, "color": color_of(slot), **filed},
                **spec.model_dump(),
            )
            slots.append(slot)
            session.add(row)
            _tag(session, row, tags)
            rows.append(row)
        session.flush()
        return rows


def _recipe(session: Session, name: str) -> RecipeRow:
    """Raises InvalidInput for a recipe that no worker has announced."""
    recipe = session.get(RecipeRow, name)
    if recipe is None:
        known = sorted(session.scalars(sa.select(RecipeRow.name)))
        offered = f"known are {', '.join(known)}" if known else "no worker has announced any; start: lrscope worker"
        raise InvalidInput.of("recipe", name, f"no worker has announced this recipe; {offered}")
    return recipe


def _slots(session: Session) -> list[int]:
    """Of the newest sweeps that are shown, as many as a plot may hold."""
    shown = sa.select(SweepRow.slot).where(
        SweepRow.kind == "range_test", SweepRow.deleted_at.is_(None), SweepRow.archived.is_(False)
    )
    return list(session.scalars(shown.order_by(SweepRow.id.desc()).limit(MAX_WATCHED)))


def _digest(request: BaseModel, *more: str) -> str:
    return hashlib.sha256(" ".join((*more, request.model_dump_json())).encode()).hexdigest()


def _used(session: Session, owner: str, key: str | None, digest: str) -> RequestRow | None:
    """What a key was used for. Raises Conflict when that was another request."""
    used = session.get(RequestRow, (owner, key)) if key else None
    if used is not None and used.digest != digest:
        raise Conflict(f"Idempotency-Key {key!r} was used for another request; take a new one")
    return used


def _stop(row: SweepRow, by: str) -> list[tuple[str, Ack]]:
    """Cancel what waits, or ask for it where it runs: then whom to tell, and what."""
    if row.status == Status.QUEUED:
        records.move(row, Status.CANCELLED, reason=f"cancelled by {by}")
        return []
    row.cancel_requested, row.reason = True, f"{by} asked to cancel it"
    if row.worker is None:
        return []
    return [(row.worker, Ack(lease=Lease(sweep=row.id, attempt=row.attempt), next_step=row.steps_done, cancel=True))]


def _allow(row: SweepRow, to: Status, verb: str) -> None:
    if to not in TRANSITIONS[Status(row.status)]:
        raise Conflict(f"sweep {row.id} is {row.status}; it cannot be {verb}")


def _tag(session: Session, row: SweepRow, tags: Sequence[str]) -> None:
    row.tags.clear()
    session.flush()  # the old rows go before new ones take their places
    row.tags.extend(TagRow(place=place, tag=tag) for place, tag in enumerate(dict.fromkeys(tags)))


def _conditions(wanted: SweepFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.kind != "any":
        conditions.append(SweepRow.kind == wanted.kind)
    if wanted.status is not None:
        conditions.append(SweepRow.status == wanted.status.value)
    if wanted.owner is not None:
        conditions.append(SweepRow.owner == wanted.owner)
    if wanted.recipe is not None:
        conditions.append(SweepRow.recipe == wanted.recipe)
    if wanted.tag is not None:
        conditions.append(SweepRow.tags.any(TagRow.tag == wanted.tag))
    if wanted.group is not None:
        conditions.append(SweepRow.group_id == wanted.group)
    if wanted.origin is not None:
        conditions.append(SweepRow.origin_id == wanted.origin)
    if wanted.archived is not None:
        conditions.append(SweepRow.archived.is_(wanted.archived))
    if wanted.starred is not None:
        conditions.append(SweepRow.starred.is_(wanted.starred))
    if wanted.cursor is not None:
        conditions.append(SweepRow.id < wanted.cursor)
    if wanted.q:
        text = (SweepRow.name, SweepRow.recipe, SweepRow.owner, SweepRow.notes)
        conditions.append(sa.or_(*(column.icontains(wanted.q, autoescape=True) for column in text)))
    return conditions
