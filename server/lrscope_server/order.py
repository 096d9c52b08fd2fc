"""The order in which sweeps that wait are handed out, and how a person changes it."""

from itertools import pairwise

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.orm import Session, load_only

from lrscope.errors import Conflict
from lrscope.spec import Frozen, Status
from lrscope_server.records import HANDED_OUT
from lrscope_server.tables import SweepRow


class Forward(Frozen):
    """The body of `POST /sweeps/{id}/front`."""

    by: int | None = Field(default=None, description="By how many places; below 0: back. Null: before all others.")


def forward(session: Session, sweep: SweepRow, by: int | None) -> None:
    """Move a sweep that waits; all others keep the order among themselves. Raises Conflict when it does not wait.

    What was moved goes before priority, and so must what it still waits for: else one of a higher priority than those
    would come between. `hurry` is raised as far towards the front as that needs, and nowhere behind.
    """
    waiting = sa.select(SweepRow).where(SweepRow.status == Status.QUEUED.value, SweepRow.deleted_at.is_(None))
    columns = load_only(SweepRow.hurry, SweepRow.priority)
    rows = list(session.scalars(waiting.options(columns).order_by(*HANDED_OUT).with_for_update()))
    if sweep not in rows:
        raise Conflict(f"sweep {sweep.id} is {sweep.status}; only one that waits can be moved in the queue")
    place = rows.index(sweep)
    wanted = 0 if by is None else min(max(place - by, 0), len(rows) - 1)
    if wanted == place and by is not None:
        return
    rows.insert(wanted, rows.pop(place))
    behind = rows[wanted + 1].hurry if wanted + 1 < len(rows) else 0
    sweep.hurry = max(behind, 1) if by is None else behind
    for following, row in pairwise(reversed(rows)):
        row.hurry = max(row.hurry, following.hurry)
        if _key(row) > _key(following):
            row.hurry += 1


def _key(row: SweepRow) -> tuple[int, int, str]:
    """HANDED_OUT, in Python."""
    return -row.hurry, -row.priority, row.id
