"""Curves and truth of every workload, each in a process of one thread; kept in data.npz."""

import itertools
import math
import multiprocessing
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from benchmarks.suggestions.workloads import WORKLOADS, Workload, optimizer_of, training
from torch.func import functional_call, vmap

from lrscope import Problem, rangetest
from lrscope.spec import SweepSpec

DATA = Path(__file__).with_name("data.npz")
SEEDS, TRUTH_SEEDS = 5, 3
STEPS = (100, 300)
ALONE = ("cnn", "cnn-batchnorm", "attention", "transformer", "recurrent", "lstm")  # networks that are slower stacked
GRID = 10.0 ** np.arange(-6, 1.76, 0.25)


def curve(workload: Workload, steps: int, seed: int) -> tuple[list[float], list[float]]:
    """(lr, loss) of a range test as the product runs it, from its default range."""
    made = training(workload, seed)
    spec = SweepSpec(recipe="r", num_iter=steps)
    problem = Problem(made.model, made.optimizer, made.loss_fn, made.batches(seed))
    points = list(rangetest.run(problem, spec))
    return [p.lr for p in points], [p.loss for p in points]


def finals(workload: Workload, schedule: str, steps: int) -> tuple[Any, Any]:
    """(loss before, of shape (seeds,); loss after trainings at every rate of the grid, of shape (rates, seeds)).

    Infinite where a training diverged.
    """
    shares = one_cycle(steps) if schedule == "one_cycle" else [1.0] * steps
    if workload.net not in ALONE:
        return _together(workload, shares)
    table = [[_final(workload, float(lr), shares, seed) for seed in range(TRUTH_SEEDS)] for lr in GRID]
    return np.array([before for before, _ in table[0]]), np.array([[after for _, after in row] for row in table])


def _final(workload: Workload, lr: float, shares: list[float], seed: int) -> tuple[float, float]:
    """(loss before, loss after) a training at shares of one rate; after is infinite when it diverged."""
    made = training(workload, seed)
    before = made.final()
    first = math.nan
    for share, (x, y) in zip(shares, made.batches(100 + seed), strict=False):
        for group in made.optimizer.param_groups:
            group["lr"] = share * lr
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


def _together(workload: Workload, shares: list[float]) -> tuple[Any, Any]:
    """All rates and seeds at once, in a tenth of the time.

    Each tensor is stacked over them. What an optimizer does at a rate of 1 is done at each one's own rate, as every
    one's step is in proportion to it.
    """
    made = [training(workload, seed) for seed in range(TRUTH_SEEDS)]
    model, loss_fn = made[0].model, made[0].loss_fn
    before = torch.tensor([one.final() for one in made])
    weights = {name: _stacked([dict(one.model.named_parameters())[name] for one in made]) for name in _names(model)}
    buffers = {
        name: _stacked([dict(one.model.named_buffers())[name] for one in made]) for name, _ in model.named_buffers()
    }
    optimizer = optimizer_of(workload, [p.requires_grad_() for p in weights.values()], stacked=2)
    for group in optimizer.param_groups:
        group["lr"] = 1.0

    def loss(weights: Any, buffers: Any, x: Any, y: Any) -> Any:
        return loss_fn(functional_call(model, (weights, buffers), (x,)), y)

    of_rates = vmap(loss, in_dims=(0, 0, None, None), randomness="different")
    of_all = vmap(of_rates, randomness="different")
    grid = torch.tensor(GRID, dtype=torch.float32)
    alive = torch.ones(TRUTH_SEEDS, len(GRID), dtype=torch.bool)
    first = None
    batches = [one.batches(100 + seed) for seed, one in enumerate(made)]
    for share in shares:
        xs, ys = zip(*(next(each) for each in batches), strict=True)
        losses = of_all(weights, buffers, torch.stack(xs), torch.stack(ys))
        first = losses.detach() if first is None else first
        alive &= torch.isfinite(losses.detach()) & (losses.detach() <= 1e3 * first.clamp(min=1e-3))
        optimizer.zero_grad()
        torch.autograd.backward(losses[alive].sum())
        old = [p.detach().clone() for p in weights.values()]
        optimizer.step()
        with torch.no_grad():
            for p, was in zip(weights.values(), old, strict=True):
                p.sub_(was).mul_(share * grid.view(1, -1, *[1] * (p.dim() - 2))).add_(was)
    after = torch.full((len(GRID), TRUTH_SEEDS), math.inf)
    for seed, rate in alive.nonzero().tolist():
        state = {name: value[seed, rate].detach() for name, value in {**weights, **buffers}.items()}
        made[seed].model.load_state_dict(state)
        value = made[seed].final()
        after[rate, seed] = value if math.isfinite(value) else math.inf
    return before.numpy(), after.numpy()


def _names(model: torch.nn.Module) -> list[str]:
    return [name for name, _ in model.named_parameters()]


def _stacked(tensors: list[torch.Tensor]) -> torch.Tensor:
    """One for each seed, and again for each rate: of shape (seeds, rates, …)."""
    return torch.stack([t.detach() for t in tensors])[:, None].expand(-1, len(GRID), *tensors[0].shape).clone()


def one_cycle(steps: int) -> list[float]:
    """Shares of the peak: Smith's one-cycle as OneCycleLR has it, cosine up over 30 %, and down to nearly nothing."""
    up = int(0.3 * steps)

    def cosine(a: float, b: float, share: float) -> float:
        return b + (a - b) * (1 + math.cos(math.pi * share)) / 2

    rise = [cosine(1 / 25, 1.0, k / up) for k in range(up)]
    fall = [cosine(1.0, 1 / 25e4, k / (steps - up - 1)) for k in range(steps - up)]
    return rise + fall


def measure(workload: Workload, curves_only: bool = False) -> tuple[str, dict[str, Any], float]:
    torch.set_num_threads(1)
    began = time.perf_counter()
    found: dict[str, Any] = {}
    for steps, seed in itertools.product(STEPS, range(SEEDS)):
        lr, loss = curve(workload, steps, seed)
        found[f"curve/{steps}/{seed}"] = np.array([lr, loss], dtype=np.float32)
    for schedule in () if curves_only else ("constant", "one_cycle"):
        found["initial"], found[f"final/{schedule}"] = finals(workload, schedule, workload.steps)
    return workload.name, found, time.perf_counter() - began


def measure_all(names: list[str] | None = None, *, curves_only: bool = False, processes: int = 2) -> None:
    """Measure the named workloads, by default all, and keep them beside what is kept already.

    `curves_only`: their truth stays as it is kept, for what changes the range test and no training.
    """
    kept: dict[str, Any] = dict(np.load(DATA)) if DATA.exists() else {}
    wanted = sorted((w for w in WORKLOADS if names is None or w.name in names), key=lambda w: w.net in ALONE)
    for name, found, seconds in _measured(wanted, curves_only, processes):
        kept |= {f"{name}/{key}": column for key, column in found.items()}
        part = DATA.with_suffix(".part.npz")
        np.savez_compressed(part, **kept)
        part.replace(DATA)
        print(f"{name}: {seconds:.0f} s", flush=True)


def _measured(wanted: list[Workload], curves_only: bool, processes: int) -> Iterator[tuple[str, dict[str, Any], float]]:
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        yield from pool.imap_unordered(partial(measure, curves_only=curves_only), wanted)
