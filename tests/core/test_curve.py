"""Curves, smoothing, noise, divergence."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lrscope.curve import Curve, Divergence, Point, ema, first_nonfinite, pool, smooth, spread
from lrscope.errors import InvalidInput

LOSSES = arrays(np.float64, st.integers(1, 60), elements=st.floats(-1e6, 1e6))


@pytest.mark.parametrize(
    ("lr", "loss", "named"),
    [
        ([1.0, 2.0], [1.0], "loss"),
        ([1.0, 0.5], [1.0, 1.0], r"lr\[1\]"),
        ([0.0, 1.0], [1.0, 1.0], r"lr\[0\]"),
        ([1.0, math.nan], [1.0, 1.0], r"lr\[1\]"),
        ([1.0, math.inf], [1.0, 1.0], r"lr\[1\]"),
        ([[1.0]], [1.0], "lr"),
        (["x"], [1.0], "lr"),
    ],
)
def test_a_curve_that_is_none_is_refused_at_its_place(lr: Any, loss: Any, named: str) -> None:
    with pytest.raises(InvalidInput, match=named):
        Curve(lr, loss)


def test_a_curve_takes_losses_as_they_came_and_cannot_be_changed() -> None:
    curve = Curve.of([Point(0, 1e-3, 2.0), Point(1, 1e-2, math.nan)])
    assert math.isnan(curve.loss[1])
    with pytest.raises(ValueError, match="read-only"):
        curve.loss[0] = 1.0


def test_pooled_seeds_are_all_their_points_by_rate() -> None:
    both = pool([Curve([1, 3], [10, 30]), Curve([1, 2], [11, 20])])
    assert both.lr.tolist() == [1, 1, 2, 3]
    assert both.loss.tolist() == [10, 11, 20, 30]


def test_the_first_loss_that_is_not_finite_is_found() -> None:
    assert first_nonfinite(np.array([1.0, np.inf, np.nan])) == 1
    assert first_nonfinite(np.array([1.0])) is None


@given(LOSSES, st.floats(0, 0.99))
def test_case_5_a_constant_stays_that_constant_under_ema(loss: np.ndarray, beta: float) -> None:
    constant = np.full(len(loss), loss[0])
    np.testing.assert_allclose(ema(constant, beta), constant, rtol=1e-9, atol=1e-9)
    assert ema(loss, 0.0).tolist() == loss.tolist()


def test_ema_is_corrected_for_its_start() -> None:
    np.testing.assert_allclose(ema(np.array([1.0, 3.0]), 0.5), [1.0, (0.25 * 1 + 0.5 * 3) / 0.75])
    with pytest.raises(InvalidInput, match="beta"):
        ema(np.ones(2), 1.0)


@given(st.floats(-5, 5), st.floats(-5, 5), st.integers(3, 80), st.floats(0.01, 2))
def test_a_straight_line_is_smoothed_to_itself_at_its_ends_too(a: float, b: float, n: int, width: float) -> None:
    x = np.linspace(-7, 1, n)
    fit, slope = smooth(x, a + b * x, width)
    np.testing.assert_allclose(fit, a + b * x, atol=1e-6)
    np.testing.assert_allclose(slope, b, atol=1e-6)


def test_the_smooth_of_a_valley_does_not_lag() -> None:
    x = np.linspace(-4, 0, 201)
    fit, _ = smooth(x, (x + 2) ** 2, 0.2)
    assert x[np.argmin(fit)] == pytest.approx(-2, abs=0.021)


@given(LOSSES, st.floats(0.1, 100), st.floats(-100, 100))
def test_smoothing_follows_a_change_of_unit(loss: np.ndarray, scale: float, shift: float) -> None:
    x = np.linspace(-3, 0, len(loss))
    one, other = smooth(x, loss, 0.3)[0], smooth(x, scale * loss + shift, 0.3)[0]
    np.testing.assert_allclose(other, scale * one + shift, rtol=1e-6, atol=1e-6 * scale * (1 + np.abs(loss).max()))


def test_the_spread_of_noise_is_its_deviation_whatever_its_outliers() -> None:
    noise = np.random.default_rng(0).normal(0, 2, 10_000)
    assert spread(noise) == pytest.approx(2, rel=0.05)
    noise[::20] = 1e9
    assert spread(noise) == pytest.approx(2, rel=0.15)
    assert spread(np.array([])) == 0


def diverges_at(losses: Any, ratio: float | None = 4.0) -> int | None:
    rule = Divergence(ratio)
    return next((step for step, loss in enumerate(losses) if rule.update(float(loss))), None)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("ratio", [4.0, None])
def test_what_is_not_finite_has_diverged_at_once(bad: float, ratio: float | None) -> None:
    assert diverges_at([1.0, bad], ratio) == 1
    assert diverges_at([bad], ratio) == 0


def test_a_smoothed_loss_above_ratio_times_its_best_has_diverged() -> None:
    losses = [2.0] * 10 + [1.0] * 20 + [100.0] * 5
    assert diverges_at(losses) == 30
    assert diverges_at(losses, None) is None


def test_one_spike_of_a_noisy_loss_is_no_divergence() -> None:
    assert diverges_at([2.0] * 20 + [8.0] + [2.0] * 20) is None


def test_the_first_steps_never_count_as_divergence() -> None:
    assert diverges_at([0.01, 1.0, 1.0, 1.0, 1.0]) is None


@pytest.mark.parametrize("shift", [0.0, -1.0, -5.0, -100.0])
def test_a_loss_at_or_below_zero_diverges_by_its_own_drop(shift: float) -> None:
    """A cosine or a likelihood below zero has no ratio to its best; what it has come down is the measure there."""
    fall = np.linspace(1.0, 0.0, 40)
    assert diverges_at(np.concatenate([fall, fall[::-1]]) + shift - 1.0) is None
    found = diverges_at(np.concatenate([fall, np.full(20, 50.0)]) + shift - 1.0)
    assert found is not None
    assert 40 <= found <= 43


@given(LOSSES)
def test_divergence_never_raises(loss: np.ndarray) -> None:
    diverges_at(loss)


SIZES = st.integers(-20, 20).map(lambda power: 10.0**power)  # of a loss, in whatever unit


@given(SIZES)
@settings(max_examples=5)
def test_noise_about_a_level_near_zero_is_hardly_ever_a_divergence(size: float) -> None:
    """A trained model's losses: any of them is many times the best of their average."""
    noise = size * np.abs(np.random.default_rng(0).normal(size=(100, 100)))
    smoothed = np.array([ema(losses, Divergence.BETA) for losses in noise])
    by_ratio = (smoothed > 4 * np.minimum.accumulate(smoothed, axis=1)).any(axis=1)
    assert by_ratio.mean() > 0.2
    assert np.mean([diverges_at(losses) is not None for losses in noise]) < 0.06


@given(st.integers(0, 999), SIZES, st.integers(6, 200), st.floats(1.5, 100))
def test_a_blow_up_ends_the_test_soon_whatever_its_size_and_the_noise_before(
    seed: int, size: float, calm: int, growth: float
) -> None:
    before = np.abs(np.random.default_rng(seed).normal(size=calm))
    found = diverges_at(size * np.concatenate([before, 3 * growth ** np.arange(1.0, 13.0)]))
    assert found is not None


@given(arrays(np.float64, st.integers(1, 60), elements=st.floats(1e-3, 1e3)))
def test_noise_only_ever_puts_off_what_the_ratio_alone_would_say(loss: np.ndarray) -> None:
    smoothed = ema(loss, Divergence.BETA)
    over = np.flatnonzero(smoothed > 4 * np.minimum.accumulate(smoothed) * (1 + 1e-9))
    found = diverges_at(loss)
    assert found is None or found in over
