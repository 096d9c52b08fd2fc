"""Recipes that a team might bring along: one that breaks, and one that takes its time."""

import time
from collections.abc import Iterator

import torch
from torch.nn import functional as F

import lrscope


@lrscope.recipe
def broken(after: int = 3) -> lrscope.Problem:
    """Its data has a hole."""
    model = torch.nn.Linear(4, 2)

    def batches() -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        for _ in range(after):
            yield torch.randn(8, 4), torch.randint(0, 2, (8,))
        raise FileNotFoundError("shard-0007.tar is not there")

    return lrscope.Problem(model, torch.optim.SGD(model.parameters(), lr=1), F.cross_entropy, batches())


@lrscope.recipe
def patient(step_s: float = 0.02) -> lrscope.Problem:
    """Steps of a given length, to be interrupted in."""
    model = torch.nn.Linear(4, 2)

    def batches() -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        while True:
            time.sleep(step_s)
            yield torch.randn(8, 4), torch.randint(0, 2, (8,))

    return lrscope.Problem(model, torch.optim.SGD(model.parameters(), lr=1), F.cross_entropy, batches())


@lrscope.recipe
def measured() -> lrscope.Problem:
    """Watches more than its loss."""
    model = torch.nn.Sequential(torch.nn.Linear(4, 16), torch.nn.ReLU(), torch.nn.Linear(16, 2))
    x = torch.randn(256, 4)
    y = (x.sum(1) > 0).long()
    batches = list(zip(torch.split(x[:192], 16), torch.split(y[:192], 16), strict=True))
    held_out = [(x[192:], y[192:])]
    optimizer = torch.optim.SGD(model.parameters(), lr=1, momentum=0.9)
    return lrscope.Problem(model, optimizer, F.cross_entropy, batches, val_batches=held_out, val_every=4, norms=True)
