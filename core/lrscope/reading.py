"""read(curve) -> Reading: what a curve says about the learning rate, or why it says nothing.

Seen from left to right a range test is flat (too low), falls (the sweet spot), turns up and blows up. The reading finds
these parts on a centred smooth of the raw loss, in log10 lr, and compares every claim with the noise. It abstains
rather than invents: no fall above the noise, no suggestion.
"""

from math import pi, sqrt
from typing import Literal

import numpy as np
from pydantic import ConfigDict, Field

from lrscope.curve import Curve, FloatArray, first_nonfinite, smooth, spread
from lrscope.rules import RULES
from lrscope.spec import Frozen

WIDTH = 0.2  # decades, sigma of the smoother: a drop is one to three decades wide, a rung of 100 over 8 is 0.08
MIN_POINTS = 10
DESCENT_SIGMAS = 4.0  # a fall counts when it is this many standard errors deep
MEDIAN_VARIANCE = pi / 2  # of a median of normal noise, over that of a mean
FAR_UP = 1e9  # a loss that has blown up this far, in sizes of the curve, is as good as any higher one
EDGE = 0.1  # of the drop: how far down the sweet spot begins, how near the floor it ends
BELOW_MINIMUM = 3.0  # the suggestion stands this factor below the minimum: the loss there lags what the rate did

ReasonCode = Literal["too_few_points", "no_descent", "no_divergence", "min_at_edge", "noisy"]

SENTENCES: dict[ReasonCode, str] = {
    "too_few_points": f"Fewer than {MIN_POINTS} finite points: too few to read.",
    "no_descent": "The loss never falls clearly below its start: nothing here prefers one rate. "
    "Check that the model trains at all, or use bigger batches for the test.",
    "no_divergence": "The loss never turns up again: the sweep ended before the limit. Raise end_lr.",
    "min_at_edge": "The lowest loss is at the very end of the curve, so the best rate may lie beyond. Raise end_lr.",
    "noisy": "The noise is a large share of the drop: read the number loosely, or sweep several seeds.",
}


class Reason(Frozen):
    code: ReasonCode
    text: str


class Region(Frozen):
    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    name: Literal["too_low", "sweet_spot", "unstable", "diverged"]
    start: float = Field(alias="from")
    end: float = Field(alias="to")
    decades: float


class Reading(Frozen):
    """What the curve says. Rates are learning rates; `noise` is a share of the drop from start to minimum."""

    suggestion: float | None
    low: float | None = Field(description="Where the sweet spot begins: a tenth of the drop is done.")
    high: float | None = Field(description="Where it ends: the last rate still within a tenth of the floor.")
    diverges_at: float | None
    confidence: float = Field(ge=0, le=1)
    reasons: list[Reason]
    rules: dict[str, float | None]
    regions: list[Region]
    noise: float | None = Field(description="Robust standard deviation around the smooth; null without a drop.")
    warnings: list[str] = []


def read(curve: Curve) -> Reading:
    """Read one curve. Never raises for a valid `Curve`, whatever its losses; answers lie within the swept rates."""
    broke = first_nonfinite(curve.loss)
    lr, loss = curve.lr[:broke], curve.loss[:broke]
    if len(lr) < MIN_POINTS or lr[0] == lr[-1]:
        at = float(curve.lr[broke]) if broke is not None else None
        return _abstain(["too_few_points"], dict.fromkeys(RULES), at)

    # One affine change makes every curve of order 1, whatever the unit or sign of its loss.
    x, shift, scale = np.log10(lr), float(np.median(loss)), _scale(loss)
    with np.errstate(over="ignore"):
        y = np.minimum((loss - shift) / scale, FAR_UP)
    start = _start_level(y)
    clipped = np.minimum(y, start + max(start - float(_median3(y).min()), 4 * _jitter(y)))
    fit, _ = smooth(x, clipped, WIDTH)
    lowest = int(np.argmin(fit))
    drop = start - float(fit[lowest])
    sigma = spread((clipped - fit)[: lowest + 1]) if lowest >= MIN_POINTS else spread(clipped - fit)
    rungs, first = np.unique(lr, return_index=True)  # pooled seeds share their rates, and their fit there
    rules = {name: _inside(rule(rungs, fit[first]), lr) for name, rule in RULES.items()}
    diverges_at = _rise(lr, clipped, fit, lowest, drop, sigma)
    if broke is not None and diverges_at is None:
        diverges_at = float(curve.lr[broke])

    standard_error = sigma * sqrt(1 / _neighbours(x) + MEDIAN_VARIANCE / _start_count(y))  # of the drop
    if lowest == 0 or drop <= DESCENT_SIGMAS * standard_error or drop <= 1e-9:
        return _abstain(["no_descent"], rules, diverges_at)

    fallen = np.flatnonzero(fit[: lowest + 1] > start - EDGE * drop)
    low = float(lr[min(int(fallen[-1]) + 1, lowest)] if len(fallen) else lr[0])
    reasons: list[ReasonCode] = []
    noise = sigma / drop
    if noise > 0.25:
        reasons.append("noisy")
    if lowest >= len(lr) - 2 and broke is None:
        return _abstain([*reasons, "min_at_edge", "no_divergence"], rules, None, low=low, noise=noise, curve=curve)
    if diverges_at is None:
        reasons.append("no_divergence")

    near_floor = lowest + _while(fit[lowest:] <= fit[lowest] + EDGE * drop) - 1
    high = float(lr[near_floor])
    suggestion = float(np.clip(lr[lowest] / BELOW_MINIMUM, low, high))
    confidence = min(1.0, drop / (3 * DESCENT_SIGMAS * standard_error + 1e-12)) * (0.9 if diverges_at else 0.5)
    return Reading(
        suggestion=suggestion,
        low=low,
        high=high,
        diverges_at=diverges_at,
        confidence=round(float(confidence / (1 + noise)), 3),
        reasons=_explain(reasons),
        rules=rules,
        regions=_regions(curve, low, high, diverges_at),
        noise=float(noise),
    )


