"""confirm(trainings) -> Confirmation: the best rate by short trainings around it, with its interval.

Near its lowest the final loss of a training is close to a parabola in the logarithm of its rate, as any smooth
curve is, so a handful of short trainings tells where that is, how sure it is, and how far one may go from it.
docs/confirmation.md has the model, and what it gains on trainings whose best rate is known.
"""

from collections.abc import Sequence
from math import ceil
from typing import Literal

import numpy as np
from pydantic import Field

from lrscope.curve import FloatArray
from lrscope.parabola import Fit, Parabola
from lrscope.spec import Frozen, Schedule, Status

SPACING = 0.25  # decades between the default rates: wide enough to see a parabola, narrow enough that it is one
RATES = 5  # of them, the middle one the rate to be confirmed
SEEDS = [0, 1]
LAST = 0.1  # of the steps: what a training ended with
LEAST = 5  # steps that a final loss is the mean of
BAND = 0.05  # of the drop from the start to the best
CLIFF = 0.35  # of it: a neighbour that ends so much above the lowest has fallen off a cliff

ReasonCode = Literal["too_few", "no_descent", "flat", "edge_low", "edge_high", "diverged_above"]

SENTENCES: dict[ReasonCode, str] = {
    "too_few": "Fewer than three rates have ended: too few for a parabola.",
    "no_descent": "No training ends below its start: there is nothing to choose by. Train longer, or at other rates.",
    "flat": "These trainings end alike, as far as their seeds can tell: take any of these rates, or train longer.",
    "edge_low": "The best rate is the lowest trained, and lower ones may be better. Train some of them too.",
    "edge_high": "The best rate is the highest trained, and higher ones may be better. Train some of them too.",
    "diverged_above": "Trainings at higher rates diverged: the best rate lies below them.",
}


class Reason(Frozen):
    code: ReasonCode
    text: str


class Trained(Frozen):
    """One of the short trainings."""

    sweep: str = Field(description="Its id; its points are at GET /sweeps/{sweep}/points.")
    lr: float
    seed: int
    status: Status
    steps_done: int
    loss: float | None = Field(description="What it ended with; null until then, and where it diverged.")


class Found(Frozen):
    """What the final losses tell. Rates are learning rates."""

    best: float | None = Field(default=None, description="Where the parabola is lowest, within what was trained.")
    low: float | None = Field(default=None, description="95 % interval of the best rate; null: open, or not known.")
    high: float | None = None
    band_low: float | None = Field(default=None, description="Within 5 % of the drop from the start to the best.")
    band_high: float | None = None
    curve: Parabola | None = Field(default=None, description="The parabola, in x = log10 of the rate.")
    reasons: list[Reason] = []


class Confirmation(Found):
    """The short trainings of a sweep, and what they tell."""

    sweep: str
    schedule: Schedule
    steps: int
    lr: float | None = Field(description="The rate that is to be confirmed.")
    series: Literal["loss", "val_loss"] = Field(description="Whose final value is compared.")
    trainings: list[Trained]


def final_loss(loss: FloatArray) -> float | None:
    """What a training ended with: the mean of its last tenth, at least five steps, without the extremes.

    `loss` of shape (n,); of a series that is not measured at every step the others are NaN. A tenth of the values is
    left out at either end (a trimmed mean, Tukey 1962). None where the last one is infinite, or nothing was measured.
    """
    last = max(LEAST, ceil(LAST * len(loss)))
    tail = loss[-last:]
    tail = tail[~np.isnan(tail)]
    if not len(tail):
        tail = loss[~np.isnan(loss)][-1:]
    if not len(tail) or not np.isfinite(tail).all():
        return None
    cut = len(tail) // 10
    return float(np.sort(tail)[cut : len(tail) - cut].mean())


