"""Curves measured elsewhere, kept as sweeps that have ended."""

from typing import Any

import numpy as np
import sqlalchemy as sa
from pydantic import Field, ValidationError
from sqlalchemy.orm import Session

from lrscope.curve import Curve, Divergence, FloatArray, Point, first_nonfinite
from lrscope.errors import InvalidInput
from lrscope.palette import color_of
from lrscope.spec import MAX_STEPS, Frozen, Mode, Name, Note, Params, RecipeName, Seed, Status, SweepSpec, Tags
from lrscope.wire import MAX_BATCH, Batch, Column, Lease, Short, Warnings
from lrscope_server.tables import PointBatchRow, SweepRow, now

Losses = list[float | None]


class Measured(Frozen):
    """The body of `POST /sweeps/import`: a curve, and what is known of its training."""

    lr: list[float] = Field(min_length=2, max_length=MAX_STEPS, description="Rising.")
    loss: Losses = Field(max_length=MAX_STEPS, description="null where it was not finite")
    series: dict[Column, Losses] = Field(default={}, max_length=14, description="Extra series, one number a point.")
    name: Name | None = None
    recipe: RecipeName = "imported"
    params: Params = {}
    seed: Seed = 0
    tags: Tags = []
    notes: Note = ""
    optimizer: Short | None = None
    warnings: Warnings = []

    def curve(self) -> Curve:
        """Raises InvalidInput for columns that make no curve."""
        return Curve(self.lr, _numbers(self.loss), {name: _numbers(column) for name, column in self.series.items()})


def kept(session: Session, sweep: str, slot: int, measured: Measured, owner: str) -> SweepRow:
    """The row of a sweep that has ended with this curve, its points beside it.

    Raises InvalidInput when no sweep could have had such rates.
    """
    curve = measured.curve()
    when = now()
    row = SweepRow(
        id=sweep,
        name=measured.name or measured.recipe,
        owner=owner,
        color=color_of(slot),
        slot=slot,
        status=(Status.DIVERGED if _diverged(curve.loss) else Status.DONE).value,
        reason="imported",
        started_at=when,
        finished_at=when,
        notes=measured.notes,
        optimizer=measured.optimizer,
        warnings=measured.warnings,
        attempt=1,
        steps_done=len(curve),
        first_nonfinite_step=first_nonfinite(curve.loss),
        **_spec(measured, curve).model_dump(),
    )
    session.add(row)
    session.flush()
    session.execute(sa.insert(PointBatchRow), list(_batches(row, curve)))
    return row


def _spec(measured: Measured, curve: Curve) -> SweepSpec:
    swept: dict[str, Any] = {"start_lr": float(curve.lr[0]), "end_lr": float(curve.lr[-1]), "num_iter": len(curve)}
    try:
        return SweepSpec(
            recipe=measured.recipe, params=measured.params, seed=measured.seed, mode=_mode(curve.lr), **swept
        )
    except ValidationError as error:
        told = "; ".join(str(e["msg"]).removeprefix("Value error, ") for e in error.errors())
        raise InvalidInput.of("lr", [swept["start_lr"], swept["end_lr"]], told) from None


def _mode(lr: FloatArray) -> Mode:
    """Linear when the rates rise by a constant rather than by a factor."""
    return "linear" if np.ptp(np.diff(lr)) < np.ptp(np.diff(np.log(lr))) * float(np.median(lr)) else "exp"


def _diverged(loss: FloatArray) -> bool:
    divergence = Divergence(SweepSpec.model_fields["diverge_ratio"].default)
    return any(divergence.update(value) for value in loss.tolist())


def _batches(row: SweepRow, curve: Curve) -> Any:
    names = list(curve.series)
    extra = [curve.series[name].tolist() for name in names]
    points = [
        Point(step, lr, loss, tuple(column[step] for column in extra))
        for step, (lr, loss) in enumerate(zip(curve.lr.tolist(), curve.loss.tolist(), strict=True))
    ]
    for first in range(0, len(points), MAX_BATCH):
        batch = Batch.of(Lease(sweep=row.id, attempt=1), points[first : first + MAX_BATCH], names)
        yield {
            "sweep_id": row.id,
            "attempt": 1,
            "first_step": batch.first_step,
            "count": batch.count,
            "columns": ",".join(batch.columns),
            "data": batch.data,
        }


def _numbers(column: Losses) -> list[float]:
    return [np.nan if value is None else value for value in column]
