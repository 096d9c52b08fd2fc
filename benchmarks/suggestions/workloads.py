"""What is trained: small networks on data that comes with Python and scikit-learn, so that all works offline."""

import io
import itertools
import pydoc_data.topics
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
import torch
from sklearn import datasets
from torch import nn
from torch.nn import functional as F

Group = Literal["ordinary", "hard", "frozen"]
Tensors = tuple[torch.Tensor, torch.Tensor]


@dataclass(frozen=True)
class Workload:
    """One training: data, network, optimizer, and what makes it harder."""

    name: str
    group: Group
    data: str
    net: str
    optimizer: str
    batch: int = 64  # 0: all data at once
    label_noise: float = 0.0
    init: float = 1.0  # factor on PyTorch's own initial weights
    loss: Literal["mean", "sum", "mse", "l1"] = "mean"
    weight_decay: float = 0.0
    before: Literal["", "continued", "fine-tuned"] = ""  # trained already: on the same data, or on other classes
    steps: int = 200  # of a training whose end is the truth


@dataclass
class Training:
    """A workload, ready to be trained from one seed."""

    model: nn.Module
    optimizer: torch.optim.Optimizer
    loss_fn: Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
    x: torch.Tensor
    y: torch.Tensor
    batch: int

    def batches(self, seed: int) -> Iterator[Tensors]:
        """Endless, shuffled anew at every pass."""
        generator = torch.Generator().manual_seed(seed)
        size = self.batch or len(self.x)
        for _ in itertools.count():
            order = torch.randperm(len(self.x), generator=generator)
            for part in torch.split(order, size):
                if len(part) == size:
                    yield self.x[part], self.y[part]

    def final(self) -> float:
        """The loss over the data itself, as it is trained on, nothing dropped out; not finite once it blew up."""
        self.model.eval()
        with torch.no_grad():
            whole = self.loss_fn(self.model(self.x), self.y).item()
        self.model.train()
        return whole / len(self.x) if getattr(self.loss_fn, "summed", False) else whole


class Lion(torch.optim.Optimizer):
    """Sign of an interpolated momentum (Chen et al. 2023, 2302.06675)."""

    def __init__(self, params: Any, lr: float) -> None:
        super().__init__(params, {"lr": lr, "betas": (0.9, 0.99)})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        for group in self.param_groups:
            fast, slow = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                mean = self.state[p].setdefault("mean", torch.zeros_like(p))
                p.add_((fast * mean + (1 - fast) * p.grad).sign_(), alpha=-group["lr"])
                mean.mul_(slow).add_(p.grad, alpha=1 - slow)


OPTIMIZERS: dict[str, Callable[[Any, float], torch.optim.Optimizer]] = {
    "sgd": lambda p, wd: torch.optim.SGD(p, lr=1e-3, weight_decay=wd),
    "momentum": lambda p, wd: torch.optim.SGD(p, lr=1e-3, momentum=0.9, weight_decay=wd),
    "nesterov": lambda p, wd: torch.optim.SGD(p, lr=1e-3, momentum=0.9, nesterov=True, weight_decay=wd),
    "adam": lambda p, wd: torch.optim.Adam(p, lr=1e-3, weight_decay=wd),
    "adamw": lambda p, wd: torch.optim.AdamW(p, lr=1e-3, weight_decay=wd or 0.01),
    "rmsprop": lambda p, wd: torch.optim.RMSprop(p, lr=1e-3, weight_decay=wd),
    "adagrad": lambda p, wd: torch.optim.Adagrad(p, lr=1e-3, weight_decay=wd),
    "lion": lambda p, wd: Lion(p, lr=1e-3),
}


# ── data ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def data(name: str) -> Tensors:
    """(x, y), standardised; y are classes, or targets of a regression."""
    if name in ("digits", "low-digits", "high-digits"):
        found = datasets.load_digits()
        x, y = found.data.astype(np.float32) / 8 - 1, found.target
        if name == "low-digits":
            x, y = x[y < 5], y[y < 5]
        elif name == "high-digits":
            x, y = x[y >= 5], y[y >= 5] - 5
        return torch.tensor(x), torch.tensor(y)
    if name in ("cancer", "wine", "iris"):
        found = {"cancer": datasets.load_breast_cancer, "wine": datasets.load_wine, "iris": datasets.load_iris}[name]()
        return _standard(found.data), torch.tensor(found.target)
    if name == "diabetes":
        found = datasets.load_diabetes()
        return _standard(found.data), _standard(found.target[:, None])
    if name == "patches":
        with redirect_stderr(io.StringIO()):
            photo = datasets.load_sample_image("china.jpg").astype(np.float32).mean(2) / 255
        windows = np.lib.stride_tricks.sliding_window_view(photo, (8, 8))[::12, ::12].reshape(-1, 64)
        x = _standard(windows[:2000])
        return x, x
    if name == "text":
        return _text(context=12)
    raise KeyError(name)


