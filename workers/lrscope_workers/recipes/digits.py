"""Handwritten digits (scikit-learn's: 1,797 images of 8 × 8), three ways: the clean, the noisy and the wide curve."""

from functools import cache
from typing import Annotated

import torch
from pydantic import Field
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional as F

from lrscope.problem import Problem
from lrscope.recipe import recipe
from lrscope_workers.recipes.batches import Shuffled

Channels = Annotated[int, Field(ge=2, le=128, description="Of the first convolution; the second has twice as many.")]
BatchSize = Annotated[int, Field(ge=2, le=1024, description="Images per step.")]
Momentum = Annotated[float, Field(ge=0, lt=1, description="Of SGD.")]


@recipe(name="digits-clean")
def digits_clean(batch_size: BatchSize = 128, channels: Channels = 32, momentum: Momentum = 0.9) -> Problem:
    """A small convolutional network on handwritten digits, SGD with momentum: the curve of the textbook."""
    x, y = _digits()
    return _problem(_network(channels, norm=False), x, y, batch_size, momentum)


@recipe(name="digits-noisy")
def digits_noisy(
    batch_size: BatchSize = 8,
    channels: Channels = 32,
    label_noise: Annotated[float, Field(ge=0, le=0.9, description="Share of labels replaced by chance.")] = 0.15,
    momentum: Momentum = 0.9,
) -> Problem:
    """The same network in tiny batches, some labels wrong: a curve to be read through its noise."""
    x, y = _digits()
    wrong = torch.rand(len(y)) < label_noise
    y = torch.where(wrong, torch.randint(0, 10, y.shape), y)
    return _problem(_network(channels, norm=False), x, y, batch_size, momentum)


@recipe(name="digits-wide")
def digits_wide(batch_size: BatchSize = 128, channels: Channels = 32, momentum: Momentum = 0.9) -> Problem:
    """The same network with batch normalisation, which forgives high rates: a wide sweet spot."""
    x, y = _digits()
    return _problem(_network(channels, norm=True), x, y, batch_size, momentum)


def _network(channels: int, *, norm: bool) -> nn.Module:
    """Images of shape (n, 1, 8, 8) → logits of shape (n, 10)."""
    layers: list[nn.Module] = []
    for inputs, outputs in ((1, channels), (channels, 2 * channels)):
        conv = nn.Conv2d(inputs, outputs, 3, padding=1, bias=not norm)
        if not norm:
            nn.init.kaiming_normal_(conv.weight)
            conv.weight.data *= 0.5  # quieter than He's start: no layer after it evens the scale out
        layers += [conv, nn.BatchNorm2d(outputs), nn.ReLU()] if norm else [conv, nn.ReLU()]
    return nn.Sequential(*layers, nn.AvgPool2d(2), nn.Flatten(), nn.Linear(2 * channels * 16, 10))


def _problem(model: nn.Module, x: torch.Tensor, y: torch.Tensor, batch_size: int, momentum: float) -> Problem:
    optimizer = torch.optim.SGD(model.parameters(), lr=1, momentum=momentum)
    return Problem(model, optimizer, F.cross_entropy, Shuffled((x, y), batch_size))


@cache
def _digits() -> tuple[torch.Tensor, torch.Tensor]:
    """(images of shape (1797, 1, 8, 8) with mean 0 and deviation 1, labels of shape (1797,))"""
    data = load_digits()
    x = torch.tensor(data.images, dtype=torch.float32)[:, None]
    return (x - x.mean()) / x.std(), torch.tensor(data.target)
