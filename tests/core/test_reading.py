"""The reading: right where there is something to read, silent where there is not. Numbers: the field's cases."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lrscope.curve import Curve, FloatArray, pool
from lrscope.reading import Reading, read

LR = np.logspace(-7, 1, 100)
NAN = float("nan")


def classic(noise: float = 0.0, seed: int = 0, lr: FloatArray = LR) -> FloatArray:
    """Flat at 2.3, falling around 1e-3 to 0.5, blowing up from 0.3 on."""
    fall = 2.3 - 1.8 / (1 + (lr / 1e-3) ** -1.5)
    blow = np.where(lr > 0.3, (lr / 0.3) ** 3 - 1, 0.0)
    return np.asarray(fall + blow + noise * np.random.default_rng(seed).normal(size=len(lr)))


def codes(reading: Reading) -> list[str]:
    return [reason.code for reason in reading.reasons]


@pytest.mark.parametrize("noise", [0.0, 0.02, 0.1])
def test_the_classic_curve_is_read_in_all_its_parts(noise: float) -> None:
    reading = read(Curve(LR, classic(noise)))
    assert reading.suggestion is not None
    assert reading.low is not None
    assert reading.high is not None
    assert reading.diverges_at is not None
    assert 1e-5 < reading.low < 1e-3 < reading.suggestion < reading.high < 1 < reading.diverges_at * 3
    assert [region.name for region in reading.regions] == ["too_low", "sweet_spot", "unstable", "diverged"]
    assert reading.regions[0].start == LR[0]
    assert reading.regions[-1].end == LR[-1]
    assert sum(region.decades for region in reading.regions) == pytest.approx(8, abs=1e-3)


def test_more_noise_is_less_confidence() -> None:
    sure, unsure = read(Curve(LR, classic(0.01))), read(Curve(LR, classic(0.4)))
    assert sure.confidence > unsure.confidence
    assert (sure.noise or 0) < (unsure.noise or 1)


@pytest.mark.parametrize("loss", [np.ones(100), np.zeros(100), np.linspace(1, 2, 100), np.full(100, -3.0)])
def test_cases_5_and_24_what_never_falls_gets_no_suggestion(loss: FloatArray) -> None:
    reading = read(Curve(LR, loss))
    assert (reading.suggestion, reading.low, reading.high, reading.confidence) == (None, None, None, 0)
    assert codes(reading) == ["no_descent"]


def test_pure_noise_gets_no_suggestion() -> None:
    readings = [read(Curve(LR, np.random.default_rng(seed).normal(2, 0.3, 100))) for seed in range(50)]
    assert sum(reading.suggestion is not None for reading in readings) <= 3


def test_case_24_what_falls_to_the_very_end_gets_a_lower_bound_only() -> None:
    reading = read(Curve(LR, 2.3 - 0.2 * np.log10(LR / 1e-7)))
    assert reading.suggestion is None
    assert reading.low is not None
    assert codes(reading) == ["min_at_edge", "no_divergence"]


ROWS: list[list[float]] = [
    [],
    [1.0],
    [1.0, 0.5],
    [NAN, NAN, NAN],
    [1.0, NAN, 0.5, NAN],
    [NAN, 1.0, 0.5, 0.4, 0.3],
    [1.0, np.inf, 0.5],
    [2.0, 1.0, 0.5, 0.3, 0.2],
]


@pytest.mark.parametrize("loss", ROWS)
def test_case_9_too_few_points_are_no_curve(loss: list[float]) -> None:
    reading = read(Curve(LR[: len(loss)], loss))
    assert reading.suggestion is None
    assert codes(reading) == ["too_few_points"]


def test_case_10_a_nan_after_the_end_changes_no_suggestion() -> None:
    loss = classic()
    loss[-1] = NAN
    cut = read(Curve(LR[:-1], loss[:-1]))
    assert read(Curve(LR, loss)).suggestion == cut.suggestion
    assert read(Curve(LR, loss)).diverges_at is not None


@pytest.mark.parametrize("shift", [-5.0, -2.3, 5.0, 1000.0])
@pytest.mark.parametrize("scale", [1e-30, 1e-3, 1.0, 1e30])
def test_case_11_the_unit_and_the_zero_of_the_loss_change_nothing(shift: float, scale: float) -> None:
    plain, other = read(Curve(LR, classic(0.02))), read(Curve(LR, scale * (classic(0.02) + shift)))
    assert other.suggestion == pytest.approx(plain.suggestion, rel=1e-6)
    assert (other.low, other.high) == (plain.low, plain.high)


def test_the_unit_of_the_rate_changes_nothing_but_the_unit() -> None:
    plain, other = read(Curve(LR, classic(0.02))), read(Curve(LR * 100, classic(0.02)))
    assert plain.suggestion is not None
    assert other.suggestion == pytest.approx(100 * plain.suggestion)


def test_one_spike_moves_nothing() -> None:
    loss = classic(0.02)
    spiked = loss.copy()
    spiked[30] = 500
    one, other = read(Curve(LR, loss)), read(Curve(LR, spiked))
    assert one.suggestion is not None
    assert other.suggestion is not None
    assert abs(np.log10(one.suggestion / other.suggestion)) < 0.2


def test_more_points_of_the_same_curve_say_the_same() -> None:
    found = []
    for n in (50, 100, 400):
        lr = np.logspace(-7, 1, n)
        found.append(read(Curve(lr, classic(lr=lr))).suggestion or 0)
    assert np.ptp(np.log10(found)) < 0.2


def test_seeds_are_pooled_though_they_share_their_rates() -> None:
    one = read(Curve(LR, classic(0.8)))
    several = read(pool([Curve(LR, classic(0.8, seed)) for seed in range(5)]))
    assert several.suggestion is not None
    assert several.confidence > one.confidence


STRANGE = st.one_of(
    arrays(np.float64, st.integers(0, 60), elements=st.floats(-1e3, 1e3)),
    arrays(np.float64, st.integers(0, 60), elements=st.floats(allow_nan=True, allow_infinity=True)),
    st.lists(st.sampled_from([0.0, 1.0, -1.0, 1e-30, 1e30, NAN, np.inf]), max_size=60).map(np.array),
)


@pytest.mark.filterwarnings("error")
@given(STRANGE, st.booleans())
def test_case_20_no_curve_breaks_the_reading_or_leads_it_out_of_the_swept_rates(loss: Any, doubled: bool) -> None:
    lr = np.logspace(-7, 1, max(1, len(loss)))[: len(loss)]
    curve = Curve(lr, np.asarray(loss, dtype=float))
    reading = read(pool([curve, curve]) if doubled else curve)
    bounds = [reading.low, reading.suggestion, reading.high]
    known = [rate for rate in bounds if rate is not None]
    assert known == sorted(known)
    for rate in (*known, reading.diverges_at, *reading.rules.values()):
        assert rate is None or lr[0] <= rate <= lr[-1]
    assert reading.reasons or reading.suggestion is not None
    assert Reading.model_validate_json(reading.model_dump_json(by_alias=True))
