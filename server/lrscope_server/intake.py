"""Batches into the record: those of all workers that wait, with one question, one update and one insert.

Whether a worker still holds its attempt is asked in the transaction that stores its points. The single writer takes
batches in the order of their coming, so each of them is judged by what those before it have left.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from lrscope.curve import first_nonfinite
from lrscope.errors import LeaseLost, LrscopeError, WireError
from lrscope.spec import Status
from lrscope.wire import Ack, Batch
from lrscope_server.tables import Base, PointBatchRow, SweepRow

SWEEPS, BATCHES = (Base.metadata.tables[row.__tablename__] for row in (SweepRow, PointBatchRow))
STANDING = sa.select(
    *(SWEEPS.c[name] for name in ("id", "status", "worker", "attempt", "num_iter", "cancel_requested")),
    *(SWEEPS.c[name] for name in ("steps_done", "first_nonfinite_step", "lease_until")),
).with_for_update()
MOVE_ON = (
    sa.update(SWEEPS)
    .where(SWEEPS.c.id == sa.bindparam("sweep"))
    .values({name: sa.bindparam(name) for name in ("steps_done", "first_nonfinite_step", "lease_until")})
)


class Arrival(NamedTuple):
    """A batch as it came: from whom, and until when it renews the lease."""

    worker: str
    batch: Batch
    until: datetime


class Stored(NamedTuple):
    """What the worker is told, and what of its batch was new."""

    ack: Ack
    fresh: Batch | None


@dataclass(frozen=True)
class Standing:
    """How far a sweep is."""

    id: str
    status: str
    worker: str | None
    attempt: int
    num_iter: int
    cancel_requested: bool
    steps_done: int
    first_nonfinite_step: int | None
    lease_until: datetime | None


def take_in(session: Session, arrivals: list[Arrival]) -> list[Stored | Exception]:
    """Store what is new of each batch and renew its lease. A batch that leaves a gap is not stored.

    The outcome is LeaseLost where the worker does not hold the attempt, WireError for points that cannot be of it.
    """
    connection = session.connection()
    asked = {arrival.batch.lease.sweep for arrival in arrivals}
    found = connection.execute(STANDING.where(SWEEPS.c.id.in_(asked)).order_by(SWEEPS.c.id))
    standing = {row.id: Standing(*row) for row in found}
    before = dict(standing)
    outcomes: list[Stored | Exception] = []
    for arrival in arrivals:
        try:
            moved, fresh = _judge(standing.get(arrival.batch.lease.sweep), arrival)
        except LrscopeError as error:
            outcomes.append(error)
            continue
        standing[moved.id] = moved
        ack = Ack(lease=arrival.batch.lease, next_step=moved.steps_done, cancel=moved.cancel_requested)
        outcomes.append(Stored(ack, fresh))
    if moves := [_move(one) for one in standing.values() if one is not before[one.id]]:
        connection.execute(MOVE_ON, moves)
    if rows := [_row(one.fresh) for one in outcomes if isinstance(one, Stored) and one.fresh is not None]:
        connection.execute(sa.insert(BATCHES), rows)
    session.expire_all()  # writes of the same group must not see these sweeps as they were
    return outcomes


def _judge(standing: Standing | None, arrival: Arrival) -> tuple[Standing, Batch | None]:
    """Where the sweep stands with this batch, and what of it is new."""
    batch, lease = arrival.batch, arrival.batch.lease
    holder = (Status.RUNNING.value, arrival.worker, lease.attempt)
    if standing is None or (standing.status, standing.worker, standing.attempt) != holder:
        raise LeaseLost(f"{lease} is not held by worker {arrival.worker}")
    renewed = replace(standing, lease_until=arrival.until)
    done = standing.steps_done
    if not batch.first_step <= done < batch.next_step:
        return renewed, None
    if batch.next_step > standing.num_iter:
        raise WireError(f"points up to step {batch.next_step - 1}, but the sweep has {standing.num_iter} steps")
    fresh = batch if batch.first_step == done else batch.from_step(done)
    if not (np.isfinite(fresh.lr).all() and (fresh.lr > 0).all()):
        raise WireError(f"points of {lease}: a learning rate is not a number above 0")
    broke = standing.first_nonfinite_step
    if broke is None and (at := first_nonfinite(fresh.loss)) is not None:
        broke = done + at
    return replace(renewed, steps_done=batch.next_step, first_nonfinite_step=broke), fresh


def _move(standing: Standing) -> dict[str, Any]:
    return {
        "sweep": standing.id,
        "steps_done": standing.steps_done,
        "first_nonfinite_step": standing.first_nonfinite_step,
        "lease_until": standing.lease_until,
    }


def _row(batch: Batch) -> dict[str, Any]:
    return {
        "sweep_id": batch.lease.sweep,
        "attempt": batch.lease.attempt,
        "first_step": batch.first_step,
        "count": batch.count,
        "columns": ",".join(batch.columns),
        "data": batch.data,
    }
