"""A training at one rate of the range: the rates it takes, constant or as one cycle, through the same loop."""

import numpy as np
import pytest
import torch
from torch.nn.functional import mse_loss

from lrscope.grid import grid, lr_at
from lrscope.problem import Problem
from lrscope.rangetest import run
from lrscope.spec import Mode, Schedule, SweepSpec, Training


def training(lr: float, schedule: Schedule = "constant", steps: int = 20, mode: Mode = "exp") -> SweepSpec:
    at = Training(lr=lr, schedule=schedule)
    return SweepSpec(recipe="r", start_lr=1e-4, end_lr=1.0, num_iter=steps, mode=mode, training=at, diverge_ratio=None)


def problem(ranges: list[tuple[float, float]] | None = None) -> Problem:
    model = torch.nn.Linear(2, 1)
    groups = [{"params": [parameter]} for parameter in model.parameters()]
    optimizer = torch.optim.SGD(groups, lr=0.1, momentum=0.9)
    batches = [(torch.randn(8, 2), torch.randn(8, 1))]
    return Problem(model, optimizer, mse_loss, batches, group_ranges=ranges)


def test_a_constant_training_has_its_rate_at_every_step() -> None:
    assert set(grid(training(3e-3)).tolist()) == {3e-3}


@pytest.mark.parametrize("steps", [2, 3, 4, 7, 10, 100, 333, 2000])
def test_one_cycle_is_that_of_torch_step_by_step(steps: int) -> None:
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.3, total_steps=steps)
    theirs = []
    for _ in range(steps):
        theirs.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    np.testing.assert_allclose(grid(training(0.3, "onecycle", steps)), theirs, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("schedule", ["constant", "onecycle"])
def test_the_loop_trains_at_these_rates_and_leaves_the_momentum_alone(schedule: Schedule) -> None:
    made, spec = problem(), training(1e-2, schedule)
    points = list(run(made, spec))
    assert [point.lr for point in points] == grid(spec).tolist()
    assert [group["momentum"] for group in made.optimizer.param_groups] == [0.9, 0.9]


@pytest.mark.parametrize(("mode", "place"), [("exp", 1e-2), ("linear", (1e-4 + 1.0) / 2)])
def test_a_group_with_a_range_of_its_own_stands_at_the_same_place_in_it(mode: Mode, place: float) -> None:
    made, spec = problem([(1e-4, 1.0), (1e-6, 1e-4)]), training(place, mode=mode, steps=2)
    list(run(made, spec))
    half = 1e-5 if mode == "exp" else (1e-6 + 1e-4) / 2
    assert [group["lr"] for group in made.optimizer.param_groups] == pytest.approx([place, half])


def test_steps_outside_of_a_training_are_refused_like_any_other() -> None:
    with pytest.raises(ValueError, match="outside"):
        lr_at(training(1e-2, "onecycle", 10), 10)
