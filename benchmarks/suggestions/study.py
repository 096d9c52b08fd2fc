"""How much each constant of the reading matters, what leaving a workload out would change, and what still fails."""

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import numpy as np
from benchmarks.suggestions.measure import DATA, GRID, SEEDS, STEPS
from benchmarks.suggestions.score import GOOD, Array, Truth, curves
from benchmarks.suggestions.workloads import WORKLOADS, Workload

from lrscope import belief, reading, shape
from lrscope.curve import Curve

CONSTANTS: list[tuple[ModuleType, tuple[str, ...]]] = [
    (
        shape,
        (
            "WIDTH",
            "TOLERANCE_SIGMAS",
            "TOLERANCE_DROP",
            "SATED",
            "RISE_DROP",
            "RISE_SIGMAS",
            "DEEP_SIGMAS",
            "HINT_SIGMAS",
            "SHALLOW_RISE_SIGMAS",
            "ONSET",
        ),
    ),
    (
        belief,
        (
            "BELOW_FLOOR",
            "FLOOR_SIGMA",
            "FLOOR_DOUBT",
            "BELOW_RISE",
            "RISE_SIGMA",
            "BELOW_SHALLOW",
            "SHALLOW_SIGMA",
            "DOUBT",
            "PRIOR_SIGMA",
            "PRIOR_FREEDOM",
        ),
    ),
]
HOME = {name: module for module, names in CONSTANTS for name in names}
CHOICES = {
    "BELOW_FLOOR": (0.15, 0.25, 0.4),
    "BELOW_RISE": (0.3, 0.5, 0.7),
    "BELOW_SHALLOW": (0.2, 0.3, 0.5),
    "PRIOR_SIGMA": (0.5, 0.7, 1.0),
}
HARD_COUNTS = 2.0  # a hard reading, in the fit of the confidence: it is there that people look at it
SURE = 0.8
PICTURE = Path(__file__).parents[2] / "docs" / "img" / "failures.png"


class Study:
    """The workloads that are not frozen, their curves and their truth; scored again and again."""

    def __init__(self) -> None:
        kept: Mapping[str, Array] = dict(np.load(DATA))
        self.workloads = [w for w in WORKLOADS if w.group != "frozen"]
        self.truth = {w.name: Truth.of(kept, w.name) for w in self.workloads}
        self.curves = {w.name: [c for steps in STEPS for c in curves(kept, w.name, steps)] for w in self.workloads}

    def regrets(self, **constants: float) -> dict[str, float]:
        """Mean regret of each workload, with these constants of the reading changed."""
        with _changed(constants):
            return {w.name: float(np.mean([self._regret(w, c) for c in self.curves[w.name]])) for w in self.workloads}

    def _regret(self, workload: Workload, curve: Curve) -> float:
        return self.truth[workload.name].at(reading.read(curve, workload.named).suggestion)

    def of_group(self, regrets: Mapping[str, float], group: str) -> float:
        return float(np.mean([regrets[w.name] for w in self.workloads if w.group == group]))


@contextmanager
def _changed(constants: Mapping[str, float]) -> Iterator[None]:
    """The reading with other constants, and without the rules beside it, which change nothing and take most time."""
    changed: list[tuple[ModuleType, str, Any]] = [(HOME[name], name, value) for name, value in constants.items()]
    changed += [(reading, "THEIRS", {}), (reading, "OURS", {})]
    before = [(module, name, getattr(module, name)) for module, name, _ in changed]
    try:
        for module, name, value in changed:
            setattr(module, name, value)
        yield
    finally:
        for module, name, value in before:
            setattr(module, name, value)


def sensitivity() -> None:
    study = Study()
    print("| constant | value | ordinary: × 0.7 | as it is | × 1.4 | hard: × 0.7 | as it is | × 1.4 |")
    print("|---|---|---|---|---|---|---|---|")
    plain = study.regrets()
    for name, module in HOME.items():
        value = getattr(module, name)
        less, more = study.regrets(**{name: 0.7 * value}), study.regrets(**{name: 1.4 * value})
        cells = [f"{study.of_group(r, g):.3f}" for g in ("ordinary", "hard") for r in (less, plain, more)]
        print(f"| `{name}` | {value:g} | {' | '.join(cells)} |", flush=True)


