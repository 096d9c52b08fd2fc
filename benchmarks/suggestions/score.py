"""Score a rule against the truth: regret, good set, worst workload, spread over seeds, interval over the best peer."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from benchmarks.suggestions.measure import DATA, GRID, SEEDS, STEPS
from benchmarks.suggestions.workloads import WORKLOADS, Group, Workload
from numpy.typing import NDArray

from lrscope.curve import Curve, first_nonfinite
from lrscope.reading import read
from lrscope.rules import THEIRS

Array = NDArray[np.float64]
Suggest = Callable[[Workload, Curve], float | None]

WORST = 1.5  # regret of a rate at which the training diverged, or ended above this
SILENT = 1.0  # regret of no answer
GOOD = 0.10  # regret of the rates that are as good as the best


@dataclass(frozen=True)
class Truth:
    """Regret of every rate of the grid: (final - best) / (initial - best), its mean over seeds and schedules."""

    regret: Array

    @classmethod
    def of(cls, kept: Mapping[str, Array], name: str) -> "Truth":
        tables = []
        initial = kept[f"{name}/initial"].astype(float).mean()
        for schedule in ("constant", "one_cycle"):
            final = kept[f"{name}/final/{schedule}"].astype(float)
            best = float(np.where(np.isfinite(final), final, np.inf).mean(1).min())
            if best < initial:
                share = (final - best) / (initial - best)
                tables.append(np.where(np.isfinite(final), np.clip(share, -np.inf, WORST), WORST).mean(1))
            else:  # nothing but standing still is as good as the start
                tables.append(np.where(np.isfinite(final) & (final <= initial * 1.001), 0.0, WORST).mean(1))
        regret = np.mean(tables, axis=0)
        return cls(np.clip(regret - regret.min(), 0.0, WORST))

    def at(self, lr: float | None) -> float:
        """Regret of a rate, between those of the grid; of None: SILENT."""
        return SILENT if lr is None else float(np.interp(np.log10(lr), np.log10(GRID), self.regret))

    @property
    def good(self) -> Array:
        return GRID[self.regret <= GOOD]

    @property
    def diverges_at(self) -> float | None:
        """The first rate from which all are as bad as having learnt nothing."""
        bad = self.regret >= 0.95
        stays = len(bad) - int(np.argmin(bad[::-1])) if not bad.all() else 0
        return float(GRID[stays]) if stays < len(GRID) else None


def curves(kept: Mapping[str, Array], name: str, steps: int) -> list[Curve]:
    return [Curve(*kept[f"{name}/curve/{steps}/{seed}"].astype(float)) for seed in range(SEEDS)]


def finite(curve: Curve) -> Curve:
    broke = first_nonfinite(curve.loss)
    return Curve(curve.lr[:broke], curve.loss[:broke])


def by_rule(name: str) -> Suggest:
    def suggest(_: Workload, curve: Curve) -> float | None:
        kept = finite(curve)
        return THEIRS[name](kept.lr, kept.loss)

    return suggest


def ours(workload: Workload, curve: Curve) -> float | None:
    return read(curve, optimizer=workload.named).suggestion


RULES: dict[str, Suggest] = {"lrscope": ours, **{name: by_rule(name) for name in THEIRS}}


def regrets(kept: Mapping[str, Array], workload: Workload, suggest: Suggest) -> tuple[Array, float]:
    """(regret of each curve of a workload, spread of the suggestions over seeds in decades)."""
    truth = Truth.of(kept, workload.name)
    found, spreads = [], []
    for steps in STEPS:
        rates = [suggest(workload, curve) for curve in curves(kept, workload.name, steps)]
        found += [truth.at(rate) for rate in rates]
        given = np.log10([rate for rate in rates if rate is not None])
        spreads.append(float(np.std(given)) if len(given) > 1 else np.nan)
    return np.array(found), float(np.nanmean(spreads)) if not np.isnan(spreads).all() else np.nan


def table(kept: Mapping[str, Array], wanted: list[Workload]) -> Iterator[tuple[str, Array, float]]:
    """(rule, regrets of shape (workloads, curves), median spread over seeds in decades)."""
    for name, suggest in RULES.items():
        rows = [regrets(kept, workload, suggest) for workload in wanted]
        yield name, np.array([row for row, _ in rows]), float(np.nanmedian([spread for _, spread in rows]))


def interval(mine: Array, theirs: Array, draws: int = 4000) -> tuple[float, float]:
    """95 % bootstrap interval, over workloads, of the difference of two mean regrets."""
    apart = mine.mean(1) - theirs.mean(1)
    picks = np.random.default_rng(0).integers(0, len(apart), (draws, len(apart)))
    low, high = np.quantile(apart[picks].mean(1), [0.025, 0.975])
    return float(low), float(high)


def report(*, frozen: bool = False, each: bool = False) -> None:
    kept = dict(np.load(DATA))
    measured = {key.split("/")[0] for key in kept}
    groups: list[Group] = ["ordinary", "hard", *(["frozen"] if frozen else [])]  # type: ignore[list-item]
    for group in groups:
        wanted = [w for w in WORKLOADS if w.group == group and w.name in measured]
        rows = sorted(table(kept, wanted), key=lambda row: row[1].mean())
        print(f"\n### {group}: {len(wanted)} workloads, {len(STEPS) * SEEDS} curves each\n")
        print("| rule | mean regret | in the good set | worst workload | above 0.5 | seed spread, decades |")
        print("|---|---|---|---|---|---|")
        for name, found, spread in rows:
            good, bad = (found <= GOOD).mean(), (found > 0.5).mean()
            print(
                f"| {name} | {found.mean():.3f} | {good:.0%} | {found.mean(1).max():.2f} | {bad:.0%} | {spread:.2f} |"
            )
        by_name = {name: found for name, found, _ in rows}
        peer = next(name for name, _, _ in rows if name != "lrscope")
        low, high = interval(by_name["lrscope"], by_name[peer])
        ratio = by_name["lrscope"].mean() / by_name[peer].mean()
        print(f"\nlrscope over {peer}: ratio {ratio:.2f}; difference, 95 % interval: {low:.3f} to {high:.3f}")
        print(_more(kept, wanted))
        if each:
            _each(kept, wanted, by_name)


def _more(kept: Mapping[str, Array], wanted: list[Workload]) -> str:
    """What only lrscope says: its range, its divergence, its confidence."""
    overlaps, apart, sure, silent = [], [], [], 0
    for workload in wanted:
        truth = Truth.of(kept, workload.name)
        for curve in (curve for steps in STEPS for curve in curves(kept, workload.name, steps)):
            reading = read(curve, workload.named)
            silent += reading.suggestion is None
            if reading.confidence >= 0.8:
                sure.append(truth.at(reading.suggestion) <= GOOD)
            if reading.low is not None and reading.high is not None:
                overlaps.append(_overlap((reading.low, reading.high), (truth.good.min(), truth.good.max())))
            if reading.diverges_at is not None and truth.diverges_at is not None:
                apart.append(abs(np.log10(reading.diverges_at / truth.diverges_at)))
    return (
        f"Of {len(sure)} readings with a confidence of 0.8 and more, {np.mean(sure):.0%} are in the good set; "
        f"{silent} gave no suggestion. Sweet spot over good set, intersection over union, median: "
        f"{np.median(overlaps):.2f}. Divergence, median error: {np.median(apart):.2f} decades."
    )


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Intersection over union of two ranges, in decades."""
    (a, b), (c, d) = np.log10(one), np.log10(other)
    return float(max(0.0, min(b, d) - max(a, c)) / max(max(b, d) - min(a, c), 1e-9))


def _each(kept: Mapping[str, Array], wanted: list[Workload], by_name: Mapping[str, Array]) -> None:
    print("\n| workload | lrscope | minimum | valley | slide | good set | suggestions |\n|---|---|---|---|---|---|---|")
    for k, workload in enumerate(wanted):
        truth = Truth.of(kept, workload.name)
        some = [ours(workload, curve) for steps in STEPS for curve in curves(kept, workload.name, steps)]
        shown = " ".join("–" if lr is None else f"{np.log10(lr):.1f}" for lr in some)
        scores = " | ".join(f"{by_name[name][k].mean():.2f}" for name in ("lrscope", "minimum", "valley", "slide"))
        span = f"{np.log10(truth.good.min()):.2f} … {np.log10(truth.good.max()):.2f}"
        print(f"| {workload.name} | {scores} | {span} | {shown} |")
