"""The shape of a curve: its level at the start, its floor, where it rises, where it blows up, and its noise.

All of it from one centred smooth in log10 of the rate, and from what the raw losses scatter around it. Nothing here
knows which rate is good; lrscope.belief does.
"""

from dataclasses import dataclass
from math import hypot, pi, sqrt

import numpy as np

from lrscope.curve import FloatArray, smooth, spread
from lrscope.rules import Rule

MIN_POINTS = 10  # fewer are no curve
WIDTH = 0.2  # decades, sigma of the smoother: a drop is one to three decades wide, a rung of 100 over 8 is 0.08
MEDIAN_VARIANCE = pi / 2  # of a median of normal noise, over that of a mean
HUGE = 1e100  # larger losses are made so large first, or their sums would overflow
FAR_UP = 1e9  # a loss that has blown up this far, in sizes of the curve, is as good as any higher one
EDGE = 0.1  # of the drop: how near the floor the sweet spot ends

# The floor: every rate counts as lowest that is within the tolerance of the lowest.
TOLERANCE_SIGMAS = 2.0  # standard errors of the fit; two, because the lowest of many is chosen
TOLERANCE_DROP = 0.05  # of the drop: nobody cares about less
SATED = 0.5  # decades: how far beyond its first rate a floor is believed that the curve never leaves

# The rise: where the fit leaves the floor for good.
RISE_DROP = 0.3  # of the drop, and at least
RISE_SIGMAS = 6.0  # standard errors of the fit
STAYS = 2  # points at least that a rise holds to the end of the curve
# A curve that does not fall has no floor to leave: there the rise is where the raw losses leave the start for good.
DEEP_SIGMAS = 4.5  # standard errors of the drop; below that a curve is shallow
HINT_SIGMAS = 2.0  # below even that its floor tells nothing of its rise
SHALLOW_RISE_SIGMAS = 3.0  # standard deviations of the noise
ONSET = 2.0  # times the noise of the start: where noise sets in, training begins to be unstable


@dataclass(frozen=True)
class Shape:
    """A finite curve in units of its own size: x in decades, y the losses, `fit` their smooth."""

    x: FloatArray
    raw: FloatArray
    y: FloatArray  # the raw losses, the blow-up clipped
    fit: FloatArray
    start: float  # level of the flat part
    lowest: int  # where the fit is lowest
    sigma: float  # of the noise
    error: float  # standard error of the fit

    @classmethod
    def of(cls, lr: FloatArray, loss: FloatArray) -> "Shape":
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
        return cls(x, y, clipped, fit, start, lowest, sigma, sigma / sqrt(_neighbours(x)))

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

    @property
    def falls(self) -> bool:
        """Whether it falls enough for its floor to be one that can be left."""
        return self.depth > HINT_SIGMAS

    def floor(self) -> FloatArray:
        """How likely each rate, up to where the fit leaves the floor, is the lowest, given the noise; not normed.

        A floor that is never left says less the longer it lasts: training that has learnt its data by heart has no
        gradient left to go wrong with, and bears there what it would not have borne before.
        """
        tolerance = hypot(TOLERANCE_SIGMAS * self.error, TOLERANCE_DROP * self.drop) + 1e-9
        weight = np.exp(-0.5 * ((self.fit - self.fit[self.lowest]) / tolerance) ** 2) * np.gradient(self.x)
        left = self.leaves_floor()
        if left is not None:
            weight = np.where(self.x <= left, weight, 0.0)
        else:
            first = self.x[np.argmax(self.fit <= self.fit[self.lowest] + tolerance)]
            weight = weight * np.exp(-np.maximum(0.0, self.x - first) / SATED)
        if not weight.sum() > 0:
            weight = (np.arange(len(self.x)) == self.lowest).astype(float)
        return np.asarray(weight)

    def onset(self) -> float | None:
        """Where the noise from one rung to the next exceeds that of the start for good."""
        jumps = np.abs(np.diff(self.raw))
        half = max(5, len(self.y) // 20)
        padded = np.pad(jumps, half, mode="edge")
        level = np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1), axis=1)
        start = float(np.median(level[: max(3, len(level) // 4)]))
        stays = _while((level > ONSET * start)[::-1])
        return float(self.x[len(self.x) - stays]) if STAYS <= stays < len(level) else None

    def rise(self) -> float | None:
        """Where the loss turns up for good, in decades: above the floor, or above the start of a curve without one.

        Noise that grows with the loss can hide where the raw losses leave the start; then it is where the fit leaves
        its lowest, if it ends above the start by as much.
        """
        if self.falls:
            return self.leaves_floor()
        start = self.leaves_start()
        if start is None and self.fit[-1] - self.start > self.margin:
            return self.leaves_floor()
        return start

    @property
    def margin(self) -> float:
        """By how much the fit must be above a level to have left it."""
        return max(RISE_DROP * self.drop, RISE_SIGMAS * self.error, 1e-9)

    def leaves_floor(self) -> float | None:
        """Where the fit leaves the floor for good."""
        return self._stays_above(self.fit, float(self.fit[self.lowest]) + self.margin)

    @property
    def two_valleys(self) -> bool:
        """Whether it leaves a floor as it rises, and comes down again; both floors half of the drop below the start."""
        before = np.minimum.accumulate(self.fit)
        after = np.minimum.accumulate(self.fit[::-1])[::-1]
        between = np.minimum(self.fit - before, self.fit - after)
        top = int(np.argmax(between))
        higher = max(before[top], after[top])
        return bool(between[top] > self.margin and higher < self.start - 0.5 * self.drop)

    def blown(self) -> float | None:
        """Where the raw losses leave the floor by half of the drop, for good: what people call divergence."""
        level = float(self.fit[self.lowest]) + max(0.5 * self.drop, 4 * self.sigma, 1e-9)
        return self._stays_above(_median3(self.y), level)

    def leaves_start(self) -> float | None:
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
