"""Curves and truth of every workload, each in a process of one thread; kept in data.npz."""

import itertools
import math
import multiprocessing
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from benchmarks.suggestions.workloads import WORKLOADS, Workload, training

from lrscope import Problem, rangetest
from lrscope.spec import SweepSpec

DATA = Path(__file__).with_name("data.npz")
SEEDS, TRUTH_SEEDS = 5, 3
STEPS = (100, 300)
GRID = 10.0 ** np.arange(-6, 1.76, 0.25)


def curve(workload: Workload, steps: int, seed: int) -> tuple[list[float], list[float]]:
    """(lr, loss) of a range test as the product runs it, from its default range."""
    made = training(workload, seed)
    spec = SweepSpec(recipe="r", num_iter=steps)
    problem = Problem(made.model, made.optimizer, made.loss_fn, made.batches(seed))
    points = list(rangetest.run(problem, spec))
    return [p.lr for p in points], [p.loss for p in points]


def final(workload: Workload, lr: float, schedule: str, seed: int) -> tuple[float, float]:
    """(loss before, loss after) a training of `workload.steps` at one rate; after is infinite when it diverged."""
    made = training(workload, seed)
    before = made.final()
    rates = one_cycle(lr, workload.steps) if schedule == "one_cycle" else [lr] * workload.steps
    first = math.nan
    for rate, (x, y) in zip(rates, made.batches(100 + seed), strict=False):
        for group in made.optimizer.param_groups:
            group["lr"] = rate
        made.optimizer.zero_grad()
        loss = made.loss_fn(made.model(x), y)
        value = loss.item()
        first = value if math.isnan(first) else first
        if not math.isfinite(value) or value > 1e3 * max(first, 1e-3):
            return before, math.inf
        torch.autograd.backward(loss)
        made.optimizer.step()
    after = made.final()
    return before, after if math.isfinite(after) else math.inf


def one_cycle(peak: float, steps: int) -> list[float]:
    """Smith's one-cycle as PyTorch's OneCycleLR has it: cosine up over 30 %, cosine down to nearly nothing."""
    up = int(0.3 * steps)

    def cosine(a: float, b: float, share: float) -> float:
        return b + (a - b) * (1 + math.cos(math.pi * share)) / 2

    rise = [cosine(peak / 25, peak, k / up) for k in range(up)]
    fall = [cosine(peak, peak / 25e4, k / (steps - up - 1)) for k in range(steps - up)]
    return rise + fall


def measure(workload: Workload) -> tuple[str, dict[str, Any], float]:
    torch.set_num_threads(1)
    began = time.perf_counter()
    found: dict[str, Any] = {}
    for steps, seed in itertools.product(STEPS, range(SEEDS)):
        lr, loss = curve(workload, steps, seed)
        found[f"curve/{steps}/{seed}"] = np.array([lr, loss], dtype=np.float32)
    for schedule in ("constant", "one_cycle"):
        table = [[final(workload, float(lr), schedule, seed) for seed in range(TRUTH_SEEDS)] for lr in GRID]
        found[f"final/{schedule}"] = np.array([[after for _, after in row] for row in table], dtype=np.float32)
        found["initial"] = np.array([before for before, _ in table[0]], dtype=np.float32)
    return workload.name, found, time.perf_counter() - began


def measure_all(names: list[str] | None = None, processes: int = 2) -> None:
    """Measure the named workloads, by default all, and keep them beside what is kept already."""
    kept: dict[str, Any] = dict(np.load(DATA)) if DATA.exists() else {}
    wanted = [w for w in WORKLOADS if names is None or w.name in names]
    for name, found, seconds in _measured(wanted, processes):
        kept |= {f"{name}/{key}": column for key, column in found.items()}
        part = DATA.with_suffix(".part.npz")
        np.savez_compressed(part, **kept)
        part.replace(DATA)
        print(f"{name}: {seconds:.0f} s", flush=True)


def _measured(wanted: list[Workload], processes: int) -> Iterator[tuple[str, dict[str, Any], float]]:
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        yield from pool.imap_unordered(measure, wanted)