def _standard(values: np.ndarray[Any, Any]) -> torch.Tensor:
    values = np.asarray(values, dtype=np.float32)
    spread = values.std(0)
    return torch.tensor((values - values.mean(0)) / np.where(spread > 0, spread, 1))


LETTERS = "abcdefghijklmnopqrstuvwxyz .,\n"


def _text(context: int) -> Tensors:
    """The letters of Python's help topics: `context` of them, and the one that follows."""
    text = "".join(pydoc_data.topics.topics[k] for k in sorted(pydoc_data.topics.topics)[:8]).lower()
    codes = np.array([LETTERS.index(c) for c in text if c in LETTERS][: 3000 + context])
    windows = np.lib.stride_tricks.sliding_window_view(codes, context + 1)[:3000]
    return torch.tensor(windows[:, :-1].copy()), torch.tensor(windows[:, -1].copy())


# ── networks ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Attention(nn.Module):
    """One layer of a transformer over the letters before."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.embed, self.place = nn.Embedding(len(LETTERS), 24), nn.Parameter(torch.randn(12, 24) * 0.02)
        self.layer = nn.TransformerEncoderLayer(24, 2, 48, dropout=0.0, batch_first=True)
        self.head = nn.Linear(24, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = self.head(self.layer(self.embed(x) + self.place)[:, -1])
        return out


class Recurrent(nn.Module):
    def __init__(self, classes: int) -> None:
        super().__init__()
        self.embed, self.cell, self.head = (
            nn.Embedding(len(LETTERS), 16),
            nn.GRU(16, 24, batch_first=True),
            nn.Linear(24, classes),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = self.head(self.cell(self.embed(x))[0][:, -1])
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
        "recurrent": lambda: Recurrent(outputs),
    }  # fmt: skip
    return made[name]()


# ── a training ───────────────────────────────────────────────────────────────────────────────────────────────────────


def training(workload: Workload, seed: int) -> Training:
    """The workload from a seed: weights, wrong labels, and what was trained before."""
    torch.manual_seed(1000 + seed)
    x, y = data("high-digits" if workload.before == "fine-tuned" else workload.data)
    targets = y.dtype.is_floating_point
    outputs = y.shape[1] if targets else int(y.max()) + 1
    if workload.data == "text":
        outputs = len(LETTERS)
    if workload.label_noise:
        wrong = torch.rand(len(y)) < workload.label_noise
        y = torch.where(wrong, torch.randint(0, outputs, y.shape), y)
    model = network(workload.net, x.shape[1], outputs)
    if workload.init != 1.0:
        with torch.no_grad():
            for p in model.parameters():
                p.mul_(workload.init)
    if workload.before:
        model.load_state_dict(_trained_before(workload, seed))
    optimizer = OPTIMIZERS[workload.optimizer](model.parameters(), workload.weight_decay)
    return Training(model, optimizer, _loss(workload.loss, targets), x, y, min(workload.batch, len(x)))


def _loss(kind: str, targets: bool) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
    if targets:
        return F.l1_loss if kind == "l1" else F.mse_loss
    if kind == "sum":

        def summed(out: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
            return F.cross_entropy(out, y, reduction="sum")

        summed.summed = True  # type: ignore[attr-defined]
        return summed
    if kind == "mse":
        return lambda out, y: F.mse_loss(out, F.one_hot(y, out.shape[1]).float())
    return F.cross_entropy


@cache
def _trained_before(workload: Workload, seed: int, steps: int = 400) -> dict[str, torch.Tensor]:
    """The weights after a training with Adam, on the same data or on the other classes."""
    x, y = data("low-digits" if workload.before == "fine-tuned" else workload.data)
    torch.manual_seed(2000 + seed)
    model = network(workload.net, x.shape[1], int(y.max()) + 1)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    generator = torch.Generator().manual_seed(5)
    for _ in range(steps):
        part = torch.randint(0, len(x), (64,), generator=generator)
        out = model(x[part])
        optimizer.zero_grad()
        torch.autograd.backward(F.cross_entropy(out, y[part]))
        optimizer.step()
    return model.state_dict()


W = Workload
WORKLOADS = [
    # ── ordinary: what most people train ──
    W("digits-linear-sgd", "ordinary", "digits", "linear", "sgd"),
    W("digits-mlp-sgd", "ordinary", "digits", "mlp", "sgd"),
    W("digits-mlp-momentum", "ordinary", "digits", "mlp", "momentum"),
    W("digits-mlp-nesterov", "ordinary", "digits", "mlp", "nesterov", batch=128),
    W("digits-mlp-adam", "ordinary", "digits", "mlp", "adam"),
    W("digits-wide-adamw", "ordinary", "digits", "wide", "adamw"),
    W("digits-mlp-rmsprop", "ordinary", "digits", "mlp", "rmsprop"),
    W("digits-mlp-adagrad", "ordinary", "digits", "mlp", "adagrad"),
    W("digits-mlp-lion", "ordinary", "digits", "mlp", "lion"),
    W("digits-batchnorm-momentum", "ordinary", "digits", "batchnorm", "momentum"),
    W("digits-layernorm-adamw", "ordinary", "digits", "layernorm", "adamw"),
    W("digits-dropout-adam", "ordinary", "digits", "dropout", "adam"),
    W("digits-cnn-momentum", "ordinary", "digits", "cnn", "momentum"),
    W("digits-cnn-batchnorm-adam", "ordinary", "digits", "cnn-batchnorm", "adam"),
    W("cancer-mlp-sgd", "ordinary", "cancer", "mlp", "sgd"),
    W("cancer-tanh-adam", "ordinary", "cancer", "tanh", "adam", batch=32),
    W("wine-mlp-momentum", "ordinary", "wine", "mlp", "momentum", batch=32),
    W("diabetes-mlp-adam", "ordinary", "diabetes", "mlp", "adam"),
    W("patches-bottleneck-adam", "ordinary", "patches", "bottleneck", "adam"),
    W("patches-bottleneck-momentum", "ordinary", "patches", "bottleneck", "momentum", batch=128),
    W("text-embed-adam", "ordinary", "text", "embed", "adam"),
    W("text-attention-adamw", "ordinary", "text", "attention", "adamw", steps=150),
    # ── hard: what finders get wrong ──
    W("digits-batch-2-sgd", "hard", "digits", "mlp", "sgd", batch=2),
    W("digits-batch-4-adam", "hard", "digits", "mlp", "adam", batch=4),
    W("digits-full-batch-momentum", "hard", "digits", "mlp", "momentum", batch=0, steps=150),
    W("digits-half-wrong-momentum", "hard", "digits", "mlp", "momentum", label_noise=0.5, batch=16),
    W("digits-wrong-labels-adam", "hard", "digits", "mlp", "adam", label_noise=0.8, batch=32),
    W("digits-deep-sgd-plateau", "hard", "digits", "deep", "sgd", batch=32),
    W("digits-sigmoid-momentum-plateau", "hard", "digits", "sigmoid", "momentum"),
    W("digits-bad-init-sgd", "hard", "digits", "mlp", "sgd", init=4.0),
    W("digits-tiny-init-adam", "hard", "digits", "deep", "adam", init=0.3),
    W("digits-sum-sgd", "hard", "digits", "mlp", "sgd", loss="sum"),
    W("digits-mse-momentum", "hard", "digits", "mlp", "momentum", loss="mse"),
    W("digits-continued-momentum", "hard", "digits", "mlp", "momentum", before="continued"),
    W("digits-continued-adam", "hard", "digits", "batchnorm", "adam", before="continued"),
    W("digits-fine-tuned-adamw", "hard", "low-digits", "mlp", "adamw", before="fine-tuned"),
    W("digits-fine-tuned-sgd", "hard", "low-digits", "cnn", "momentum", before="fine-tuned"),
    W("diabetes-linear-sgd", "hard", "diabetes", "linear", "sgd", batch=16),
    W("text-recurrent-rmsprop", "hard", "text", "recurrent", "rmsprop", steps=120),
    W("iris-mlp-lion-tiny-batch", "hard", "iris", "mlp", "lion", batch=4),
    # ── frozen: looked at once, when every constant stood ──
    W("frozen-cancer-batchnorm-nesterov", "frozen", "cancer", "batchnorm", "nesterov"),
    W("frozen-wine-tanh-adagrad", "frozen", "wine", "tanh", "adagrad", batch=16),
    W("frozen-iris-mlp-adam", "frozen", "iris", "mlp", "adam", batch=16),
    W("frozen-diabetes-deep-l1-rmsprop", "frozen", "diabetes", "deep", "rmsprop", loss="l1", batch=32),
    W("frozen-patches-wide-sgd", "frozen", "patches", "wide", "sgd"),
    W("frozen-text-embed-momentum", "frozen", "text", "embed", "momentum", batch=32),
    W("frozen-text-attention-lion", "frozen", "text", "attention", "lion", steps=120),
    W("frozen-digits-cnn-noise-adamw", "frozen", "digits", "cnn", "adamw", label_noise=0.3, batch=16),
    W("frozen-digits-dropout-batch-4-sgd", "frozen", "digits", "dropout", "sgd", batch=4),
    W("frozen-cancer-continued-sgd", "frozen", "cancer", "mlp", "sgd", before="continued", batch=32),
    W("frozen-digits-decay-momentum", "frozen", "digits", "wide", "momentum", weight_decay=1e-2),
]