def confirm(trainings: Sequence[Trained], start: float | None) -> Found:
    """The best of the rates between the lowest and the highest trained, from the trainings that have ended.

    `start`: the loss that they began with. A rate at which a seed diverged is left out of the fit, and bounds it; so is
    one that ended further above the start than the best ended below it.
    """
    ended = [t for t in trainings if t.status in (Status.DONE, Status.DIVERGED)]
    losses: dict[float, list[float]] = {}
    for one in ended:
        losses.setdefault(one.lr, []).append(np.inf if one.loss is None else one.loss)
    means = {lr: float(np.mean(found)) for lr, found in losses.items()}
    if start is None or not means or not min(means.values()) < start:
        return Found(reasons=_said("no_descent") if ended else [])
    lowest = min(means, key=means.__getitem__)
    drop = start - means[lowest]
    blown = {lr for lr, found in losses.items() if max(found) > start + drop}
    limit = min((lr for lr in blown if lr > lowest), default=np.inf)
    kept = {lr: found for lr, found in losses.items() if lr not in blown and lr < limit}
    x = np.array([np.log10(lr) for lr, found in kept.items() for _ in found])
    y = np.array([(loss - start) / drop for found in kept.values() for loss in found])  # 0 at the start, -1 at the best
    found = _Trained(x, y).read(float(np.log10(limit))) if len(kept) >= 3 else Found(reasons=_said("too_few"))
    bounded = _said("diverged_above") if limit < np.inf else []
    curve = found.curve and found.curve.over(start, drop)
    return found.model_copy(update={"curve": curve, "reasons": [*found.reasons, *bounded]})


class _Trained:
    """Final losses, each in drops from the start, over x = log10 of their rates.

    A loss is taken to scatter around the parabola the more, the further its rate is above the lowest: twice as much at
    BAND (the weights of a Cauchy kernel). So far-off rates, where no parabola holds, have little say.
    """

    def __init__(self, x: FloatArray, y: FloatArray) -> None:
        self.rates, of_rate = np.unique(x, return_inverse=True)
        self.means = np.bincount(of_rate, y) / np.bincount(of_rate)
        self.k = int(np.argmin(self.means))
        weight = 1 / (1 + ((self.means[of_rate] - self.means[self.k]) / BAND) ** 2)
        self.fit = Fit.of(x, y, weight, 2)
        self.line = Fit.of(x, y, weight, 1)

    def read(self, limit: float) -> Found:
        """`limit`: x from which on trainings diverged, else infinite."""
        first, last = self.rates[0], self.rates[-1]
        top = limit if limit < np.inf else last
        curved = self.fit.sign() > 0
        code = self.told(curved)
        best = {"edge_low": first, "edge_high": last}.get(code or "", self.lowest())
        low, high = self.fit.interval() if curved else (first, last) if code == "flat" else (-np.inf, np.inf)
        low, high = np.minimum(low, best), np.minimum(np.maximum(high, best), limit)  # NaN stays
        if code == "edge_high" and limit < np.inf:
            code = None  # it is not for want of higher rates
        band_low, band_high = self.band(best)
        return Found(
            best=_rate(best),
            low=_rate(low) if low >= first else None,
            high=_rate(high) if high <= top else None,
            band_low=_rate(band_low),
            band_high=_rate(band_high),
            curve=self.fit.parabola() if self.fit.at[2] > 0 else None,
            reasons=_said(code) if code else [],
        )

    def told(self, curved: bool) -> ReasonCode | None:
        """What keeps the lowest point of the parabola from being the answer."""
        vertex, trend = self.fit.vertex(), 0 if curved else self.line.sign()
        if self.k == 0 and (trend > 0 or (curved and vertex < self.rates[0])):
            return "edge_low"
        if self.k == len(self.rates) - 1 and (trend < 0 or (curved and vertex > self.rates[-1])):
            return "edge_high"
        return None if curved else "flat"

    def lowest(self) -> float:
        """The vertex, at most halfway to the neighbours of the rate that ended lowest; towards a cliff not at all."""
        beside = slice(max(0, self.k - 1), self.k + 2)
        near, cliff = (self.rates[beside] + self.rates[self.k]) / 2, self.means[beside] > self.means[self.k] + CLIFF
        near = np.where(cliff, self.rates[self.k], near)
        return float(np.clip(self.fit.vertex(), near[0], near[-1]) if self.fit.at[2] > 0 else self.rates[self.k])

    def band(self, best: float) -> tuple[float, float]:
        """Where the parabola is less than BAND above its value at the best rate, within what was trained."""
        if self.fit.at[2] > 0:
            low, high = self.fit.below(best, BAND)
            return max(self.rates[0], low), min(self.rates[-1], high)
        good = self.rates[self.means <= self.means[self.k] + BAND]
        return good[0], good[-1]


def _rate(x: float) -> float:
    return float(10.0**x)


def _said(code: ReasonCode) -> list[Reason]:
    return [Reason(code=code, text=SENTENCES[code])]
