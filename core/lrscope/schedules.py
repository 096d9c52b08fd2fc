"""The learning rate of every step of a training, as torch's own schedulers set it. Pure: no torch.

Each function returns the rates in force at steps 0, 1, …; step 0 is the first one trained. Its defaults are torch's.
"""

import math
from collections.abc import Sequence
from typing import Literal

from lrscope.errors import InvalidInput

Rates = list[float]
Anneal = Literal["cos", "linear"]


def constant(lr: float, steps: int) -> Rates:
    """The same rate at every step."""
    _check(lr=lr, steps=steps)
    return [lr] * steps


def one_cycle(
    max_lr: float,
    steps: int,
    *,
    pct_start: float = 0.3,
    anneal: Anneal = "cos",
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
    three_phase: bool = False,
) -> Rates:
    """Up to `max_lr` in the first `pct_start` of the steps, then down to almost nothing (Smith 2017).

    With `three_phase` it comes down to where it began in as many steps as it went up, and only then to the end.
    Raises InvalidInput.
    """
    _check(max_lr=max_lr, steps=steps, div_factor=div_factor, final_div_factor=final_div_factor)
    if not 0 <= pct_start <= 1:
        raise InvalidInput.of("pct_start", pct_start, "must be from 0 to 1")
    start = max_lr / div_factor
    end = start / final_div_factor
    up = float(pct_start * steps) - 1
    if up == 0:
        raise InvalidInput.of("pct_start", pct_start, f"leaves no step to rise in among {steps}; change it a little")
    phases = [(up, start, max_lr), (steps - 1, max_lr, end)]
    if three_phase:
        phases = [phases[0], (float(2 * pct_start * steps) - 2, max_lr, start), (steps - 1, start, end)]
    return [_phased(step, phases, anneal) for step in range(steps)]


def _phased(step: int, phases: Sequence[tuple[float, float, float]], anneal: Anneal) -> float:
    since = 0.0
    for to, low, high in phases[:-1]:
        if step <= to:
            return _anneal(low, high, (step - since) / (to - since), anneal)
        since = to
    to, low, high = phases[-1]
    return _anneal(low, high, (step - since) / (to - since), anneal)


def _anneal(start: float, end: float, share: float, how: Anneal) -> float:
    if how == "linear":
        return (end - start) * share + start
    return end + (start - end) / 2 * (math.cos(math.pi * share) + 1)


def warmup_cosine(max_lr: float, steps: int, warmup: int, *, start_factor: float = 0.01, min_lr: float = 0.0) -> Rates:
    """Straight up to `max_lr` over `warmup` steps, then half a cosine down to `min_lr` at the end of the training.

    As torch's SequentialLR of LinearLR and CosineAnnealingLR. Raises InvalidInput.
    """
    _check(max_lr=max_lr, steps=steps, start_factor=start_factor)
    if not 0 <= warmup < steps:
        raise InvalidInput.of("warmup", warmup, f"must leave some of the {steps} steps for the cosine")
    if not 0 <= min_lr <= max_lr:
        raise InvalidInput.of("min_lr", min_lr, f"must be from 0 to max_lr, {max_lr:g}")
    rising = [max_lr * (start_factor + (1 - start_factor) * step / warmup) for step in range(warmup)]
    return rising + [_anneal(max_lr, min_lr, step / (steps - warmup), "cos") for step in range(steps - warmup)]


def step_decay(lr: float, steps: int, every: int, *, gamma: float = 0.1) -> Rates:
    """`lr`, times `gamma` after every `every` steps, as torch's StepLR. Raises InvalidInput."""
    _check(lr=lr, steps=steps, every=every, gamma=gamma)
    return [lr * gamma ** (step // every) for step in range(steps)]


def on_plateau(
    lr: float,
    metrics: Sequence[float],
    *,
    mode: Literal["min", "max"] = "min",
    factor: float = 0.1,
    patience: int = 10,
    threshold: float = 1e-4,
    threshold_mode: Literal["rel", "abs"] = "rel",
    cooldown: int = 0,
    min_lr: float = 0.0,
    eps: float = 1e-8,
) -> Rates:
    """Times `factor` when the metric has not improved for more than `patience` epochs, as torch's ReduceLROnPlateau.

    One rate for each metric: the one in force in the epoch at whose end that metric was measured. Raises InvalidInput.
    """
    _check(lr=lr, factor=factor)
    if factor >= 1:
        raise InvalidInput.of("factor", factor, "must be below 1")
    best, bad, resting, rates = math.inf if mode == "min" else -math.inf, 0, 0, []
    for metric in metrics:
        rates.append(lr)
        if _better(metric, best, mode, threshold, threshold_mode):
            best, bad = metric, 0
        else:
            bad += 1
        if resting:
            resting, bad = resting - 1, 0
        if bad > patience:
            lower = max(lr * factor, min_lr)
            lr = lower if lr - lower > eps else lr
            resting, bad = cooldown, 0
    return rates


def _better(metric: float, best: float, mode: str, threshold: float, how: str) -> bool:
    bar = -threshold if mode == "min" else threshold
    bar = best * (1 + bar) if how == "rel" else best + bar
    return metric < bar if mode == "min" else metric > bar


def _check(**values: float) -> None:
    for name, value in values.items():
        if not (math.isfinite(value) and value > 0):
            raise InvalidInput.of(name, value, "must be a number above 0")
        if name in ("steps", "every") and value != int(value):
            raise InvalidInput.of(name, value, "must be a whole number")
