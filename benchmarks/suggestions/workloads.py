"""What is trained: a network on data, with an optimizer, and what makes it harder."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import torch
from benchmarks.suggestions.datasets import BEFORE, LETTERS, Tensors, data
from benchmarks.suggestions.networks import network
from benchmarks.suggestions.optimizers import OPTIMIZERS, Clipped
from torch import nn
from torch.nn import functional as F

Group = Literal["ordinary", "hard", "frozen"]


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
    before: Literal["", "continued", "fine-tuned", "new-head"] = ""  # trained already: on the same data, or on other
    steps: int = 200  # of a training whose end is the truth

    @property
    def named(self) -> str:
        """Its optimizer as a sweep names it: by the class alone, which of SGD tells no momentum."""
        return "sgd" if self.optimizer in ("momentum", "nesterov", "clipped-momentum") else self.optimizer


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


# ── a training ───────────────────────────────────────────────────────────────────────────────────────────────────────


def training(workload: Workload, seed: int) -> Training:
    """The workload from a seed: weights, wrong labels, and what was trained before."""
    torch.manual_seed(1000 + seed)
    x, y = data(BEFORE[workload.data] if workload.before in ("fine-tuned", "new-head") else workload.data)
    targets = y.dtype.is_floating_point
    outputs = _outputs(y, workload)
    if workload.label_noise:
        wrong = torch.rand(len(y)) < workload.label_noise
        y = torch.where(wrong, torch.randint(0, outputs, y.shape), y)
    model = network(workload.net, x.shape[1], outputs)
    if workload.init != 1.0:
        with torch.no_grad():
            for p in model.parameters():
                p.mul_(workload.init)
    if workload.before:
        _load(model, _trained_before(workload, seed), with_head=workload.before != "new-head")
    return Training(
        model,
        optimizer_of(workload, model.parameters()),
        _loss(workload.loss, targets),
        x,
        y,
        min(workload.batch, len(x)),
    )


def optimizer_of(workload: Workload, parameters: Any, stacked: int = 0) -> torch.optim.Optimizer:
    """Its optimizer; `stacked`: leading dimensions that number models, where the parameters are of many."""
    optimizer = OPTIMIZERS[workload.optimizer](parameters, workload.weight_decay)
    if isinstance(optimizer, Clipped):
        optimizer.stacked = stacked
    return optimizer


def _outputs(y: torch.Tensor, workload: Workload) -> int:
    if y.dtype.is_floating_point:
        return y.shape[1]
    return len(LETTERS) if workload.data == "text" else int(y.max()) + 1


def _load(model: nn.Module, before: dict[str, torch.Tensor], *, with_head: bool) -> None:
    """The weights of before; without its last layer, the new one stays as it was made."""
    head = [*before][-2:]  # weight and bias
    model.load_state_dict(before if with_head else {**before, **{k: model.state_dict()[k] for k in head}})


def _loss(kind: str, targets: bool) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
    if targets:
        return (lambda out, y: (out - y).abs().mean()) if kind == "l1" else _squared
    if kind == "sum":

        def summed(out: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
            return F.cross_entropy(out, y, reduction="sum")

        summed.summed = True  # type: ignore[attr-defined]
        return summed
    if kind == "mse":
        return lambda out, y: _squared(out, F.one_hot(y, out.shape[1]).float())
    return F.cross_entropy


def _squared(out: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """F.mse_loss, which torch.func.vmap does not take where only one of the two is of many models."""
    return (out - y).square().mean()


@cache
def _trained_before(workload: Workload, seed: int, steps: int = 400) -> dict[str, torch.Tensor]:
    """The weights after a training with Adam, on the same data or on the other that goes before."""
    x, y = data(workload.data)
    torch.manual_seed(2000 + seed)
    model = network(workload.net, x.shape[1], _outputs(y, workload))
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    loss_fn = F.mse_loss if y.dtype.is_floating_point else F.cross_entropy
    generator = torch.Generator().manual_seed(5)
    for _ in range(steps):
        part = torch.randint(0, len(x), (64,), generator=generator)
        out = model(x[part])
        optimizer.zero_grad()
        torch.autograd.backward(loss_fn(out, y[part]))
        optimizer.step()
    return model.state_dict()


# Hard is what has fewer than 16 rows in a batch or all, 30 % wrong labels and more, other initial weights or units, a loss
# that is no mean, weights that were trained before, a deep, sigmoid or recurrent network, or a clipped gradient; and what
# once was found hard without any of that. Everything else is ordinary. Of the frozen group the first half would be ordinary,
# the other half hard; two earlier frozen groups, of 11 and of 16, went by this rule into the ordinary and the hard ones, once
# they had been scored.
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
    W("cancer-batchnorm-nesterov", "ordinary", "cancer", "batchnorm", "nesterov"),
    W("wine-tanh-adagrad", "ordinary", "wine", "tanh", "adagrad", batch=16),
    W("iris-mlp-adam", "ordinary", "iris", "mlp", "adam", batch=16),
    W("patches-wide-sgd", "ordinary", "patches", "wide", "sgd"),
    W("text-embed-momentum", "ordinary", "text", "embed", "momentum", batch=32),
    W("text-attention-lion", "ordinary", "text", "attention", "lion", steps=120),
    W("digits-decay-momentum", "ordinary", "digits", "wide", "momentum", weight_decay=1e-2),
    W("friedman-mlp-adam", "ordinary", "friedman", "mlp", "adam"),
    W("regression-linear-momentum", "ordinary", "regression", "linear", "momentum"),
    W("pictures-bottleneck-adamw", "ordinary", "pictures", "bottleneck", "adamw"),
    W("generated-residual-sgd", "ordinary", "generated", "residual", "sgd"),
    W("digits-residual-adamw", "ordinary", "digits", "residual", "adamw"),
    W("friedman-tanh-rmsprop", "ordinary", "friedman", "tanh", "rmsprop"),
    W("text-transformer-adamw", "ordinary", "text", "transformer", "adamw", batch=16, steps=80),
    W("flower-bottleneck-nadam", "ordinary", "flower", "bottleneck", "nadam"),
    W("generated-batchnorm-momentum", "ordinary", "other-generated", "batchnorm", "momentum"),
    W("regression-mlp-sgd", "ordinary", "regression", "mlp", "sgd", batch=32),
    W("pictures-wide-nesterov", "ordinary", "pictures", "wide", "nesterov"),
    W("moons-mlp-adagrad", "ordinary", "moons", "mlp", "adagrad"),
    W("digits-mlp-adadelta", "ordinary", "digits", "mlp", "adadelta"),
    W("cancer-tanh-signsgd", "ordinary", "cancer", "tanh", "signsgd", batch=32),
    W("generated-mlp-adadelta", "ordinary", "generated", "mlp", "adadelta", batch=32),
    W("friedman-mlp-signsgd", "ordinary", "friedman", "mlp", "signsgd"),
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
    W("diabetes-deep-l1-rmsprop", "hard", "diabetes", "deep", "rmsprop", loss="l1", batch=32),
    W("digits-cnn-noise-adamw", "hard", "digits", "cnn", "adamw", label_noise=0.3, batch=16),
    W("digits-dropout-batch-4-sgd", "hard", "digits", "dropout", "sgd", batch=4),
    W("cancer-continued-sgd", "hard", "cancer", "mlp", "sgd", before="continued", batch=32),
    W("text-continued-adamw", "hard", "text", "attention", "adamw", before="continued", steps=100),
    W("patches-continued-momentum", "hard", "patches", "bottleneck", "momentum", before="continued"),
    W("generated-continued-rmsprop", "hard", "generated", "mlp", "rmsprop", before="continued", batch=32),
    W("text-fine-tuned-adam", "hard", "text", "embed", "adam", before="fine-tuned"),
    W("patches-fine-tuned-sgd", "hard", "patches", "wide", "sgd", before="fine-tuned"),
    W("digits-new-head-adam", "hard", "low-digits", "cnn", "adam", before="new-head"),
    W("digits-new-head-momentum", "hard", "low-digits", "mlp", "momentum", before="new-head"),
    W("cancer-sigmoid-sgd-plateau", "hard", "cancer", "sigmoid", "sgd"),
    W("digits-sigmoid-adam-plateau", "hard", "digits", "sigmoid", "adam"),
    W("generated-deep-momentum-plateau", "hard", "generated", "deep", "momentum", batch=32),
    W("text-recurrent-sgd-plateau", "hard", "text", "recurrent", "sgd", steps=100),
    W("moons-tanh-sgd", "hard", "moons", "tanh", "sgd", init=0.5),
    W("raw-cancer-mlp-adam", "hard", "raw-cancer", "mlp", "adam"),
    W("digits-wrong-labels-momentum", "hard", "digits", "mlp", "momentum", label_noise=0.7, batch=8),
    W("generated-half-wrong-sgd", "hard", "generated", "mlp", "sgd", label_noise=0.5, batch=16),
    W("cancer-batch-2-adam", "hard", "cancer", "mlp", "adam", batch=2),
    W("iris-batch-2-momentum", "hard", "iris", "mlp", "momentum", batch=2),
    W("friedman-batch-4-sgd", "hard", "friedman", "mlp", "sgd", batch=4),
    W("digits-deep-clipped", "hard", "digits", "deep", "clipped-momentum"),
    W("cancer-dropout-batch-4-adam", "hard", "cancer", "dropout", "adam", batch=4),
    W("wine-sigmoid-momentum-plateau", "hard", "wine", "sigmoid", "momentum", batch=16),
    W("digits-wrong-labels-sgd", "hard", "digits", "batchnorm", "sgd", label_noise=0.6, batch=32),
    W("text-continued-recurrent-adam", "hard", "text", "recurrent", "adam", before="continued", steps=100),
    W("digits-continued-cnn-sgd", "hard", "digits", "cnn", "sgd", before="continued"),
    W("digits-new-head-nesterov", "hard", "low-digits", "batchnorm", "nesterov", before="new-head"),
    W("wine-sum-momentum", "hard", "wine", "mlp", "momentum", loss="sum", batch=32),
    W("iris-bad-init-lion", "hard", "iris", "tanh", "lion", init=3.0, batch=32),
    W("digits-continued-adadelta", "hard", "digits", "mlp", "adadelta", before="continued"),
    W("generated-continued-signsgd", "hard", "generated", "mlp", "signsgd", before="continued"),
    W("wine-sum-nesterov", "hard", "wine", "wide", "nesterov", loss="sum", batch=32),
    W("wine-full-batch-adam", "hard", "wine", "mlp", "adam", batch=0),
    W("iris-sum-adagrad", "hard", "iris", "mlp", "adagrad", loss="sum", batch=16),
    W("cancer-sum-sgd", "hard", "cancer", "wide", "sgd", loss="sum"),
    W("moons-sum-momentum", "hard", "moons", "mlp", "momentum", loss="sum"),
    W("wine-full-batch-batchnorm-sgd", "hard", "wine", "batchnorm", "sgd", batch=0),
    # ── frozen: looked at once, when every constant stood ──
    W("frozen-hastie-mlp-adam", "frozen", "hastie", "mlp", "adam"),
    W("frozen-hastie-wide-momentum", "frozen", "hastie", "wide", "momentum"),
    W("frozen-circles-silu-radam", "frozen", "circles", "silu", "radam"),
    W("frozen-flower-bottleneck-sgd", "frozen", "flower", "bottleneck", "sgd", batch=128),
    W("frozen-friedman-layernorm-nadam", "frozen", "friedman", "layernorm", "nadam"),
    W("frozen-digits-residual-momentum", "frozen", "digits", "residual", "momentum"),
    W("frozen-text-attention-radam", "frozen", "other-text", "attention", "radam", steps=100),
    W("frozen-pictures-tanh-rmsprop", "frozen", "pictures", "tanh", "rmsprop"),
    W("frozen-diabetes-wide-adamax", "frozen", "diabetes", "wide", "adamax", batch=32),
    W("frozen-digits-cnn-adagrad", "frozen", "digits", "cnn", "adagrad", batch=128),
    W("frozen-cancer-dropout-radam", "frozen", "cancer", "dropout", "radam", batch=32),
    W("frozen-moons-wide-adamw", "frozen", "moons", "wide", "adamw"),
    W("frozen-hastie-half-wrong-adam", "frozen", "hastie", "mlp", "adam", label_noise=0.5, batch=32),
    W("frozen-pictures-batch-4-adam", "frozen", "pictures", "bottleneck", "adam", batch=4),
    W("frozen-circles-deep-momentum-plateau", "frozen", "circles", "deep", "momentum"),
    W("frozen-flower-sigmoid-adamw-plateau", "frozen", "flower", "sigmoid", "adamw"),
    W("frozen-text-lstm-adam", "frozen", "text", "lstm", "adam", steps=100),
    W("frozen-friedman-continued-nesterov", "frozen", "friedman", "tanh", "nesterov", before="continued"),
    W("frozen-hastie-continued-adamax", "frozen", "hastie", "mlp", "adamax", before="continued"),
    W("frozen-digits-fine-tuned-lion", "frozen", "low-digits", "residual", "lion", before="fine-tuned"),
    W("frozen-text-new-head-momentum", "frozen", "text", "embed", "momentum", before="new-head"),
    W("frozen-regression-full-batch-rmsprop", "frozen", "regression", "mlp", "rmsprop", batch=0),
    W("frozen-wine-bad-init-adamw", "frozen", "wine", "mlp", "adamw", init=3.0, batch=32),
    W("frozen-text-transformer-clipped", "frozen", "text", "transformer", "clipped-momentum", steps=80),
]
