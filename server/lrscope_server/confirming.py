"""The short trainings of a sweep: which are to be queued, and what those that have ended tell."""

from collections.abc import Sequence
from typing import Self

import numpy as np
import sqlalchemy as sa
from pydantic import Field, model_validator
from sqlalchemy.orm import Session

from lrscope.confirmation import RATES, SEEDS, SPACING, Confirmation, Trained, confirm, final_loss
from lrscope.errors import Conflict, NotFound
from lrscope.reading import read
from lrscope.spec import MAX_LR, MAX_STEPS, MIN_LR, Frozen, Lr, Schedule, Seed, Status, SweepSpec, Training
from lrscope_server import records
from lrscope_server.tables import SweepRow

GIVEN_UP = (Status.FAILED.value, Status.CANCELLED.value)  # such a training is queued anew when it is asked for again


class ConfirmationRequest(Frozen):
    """The body of `POST /sweeps/{id}/confirm`. Without any field: around the pick that stands, else the suggestion."""

    lr: Lr | None = Field(default=None, description="The rate to be confirmed.")
    lrs: list[Lr] | None = Field(
        default=None, min_length=1, max_length=20, description="Rates to train at; by default five around `lr`."
    )
    seeds: list[Seed] = Field(default=SEEDS, min_length=1, max_length=10)
    steps: int | None = Field(default=None, ge=2, le=MAX_STEPS, description="Of each; by default the sweep's own.")
    schedule: Schedule = "constant"

    @model_validator(mode="after")
    def _differ(self) -> Self:
        for name, given in (("lrs", self.lrs or []), ("seeds", self.seeds)):
            if len(set(given)) != len(given):
                raise ValueError(f"{name} must differ from each other (got {given})")
        return self


class Confirming(Frozen):
    """What was asked for last; kept with the sweep. All its trainings of this schedule and length are looked at."""

    lr: float | None
    schedule: Schedule
    steps: int


def missing(session: Session, row: SweepRow, asked: ConfirmationRequest) -> list[SweepSpec]:
    """The trainings that are still to be queued; what is asked for is kept with the sweep.

    Raises Conflict while the sweep has not ended, and where there is no rate to go by.
    """
    status = Status(row.status)
    if not status.ended:
        raise Conflict(f"sweep {row.id} is {status}; it can be confirmed once it has ended")
    lr = asked.lr or _rate_of(session, row)
    if lr is None and asked.lrs is None:
        raise Conflict(
            f"sweep {row.id} has neither a pick nor a suggestion that could be confirmed; "
            "pick a rate, or give lr, or the lrs to train at"
        )
    confirming = Confirming(lr=lr, schedule=asked.schedule, steps=asked.steps or row.num_iter)
    row.confirming = confirming.model_dump()
    there = {(_training(t).lr, t.seed) for t in _trainings(session, row, confirming) if t.status not in GIVEN_UP}
    spec = records.spec_of(row)
    changes = {"num_iter": confirming.steps, "rungs": None, "diverge_ratio": None}  # their own rule: see `confirm`
    return [
        SweepSpec.model_validate(
            {**dict(spec), **changes, "seed": seed, "training": Training(lr=at, schedule=asked.schedule)}
        )
        for seed in asked.seeds
        for at in asked.lrs or around(lr or 0.0)
        if (at, seed) not in there
    ]


def around(lr: float) -> list[float]:
    """The default rates, the given one in the middle; the others in three digits."""
    steps = [SPACING * (k - RATES // 2) for k in range(RATES)]
    rates = [float(f"{lr * 10**step:.3g}") if step else lr for step in steps]
    return [rate for rate in rates if MIN_LR <= rate <= MAX_LR]


def confirmation_of(session: Session, row: SweepRow) -> Confirmation:
    """What the trainings of the newest request tell, with those of earlier ones like it. Raises NotFound."""
    if row.confirming is None:
        raise NotFound(f"sweep {row.id} was never confirmed; POST /sweeps/{row.id}/confirm queues its trainings")
    confirming = Confirming.model_validate(row.confirming)
    rows = _newest(_trainings(session, row, confirming))
    columns = {t.id: records.columns_of(session, t) for t in rows}
    done = [columns[t.id] for t in rows if t.status == Status.DONE]
    validated = bool(done) and all(np.isfinite(c.series.get("val_loss", np.array([]))).any() for c in done)
    measured = {sweep: c.series.get("val_loss", c.loss) if validated else c.loss for sweep, c in columns.items()}
    first = [float(known[0]) for column in measured.values() if len(known := column[np.isfinite(column)])]
    trainings = [
        Trained(
            sweep=t.id,
            lr=_training(t).lr,
            seed=t.seed,
            status=Status(t.status),
            steps_done=t.steps_done,
            loss=final_loss(measured[t.id]) if t.status == Status.DONE else None,
        )
        for t in rows
    ]
    found = confirm(trainings, float(np.median(first)) if first else None)
    return Confirmation(
        sweep=row.id,
        **dict(confirming),
        series="val_loss" if validated else "loss",
        trainings=trainings,
        **dict(found),
    )


def unended(session: Session, sweep: str) -> Sequence[SweepRow]:
    """The trainings of a sweep that wait or run."""
    return session.scalars(_of(sweep).where(SweepRow.status.in_((Status.QUEUED.value, Status.RUNNING.value)))).all()


def _rate_of(session: Session, row: SweepRow) -> float | None:
    """The pick that stands, else the suggestion in the two digits that the page gives it."""
    pick = records.standing(session, [row.id]).get(row.id)
    if pick is not None:
        return pick.lr
    found = read([records.curve_of(session, each) for each in records.seeds_of(session, row)], row.optimizer)
    return None if found.suggestion is None else float(f"{found.suggestion:.2g}")


def _of(sweep: str) -> sa.Select[SweepRow]:
    mine = sa.select(SweepRow).where(SweepRow.origin_id == sweep, SweepRow.kind == "training")
    return mine.where(SweepRow.deleted_at.is_(None)).order_by(SweepRow.id)


def _training(row: SweepRow) -> Training:
    return Training.model_validate(row.training)


def _trainings(session: Session, row: SweepRow, like: Confirming) -> list[SweepRow]:
    rows = session.scalars(_of(row.id).where(SweepRow.num_iter == like.steps))
    return [each for each in rows if _training(each).schedule == like.schedule]


def _newest(rows: Sequence[SweepRow]) -> list[SweepRow]:
    """Of each rate and seed the newest, by rate."""
    newest = {(_training(row).lr, row.seed): row for row in rows}
    return [newest[place] for place in sorted(newest)]
