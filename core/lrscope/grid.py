"""The learning rate of every step of a sweep, or of a training at one rate."""

from math import ceil, cos, floor, log10, pi

import numpy as np
from numpy.typing import NDArray

from lrscope.spec import Mode, Rungs, SweepSpec

SAME = 1e-9  # of a rung: nearer than this, two rates are one


def lr_at(spec: SweepSpec, step: int) -> float:
    """Learning rate of a 0-based step; step 0 is exactly `start_lr`, step `num_iter - 1` exactly `end_lr`.

    Exponential (Smith 2015, Howard's fast.ai form): a * (b/a)^(step / (num_iter - 1)), computed through powers of
    ten, so that whole decades come out as the decimal numbers a person would write. Linear: the same on the plain axis.
    A spec with rungs walks along those of the sweep it extends, and steps off them only at its own two ends.
    A training stays at its rate, or makes it the peak of one cycle.

    Raises ValueError for a step outside [0, num_iter).
    """
    last = spec.num_iter - 1
    if not 0 <= step <= last:
        raise ValueError(f"step {step} is outside this sweep's steps 0..{last}")
    if spec.training is not None:
        return spec.training.lr * (one_cycle(step, spec.num_iter) if spec.training.schedule == "onecycle" else 1.0)
    if step == 0:
        return spec.start_lr
    if step == last:
        return spec.end_lr
    if spec.rungs is None:
        return _rung(_own(spec), spec.mode, step)
    return _rung(spec.rungs, spec.mode, _first(spec.rungs, spec.mode, spec.start_lr) + step)


def grid(spec: SweepSpec) -> NDArray[np.float64]:
    """All rates of a sweep, shape (num_iter,); strictly increasing, but for a training."""
    return np.array([lr_at(spec, step) for step in range(spec.num_iter)])


def extended(spec: SweepSpec, start_lr: float, end_lr: float) -> SweepSpec:
    """The same test over a wider range, in the same stride: every rate of the old one is one of the new one.

    With the same `start_lr` and seed its first steps are the old ones again, so it goes on where the old one ended.

    Raises pydantic.ValidationError when it would take more steps than a sweep may have.
    """
    rungs = spec.rungs or _own(spec)
    first = _first(rungs, spec.mode, start_lr)
    last = ceil(_place(rungs, spec.mode, end_lr) - SAME)
    changes = {"start_lr": start_lr, "end_lr": end_lr, "num_iter": last - first + 1, "rungs": rungs}
    return SweepSpec.model_validate({**dict(spec), **changes})


def one_cycle(step: int, steps: int) -> float:
    """The rate of a 0-based step as a share of its peak, as in torch's OneCycleLR with its defaults (Smith 2017).

    A cosine from 1/25 up to the peak over the first 30 %, then a cosine down to 1/25 of 1e-4. The rate alone: the
    optimizer's momentum stays what the recipe made it, so that the trainings differ in nothing but their rates.
    """
    top, last = 0.3 * steps - 1, steps - 1
    if step <= top:
        start, end, share = 1 / 25, 1.0, step / top
    else:
        start, end, share = 1.0, 1 / 25e4, (step - top) / (last - top)
    return end + (start - end) * (1 + cos(pi * share)) / 2


def over(spec: SweepSpec, start_lr: float, end_lr: float) -> SweepSpec:
    """The same sweep over another range, in as many steps; a training is moved to the same place in it."""
    moved = spec.model_copy(update={"start_lr": start_lr, "end_lr": end_lr, "rungs": None})
    if spec.training is None:
        return moved
    lr = _rung(_own(moved), spec.mode, _place(_own(spec), spec.mode, spec.training.lr))
    return moved.model_copy(update={"training": spec.training.model_copy(update={"lr": lr})})


def _own(spec: SweepSpec) -> Rungs:
    return Rungs(start_lr=spec.start_lr, end_lr=spec.end_lr, num_iter=spec.num_iter)


def _rung(rungs: Rungs, mode: Mode, k: float) -> float:
    """The rate of rung k; k may lie before the first, after the last, or between two."""
    last = rungs.num_iter - 1
    if k in (0, last):
        return rungs.end_lr if k else rungs.start_lr
    share = k / last
    if mode == "linear":
        return rungs.start_lr + share * (rungs.end_lr - rungs.start_lr)
    return float(10.0 ** (log10(rungs.start_lr) + share * (log10(rungs.end_lr) - log10(rungs.start_lr))))


def _first(rungs: Rungs, mode: Mode, start_lr: float) -> int:
    return floor(_place(rungs, mode, start_lr) + SAME)


def _place(rungs: Rungs, mode: Mode, lr: float) -> float:
    """Where a rate stands among the rungs, 0 at the first one."""
    if mode == "linear":
        share = (lr - rungs.start_lr) / (rungs.end_lr - rungs.start_lr)
    else:
        share = (log10(lr) - log10(rungs.start_lr)) / (log10(rungs.end_lr) - log10(rungs.start_lr))
    return share * (rungs.num_iter - 1)
