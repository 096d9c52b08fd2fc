"""CUDA graphs, without a GPU: the capture is simulated by what torch's own does on the way, a few training passes."""

from typing import Any

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from lrscope.problem import Problem
from lrscope.rangetest import RangeTest, graphing, seed_everything
from lrscope.rangetest.graphing import graphed
from lrscope.spec import SweepSpec

CPU, CUDA = torch.device("cpu"), torch.device("cuda")
SPEC = SweepSpec(recipe="r", num_iter=20, end_lr=0.1)


def problem(**more: Any) -> Problem:
    seed_everything(0)
    model = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.Dropout(0.3), nn.Linear(16, 2))
    batches = [(torch.randn(8 if k % 5 else 6, 4), torch.randint(0, 2, (8 if k % 5 else 6,))) for k in range(1, 11)]
    return Problem(model, torch.optim.Adam(model.parameters(), lr=1e-3), F.cross_entropy, batches, **more)


def losses(given: Problem) -> list[float]:
    seed_everything(1)
    return [point.loss for point in RangeTest(given, SPEC).run()]


def warmed(module: nn.Module, sample: tuple[torch.Tensor, ...]) -> nn.Module:
    """As torch.cuda.make_graphed_callables: trains a few times, then hands out something to call."""
    for _ in range(3):
        torch.autograd.grad(module(*sample), list(module.parameters()))
    return module


def test_a_captured_training_gives_the_same_curve_bit_for_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "make_graphed_callables", warmed)
    monkeypatch.setattr(graphing, "autocast", lambda problem, device: torch.autocast("cpu", enabled=False))
    plain, given = problem(), problem()
    captured, reason = graphed(given, next(iter(given.batches)), CUDA)
    assert reason is None
    assert captured.step is not None
    assert losses(captured) == losses(plain)  # batches of both shapes, statistics and dropout as if never captured


@pytest.mark.parametrize(
    ("more", "batch", "device", "told"),
    [
        ({}, (torch.ones(2, 4), torch.ones(2)), CPU, "the device is cpu"),
        ({}, {"x": torch.ones(2, 4)}, CUDA, "two tensors"),
        ({"metric": lambda out, y: 0.0}, (torch.ones(2, 4), torch.ones(2)), CUDA, "no metric"),
    ],
)
def test_what_cannot_be_captured_is_told_and_trained_the_usual_way(
    more: dict[str, Any], batch: Any, device: torch.device, told: str
) -> None:
    given = problem(**more)
    same, reason = graphed(given, batch, device)
    assert same is given
    assert told in str(reason)


def test_a_capture_that_fails_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: Any) -> Any:
        raise RuntimeError("operation not permitted\nwhen stream is capturing")

    monkeypatch.setattr(torch.cuda, "make_graphed_callables", failing)
    given = problem()
    same, reason = graphed(given, next(iter(given.batches)), CUDA)
    assert same is given
    assert reason == "RuntimeError: operation not permitted when stream is capturing"


def test_the_reason_stands_among_the_warnings() -> None:
    warnings = RangeTest(problem(graph=True), SPEC).prepare()
    assert "Not captured as a CUDA graph: the device is cpu, and graphs are for CUDA." in warnings
