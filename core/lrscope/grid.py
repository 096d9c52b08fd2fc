"""The learning rate of every step of a sweep."""

from math import log10

import numpy as np
from numpy.typing import NDArray

from lrscope.spec import SweepSpec


def lr_at(spec: SweepSpec, step: int) -> float:
    """Learning rate of a 0-based step; step 0 is exactly `start_lr`, step `num_iter - 1` exactly `end_lr`.

    Exponential (Smith 2015, Howard's fast.ai form): a * (b/a)^(step / (num_iter - 1)), computed through powers of
    ten, so that whole decades come out as the decimal numbers a person would write. Linear: the same on the plain axis.

    Raises ValueError for a step outside [0, num_iter).
    """
    last = spec.num_iter - 1
    if not 0 <= step <= last:
        raise ValueError(f"step {step} is outside this sweep's steps 0..{last}")
    if step == 0:
        return spec.start_lr
    if step == last:
        return spec.end_lr
    share = step / last
    if spec.mode == "linear":
        return spec.start_lr + share * (spec.end_lr - spec.start_lr)
    return float(10.0 ** (log10(spec.start_lr) + share * (log10(spec.end_lr) - log10(spec.start_lr))))


def grid(spec: SweepSpec) -> NDArray[np.float64]:
    """All rates of a sweep, shape (num_iter,), strictly increasing."""
    return np.array([lr_at(spec, step) for step in range(spec.num_iter)])
