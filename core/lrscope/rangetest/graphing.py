"""Forward and backward pass as one CUDA graph: a small model then no longer waits for Python to launch its kernels."""

from dataclasses import replace
from typing import Any

import torch
from torch import nn

from lrscope.problem import Problem
from lrscope.rangetest.keeping import buffers, generators
from lrscope.rangetest.ranks import Ranks
from lrscope.rangetest.stepping import autocast


class _WithLoss(nn.Module):
    """What is captured: batch in, loss out."""

    def __init__(self, problem: Problem, device: torch.device) -> None:
        super().__init__()
        self.model = problem.model
        self._problem, self._device = problem, device

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> Any:
        with autocast(self._problem, self._device):
            return self._problem.loss_fn(self.model(x), y)  # type: ignore[misc]


def graphed(problem: Problem, batch: Any, device: torch.device) -> tuple[Problem, str | None]:
    """The problem with its forward and backward pass captured, or the problem as it is and the reason for that.

    The capture is PyTorch's own (`torch.cuda.make_graphed_callables`). The optimizer stays outside, so its rates are
    those of each step. Batches of another shape than `batch` take the usual way.
    """
    reason = _hindrance(problem, batch, device)
    if reason is not None:
        return problem, reason
    x, y = batch
    put_back = (buffers(problem.model), generators())  # the capture trains a few times to warm up
    problem.model.train()
    try:
        captured = torch.cuda.make_graphed_callables(_WithLoss(problem, device), (x, y))
    except Exception as error:  # whatever in the model cannot be captured: a sync, a hook, a shape from the data
        return problem, " ".join(f"{type(error).__name__}: {error}".split())[:300]
    finally:
        for put in put_back:
            put()
    shapes = (x.shape, x.dtype, y.shape, y.dtype)

    def step(model: nn.Module, batch: Any) -> Any:
        x, y = batch
        if (x.shape, x.dtype, y.shape, y.dtype) == shapes:
            return captured(x, y)
        return problem.loss_fn(model(x), y)  # type: ignore[misc]

    return replace(problem, loss_fn=None, step=step), None


def _hindrance(problem: Problem, batch: Any, device: torch.device) -> str | None:
    if device.type != "cuda":
        return f"the device is {device.type}, and graphs are for CUDA"
    if Ranks(device).together:
        return "several ranks train together"
    if problem.loss_fn is None or problem.metric is not None:
        return "it needs loss_fn, and no metric"
    pair = isinstance(batch, tuple | list) and len(batch) == 2
    if not pair or not all(isinstance(part, torch.Tensor) for part in batch):
        return "it needs batches of two tensors, (x, y)"
    return None
