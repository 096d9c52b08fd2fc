"""The schedules, step by step beside torch's own schedulers."""

import math
import warnings
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, OneCycleLR, ReduceLROnPlateau, SequentialLR, StepLR

from lrscope.errors import InvalidInput
from lrscope.schedules import constant, on_plateau, one_cycle, step_decay, warmup_cosine

LRS = st.floats(1e-7, 10)
STEPS = st.integers(1, 300)


def optimizer(lr: float) -> torch.optim.Optimizer:
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr, momentum=0.9)


def told(lr: float, steps: int, scheduler: Callable[[torch.optim.Optimizer], Any]) -> list[float]:
    """The rates torch trains with: read before each step, as a training loop has it."""
    trained = optimizer(lr)
    schedule = scheduler(trained)
    rates = [float(trained.param_groups[0]["lr"])]
    for _ in range(steps - 1):
        trained.step()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # SequentialLR calls its own parts in a way it warns of
            schedule.step()
        rates.append(float(trained.param_groups[0]["lr"]))
    return rates


@settings(max_examples=60, deadline=None)
@given(LRS, STEPS, st.floats(0, 1), st.sampled_from(["cos", "linear"]), st.booleans())
def test_one_cycle_is_torchs(lr: float, steps: int, pct: float, anneal: Any, three: bool) -> None:
    assume(pct * steps != 1)
    ours = one_cycle(lr, steps, pct_start=pct, anneal=anneal, three_phase=three)
    torchs = told(
        lr,
        steps,
        lambda o: OneCycleLR(o, lr, steps, pct_start=pct, anneal_strategy=anneal, three_phase=three),
    )
    assert ours == pytest.approx(torchs, rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(LRS, STEPS, st.floats(1, 100), st.floats(1, 1e6))
def test_one_cycle_begins_and_ends_where_it_is_told(lr: float, steps: int, div: float, final: float) -> None:
    ours = one_cycle(lr, steps, div_factor=div, final_div_factor=final)
    torchs = told(lr, steps, lambda o: OneCycleLR(o, lr, steps, div_factor=div, final_div_factor=final))
    assert ours == pytest.approx(torchs, rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(LRS, st.integers(2, 300), st.data())
def test_warm_up_and_cosine_are_torchs_in_sequence(lr: float, steps: int, data: st.DataObject) -> None:
    warmup, start = data.draw(st.integers(1, steps - 1)), data.draw(st.floats(1e-3, 1))
    low = data.draw(st.floats(0, 0.5)) * lr

    def sequence(o: torch.optim.Optimizer) -> SequentialLR:
        rise = LinearLR(o, start_factor=start, total_iters=warmup)
        return SequentialLR(o, [rise, CosineAnnealingLR(o, T_max=steps - warmup, eta_min=low)], milestones=[warmup])

    ours = warmup_cosine(lr, steps, warmup, start_factor=start, min_lr=low)
    assert ours == pytest.approx(told(lr, steps, sequence), rel=1e-6, abs=1e-12 * lr)


@settings(max_examples=60, deadline=None)
@given(LRS, STEPS)
def test_without_a_warm_up_it_is_the_cosine_alone(lr: float, steps: int) -> None:
    torchs = told(lr, steps, lambda o: CosineAnnealingLR(o, T_max=steps))
    assert warmup_cosine(lr, steps, 0) == pytest.approx(torchs, rel=1e-6, abs=1e-12 * lr)


@settings(max_examples=60, deadline=None)
@given(LRS, STEPS, st.integers(1, 50), st.floats(0.05, 1))
def test_step_decay_is_torchs(lr: float, steps: int, every: int, gamma: float) -> None:
    torchs = told(lr, steps, lambda o: StepLR(o, every, gamma))
    assert step_decay(lr, steps, every, gamma=gamma) == pytest.approx(torchs, rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(
    st.floats(1e-4, 10),
    st.lists(st.floats(-5, 5) | st.just(math.nan) | st.just(math.inf), max_size=60),
    st.sampled_from(["min", "max"]),
    st.sampled_from(["rel", "abs"]),
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.floats(0.1, 0.9), st.floats(0, 0.5), st.floats(0, 1e-3)),
)
def test_on_plateau_is_torchs_whatever_the_metric_does(
    lr: float, metrics: list[float], mode: Any, how: Any, options: tuple[int, int, float, float, float]
) -> None:
    patience, cooldown, factor, threshold, low = options
    named: dict[str, Any] = {"mode": mode, "factor": factor, "patience": patience, "threshold": threshold}
    named |= {"threshold_mode": how, "cooldown": cooldown, "min_lr": low}
    trained = optimizer(lr)
    schedule = ReduceLROnPlateau(trained, **named)
    torchs = []
    for metric in metrics:
        torchs.append(trained.param_groups[0]["lr"])
        schedule.step(metric)
    assert on_plateau(lr, metrics, **named) == pytest.approx(torchs, rel=1e-12)


def test_a_constant_rate_is_the_rate() -> None:
    assert constant(3e-4, 4) == [3e-4] * 4


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: constant(0, 10), "lr: must be a number above 0 (got 0)"),
        (lambda: constant(math.nan, 10), "lr: must be a number above 0 (got nan)"),
        (lambda: constant(1e-3, 0), "steps: must be a number above 0 (got 0)"),
        (lambda: one_cycle(1e-3, 10, pct_start=1.5), "pct_start: must be from 0 to 1 (got 1.5)"),
        (lambda: one_cycle(1e-3, 10, pct_start=0.1), "pct_start: leaves no step to rise in among 10"),
        (lambda: warmup_cosine(1e-3, 10, 10), "warmup: must leave some of the 10 steps for the cosine (got 10)"),
        (lambda: warmup_cosine(1e-3, 10, 2, min_lr=1), "min_lr: must be from 0 to max_lr, 0.001 (got 1)"),
        (lambda: step_decay(1e-3, 10, 0), "every: must be a number above 0 (got 0)"),
        (lambda: on_plateau(1e-3, [1], factor=1), "factor: must be below 1 (got 1)"),
    ],
)
def test_a_value_that_cannot_be_is_named(call: Callable[[], Any], named: str) -> None:
    with pytest.raises(InvalidInput) as error:
        call()
    assert named in str(error.value)
