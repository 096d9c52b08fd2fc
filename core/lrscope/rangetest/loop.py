"""The loop of the learning-rate range test (Smith 2015, 1506.01186; exponential form as in fast.ai)."""

import random
from collections.abc import Callable, Generator
from typing import Literal

import numpy as np
import torch

from lrscope.curve import Divergence, Point
from lrscope.errors import RecipeError
from lrscope.problem import Problem
from lrscope.rangetest.feeding import Feed
from lrscope.rangetest.graphing import graphed
from lrscope.rangetest.pending import Pending
from lrscope.rangetest.preflight import length_of, preflight, seen_again
from lrscope.rangetest.ranks import Ranks
from lrscope.rangetest.rates import Rates
from lrscope.rangetest.stepping import Stepper
from lrscope.recipe import Recipe
from lrscope.spec import SweepSpec

Outcome = Literal["done", "diverged", "cancelled"]


def run(
    problem: Problem, spec: SweepSpec, *, device: str = "cpu", cancelled: Callable[[], bool] = lambda: False
) -> Generator[Point, None, Outcome]:
    """Train `problem` for `spec.num_iter` steps at rising rates; yield every step's point; return the outcome.

    Each point has the swept rate that was in the optimizer at its forward pass, the loss of that pass, and the extra
    series of `problem.series`. A diverged curve ends with the step that showed it. `cancelled` is asked before every
    step. The weights move: see `kept`, or build the problem afresh for another run.

    Raises RecipeError for data that runs out, and whatever the training itself raises.
    """
    return RangeTest(problem, spec, device).run(cancelled)


class RangeTest:
    """One range test of one problem. `prepare` may be called first, for its warnings and to compile; `run` runs."""

    def __init__(self, problem: Problem, spec: SweepSpec, device: str = "cpu") -> None:
        self.problem = problem
        self.spec = spec
        self.device = torch.device(device)
        self.feed = Feed(problem.batches, self.device)

    def prepare(self) -> list[str]:
        """Look before the first step; sentences of warning. Raises RecipeError for what cannot work."""
        found = preflight(self.problem, self.spec, self.feed, self.device)
        if self.problem.graph:
            self.problem, reason = graphed(self.problem, self.feed.peek(), self.device)
            found += [f"Not captured as a CUDA graph: {reason}."] if reason is not None else []
        return found

    def learnt(self) -> list[str]:
        """Sentences of warning that only the run could tell: a stream that ended, and was seen again."""
        length, taken = self.feed.length, self.feed.taken
        if length_of(self.problem.batches) is None and length is not None and length < taken:
            return [seen_again(length, taken)]
        return []

    def run(self, cancelled: Callable[[], bool] = lambda: False) -> Generator[Point, None, Outcome]:
        spec, feed, ranks = self.spec, self.feed, Ranks(self.device)
        problem = ranks.wrapped(self.problem)
        rates = Rates(problem, spec)
        stepper = Stepper(problem, self.device)
        cancelled = ranks.agreed(cancelled)
        pending = Pending(self.device, 1 + len(problem.series))
        divergence = Divergence(spec.diverge_ratio)
        if not problem.model.training:  # a module that is set to eval inside a model in training stays so
            problem.model.train()
        try:
            for step in range(spec.num_iter):
                if cancelled():
                    yield from pending.drain()
                    return "cancelled"
                lr = rates.set(step)
                values = stepper.step(feed)
                if ranks.together:
                    values = ranks.mean(values)
                # Losses are read here, a few steps late on an accelerator: the only place that waits for the device.
                for point in pending.put(step, lr, values):
                    yield point
                    if divergence.update(point.loss):
                        return "diverged"
            for point in pending.drain():
                yield point
                if divergence.update(point.loss):
                    return "diverged"
        finally:
            feed.close()
        return "done"


def build(recipe: Recipe, spec: SweepSpec, device: str) -> Problem:
    """The recipe's problem, built from the spec's seed, its model on `device`.

    On several ranks every one builds the same model; then their generators part, so that loaders shuffle differently.

    Raises InvalidInput for parameters the recipe does not take, RecipeError when it returns no usable Problem; whatever
    the recipe itself raises passes through.
    """
    params = recipe.check(spec.params)
    seed_everything(spec.seed)
    problem = recipe.build(**params)
    if not isinstance(problem, Problem):
        raise RecipeError(f"recipe {recipe.name!r} returned {type(problem).__name__}, not lrscope.Problem")
    Rates(problem, spec)  # says what is wrong with the groups before anything is moved
    problem.model.to(device)
    ranks = Ranks(torch.device(device))
    if ranks.together:
        seed_everything((spec.seed + ranks.rank) % 2**32)
    return problem


def seed_everything(seed: int) -> None:
    """Seed the generators of Python, NumPy and torch (every device)."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
