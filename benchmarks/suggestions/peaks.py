"""How far the best peak of one-cycle lies above the best constant rate, and what a lower constant rate costs.

python -m benchmarks.suggestions.peaks
"""

import numpy as np
from benchmarks.suggestions.measure import DATA, GRID
from benchmarks.suggestions.workloads import WORKLOADS
from numpy.typing import NDArray

Array = NDArray[np.float64]


def regret(kept: dict[str, Array], name: str, schedule: str) -> Array:
    """Of every rate of the grid, of this schedule alone."""
    final = kept[f"{name}/final/{schedule}"].astype(float)
    initial = float(kept[f"{name}/initial"].astype(float).mean())
    mean = np.where(np.isfinite(final), final, np.inf).mean(1)
    best = float(mean.min())
    return np.clip(np.where(np.isfinite(mean), (mean - best) / (initial - best), 1.5), 0.0, 1.5)


def main() -> None:
    with np.load(DATA) as kept:
        known = [w for w in WORKLOADS if w.group != "frozen"]
        tables = [[regret(kept, w.name, schedule) for schedule in ("constant", "one_cycle")] for w in known]
    above = np.array([np.log10(GRID[cycle.argmin()] / GRID[held.argmin()]) for held, cycle in tables])
    low, middle, high = 10 ** np.percentile(above, [25, 50, 75])
    print(f"best peak over best constant rate, {len(tables)} trainings: {middle:.1f} times ({low:.1f} to {high:.1f})")
    print(f"the peak is the lower one in {int((above < 0).sum())} of them")
    for part in (1, 3, 10):
        cost = [np.interp(np.log10(GRID[cycle.argmin()] / part), np.log10(GRID), held) for held, cycle in tables]
        print(f"regret of a constant rate at the best peak / {part}: {np.mean(cost):.3f}")


if __name__ == "__main__":
    main()
