"""The networks: small ones, of the kinds that people train."""

import itertools
from collections.abc import Callable
from typing import Any

import torch
from benchmarks.suggestions.datasets import LETTERS
from torch import nn


class Attention(nn.Module):
    """A transformer of one layer or more over the letters before."""

    def __init__(self, classes: int, layers: int = 1) -> None:
        super().__init__()
        self.embed, self.place = nn.Embedding(len(LETTERS), 24), nn.Parameter(torch.randn(12, 24) * 0.02)
        made = [nn.TransformerEncoderLayer(24, 2, 48, dropout=0.0, batch_first=True) for _ in range(layers)]
        self.layer = made[0] if layers == 1 else nn.Sequential(*made)
        self.head = nn.Linear(24, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = self.head(self.layer(self.embed(x) + self.place)[:, -1])
        return out


class Recurrent(nn.Module):
    def __init__(self, classes: int, cell: Any = nn.GRU) -> None:
        super().__init__()
        self.embed, self.cell, self.head = (
            nn.Embedding(len(LETTERS), 16),
            cell(16, 24, batch_first=True),
            nn.Linear(24, classes),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = self.head(self.cell(self.embed(x))[0][:, -1])
        return out


class Residual(nn.Module):
    """Blocks that add to what goes through them, normalised first."""

    def __init__(self, inputs: int, outputs: int, width: int = 32, blocks: int = 4) -> None:
        super().__init__()
        self.into, self.head = nn.Linear(inputs, width), nn.Linear(width, outputs)
        self.blocks = nn.ModuleList(
            nn.Sequential(nn.LayerNorm(width), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, width))
            for _ in range(blocks)
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.into(x)
        for block in self.blocks:
            x = x + block(x)
        out: torch.Tensor = self.head(x)
        return out


def _mlp(sizes: list[int], act: type[nn.Module] = nn.ReLU, *, norm: Any = None, dropout: float = 0.0) -> nn.Module:
    layers: list[nn.Module] = []
    for a, b in itertools.pairwise(sizes[:-1]):
        layers += [nn.Linear(a, b), *([norm(b)] if norm else []), act(), *([nn.Dropout(dropout)] if dropout else [])]
    return nn.Sequential(*layers, nn.Linear(sizes[-2], sizes[-1]))


def network(name: str, inputs: int, outputs: int) -> nn.Module:
    made: dict[str, Callable[[], nn.Module]] = {
        "linear": lambda: nn.Linear(inputs, outputs),
        "mlp": lambda: _mlp([inputs, 48, outputs]),
        "wide": lambda: _mlp([inputs, 256, outputs]),
        "tanh": lambda: _mlp([inputs, 48, 48, outputs], nn.Tanh),
        "batchnorm": lambda: _mlp([inputs, 48, 48, outputs], norm=nn.BatchNorm1d),
        "layernorm": lambda: _mlp([inputs, 48, 48, outputs], nn.GELU, norm=nn.LayerNorm),
        "dropout": lambda: _mlp([inputs, 64, 64, outputs], dropout=0.4),
        "deep": lambda: _mlp([inputs, *[32] * 6, outputs]),
        "sigmoid": lambda: _mlp([inputs, 32, 32, 32, outputs], nn.Sigmoid),
        "bottleneck": lambda: _mlp([inputs, 48, 8, 48, outputs], nn.Tanh),
        "cnn": lambda: nn.Sequential(
            nn.Unflatten(1, (1, 8, 8)), nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(64, outputs),
        ),
        "cnn-batchnorm": lambda: nn.Sequential(
            nn.Unflatten(1, (1, 8, 8)), nn.Conv2d(1, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(8, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(),
            nn.Linear(64, outputs),
        ),
        "embed": lambda: nn.Sequential(nn.Embedding(len(LETTERS), 12), nn.Flatten(), nn.Linear(144, 64), nn.ReLU(), nn.Linear(64, outputs)),
        "attention": lambda: Attention(outputs),
        "transformer": lambda: Attention(outputs, layers=2),
        "residual": lambda: Residual(inputs, outputs),
        "recurrent": lambda: Recurrent(outputs),
        "lstm": lambda: Recurrent(outputs, nn.LSTM),
        "silu": lambda: _mlp([inputs, 64, 64, outputs], nn.SiLU),
    }  # fmt: skip
    return made[name]()