def leave_one_out() -> None:
    """Choose the offsets and the weight of the optimizer on all workloads but one, score that one; once for each."""
    study = Study()
    sets = [dict(zip(CHOICES, values, strict=True)) for values in itertools.product(*CHOICES.values())]
    tables = [study.regrets(**constants) for constants in sets]
    left_out: dict[str, float] = {}
    for workload in study.workloads:
        others = [np.mean([r for name, r in table.items() if name != workload.name]) for table in tables]
        left_out[workload.name] = tables[int(np.argmin(others))][workload.name]
    plain = study.regrets()
    for group in ("ordinary", "hard"):
        print(f"{group}: left out {study.of_group(left_out, group):.4f}, as it is {study.of_group(plain, group):.4f}")


def confidence() -> None:
    """AGREEMENT, DEPTH and OFFSET from the workloads' readings: a logistic fit, a hard one counted HARD_COUNTS times.

    And what it claims when each workload in turn is left out of the fit.
    """
    study = Study()
    rows = [(w, *row) for w in study.workloads for row in _heard(study, w)]
    told = np.array([(agreement, depth) for _, agreement, depth, _ in rows])
    good = np.array([g for *_, g in rows])
    names, groups = np.array([w.name for w, *_ in rows]), np.array([w.group for w, *_ in rows])
    counts = np.where(groups == "hard", HARD_COUNTS, 1.0)
    print("AGREEMENT, DEPTH, OFFSET:", *_logistic(told, good, counts).round(2))
    claimed = np.empty(len(rows))
    for name in dict.fromkeys(names):
        out = names == name
        a, d, offset = _logistic(told[~out], good[~out], counts[~out])
        claimed[out] = 1 / (1 + np.exp(-(told[out] @ [a, d] + offset)))
    for group in ("ordinary", "hard"):
        sure = (groups == group) & (claimed >= SURE)
        print(
            f"{group}, left out: of {sure.sum()} that claim {SURE} and more, {good[sure].mean():.0%} are in the good set"
        )


def _heard(study: Study, workload: Workload) -> list[tuple[float, float, bool]]:
    """(agreement, depth as it is told, whether in the good set) of each suggestion."""
    rows: list[tuple[float, float, bool]] = []

    def hear(found: belief.Belief, at: float, depth: float) -> float:
        good = study.truth[workload.name].at(float(10.0**at)) <= GOOD
        rows.append((found.agreement(at), belief.told(depth), good))
        return 0.5

    with mock.patch.object(belief.Belief, "confidence", hear):
        for curve in study.curves[workload.name]:
            reading.read(curve, workload.named)
    return rows


def _logistic(x: Array, y: Array, counts: Array) -> Array:
    """Slopes and offset of the logistic curve of the highest likelihood, by Newton's steps."""
    x = np.column_stack([x, np.ones(len(x))])
    at = np.zeros(x.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-x @ at))
        slope = x.T @ (counts * (y - chance))
        at = at + np.linalg.solve((x.T * (counts * chance * (1 - chance))) @ x, slope)
    return np.asarray(at)


def draw(most: int = 6) -> None:
    """The workloads that are read worst: a curve, the suggestion, and the truth behind it. Needs matplotlib."""
    from matplotlib import pyplot

    study = Study()
    worst = sorted(study.regrets().items(), key=lambda item: -item[1])[:most]
    figure, axes = pyplot.subplots(2, most // 2, figsize=(13, 6.4), layout="constrained")
    for axis, (name, regret) in zip(axes.flat, worst, strict=True):
        workload = next(w for w in study.workloads if w.name == name)
        curve, truth = study.curves[name][SEEDS], study.truth[name]  # the first one of 300 steps
        found = reading.read(curve, workload.named)
        top = float(np.nanquantile(curve.loss, 0.9))
        axis.plot(curve.lr, np.minimum(curve.loss, top + 0.5 * abs(top)), color="#8b93a0", lw=0.7)
        axis.axvspan(truth.good.min() / 1.15, truth.good.max() * 1.15, color="#00916A", alpha=0.2)
        if found.suggestion is not None:
            axis.axvline(found.suggestion, color="#0072B2", lw=2)
        axis.set(xscale="log", title=f"{name}: regret {regret:.2f}", xlabel="learning rate", ylabel="loss")
        beside = axis.twinx()
        beside.plot(GRID, truth.regret, color="#C2410C", lw=1.2)
        beside.set(ylim=(0, 1.6), ylabel="regret")
    figure.suptitle(
        "grey: the curve. blue: the suggestion. green: the rates as good as the best. red: regret of each rate"
    )
    figure.savefig(PICTURE, dpi=80)
