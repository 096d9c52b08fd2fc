"""The same test by torch-lr-finder's own code: the same losses where both mean the same, and where they do not, why."""

from importlib import import_module
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

import lrscope

torch_lr_finder = import_module("torch_lr_finder")

START, END, STEPS = 1e-5, 0.3, 40


def training(groups: bool = False) -> tuple[nn.Module, torch.optim.Optimizer, DataLoader[Any]]:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 3))
    x = torch.randn(96, 4)
    y = (x @ torch.randn(4, 3)).argmax(1)
    loader = DataLoader(TensorDataset(x, y), 16, shuffle=True, generator=torch.Generator().manual_seed(1))
    parts: list[dict[str, Any]] = [{"params": model[0].parameters(), "lr": START}, {"params": model[3].parameters()}]
    sgd = torch.optim.SGD(parts if groups else model.parameters(), lr=START * 10 if groups else START, momentum=0.9)
    return model, sgd, loader


def theirs(mode: str, accumulate: int = 1, groups: bool = False) -> Any:
    model, optimizer, loader = training(groups)
    finder = torch_lr_finder.LRFinder(model, optimizer, nn.CrossEntropyLoss(), device="cpu")
    finder.range_test(
        loader, end_lr=END, num_iter=STEPS, step_mode=mode, smooth_f=0, diverge_th=1e9, accumulation_steps=accumulate
    )
    return finder


def ours(mode: Any, **more: Any) -> lrscope.Curve:
    model, optimizer, loader = training(groups="group_ranges" in more)
    return lrscope.range_test(
        model, optimizer, F.cross_entropy, loader,
        start_lr=START, end_lr=END, num_iter=STEPS, mode=mode, diverge_ratio=None, **more,
    )  # fmt: skip


@pytest.mark.parametrize("mode", ["exp", "linear"])
@pytest.mark.parametrize("accumulate", [1, 3])
def test_the_losses_are_the_same(mode: str, accumulate: int) -> None:
    theirs_ = theirs(mode, accumulate).history
    curve = ours(mode, accumulate=accumulate)
    np.testing.assert_allclose(curve.loss, theirs_["loss"], atol=1e-6)
    np.testing.assert_allclose(curve.lr, theirs_["lr"], rtol=1e-9)


def test_two_groups_with_ranges_of_their_own_give_the_same_losses() -> None:
    """Theirs leads every group to the one end_lr, and so does not keep the groups' ratio; ours can be told to."""
    curve = ours("exp", group_ranges=[(START, END), (10 * START, END)])
    np.testing.assert_allclose(curve.loss, theirs("exp", groups=True).history["loss"], atol=1e-6)


def test_case_27_theirs_leaves_initial_lr_behind_and_refuses_a_second_test_ours_does_not() -> None:
    model, optimizer, loader = training()
    for _ in range(2):
        lrscope.range_test(model, optimizer, F.cross_entropy, loader, num_iter=5)
    assert "initial_lr" not in optimizer.param_groups[0]
    finder = torch_lr_finder.LRFinder(model, optimizer, nn.CrossEntropyLoss(), device="cpu")
    finder.range_test(loader, end_lr=END, num_iter=5)
    with pytest.raises(RuntimeError, match="scheduler"):
        finder.range_test(loader, end_lr=END, num_iter=5)
