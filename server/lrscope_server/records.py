"""Rows in, core nouns out: every query that more than one verb needs."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from lrscope.curve import Curve, FloatArray
from lrscope.errors import Conflict, NotFound
from lrscope.feed import QueueState
from lrscope.spec import DeviceWish, Kind, Mode, Origin, Pick, Rungs, Status, Sweep, SweepSpec, Training
from lrscope.wire import Batch, Lease
from lrscope_server.roster import Roster
from lrscope_server.tables import PickRow, PointBatchRow, SweepRow, TagRow, now

LISTED = [column for column in sa.inspect(SweepRow).columns if column.name not in ("traceback", "rungs")]
HANDED_OUT = (SweepRow.hurry.desc(), SweepRow.priority.desc(), SweepRow.id)  # the order of the queue


def sweep_row(session: Session, sweep: str, *, deleted: bool = False) -> SweepRow:
    """Raises NotFound."""
    row = session.get(SweepRow, sweep)
    if row is None:
        raise NotFound(f"there is no sweep {sweep!r}; GET /sweeps lists them")
    if row.deleted_at is not None and not deleted:
        raise NotFound(f"sweep {sweep} was deleted; POST /sweeps/{sweep}/restore brings it back")
    return row


def test_row(session: Session, sweep: str) -> SweepRow:
    """The row of a range test. Raises NotFound; Conflict for a training, which has one rate and so nothing to read."""
    row = sweep_row(session, sweep)
    if row.kind == "training":
        raise Conflict(
            f"sweep {sweep} is a training at one rate, which has no reading, no pick and no longer range; "
            f"ask for that of sweep {row.origin_id}, which it confirms"
        )
    return row


def sweeps_of(session: Session, rows: Sequence[SweepRow | sa.Row[Any]], roster: Roster) -> list[Sweep]:
    """The rows, or their LISTED columns, as the outside sees them, each with its pick and its place in the queue."""
    ids = [row.id for row in rows]
    picks = {sweep: pick_of(row) for sweep, row in standing(session, ids).items()}
    waiting = any(row.status == Status.QUEUED for row in rows)
    places = queue_places(session) if waiting else {}
    tags: dict[str, list[str]] = {}
    for sweep, tag in session.execute(
        sa.select(TagRow.sweep_id, TagRow.tag).where(TagRow.sweep_id.in_(ids)).order_by(TagRow.sweep_id, TagRow.place)
    ):
        tags.setdefault(sweep, []).append(tag)
    return [_sweep(row, tags.get(row.id, []), picks.get(row.id), places.get(row.id), roster) for row in rows]


def newest(session: Session, limit: int, roster: Roster) -> list[Sweep]:
    """The newest range tests. Read as columns: as objects of the ORM five hundred of them cost three times as much."""
    return _listed(session, roster, limit, SweepRow.kind == "range_test", SweepRow.id.desc())


def trainings(session: Session, limit: int, roster: Roster) -> list[Sweep]:
    """The trainings that have not ended, those that were asked for first."""
    goes_on = SweepRow.status.in_([status.value for status in Status if not status.ended])
    return _listed(session, roster, limit, sa.and_(SweepRow.kind == "training", goes_on), SweepRow.id)


def _listed(session: Session, roster: Roster, limit: int, which: Any, order: Any) -> list[Sweep]:
    wanted = sa.select(*LISTED).where(which, SweepRow.deleted_at.is_(None)).order_by(order).limit(limit)
    return sweeps_of(session, session.execute(wanted).all(), roster)


def _sweep(row: Any, tags: list[str], pick: Pick | None, place: int | None, roster: Roster) -> Sweep:
    status = Status(row.status)
    reason = row.reason
    if status is Status.QUEUED:
        reason = roster.why_waiting(row.recipe, row.device_wish) or reason
    return Sweep(
        id=row.id,
        kind=cast(Kind, row.kind),
        name=row.name,
        recipe=row.recipe,
        params=row.params,
        owner=row.owner,
        tags=tags,
        color=row.color,
        slot=row.slot,
        status=status,
        reason=reason,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        start_lr=row.start_lr,
        end_lr=row.end_lr,
        num_iter=row.num_iter,
        mode=cast(Mode, row.mode),
        seed=row.seed,
        diverge_ratio=row.diverge_ratio,
        training=Training.model_validate(row.training) if row.training else None,
        group=row.group_id,
        origin=Origin.model_validate({"sweep": row.origin_id, "how": row.origin_how}) if row.origin_id else None,
        stages=row.stages,
        priority=row.priority,
        steps_done=row.steps_done,
        device_wish=cast(DeviceWish, row.device_wish),
        first_nonfinite_step=row.first_nonfinite_step,
        attempt=row.attempt,
        worker=row.worker,
        device=row.device,
        optimizer=row.optimizer,
        warnings=row.warnings,
        queue_position=place,
        eta_s=_eta(row) if status is Status.RUNNING else None,
        pick=pick,
        archived=row.archived,
        starred=row.starred,
        confirmed=row.confirming is not None,
        notes=row.notes,
    )


def _eta(row: Any) -> float | None:
    if row.started_at is None or row.steps_done == 0:
        return None
    elapsed = (now() - row.started_at).total_seconds()
    return round(float(elapsed / row.steps_done * (row.num_iter - row.steps_done)), 1)


def spec_of(row: SweepRow) -> SweepSpec:
    return SweepSpec(
        recipe=row.recipe,
        params=row.params,
        start_lr=row.start_lr,
        end_lr=row.end_lr,
        num_iter=row.num_iter,
        mode=cast(Mode, row.mode),
        seed=row.seed,
        diverge_ratio=row.diverge_ratio,
        rungs=Rungs.model_validate(row.rungs) if row.rungs else None,
        training=Training.model_validate(row.training) if row.training else None,
    )


def seeds_of(session: Session, row: SweepRow) -> list[SweepRow]:
    """The sweeps of the request that `row` came from which have points, by seed; at least `row` itself."""
    if row.group_id is None:
        return [row]
    query = sa.select(SweepRow).where(SweepRow.group_id == row.group_id, SweepRow.deleted_at.is_(None))
    rows = [each for each in session.scalars(query.order_by(SweepRow.id)) if each.steps_done]
    return rows or [row]


def queue_places(session: Session) -> dict[str, int]:
    """1 for the sweep that is handed out next, and so on."""
    queued = session.scalars(
        sa.select(SweepRow.id)
        .where(SweepRow.status == Status.QUEUED.value, SweepRow.deleted_at.is_(None))
        .order_by(*HANDED_OUT)
    )
    return {sweep: place for place, sweep in enumerate(queued, start=1)}


def queue_state(session: Session) -> QueueState:
    rows = session.execute(
        sa.select(SweepRow.status, sa.func.count().label("places"))
        .where(SweepRow.deleted_at.is_(None), SweepRow.status.in_((Status.QUEUED.value, Status.RUNNING.value)))
        .group_by(SweepRow.status)
    )
    counts = {row.status: row.places for row in rows}
    return QueueState(queued=counts.get(Status.QUEUED.value, 0), running=counts.get(Status.RUNNING.value, 0))


def pick_of(row: PickRow) -> Pick:
    return Pick(
        id=row.id,
        lr=row.lr,
        author=row.author,
        note=row.note,
        created_at=row.created_at,
        compared_with=row.compared_with,
        smoothing=row.smoothing,
        withdrawn=row.withdrawn_by is not None,
        withdrawn_by=row.withdrawn_by,
    )


def standing(session: Session, sweeps: Iterable[str]) -> dict[str, PickRow]:
    """By sweep, the newest pick that was not withdrawn."""
    kept = (PickRow.sweep_id.in_(list(sweeps)), PickRow.withdrawn_by.is_(None))
    newest = sa.select(sa.func.max(PickRow.id)).where(*kept).group_by(PickRow.sweep_id)
    return {row.sweep_id: row for row in session.scalars(sa.select(PickRow).where(PickRow.id.in_(newest)))}


def batches(session: Session, lease: Lease, after: int = -1) -> list[Batch]:
    """The stored batches of one attempt that hold steps above `after`, in order; the first one is cut there."""
    rows = session.execute(
        sa.select(PointBatchRow)
        .where(
            PointBatchRow.sweep_id == lease.sweep,
            PointBatchRow.attempt == lease.attempt,
            PointBatchRow.first_step + PointBatchRow.count > after + 1,
        )
        .order_by(PointBatchRow.first_step)
    ).scalars()
    found = [
        Batch(
            lease=lease,
            first_step=row.first_step,
            count=row.count,
            columns=tuple(row.columns.split(",")),
            data=row.data,
        )
        for row in rows
    ]
    if found and found[0].first_step <= after:
        found[0] = found[0].from_step(after + 1)
    return found


def present_batches(session: Session, sweeps: Sequence[str]) -> Iterable[Batch]:
    """All stored batches of the present attempts of these sweeps, those of each in order."""
    row = PointBatchRow
    found = (
        sa.select(row.sweep_id, row.attempt, row.first_step, row.count, row.columns, row.data)
        .join(SweepRow, sa.and_(SweepRow.id == row.sweep_id, SweepRow.attempt == row.attempt))
        .where(SweepRow.id.in_(sweeps))
        .order_by(row.sweep_id, row.first_step)
    )
    for sweep, attempt, first, count, columns, data in session.execute(found):
        lease = Lease(sweep=sweep, attempt=attempt)
        yield Batch(lease=lease, first_step=first, count=count, columns=tuple(columns.split(",")), data=data)


class Columns(NamedTuple):
    """All points of one attempt, in the order of their steps; the rates of a training need not rise."""

    lr: FloatArray
    loss: FloatArray
    series: dict[str, FloatArray]


def columns_of(session: Session, row: SweepRow) -> Columns:
    """The points of the sweep's present attempt."""
    stored = batches(session, Lease(sweep=row.id, attempt=row.attempt)) if row.attempt else []
    if not stored:
        return Columns(np.array([]), np.array([]), {})
    names = list(dict.fromkeys(name for batch in stored for name in batch.series))
    series = {name: np.concatenate([b.series.get(name, np.full(b.count, np.nan)) for b in stored]) for name in names}
    return Columns(np.concatenate([b.lr for b in stored]), np.concatenate([b.loss for b in stored]), series)


def curve_of(session: Session, row: SweepRow) -> Curve:
    """The same of a range test."""
    return Curve(*columns_of(session, row))


def move(row: SweepRow, to: Status, *, reason: str | None = None, when: datetime | None = None) -> None:
    """Change the state; the caller has checked that it may."""
    row.status = to.value
    row.reason = reason
    row.finished_at = (when or now()) if to.ended else None
    if to is not Status.RUNNING:
        row.worker, row.lease_until, row.cancel_requested = None, None, False
