"""Where the best rate lies: a density over log10 of the rate, made of what each part of a curve tells.

Every voice is a density of its own, and they are multiplied. Of the rise and of the onset of noise it is known that
they are now and then wrong altogether, so each is mixed with a flat line, which takes its say where the others
disagree. The suggestion is the median: half of the belief lies below, half above. docs/science.md has what each
constant means, and how much it matters.
"""

from dataclasses import dataclass
from math import exp, log

import numpy as np

from lrscope.curve import FloatArray

STEP = 0.02  # decades, of the grid
BEYOND = 2.0  # decades below the swept rates that are believed in too: there the answer is none

BELOW_FLOOR = 0.25  # decades: the loss at a rate was earned at the lower ones before it
FLOOR_SIGMA = 0.25  # decades: how far the best rate scatters around that, for a floor that is known exactly
BELOW_RISE = 0.5  # decades
RISE_SIGMA = 0.5
BELOW_SHALLOW = 0.3  # decades, from what a curve without a fall tells: its rise, and the onset of its noise
SHALLOW_SIGMA = 0.4
DOUBT = 0.3  # chance that a rise, or an onset, says nothing of the best rate
FLOOR_DOUBT = 0.02  # and that the floor does not

PRIOR_SIGMA = 0.5  # decades
PRIOR_FREEDOM = 2  # degrees of freedom of Student's t: a clear curve far from the usual rates is not drawn to them
PRIORS = {  # log10 of the rates that people use, by what an optimizer's name contains; the first that fits
    "lion": -2.5, "sign": -2.5, "adagrad": -1.0, "adadelta": 0.0, "rmsprop": -2.3, "ada": -2.0, "lamb": -2.0,
    "momentum": -1.0, "nesterov": -1.0, "sgd": -0.7,
}  # fmt: skip

TOO_LOW, TOO_HIGH = 0.6, 0.4  # decades off the best rate, within which most trainings end as well as with it
AGREEMENT, DEPTH, OFFSET = 0.3, 0.7, -0.7  # of the confidence: see there


@dataclass(frozen=True)
class Belief:
    """Weights on a grid of log10 of the rate, both of shape (n,); `voices` are what they were made of, of sum 1 each.

    `silent`: how many voices had something to say, and did not.
    """

    x: FloatArray
    weight: FloatArray
    voices: tuple[FloatArray, ...]
    silent: int

    @classmethod
    def of(
        cls,
        x: FloatArray,
        floor: FloatArray,
        rise: float | None,
        onset: float | None,
        prior: float | None,
        *,
        shallow: bool,
    ) -> "Belief":
        """From a curve's rates x in decades, its floor's weight at each, where it rises, and where its noise does.

        What lies above the rise, or the end of the curve, is not believed. `shallow`: the curve has no floor to leave,
        so `rise` is where it leaves its start. `onset`: None where it is not asked. `prior`: None without a known
        optimizer.
        """
        grid = np.arange(x[0] - BEYOND, x[-1] + STEP / 2, STEP)
        below, sigma = (BELOW_SHALLOW, SHALLOW_SIGMA) if shallow else (BELOW_RISE, RISE_SIGMA)
        voices = [(FLOOR_DOUBT, _blurred(grid, x - BELOW_FLOOR, floor))]
        if rise is not None:
            voices.append((DOUBT, _normal(grid, rise - below, sigma)))
        if onset is not None:
            voices.append((DOUBT, _normal(grid, onset - BELOW_SHALLOW, SHALLOW_SIGMA)))
        if prior is not None:
            voices.append((0.0, _student(grid, prior)))
        weight = np.ones(len(grid)) if rise is None else (grid <= rise).astype(float)
        flat = STEP / float(x[-1] - x[0])
        for doubt, voice in voices:
            weight = weight * ((1 - doubt) * voice + doubt * flat)
        return cls(grid, weight / weight.sum(), tuple(voice for _, voice in voices), int(rise is None))

    @property
    def median(self) -> float:
        """log10 of the rate that is as likely too high as too low."""
        return float(np.interp(0.5, self.weight.cumsum(), self.x + STEP / 2))

    def confidence(self, at: float, depth: float) -> float:
        """Chance that `at`, log10 of a rate, is as good as the best one.

        From how far the voices agree on it, a silent one not at all, and how deep the curve is in standard errors. A
        product of voices is too sure of itself, as they hear the same curve; their mean, put through a logistic curve
        that was fitted on trainings whose best rate is known, is not.
        """
        odds = AGREEMENT * self.agreement(at) + DEPTH * told(depth) + OFFSET
        return 1 / (1 + exp(-odds))

    def agreement(self, at: float) -> float:
        """Mean of the voices' masses near `at`."""
        near = (self.x >= at - TOO_LOW) & (self.x <= at + TOO_HIGH)
        return sum(float(voice[near].sum()) for voice in self.voices) / (len(self.voices) + self.silent)


def told(depth: float) -> float:
    """What the confidence hears of a depth: from nothing to so deep that more is no news."""
    return log(min(max(depth, 0.5), 50.0))


def prior_of(optimizer: str | None) -> float | None:
    """log10 of the rates that people use with it; None for a name that is not known."""
    name = (optimizer or "").lower()
    return next((at for part, at in PRIORS.items() if part in name), None)


def _normal(grid: FloatArray, at: float, sigma: float) -> FloatArray:
    voice: FloatArray = np.exp(-0.5 * ((grid - at) / sigma) ** 2) * (STEP / (sigma * np.sqrt(2 * np.pi)))
    return voice


def _student(grid: FloatArray, at: float) -> FloatArray:
    voice = (1 + ((grid - at) / PRIOR_SIGMA) ** 2 / PRIOR_FREEDOM) ** (-(PRIOR_FREEDOM + 1) / 2)
    return np.asarray(voice / voice.sum())


def _blurred(grid: FloatArray, at: FloatArray, weight: FloatArray) -> FloatArray:
    """The weights, laid on the grid, each scattered by FLOOR_SIGMA."""
    on_grid = np.zeros(len(grid))
    np.add.at(on_grid, np.clip(np.rint((at - grid[0]) / STEP).astype(int), 0, len(grid) - 1), weight / weight.sum())
    reach = round(5 * FLOOR_SIGMA / STEP)
    scatter = _normal(STEP * np.arange(-reach, reach + 1, dtype=np.float64), 0.0, FLOOR_SIGMA)
    return np.convolve(on_grid, scatter)[reach : reach + len(grid)]
