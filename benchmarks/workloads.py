"""The trainings that the benchmarks time: small enough to show overhead, real enough to be trainings."""

import json
import os
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

import lrscope
from lrscope import Problem

SAMPLES, BATCH = 2048, 64


class Timed:
    """Batches cut once, so that no loop pays for loading; walked again and again. Notes when each one was taken: the
    clock of every benchmark, the same in any process. With BENCH_TIMES set, the times go to that file at the end."""

    def __init__(self, x: torch.Tensor, y: torch.Tensor, size: int = BATCH) -> None:
        self.batches = list(zip(torch.split(x, size), torch.split(y, size), strict=True))
        self.taken: list[float] = []
        if os.environ.get("BENCH_TIMES"):
            weakref.finalize(self, _write, Path(os.environ["BENCH_TIMES"]), self.taken)

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        for batch in self.batches:
            self.taken.append(time.perf_counter())
            yield batch


def _write(path: Path, taken: list[float]) -> None:
    part = path.with_suffix(".part")
    part.write_text(json.dumps(taken))
    part.replace(path)


@lrscope.recipe
def mlp() -> Problem:
    """64-128-10 perceptron, batch 64, SGD with momentum."""
    model = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 10))
    return _problem(model, torch.randn(SAMPLES, 64))


@lrscope.recipe
def cnn() -> Problem:
    """Two 3 × 3 convolutions of 16 and 32 channels on 16 × 16 images, batch 64, SGD with momentum."""
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(32 * 16, 10),
    )  # fmt: skip
    return _problem(model, torch.randn(SAMPLES, 1, 16, 16))


class Transformer(nn.Module):
    """Two layers, width 64, four heads, on 32 tokens of 64 kinds."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(64, 64)
        layer = nn.TransformerEncoderLayer(64, 4, 128, dropout=0.0, batch_first=True)
        self.layers = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(64, 10)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = self.head(self.layers(self.embed(tokens)).mean(1))
        return out


@lrscope.recipe
def transformer() -> Problem:
    """A tiny transformer classifier, batch 64, SGD with momentum."""
    return _problem(Transformer(), torch.randint(0, 64, (SAMPLES, 32)))


def _problem(model: nn.Module, x: torch.Tensor) -> Problem:
    y = torch.randint(0, 10, (len(x),))
    optimizer = torch.optim.SGD(model.parameters(), lr=1, momentum=0.9)
    return Problem(model, optimizer, F.cross_entropy, Timed(x, y))


WORKLOADS = {recipe.name: recipe for recipe in (mlp, cnn, transformer)}
