"""What follows from a sweep: the same one further on, and the second of two stages."""

import numpy as np
import sqlalchemy as sa
from pydantic import Field, ValidationError
from sqlalchemy.orm import Session

from lrscope.curve import pool
from lrscope.errors import Conflict, InvalidInput
from lrscope.grid import extended
from lrscope.spec import Frozen, Lr, Status, SweepSpec
from lrscope.stages import NO_SECOND_STAGE, interesting
from lrscope_server import records
from lrscope_server.tables import SweepRow

MEASURED = (Status.DONE.value, Status.DIVERGED.value)


class Extension(Frozen):
    """The body of `POST /sweeps/{id}/extend`. Without any field: go on where the sweep stopped."""

    start_lr: Lr | None = Field(default=None, description="At or below the sweep's own, which is the default.")
    end_lr: Lr | None = Field(default=None, description="At or above the sweep's own, which is the default.")
    diverge_ratio: float | None = Field(
        default=None, gt=1, le=1e6, allow_inf_nan=False, description="Of the longer sweep; null: it never stops."
    )


def extension(row: SweepRow, asked: Extension) -> SweepSpec:
    """The spec of a sweep that runs through the rates of `row`'s, and on. Raises Conflict, InvalidInput."""
    status, spec = Status(row.status), records.spec_of(row)
    if not status.ended:
        raise Conflict(f"sweep {row.id} is {status}; it can be extended once it has ended")
    start, end = asked.start_lr or spec.start_lr, asked.end_lr or spec.end_lr
    if start > spec.start_lr:
        raise InvalidInput.of(
            "start_lr", start, f"must be at or below the sweep's {spec.start_lr:g}; for less, clone it"
        )
    if end < spec.end_lr:
        raise InvalidInput.of("end_lr", end, f"must be at or above the sweep's {spec.end_lr:g}; for less, clone it")
    wider = start < spec.start_lr or end > spec.end_lr
    if not wider and row.steps_done == row.num_iter:
        raise InvalidInput.of(
            "end_lr", asked.end_lr, f"the sweep has run through its whole range, up to {end:g}; give a higher one"
        )
    if start == spec.start_lr and row.first_nonfinite_step is not None:
        raise Conflict(
            f"the loss of sweep {row.id} was not finite at step {row.first_nonfinite_step}: nothing comes after it; "
            "give a lower start_lr, or clone it with other params"
        )
    try:
        longer = extended(spec, start, end) if wider else spec
    except ValidationError as error:
        named = "end_lr" if end > spec.end_lr else "start_lr"
        raise InvalidInput.of(named, getattr(asked, named), f"is too far: {error.errors()[0]['msg']}") from None
    # Past a divergence one gets only by not stopping at it; a lower start is a new run, which stops as the old one did.
    keeps = "diverge_ratio" not in asked.model_fields_set and start < spec.start_lr
    return longer if keeps else longer.model_copy(update={"diverge_ratio": asked.diverge_ratio})


def note_replay(session: Session, row: SweepRow) -> None:
    """A sweep that extends another trains its steps again; say so when they came out otherwise."""
    before = session.get(SweepRow, row.origin_id) if row.origin_how == "extends" else None
    if before is None or before.start_lr != row.start_lr:
        return
    old, new = records.curve_of(session, before).loss, records.curve_of(session, row).loss
    common = min(len(old), len(new))
    apart = np.flatnonzero(old[:common] != new[:common])
    if len(apart):
        worst = float(np.max(np.abs(new[:common] - old[:common]) / np.maximum(np.abs(old[:common]), 1e-12)))
        row.warnings = [
            *row.warnings,
            f"The steps of {before.id} were trained again and differ from step {apart[0]} on, by up to {worst:.1%}: "
            "this training is not reproducible, so the two curves are two runs.",
        ]


def due(session: Session) -> list[tuple[list[SweepRow], tuple[float, float]]]:
    """The first stages whose second one is to be queued now, those of one request together, each with its range.

    What waits for siblings stays due. What needs no second stage is told so, in the sweep's warnings.
    """
    waiting = session.scalars(sa.select(SweepRow).where(SweepRow.stage_due, SweepRow.deleted_at.is_(None))).all()
    requests: dict[str, list[SweepRow]] = {}
    for row in waiting:
        requests.setdefault(row.group_id or row.id, []).append(row)
    found = []
    for rows in requests.values():
        if not all(Status(row.status).ended for row in rows):
            continue
        for row in rows:
            row.stage_due = False
        measured = [row for row in rows if row.status in MEASURED]
        if not measured:
            continue
        span = interesting(pool([records.curve_of(session, row) for row in measured]))
        if span is not None:
            found.append((measured, span))
            continue
        for row in measured:
            row.warnings = [*row.warnings, NO_SECOND_STAGE]
    return found


def refined(row: SweepRow, span: tuple[float, float]) -> SweepSpec:
    """The spec of a first stage's second one."""
    start, end = max(span[0], row.start_lr), min(span[1], row.end_lr)
    return SweepSpec.model_validate({**dict(records.spec_of(row)), "start_lr": start, "end_lr": end, "rungs": None})
