"""The rates of a sweep. Case numbers are those of the field's acceptance list."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrscope.grid import extended, grid, lr_at
from lrscope.spec import MAX_LR, MIN_LR, MIN_SPAN, Mode, SweepSpec

RATES = st.floats(np.log10(MIN_LR), np.log10(MAX_LR)).map(lambda x: min(max(10.0**x, MIN_LR), MAX_LR))


def spec(start: float = 1e-7, end: float = 10.0, steps: int = 100, mode: Mode = "exp") -> SweepSpec:
    return SweepSpec(recipe="r", start_lr=start, end_lr=end, num_iter=steps, mode=mode)


def test_case_1_whole_decades_come_out_as_a_person_writes_them() -> None:
    assert grid(spec(1e-5, 0.1, 5)).tolist() == [1e-5, 1e-4, 1e-3, 1e-2, 0.1]
    assert grid(spec(1e-7, 10.0, 9)).tolist() == [1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0]


@given(a=RATES, b=RATES, steps=st.integers(2, 2000), mode=st.sampled_from(["exp", "linear"]))
def test_case_2_rates_rise_from_start_to_end_and_hit_both_exactly(a: float, b: float, steps: int, mode: Mode) -> None:
    start, end = sorted((a, b))
    if end < start * MIN_SPAN:
        end = min(start * 2, MAX_LR)
        start = min(start, end / 2)
    rates = grid(spec(start, end, steps, mode))
    assert (rates[0], rates[-1]) == (start, end)
    assert (np.diff(rates) > 0).all()


def test_the_longest_sweep_over_the_smallest_span_still_rises_at_every_step() -> None:
    assert (np.diff(grid(spec(1.0, MIN_SPAN, 20_000))) > 0).all()
    assert (np.diff(grid(spec(MIN_LR, MIN_LR * MIN_SPAN, 20_000, "linear"))) > 0).all()


def test_exponential_rises_by_a_factor_and_linear_by_a_difference() -> None:
    np.testing.assert_allclose(np.diff(np.log10(grid(spec()))), 8 / 99, rtol=1e-9)
    np.testing.assert_allclose(np.diff(grid(spec(0.1, 1.0, 10, "linear"))), 0.1, rtol=1e-12)


@pytest.mark.parametrize("step", [-1, 100, 10**9])
def test_a_step_that_is_not_one_is_refused(step: int) -> None:
    with pytest.raises(ValueError, match=str(step)):
        lr_at(spec(), step)


def rates_of(spec_: SweepSpec) -> list[float]:
    rates: list[float] = grid(spec_).tolist()
    return rates


@given(
    a=st.floats(-7, -3),
    decades=st.floats(0.5, 5),
    steps=st.integers(2, 300),
    down=st.just(0.0) | st.floats(1e-6, 3),  # a start nearer than that takes the old one's place
    up=st.just(0.0) | st.floats(1e-6, 2),
    mode=st.sampled_from(["exp", "linear"]),
)
def test_a_wider_range_keeps_every_rate_of_the_old_one(
    a: float, decades: float, steps: int, down: float, up: float, mode: Mode
) -> None:
    old = spec(10**a, 10 ** (a + decades), steps, mode)
    end = old.end_lr * 10**up if mode == "exp" else old.end_lr * (1 + up)
    start = old.start_lr / 10**down
    new = extended(old, start, end)
    rates = rates_of(new)
    assert (rates[0], rates[-1]) == (start, end)
    assert (np.diff(rates) > 0).all()
    inner = rates_of(old) if start < old.start_lr else rates_of(old)[: len(rates)]
    assert set(inner) <= set(rates)


def test_with_the_same_start_the_first_steps_are_the_old_ones_and_it_can_be_done_again() -> None:
    old = spec(1e-5, 0.1, 7)
    longer = extended(old, 1e-5, 3.0)
    longest = extended(longer, 1e-5, 100.0)
    assert rates_of(longer)[:7] == rates_of(old)
    assert rates_of(longest)[: len(rates_of(longer)) - 1] == rates_of(longer)[:-1]  # 3.0 itself was no rung
    np.testing.assert_allclose(np.diff(np.log10(rates_of(longest)[:-1])), 4 / 6)


def test_a_range_that_takes_too_many_steps_is_refused() -> None:
    with pytest.raises(ValueError, match="num_iter"):
        extended(spec(1e-3, 2e-3, 10_000), 1e-7, 10.0)
