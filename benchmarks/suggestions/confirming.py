"""What confirming a suggestion gains: the short trainings' best rate against the truth, before and after one look further."""

from collections.abc import Mapping

import numpy as np
from benchmarks.suggestions.measure import DATA, GRID, STEPS
from benchmarks.suggestions.score import GOOD, SILENT, WORST, Array, curves
from benchmarks.suggestions.workloads import WORKLOADS

from lrscope.confirmation import Found, Trained, confirm
from lrscope.reading import read
from lrscope.spec import Status

PLACES = np.log10(GRID)  # a quarter of a decade apart, as the trainings of a confirmation
SEEDS = (0, 1)  # of the three that the truth was measured with


def report() -> None:
    kept: Mapping[str, Array] = dict(np.load(DATA))
    print("| group, schedule | suggestion | confirmed | and once further at an edge |\n|---|---|---|---|")
    for group in ("ordinary", "hard", "frozen"):
        for schedule in ("constant", "one_cycle"):
            names = [w for w in WORKLOADS if w.group == group]
            rows = [row for w in names for row in _of(kept, w.name, w.named, schedule)]
            shown = " | ".join(f"{column.mean():.3f} ({(column <= GOOD).mean():.0%})" for column in np.array(rows).T)
            print(f"| {group}, {schedule} | {shown} |")


def _of(kept: Mapping[str, Array], name: str, optimizer: str, schedule: str) -> list[tuple[float, float, float]]:
    """(regret of the suggestion, of the best of five rates around it, of that after a look beyond an edge) per curve."""
    final = kept[f"{name}/final/{schedule}"].astype(float)
    start = float(kept[f"{name}/initial"].astype(float).mean())
    best = float(np.where(np.isfinite(final), final, np.inf).mean(1).min())
    if best >= start:
        return []
    share = np.where(np.isfinite(final), np.clip((final - best) / (start - best), None, WORST), WORST).mean(1)
    rows = []
    for curve in (curve for steps in STEPS for curve in curves(kept, name, steps)):
        suggestion = read(curve, optimizer).suggestion
        if suggestion is None:
            continue
        k = int(np.abs(PLACES - np.log10(suggestion)).argmin())
        places = list(range(max(0, k - 2), min(len(GRID), k + 3)))
        first = _confirmed(final, places, start)
        further = [reason.code for reason in first.reasons]
        places += [places[0] - 1, places[0] - 2] if "edge_low" in further else []
        places += [places[-1] + 1, places[-1] + 2] if "edge_high" in further else []
        second = _confirmed(final, [place for place in places if 0 <= place < len(GRID)], start)
        rows.append((_regret(share, suggestion), _regret(share, first.best), _regret(share, second.best)))
    return rows


def _confirmed(final: Array, places: list[int], start: float) -> Found:
    return confirm([_trained(final, place, seed) for place in places for seed in SEEDS], start)


def _trained(final: Array, place: int, seed: int) -> Trained:
    loss = float(final[place, seed])
    status, ended = (Status.DONE, loss) if np.isfinite(loss) else (Status.DIVERGED, None)
    return Trained(sweep="", lr=float(GRID[place]), seed=seed, status=status, steps_done=0, loss=ended)


def _regret(share: Array, lr: float | None) -> float:
    return SILENT if lr is None else float(np.interp(np.log10(lr), PLACES, share - share.min()))