def _abstain(
    codes: list[ReasonCode],
    rules: dict[str, float | None],
    diverges_at: float | None,
    *,
    low: float | None = None,
    noise: float | None = None,
    curve: Curve | None = None,
) -> Reading:
    return Reading(
        suggestion=None,
        low=low,
        high=None,
        diverges_at=diverges_at,
        confidence=0.0,
        reasons=_explain(codes),
        rules=rules,
        regions=[] if low is None or curve is None else _regions(curve, low, float(curve.lr[-1]), None),
        noise=None if noise is None else float(noise),
    )


def _explain(codes: list[ReasonCode]) -> list[Reason]:
    return [Reason(code=code, text=SENTENCES[code]) for code in codes]


def _regions(curve: Curve, low: float, high: float, diverges_at: float | None) -> list[Region]:
    """The swept range cut at low, high and divergence; empty parts are left out."""
    end = float(curve.lr[-1])
    cuts = [float(curve.lr[0]), low, high, min(max(diverges_at or end, high), end), end]
    names: list[Literal["too_low", "sweet_spot", "unstable", "diverged"]]
    names = ["too_low", "sweet_spot", "unstable", "diverged"]
    return [
        Region(name=name, start=a, end=b, decades=round(float(np.log10(b / a)), 4))
        for name, a, b in zip(names, cuts, cuts[1:], strict=False)
        if b > a
    ]


def _rise(lr: FloatArray, y: FloatArray, fit: FloatArray, lowest: int, drop: float, sigma: float) -> float | None:
    """First rate after the minimum from which the loss stays above half the drop (and four noises) to the end."""
    level = float(fit[lowest]) + max(0.5 * drop, 4 * sigma, 1e-9)
    above = _median3(y)[lowest:] > level
    stays = _while(above[::-1])
    return float(lr[len(lr) - stays]) if 0 < stays < len(above) else None


def _while(mask: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> int:
    """How many leading entries are true."""
    false = np.flatnonzero(~mask)
    return int(false[0]) if len(false) else len(mask)


def _start_level(y: FloatArray) -> float:
    return float(np.median(y[: _start_count(y)]))


def _start_count(y: FloatArray) -> int:
    return max(3, len(y) // 10)


def _jitter(y: FloatArray) -> float:
    """Noise from one rung to the next, before any smooth is known."""
    return spread(np.diff(y)) / sqrt(2)


def _scale(loss: FloatArray) -> float:
    """The curve's own size: the range of the part that has not blown up."""
    size = float(np.quantile(loss, 0.75) - loss.min())
    return size if size > 0 and np.isfinite(size) else max(float(np.ptp(loss)), 1e-300)


def _median3(y: FloatArray) -> FloatArray:
    padded = np.concatenate([y[:1], y, y[-1:]])
    middle: FloatArray = np.median(np.stack([padded[:-2], padded[1:-1], padded[2:]]), axis=0)
    return middle


def _neighbours(x: FloatArray) -> float:
    """Points that one fit averages over: the effective size of a Gaussian window of sigma WIDTH."""
    return max(1.0, 2 * sqrt(pi) * WIDTH * (len(x) - 1) / float(x[-1] - x[0]))


def _inside(rate: float | None, lr: FloatArray) -> float | None:
    return None if rate is None else float(np.clip(rate, lr[0], lr[-1]))
