"""The learning-rate range test (Smith 2015, 1506.01186; exponential form as in fast.ai): the loop, and what it needs.

The only module of core that imports torch.
"""

import random
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any, Literal

import numpy as np
import torch

from lrscope.curve import Divergence, Point
from lrscope.errors import RecipeError
from lrscope.grid import grid
from lrscope.recipe import Problem, Recipe
from lrscope.spec import SweepSpec

Outcome = Literal["done", "diverged", "cancelled"]
LOSSES_PER_SYNC = 8  # on an accelerator: losses fetched in one transfer, so the device is not stopped at every step


def build(recipe: Recipe, spec: SweepSpec, device: str) -> Problem:
    """The recipe's problem, built from the spec's seed, its model on `device`.

    Raises InvalidInput for parameters the recipe does not take, RecipeError when it returns no usable Problem; whatever
    the recipe itself raises passes through.
    """
    params = recipe.check(spec.params)
    seed_everything(spec.seed)
    problem = recipe.build(**params)
    if not isinstance(problem, Problem):
        raise RecipeError(f"recipe {recipe.name!r} returned {type(problem).__name__}, not lrscope.Problem")
    if not problem.optimizer.param_groups[0]["lr"] > 0:
        raise RecipeError(
            f"recipe {recipe.name!r}: the first parameter group has lr {problem.optimizer.param_groups[0]['lr']}; "
            "give it any positive one, the other groups keep their ratio to it"
        )
    problem.model.to(device)
    return problem


def run(
    problem: Problem, spec: SweepSpec, *, device: str = "cpu", cancelled: Callable[[], bool] = lambda: False
) -> Generator[Point, None, Outcome]:
    """Train `problem` for `spec.num_iter` steps at rising rates; yield every step's point; return the outcome.

    The rate of the spec goes to the first parameter group; the others keep their ratio to it. Each point has the rate
    that was in the optimizer at its forward pass, and the loss of that pass. A diverged curve ends with the step that
    showed it. `cancelled` is asked before every step. The weights move: build the problem afresh for another run.
    """
    problem.model.train()
    ratios = group_ratios(problem.optimizer)
    batches = cycle(problem.batches)
    divergence = Divergence(spec.diverge_ratio)
    unread: list[tuple[int, float, torch.Tensor]] = []
    at_once = 1 if device == "cpu" else LOSSES_PER_SYNC

    for step, lr in enumerate(grid(spec).tolist()):
        if cancelled():
            yield from _points(unread)
            return "cancelled"
        set_lr(problem.optimizer, lr, ratios)
        batch = next(batches)
        loss = train_step(problem, batch if device == "cpu" else to_device(batch, device))
        unread.append((step, lr, loss.detach()))
        if len(unread) < at_once and step < spec.num_iter - 1:
            continue
        for point in _points(unread):  # the only place that waits for the device
            yield point
            if divergence.update(point.loss):
                return "diverged"
        unread = []
    return "done"


def train_step(problem: Problem, batch: Any) -> torch.Tensor:
    """One optimizer step on one (x, y) batch; returns its loss, a scalar on the device."""
    problem.optimizer.zero_grad(set_to_none=True)  # before the forward pass, which can then use their memory
    x, y = batch
    loss = problem.loss_fn(problem.model(x), y)
    torch.autograd.backward(loss)
    problem.optimizer.step()
    return loss


def seed_everything(seed: int) -> None:
    """Seed the generators of Python, NumPy and torch (every device)."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def group_ratios(optimizer: torch.optim.Optimizer) -> list[float]:
    """Each parameter group's rate over that of the first one."""
    rates = [float(group["lr"]) for group in optimizer.param_groups]
    return [rate / rates[0] for rate in rates]


def set_lr(optimizer: torch.optim.Optimizer, lr: float, ratios: list[float]) -> None:
    for group, ratio in zip(optimizer.param_groups, ratios, strict=True):
        if isinstance(group["lr"], torch.Tensor):  # capturable optimizers keep theirs on the device
            group["lr"].fill_(lr * ratio)
        else:
            group["lr"] = lr * ratio


def cycle(batches: Iterable[Any]) -> Iterator[Any]:
    """Batches without end: a short loader starts again, and shuffles anew if it shuffles.

    Raises RecipeError when there is no batch, or when a one-way iterator has run dry.
    """
    while True:
        empty = True
        for batch in batches:
            empty = False
            yield batch
        if empty:
            raise RecipeError(
                "batches ran out: empty, or an iterator that can be walked only once; give a DataLoader or a list"
            )


def to_device(batch: Any, device: str) -> Any:
    """Every tensor in tuples, lists and dicts, moved to `device`."""
    if isinstance(batch, torch.Tensor):
        return batch.to(device, non_blocking=True)
    if isinstance(batch, dict):
        return {key: to_device(value, device) for key, value in batch.items()}
    if isinstance(batch, tuple | list):
        return type(batch)(to_device(value, device) for value in batch)
    return batch


def _points(unread: list[tuple[int, float, torch.Tensor]]) -> Iterator[Point]:
    if not unread:
        return
    losses = torch.stack([loss for _, _, loss in unread]).tolist() if len(unread) > 1 else [unread[0][2].item()]
    for (step, lr, _), loss in zip(unread, losses, strict=True):
        yield Point(step, lr, loss)
