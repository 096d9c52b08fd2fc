"""read(curve) -> Reading: what a curve says about the learning rate, or why it says nothing.

Seen from left to right a range test is flat (too low), falls (the sweet spot), turns up and blows up. Two things in it
tell of the best rate: the floor, and the rise. Each becomes an estimate with an uncertainty of its own, in decades,
and the suggestion is their mean, weighted by precision. How wide the floor is, given the noise, is how uncertain it is;
so a curve that hardly falls is decided by its rise, and one that does not rise by its floor. The optimizer, where it
is known, is a third, weak voice. docs/science.md has the model, what each constant means, and how good it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erf, hypot, log10, pi, sqrt
from typing import Literal

import numpy as np
from pydantic import ConfigDict, Field

from lrscope.curve import Curve, FloatArray, first_nonfinite, pool, smooth, spread
from lrscope.errors import InvalidInput
from lrscope.rules import OURS, THEIRS, Rule
from lrscope.spec import Frozen

MIN_POINTS = 10
WIDTH = 0.2  # decades, sigma of the smoother: a drop is one to three decades wide, a rung of 100 over 8 is 0.08
MEDIAN_VARIANCE = pi / 2  # of a median of normal noise, over that of a mean
HUGE = 1e100  # larger losses are made so large first, or their sums would overflow
FAR_UP = 1e9  # a loss that has blown up this far, in sizes of the curve, is as good as any higher one
EDGE = 0.1  # of the drop: how near the floor the sweet spot ends

# The floor: every rate counts as lowest that is within the tolerance of the lowest.
TOLERANCE_SIGMAS = 2.0  # standard errors of the fit; two, because the lowest of many is chosen
TOLERANCE_DROP = 0.05  # of the drop: nobody cares about less
BELOW_FLOOR = 0.4  # decades: the loss at a rate was earned at the lower ones before it
FLOOR_SIGMA = 0.25  # decades: how far the best rate scatters around that, for a floor that is known exactly

# The rise: where the fit leaves the floor for good.
RISE_DROP = 0.3  # of the drop, and at least
RISE_SIGMAS = 6.0  # standard errors of the fit
BELOW_RISE = 0.5  # decades
RISE_SIGMA = 0.5  # decades
STAYS = 2  # points at least that a rise holds to the end of the curve
# A curve that does not fall has no floor to leave: there the rise is where the raw losses leave the start for good.
DEEP_SIGMAS = 4.5  # standard errors of the drop; below that a curve is shallow
HINT_SIGMAS = 2.0  # below even that its floor tells nothing of its rise
SHALLOW_RISE_SIGMAS = 3.0  # standard deviations of the noise
BELOW_SHALLOW_RISE = 0.8  # decades

GOOD_WIDTH = 0.45  # decades: so far from the best rate most trainings end as well as with it
BOUND_SIGMA = 0.6  # decades: what a bound leaves open, where there is no floor, or it lies beyond the curve

PRIOR_SIGMA = 1.0  # decades: a weak voice, as the same optimizer's best rates scatter over models and data
PRIORS = {  # log10 of the rates that people use, by what an optimizer's name contains; the first that fits
    "lion": -2.5, "adagrad": -1.0, "rmsprop": -2.3, "ada": -2.0, "lamb": -2.0, "momentum": -1.0, "nesterov": -1.0,
    "sgd": -0.7,
}  # fmt: skip

ReasonCode = Literal[
    "too_few_points", "no_descent", "no_divergence", "min_at_edge", "noisy", "flat_start_missing", "already_trained"
]

SENTENCES: dict[ReasonCode, str] = {
    "too_few_points": f"Fewer than {MIN_POINTS} finite points: too few to read.",
    "no_descent": "The loss never falls clearly below its start: nothing here prefers one rate. "
    "Check that the model trains at all, or use bigger batches for the test.",
    "already_trained": "The loss hardly falls before it blows up, as when training goes on from trained weights. "
    "The suggestion is only what the blow-up allows: try it, and lower ones.",
    "no_divergence": "The loss never turns up again: the sweep ended before the limit. Raise end_lr.",
    "min_at_edge": "The lowest loss is at the very end of the curve, so the best rate may lie beyond. Raise end_lr.",
    "noisy": "The noise is a large share of the drop: read the number loosely, or sweep several seeds.",
    "flat_start_missing": "The loss falls from the first step on: the sweep began inside the sweet spot. "
    "Lower start_lr to see all of it.",
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
    low: float | None = Field(description="Where the sweet spot begins: half of the drop is done.")
    high: float | None = Field(description="Where it ends: the last rate still within a tenth of the floor.")
    diverges_at: float | None
    confidence: float = Field(ge=0, le=1, description="Chance that the suggestion is as good as the best rate.")
    reasons: list[Reason]
    rules: dict[str, float | None]
    spreads: dict[str, float | None] = Field(
        default={}, description="Of several seeds: each rule's standard deviation over them, in decades."
    )
    regions: list[Region]
    curves: int = Field(default=1, description="How many were read as one: the seeds of a group.")
    noise: float | None = Field(description="Robust standard deviation around the smooth; null without a drop.")
    warnings: list[str] = []


def read(curve: Curve | Sequence[Curve], optimizer: str | None = None) -> Reading:
    """Read one curve, or several of the same sweep with other seeds, pooled.

    `optimizer`: its name, such as AdamW; a weak hint, which only matters where the curve says little. By default the
    curve's own. Never raises for valid curves, whatever their losses; answers lie within the swept rates.

    Raises InvalidInput for no curve at all.
    """
    curves = [curve] if isinstance(curve, Curve) else list(curve)
    if not curves:
        raise InvalidInput.of("curves", curves, "must be at least one")
    whole = pool(curves)
    rules, spreads = _rules(curves)
    broke = first_nonfinite(whole.loss)
    lr, loss = whole.lr[:broke], whole.loss[:broke]
    broke_at = float(whole.lr[broke]) if broke is not None else None
    if len(lr) < MIN_POINTS or lr[0] == lr[-1]:
        return _nothing(["too_few_points"], rules, spreads, broke_at)
    shape = _Shape.of(lr, loss)
    for name, rule in OURS.items():
        rules[name] = _inside(shape.ask(rule), lr)
    on_floor = shape.depth > HINT_SIGMAS
    rise = shape.rise() if on_floor else shape.shallow_rise()
    if rise is None and broke_at is not None:
        rise = log10(broke_at)
    blown = shape.blown() if shape.deep else rise
    diverges_at = broke_at if blown is None else _inside(10.0**blown, whole.lr)
    if not shape.deep and rise is None:
        return _nothing(["no_descent"], rules, spreads, None)
    voices = [shape.floor(rise)]
    if rise is not None:
        voices.append((rise - (BELOW_RISE if on_floor else BELOW_SHALLOW_RISE), RISE_SIGMA))
    prior = _prior(optimizer or curves[0].optimizer)
    if prior is not None:
        voices.append((prior, PRIOR_SIGMA))
    at, sigma = _heard(voices)
    if not shape.deep and at < shape.x[0]:  # the bound lies below the swept rates
        return _nothing(["no_descent"], rules, spreads, diverges_at)
    top = float(lr[-1]) if rise is None else min(float(lr[-1]), 10.0**rise)
    suggestion = float(np.clip(10.0**at, lr[0], top))
    reasons = shape.reasons(rise)
    low, high = shape.sweet_spot() if shape.deep else (None, None)
    if low is not None and high is not None:
        low, high = min(low, suggestion), max(high, suggestion)
    return Reading(
        suggestion=suggestion,
        low=low,
        high=high,
        diverges_at=diverges_at,
        confidence=_confidence(
            sigma if not {"already_trained", "min_at_edge"} & {*reasons} else hypot(sigma, BOUND_SIGMA)
        ),
        reasons=_explain(reasons),
        rules=rules,
        spreads=spreads,
        regions=_regions(whole, low, high, diverges_at),
        curves=len(curves),
        noise=shape.noise,
    )


def expected_regret(curve: Curve | Sequence[Curve], rates: FloatArray) -> FloatArray | None:
    """Share of a curve's drop that a training at each of `rates` should lose; None for a curve that never falls.

    It is the smoothed curve itself, in units of its drop, read BELOW_FLOOR decades to the right: the loss at a rate
    was earned at the lower ones before it. 0 on the floor, 1 at the start's level and 1.5 at most, as beyond a blow-up.
    """
    whole = pool([curve] if isinstance(curve, Curve) else list(curve))
    broke = first_nonfinite(whole.loss)
    lr, loss = whole.lr[:broke], whole.loss[:broke]
    if len(lr) < MIN_POINTS or lr[0] == lr[-1]:
        return None
    shape = _Shape.of(lr, loss)
    if not shape.deep:
        return None
    share = np.clip((shape.fit - shape.fit[shape.lowest]) / shape.drop, 0.0, 1.5)
    rise = shape.blown()
    if rise is not None:
        share = np.where(shape.x > rise, 1.5, share)
    at = np.log10(rates) + BELOW_FLOOR
    last = 1.5 if rise is not None or broke is not None else float(share[-1])
    regret: FloatArray = np.interp(at, shape.x, share, right=last)
    return regret


# ── the shape of a curve ─────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Shape:
    """A finite curve in units of its own size: x in decades, y the losses, `fit` their smooth."""

    x: FloatArray
    y: FloatArray
    fit: FloatArray
    start: float  # level of the flat part
    lowest: int  # where the fit is lowest
    sigma: float  # of the noise
    error: float  # standard error of the fit

    @classmethod
    def of(cls, lr: FloatArray, loss: FloatArray) -> "_Shape":
        # One affine change makes every curve of order 1, whatever the unit or sign of its loss.
        loss = loss / max(1.0, float(np.abs(loss).max()) / HUGE)
        x, shift, scale = np.log10(lr), float(np.median(loss)), _scale(loss)
        with np.errstate(over="ignore"):
            y = np.minimum((loss - shift) / scale, FAR_UP)
        start = float(np.median(y[: _start_count(y)]))
        clipped = np.minimum(y, start + max(start - float(_median3(y).min()), 4 * _jitter(y)))
        fit, _ = smooth(x, clipped, WIDTH)
        lowest = int(np.argmin(fit))
        apart = clipped - fit
        sigma = spread(apart[: lowest + 1] if lowest >= MIN_POINTS else apart)
        return cls(x, clipped, fit, start, lowest, sigma, sigma / sqrt(_neighbours(x)))

    @property
    def drop(self) -> float:
        return self.start - float(self.fit[self.lowest])

    @property
    def depth(self) -> float:
        """The drop in its standard errors."""
        error = hypot(self.error, self.sigma * sqrt(MEDIAN_VARIANCE / _start_count(self.y)))
        return self.drop / max(error, 1e-12) if self.lowest > 0 and self.drop > 1e-9 else 0.0

    @property
    def deep(self) -> bool:
        """Whether the curve falls by more than its noise explains."""
        return self.depth > DEEP_SIGMAS

    @property
    def noise(self) -> float | None:
        return self.sigma / self.drop if self.deep else None

    def ask(self, rule: Rule) -> float | None:
        """One of OURS on the fit; pooled seeds share their rates, and their fit there."""
        rungs, first = np.unique(self.x, return_index=True)
        answer: float | None = rule(10.0**rungs, self.fit[first])
        return answer

    def floor(self, rise: float | None) -> tuple[float, float]:
        """(best rate that the floor tells, its sigma), both in decades: the mean over all rates that may be lowest."""
        tolerance = hypot(TOLERANCE_SIGMAS * self.error, TOLERANCE_DROP * self.drop) + 1e-9
        weight = np.exp(-0.5 * ((self.fit - self.fit[self.lowest]) / tolerance) ** 2) * np.gradient(self.x)
        if rise is not None:
            weight = np.where(self.x <= rise, weight, 0.0)
        if not weight.sum() > 0:
            weight = (np.arange(len(self.x)) == self.lowest).astype(float)
        middle = float(weight @ self.x / weight.sum())
        width = float(weight @ (self.x - middle) ** 2 / weight.sum())
        return middle - BELOW_FLOOR, sqrt(width + FLOOR_SIGMA**2)

    def rise(self) -> float | None:
        """Where the fit leaves the floor for good."""
        level = self.fit[self.lowest] + max(RISE_DROP * self.drop, RISE_SIGMAS * self.error, 1e-9)
        return self._stays_above(self.fit, level)

    def blown(self) -> float | None:
        """Where the raw losses leave the floor by half of the drop, for good: what people call divergence."""
        level = float(self.fit[self.lowest]) + max(0.5 * self.drop, 4 * self.sigma, 1e-9)
        return self._stays_above(_median3(self.y), level)

    def shallow_rise(self) -> float | None:
        """Where the raw losses leave the start for good."""
        level = self.start + max(SHALLOW_RISE_SIGMAS * self.sigma, 1e-9)
        return self._stays_above(_median3(self.y), level)

    def _stays_above(self, values: FloatArray, level: float) -> float | None:
        above = values[self.lowest :] > level
        stays = _while(above[::-1])
        return float(self.x[len(self.x) - stays]) if STAYS <= stays < len(above) else None

    def sweet_spot(self) -> tuple[float, float]:
        """(from where half of the drop is done, to the last rate within a tenth of the floor)."""
        high_up = np.flatnonzero(self.fit[: self.lowest + 1] > self.start - 0.5 * self.drop)
        first = min(int(high_up[-1]) + 1, self.lowest) if len(high_up) else 0
        last = self.lowest + _while(self.fit[self.lowest :] <= self.fit[self.lowest] + EDGE * self.drop) - 1
        return float(10.0 ** self.x[first]), float(10.0 ** self.x[last])

    def reasons(self, rise: float | None) -> list[ReasonCode]:
        found: list[ReasonCode] = []
        if not self.deep:
            found.append("already_trained")
        elif self.sigma > 0.25 * self.drop:
            found.append("noisy")
        if self.deep and self.lowest >= len(self.x) - 2:
            found.append("min_at_edge")
        if rise is None:
            found.append("no_divergence")
        fallen = np.flatnonzero(self.fit < self.start - EDGE * self.drop)
        if self.deep and len(fallen) and self.x[fallen[0]] < self.x[0] + 2 * WIDTH:
            found.append("flat_start_missing")
        return found


# ── the answer ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _heard(voices: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """(mean weighted by precision, its sigma) of independent estimates."""
    precisions = [1 / sigma**2 for _, sigma in voices]
    total = sum(precisions)
    return sum(at * p for (at, _), p in zip(voices, precisions, strict=True)) / total, sqrt(1 / total)


def _prior(optimizer: str | None) -> float | None:
    name = (optimizer or "").lower()
    return next((at for part, at in PRIORS.items() if part in name), None)


def _confidence(sigma: float) -> float:
    """The chance of a normal error to stay within GOOD_WIDTH; fitted, so that it is the share of good suggestions."""
    return round(erf(GOOD_WIDTH / (sqrt(2) * sigma)), 3)


def _rules(curves: Sequence[Curve]) -> tuple[dict[str, float | None], dict[str, float | None]]:
    """(every rule's rate, its spread over seeds): of several curves the median, in decades."""
    rules: dict[str, float | None] = dict.fromkeys([*OURS, *THEIRS])
    spreads: dict[str, float | None] = {}
    finite = [(c.lr[: first_nonfinite(c.loss)], c.loss[: first_nonfinite(c.loss)]) for c in curves]
    for name, rule in THEIRS.items():
        given = [rate for lr, loss in finite if len(lr) >= MIN_POINTS and (rate := _tried(rule, lr, loss)) is not None]
        if given:
            rules[name] = float(10.0 ** np.median(np.log10(given)))
        if len(curves) > 1:
            spreads[name] = float(np.std(np.log10(given))) if len(given) > 1 else None
    return rules, spreads


def _tried(rule: Rule, lr: FloatArray, loss: FloatArray) -> float | None:
    """A rule's rate within the curve's own; None where rates repeat or losses are too large for its arithmetic."""
    with np.errstate(all="ignore"):
        rate = rule(lr, loss) if (np.diff(lr) > 0).all() else None
    return None if rate is None or not np.isfinite(rate) else _inside(rate, lr)


def _nothing(
    codes: list[ReasonCode],
    rules: dict[str, float | None],
    spreads: dict[str, float | None],
    diverges_at: float | None,
) -> Reading:
    return Reading(
        suggestion=None,
        low=None,
        high=None,
        diverges_at=diverges_at,
        confidence=0.0,
        reasons=_explain(codes),
        rules=rules,
        spreads=spreads,
        regions=[],
        noise=None,
    )


def _explain(codes: list[ReasonCode]) -> list[Reason]:
    return [Reason(code=code, text=SENTENCES[code]) for code in codes]


def _regions(curve: Curve, low: float | None, high: float | None, diverges_at: float | None) -> list[Region]:
    """The swept range cut at low, high and divergence; empty parts are left out."""
    if low is None or high is None:
        return []
    end = float(curve.lr[-1])
    cuts = [float(curve.lr[0]), low, high, min(max(diverges_at or end, high), end), end]
    names: list[Literal["too_low", "sweet_spot", "unstable", "diverged"]]
    names = ["too_low", "sweet_spot", "unstable", "diverged"]
    return [
        Region(name=name, start=a, end=b, decades=round(float(np.log10(b / a)), 4))
        for name, a, b in zip(names, cuts, cuts[1:], strict=False)
        if b > a
    ]


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _while(mask: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> int:
    """How many leading entries are true."""
    false = np.flatnonzero(~mask)
    return int(false[0]) if len(false) else len(mask)


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
