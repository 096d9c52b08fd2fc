"""Tiny recipes, and a gate that lets a test decide how many steps are trained."""

import threading
from collections.abc import Iterator
from typing import Any

import torch
from torch.nn.functional import mse_loss

import lrscope
from lrscope.problem import Problem
from lrscope.recipe import Recipe


class Gate:
    """Batches come only as far as they are let through."""

    def __init__(self) -> None:
        self._let = threading.Semaphore(0)
        self._open = threading.Event()

    def let(self, steps: int) -> None:
        self._let.release(steps)

    def open(self) -> None:
        self._open.set()
        self._let.release()

    def __iter__(self) -> Iterator[Any]:
        while True:
            if not self._open.is_set() and not self._let.acquire(timeout=10):
                raise TimeoutError("the test never opened the gate")
            yield torch.ones(4, 2), torch.ones(4, 1)


def problem(batches: Any, loss_fn: Any = mse_loss) -> Problem:
    model = torch.nn.Linear(2, 1)
    return Problem(model, torch.optim.SGD(model.parameters(), lr=1), loss_fn, batches)


@lrscope.recipe
def toy(width: int = 4) -> Problem:
    """A straight line."""
    return problem([(torch.ones(width, 2), torch.ones(width, 1))])


@lrscope.recipe
def raises() -> Problem:
    def loss_fn(y: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
        raise ValueError("the labels\nare wrong")

    return problem([(torch.ones(4, 2), torch.ones(4, 1))], loss_fn)


@lrscope.recipe
def exits() -> Problem:
    raise SystemExit(3)


@lrscope.recipe
def blows_up() -> Problem:
    """The third batch has no loss that is a number."""
    good, bad = torch.ones(4, 1), torch.full((4, 1), float("nan"))
    return problem([(torch.ones(4, 2), y) for y in (good, good, bad)])


RECIPES: dict[str, Recipe] = {found.name: found for found in (toy, raises, exits, blows_up)}


def gated(gate: Gate) -> dict[str, Recipe]:
    """The recipe `gated`, whose every batch waits at `gate`."""

    @lrscope.recipe(name="gated")
    def build() -> Problem:
        return problem(gate)

    return {"gated": build}
