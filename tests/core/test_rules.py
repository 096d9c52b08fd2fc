"""The rules that people know, on curves whose answer is known. Case numbers are those of the field's acceptance list."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lrscope import rules
from lrscope.curve import ema, smooth
from lrscope.rules import OURS, THEIRS, before_rise, slide, steepest, tenth_of_rise, valley

RULES = {**OURS, **THEIRS}

LR = np.logspace(-7, 1, 81)


def test_case_7_steepest_is_where_a_sine_falls_fastest() -> None:
    h = np.linspace(0, 2 * np.pi, 1000)
    assert np.log10(steepest(10**h, np.sin(h)) or 0) == pytest.approx(np.pi, abs=0.01)


def test_steepest_measures_against_the_logarithm_of_the_rate() -> None:
    loss = 1 / (1 + (LR / 1e-3) ** 2)
    assert np.log10(steepest(LR, loss) or 0) == pytest.approx(-3, abs=0.1)


def test_case_25_a_causal_smoothing_lags_the_curve_and_the_centred_one_does_not() -> None:
    """The field's synthetic drop: steepest at 1e-3. The packages that read an EMA answer half a decade late."""
    lr = np.logspace(-7, 1, 100)
    loss = 2.3 - 1.8 / (1 + (lr / 1e-3) ** -2)
    late = [
        np.log10(THEIRS[name](lr, loss) or 0) for name in ("torch_lr_finder", "ignite", "lightning_before", "steep")
    ]
    assert all(-2.8 < found < -2.0 for found in late)
    fit, _ = smooth(np.log10(lr), loss, 0.2)
    assert np.log10(steepest(lr, fit) or 0) == pytest.approx(-3, abs=0.15)


def test_case_25_noise_of_a_fifth_leaves_the_steepest_rate_within_0_6_decades_in_nine_of_ten() -> None:
    lr = np.logspace(-7, 1, 100)
    x = np.log10(lr)
    loss = 2.3 - 1.8 / (1 + np.exp(-(x + 3) / 0.35)) + np.where(x > -0.7, 3 * (x + 0.7) ** 2, 0)
    noise = [0.2 * np.random.default_rng(seed).normal(size=100) for seed in range(50)]
    found = [np.log10(steepest(lr, smooth(x, loss + each, 0.2)[0]) or 1) for each in noise]
    assert np.mean(np.abs(np.array(found) + 3) < 0.6) >= 0.9


def test_case_6_ignite_on_its_own_parabola(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its package tests this without smoothing: 0.110909."""
    monkeypatch.setattr(rules, "_smoothed", lambda smoothing, loss: loss)
    found = rules.ignite(np.linspace(0.01, 10, 100), np.linspace(-5, 5, 100) ** 2 + 0.05)
    assert found == pytest.approx(0.110909, abs=1e-6)


def naive_valley(lr: np.ndarray, loss: np.ndarray) -> float | None:
    """The rule as it is told: by trying every pair."""
    lr, loss = lr[len(lr) // 10 : -5], ema(loss, 0.98)[len(loss) // 10 : -5]
    length = [1] * len(loss)
    for i in range(len(loss)):
        length[i] = 1 + max((length[j] for j in range(i) if loss[j] > loss[i]), default=0)
    longest = max(length, default=0)
    if longest < 2:
        return None
    end = length.index(longest)
    return float(lr[max(end - longest + longest // 3 + longest // 6, 0)])


@given(arrays(np.float64, 81, elements=st.floats(-10, 10)))
def test_valley_is_the_longest_decreasing_subsequence_as_its_definition_has_it(loss: np.ndarray) -> None:
    assert valley(LR, loss) == naive_valley(LR, loss)


def test_minimum_is_a_tenth_of_where_its_ema_is_lowest() -> None:
    loss = (np.log10(LR) + 2) ** 2
    lowest = LR[8:-5][np.argmin(ema(loss, 0.98)[8:-5])]
    assert rules.minimum(LR, loss) == lowest / 10


def test_before_rise_is_the_last_rate_before_it() -> None:
    loss = np.where(LR < 1e-4, 1.0, np.where(LR < 0.1, 0.0, 5.0))
    assert before_rise(LR, loss) == pytest.approx(LR[LR < 0.1][-1])


def test_tenth_of_rise_is_a_tenth_of_where_the_loss_turns_up() -> None:
    loss = np.where(LR < 1e-4, 1.0, np.where(LR < 0.1, 0.0, 5.0))
    assert tenth_of_rise(LR, loss) == pytest.approx(LR[LR >= 0.1][0] / 10)


def test_slide_walks_left_until_the_slopes_agree() -> None:
    loss = np.concatenate([np.ones(60), 1.0 + np.arange(21) ** 2])
    found = slide(LR, loss)
    assert found is not None
    assert LR[8] < found < LR[60]


@pytest.mark.parametrize("name", ["steepest", "before_rise", "tenth_of_rise"])
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
        assert found is None or 0 < found <= LR[-1]
