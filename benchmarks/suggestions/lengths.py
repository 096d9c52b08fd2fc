"""How the best rate moves with the length of the training: three times the steps, on workloads that are trained fast.

python -m benchmarks.suggestions.lengths measure    # into lengths.npz
python -m benchmarks.suggestions.lengths            # the table of docs/science.md
"""

import multiprocessing
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.suggestions import measure
from benchmarks.suggestions.workloads import WORKLOADS, Workload
from numpy.typing import NDArray

KEPT = Path(__file__).with_name("lengths.npz")
TIMES = 3
AROUND = np.arange(-1.25, 1.26, 0.25)  # decades around the best rate of the short training
SEEDS = 2
SCHEDULES = ("constant", "one_cycle")
FAST = ("linear", "mlp", "tanh", "batchnorm", "embed", "sigmoid", "bottleneck")

Array = NDArray[np.float64]


def chosen() -> list[Workload]:
    """Small networks in batches of 16 and more; none of the frozen group, nor of those trained before."""
    return [w for w in WORKLOADS if w.group != "frozen" and w.net in FAST and w.batch >= 16 and not w.before]


def short(kept: Any, name: str, schedule: str) -> tuple[Array, Array]:
    """(log10 of the rates, final losses of shape (rates, SEEDS)) of the ruler's own trainings, around the best."""
    final = kept[f"{name}/final/{schedule}"].astype(float)[:, :SEEDS]
    at = np.log10(measure.GRID)
    near = np.abs(at - at[final.mean(1).argmin()]) < AROUND[-1] + 0.01
    return at[near], final[near]


def long(workload: Workload, rates: dict[str, Array]) -> tuple[str, dict[str, Array], float]:
    """The same, TIMES as long."""
    import torch

    torch.set_num_threads(1)
    began, found = time.process_time(), {}
    measure.TRUTH_SEEDS = SEEDS
    for schedule, at in rates.items():
        measure.GRID = 10.0**at
        _, found[schedule] = measure.finals(workload, schedule, TIMES * workload.steps)
    return workload.name, found, time.process_time() - began


def best(at: Array, final: Array) -> float:
    """The vertex of the parabola through the lowest mean loss and its neighbours."""
    mean = final.mean(1)
    k = int(mean.argmin())
    if not 0 < k < len(at) - 1 or not np.isfinite(mean[k - 1 : k + 2]).all():
        return float(at[k])
    left, middle, right = mean[k - 1 : k + 2]
    return float(at[k] + 0.125 * (left - right) / max(left - 2 * middle + right, 1e-12))


def measure_all() -> None:
    with np.load(measure.DATA) as kept:
        asked = [(w, {s: short(kept, w.name, s)[0] for s in SCHEDULES}) for w in chosen()]
    found: dict[str, Array] = {}
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        jobs = [pool.apply_async(long, one) for one in asked]
        for job in jobs:
            name, finals, seconds = job.get()
            found |= {f"{name}/{schedule}": final for schedule, final in finals.items()}
            np.savez_compressed(KEPT, **found)  # type: ignore[arg-type]
            print(f"{name}: {seconds:.0f} s of processor", flush=True)


def report() -> None:
    with np.load(measure.DATA) as kept, np.load(KEPT) as longer:
        for schedule in SCHEDULES:
            names = [key.split("/")[0] for key in longer if key.endswith(schedule)]
            moved = []
            for name in names:
                at, final = short(kept, name, schedule)
                moved.append(best(at, longer[f"{name}/{schedule}"]) - best(at, final))
            slopes = np.array(moved) / np.log10(TIMES)
            print(
                f"{schedule}, {len(names)} trainings: the best rate moves by {slopes.mean():+.2f} decades per decade of "
                f"steps, standard error {slopes.std(ddof=1) / np.sqrt(len(slopes)):.2f}, scatter {slopes.std(ddof=1):.2f}"
            )


if __name__ == "__main__":
    measure_all() if "measure" in sys.argv else report()
