"""The optimizers, and three that PyTorch lacks."""

from collections.abc import Callable
from typing import Any

import torch


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


class SignSGD(torch.optim.Optimizer):
    """Sign of the gradient (Bernstein et al. 2018, 1802.04434)."""

    def __init__(self, params: Any, lr: float) -> None:
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p.add_(p.grad.sign(), alpha=-group["lr"])


class Clipped(torch.optim.SGD):
    """SGD whose gradient is cut to a norm of 1, as language models are trained."""

    stacked = 0  # leading dimensions of each tensor that number the models it holds, each with a norm of its own

    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        with torch.no_grad():
            gradients = [p.grad for group in self.param_groups for p in group["params"] if p.grad is not None]
            norm = torch.stack([g.flatten(self.stacked).square().sum(-1) for g in gradients]).sum(0).sqrt()
            for g in gradients:
                g.mul_((1 / norm.clamp(min=1.0)).view(*norm.shape, *[1] * (g.dim() - norm.dim())))
        super().step(closure)


OPTIMIZERS: dict[str, Callable[[Any, float], torch.optim.Optimizer]] = {
    "sgd": lambda p, wd: torch.optim.SGD(p, lr=1e-3, weight_decay=wd),
    "momentum": lambda p, wd: torch.optim.SGD(p, lr=1e-3, momentum=0.9, weight_decay=wd),
    "nesterov": lambda p, wd: torch.optim.SGD(p, lr=1e-3, momentum=0.9, nesterov=True, weight_decay=wd),
    "adam": lambda p, wd: torch.optim.Adam(p, lr=1e-3, weight_decay=wd),
    "adamw": lambda p, wd: torch.optim.AdamW(p, lr=1e-3, weight_decay=wd or 0.01),
    "rmsprop": lambda p, wd: torch.optim.RMSprop(p, lr=1e-3, weight_decay=wd),
    "adagrad": lambda p, wd: torch.optim.Adagrad(p, lr=1e-3, weight_decay=wd),
    "lion": lambda p, wd: Lion(p, lr=1e-3),
    "nadam": lambda p, wd: torch.optim.NAdam(p, lr=1e-3, weight_decay=wd),
    "radam": lambda p, wd: torch.optim.RAdam(p, lr=1e-3, weight_decay=wd),
    "adamax": lambda p, wd: torch.optim.Adamax(p, lr=1e-3, weight_decay=wd),
    "adadelta": lambda p, wd: torch.optim.Adadelta(p, lr=1e-3, weight_decay=wd),
    "signsgd": lambda p, wd: SignSGD(p, lr=1e-3),
    "clipped-momentum": lambda p, wd: Clipped(p, lr=1e-3, momentum=0.9, weight_decay=wd),
}
