"""The rules that people know, on curves whose answer is known. Case numbers are those of the field's acceptance list."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lrscope.rules import RULES, minimum, slide, steepest, tenth_of_rise, valley

LR = np.logspace(-7, 1, 81)


def test_case_7_steepest_is_where_a_sine_falls_fastest() -> None:
    h = np.linspace(0, 2 * np.pi, 1000)
    assert np.log10(steepest(10**h, np.sin(h)) or 0) == pytest.approx(np.pi, abs=0.01)


def test_steepest_measures_against_the_logarithm_of_the_rate() -> None:
    loss = 1 / (1 + (LR / 1e-3) ** 2)
    assert np.log10(steepest(LR, loss) or 0) == pytest.approx(-3, abs=0.1)


def test_valley_stands_half_way_down_the_longest_fall() -> None:
    loss = np.concatenate([np.ones(30), np.linspace(1, 0, 30), np.linspace(1, 2, 21)])
    # 30 falling points, the last of them at index 59; a third and a sixth of 30 after their beginning
    assert valley(LR, loss) == LR[59 - 30 + 10 + 5]


def test_minimum_is_a_tenth_of_the_lowest_point() -> None:
    loss = (np.log10(LR) + 2) ** 2
    assert minimum(LR, loss) == pytest.approx(1e-3)


def test_tenth_of_rise_is_a_tenth_of_where_the_loss_turns_up() -> None:
    loss = np.where(LR < 1e-4, 1.0, np.where(LR < 0.1, 0.0, 5.0))
    assert tenth_of_rise(LR, loss) == pytest.approx(LR[LR >= 0.1][0] / 10)


def test_slide_walks_left_until_the_slopes_agree() -> None:
    loss = np.concatenate([np.ones(60), 1.0 + np.arange(21) ** 2])
    assert slide(LR, loss) == LR[60 - 15]  # the right cursor leaves the rise at index 60, the left one is 15 before it


@pytest.mark.parametrize("name", ["steepest", "valley", "tenth_of_rise"])
@pytest.mark.parametrize("loss", [np.ones(81), np.linspace(0, 1, 81)])
def test_a_curve_that_never_falls_has_no_answer(name: str, loss: np.ndarray) -> None:
    assert RULES[name](LR, loss) is None


def test_a_curve_that_never_rises_has_no_tenth_of_its_rise() -> None:
    assert tenth_of_rise(LR, np.linspace(1, 0, 81)) is None


@pytest.mark.parametrize("name", list(RULES))
@pytest.mark.parametrize("points", [0, 1, 2])
def test_case_23_a_curve_of_no_points_breaks_no_rule(name: str, points: int) -> None:
    found = RULES[name](LR[:points], np.arange(points, dtype=float))
    assert found is None or found > 0


@given(arrays(np.float64, st.integers(3, 81), elements=st.floats(-1e3, 1e3)))
def test_no_rule_raises_or_answers_beyond_the_last_rate(loss: np.ndarray) -> None:
    for rule in RULES.values():
        found = rule(LR[: len(loss)], loss)
        assert found is None or 0 < found <= LR[len(loss) - 1]
