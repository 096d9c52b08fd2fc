"""The reading: right where there is something to read, silent where there is not. Numbers: the field's cases."""

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lrscope.curve import Curve, FloatArray
from lrscope.reading import Reading, cut_short, read

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
    assert 1e-4 < reading.low < 2e-3 < reading.suggestion < reading.high < 1 < reading.diverges_at * 3
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


def two_valleys(between: float, second: float = 0.5) -> FloatArray:
    """Down to 0.5 about 1e-4, up by so much about 1e-2.5, down to `second` about 1e-1, and up at the end."""
    return np.asarray(
        np.interp(np.log10(LR), [-7, -5, -4, -2.5, -1, 0, 1], [2.3, 2.3, 0.5, 0.5 + between, second, 3, 5])
    )


@pytest.mark.parametrize("noise", [0.0, 0.1])
@pytest.mark.parametrize("loss", [two_valleys(1.5), two_valleys(1.0, 0.2), two_valleys(1.5, 0.9)])
def test_a_curve_of_two_valleys_says_so(loss: FloatArray, noise: float) -> None:
    reading = read(Curve(LR, loss + noise * np.random.default_rng(0).normal(size=len(LR))))
    assert "non_monotone" in codes(reading)
    assert reading.suggestion is not None


@pytest.mark.parametrize("loss", [two_valleys(0.2), two_valleys(1.0, 1.6), classic(), classic()[::-1].copy()])
def test_a_dent_or_a_blow_up_is_no_second_valley(loss: FloatArray) -> None:
    assert "non_monotone" not in codes(read(Curve(LR, loss)))


@pytest.mark.parametrize("noise", [0.02, 0.1, 0.4])
def test_noise_makes_no_second_valley(noise: float) -> None:
    found = [codes(read(Curve(LR, classic(noise, seed)))) for seed in range(100)]
    assert sum("non_monotone" in each for each in found) <= 1


def test_pure_noise_gets_no_suggestion() -> None:
    readings = [read(Curve(LR, np.random.default_rng(seed).normal(2, 0.3, 100))) for seed in range(300)]
    assert sum(reading.suggestion is not None for reading in readings) <= 18


def test_case_24_what_falls_to_the_very_end_says_that_it_did_and_is_less_sure() -> None:
    reading = read(Curve(LR, 2.3 - 1.8 / (1 + (LR / 1e-1) ** -1.5)))
    assert reading.suggestion is not None
    assert reading.suggestion > 0.1
    assert reading.low is not None
    assert {"min_at_edge", "no_divergence"} <= {*codes(reading)}
    assert reading.confidence < read(Curve(LR, classic())).confidence


@pytest.mark.parametrize(("steps", "told"), [(30, True), (60, True), (100, False)])
def test_a_sweep_that_was_cut_short_is_to_be_run_to_its_end_not_over_higher_rates(steps: int, told: bool) -> None:
    whole = read(Curve(LR[:steps], classic(0.02)[:steps]))
    reading = cut_short(whole)
    assert ("cut_short" in codes(reading)) is told
    assert not {"no_descent", "no_divergence", "min_at_edge"} & {*codes(reading)}
    assert "end_lr" not in " ".join(reason.text for reason in reading.reasons)
    assert reading.model_copy(update={"reasons": whole.reasons}) == whole


def test_case_24_a_flat_curve_that_blows_up_gives_what_the_blow_up_allows_and_says_so() -> None:
    """As in continued training: there is no fall, but rates near the blow-up are too high."""
    noise = 0.02 * np.random.default_rng(3).normal(size=100)
    loss = 0.5 + noise + np.where(LR > 0.05, (LR / 0.05) - 1, 0.0)
    reading = read(Curve(LR, loss))
    assert reading.suggestion is not None
    assert 1e-3 < reading.suggestion < 0.03
    assert "already_trained" in codes(reading)
    assert reading.confidence < 0.6
    assert (reading.low, reading.high) == (None, None)


def test_a_sweep_that_begins_in_the_fall_says_so() -> None:
    lr = np.logspace(-3.2, 1, 100)
    assert "flat_start_missing" in codes(read(Curve(lr, classic(0.01, lr=lr))))


@pytest.mark.parametrize("seed", range(10))
def test_case_8_noise_on_a_parabola_moves_the_answer_by_less_than_a_decade(seed: int) -> None:
    """Lightning's own case (its issue 21141): a parabola with noise, where its rule lands on the first points."""
    lr = np.logspace(-8, 0, 100)
    x = np.log10(lr)
    loss = 0.1 * (x + 2.5) ** 2 + 1
    clean = read(Curve(lr, loss)).suggestion
    noisy = read(Curve(lr, loss + np.random.default_rng(seed).uniform(-0.1, 0.1, 100))).suggestion
    assert clean is not None
    assert noisy is not None
    assert abs(np.log10(noisy / clean)) < 1


def test_the_optimizer_is_a_hint_that_a_clear_curve_does_not_need() -> None:
    """It moves little where the floor is a point, and stays on the floor where it is wide."""
    names = ("SGD", "AdamW", "Lion", "unheard of")
    valley = 2.3 - 1.8 / (1 + (LR / 3e-2) ** -2.5) + np.where(LR > 0.1, (LR / 0.1) ** 3 - 1, 0.0)
    noise = 0.02 * np.random.default_rng(0).normal(size=len(LR))
    clear = [read(Curve(LR, valley + noise), name).suggestion or 0 for name in names]
    assert np.ptp(np.log10(clear)) < 0.25
    wide = [read(Curve(LR, classic(0.02)), name).suggestion or 0 for name in names]
    assert max(classic(lr=np.array(wide))) < 0.5 + 0.05 * 1.8
    vague = 0.5 + np.where(LR > 0.05, (LR / 0.05) - 1, 0.0) + 0.02 * np.random.default_rng(3).normal(size=100)
    sgd, lion = (read(Curve(LR, vague), name).suggestion or 0 for name in ("SGD", "Lion"))
    assert lion < sgd


def test_seeds_tell_how_far_each_rule_scatters() -> None:
    curves = [Curve(LR, classic(0.2, seed)) for seed in range(5)]
    reading = read(curves)
    alone = [read(curve).rules["torch_lr_finder"] or 0 for curve in curves]
    assert reading.rules["torch_lr_finder"] == pytest.approx(10 ** np.median(np.log10(alone)))
    assert reading.spreads["torch_lr_finder"] == pytest.approx(np.std(np.log10(alone)))
    assert read(curves[0]).spreads == {}


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
    several = read([Curve(LR, classic(0.8, seed)) for seed in range(5)])
    assert several.suggestion is not None
    assert several.confidence > one.confidence


@pytest.mark.parametrize("end", [0.0, 1.0, 2.0])
def test_a_floor_that_is_never_left_is_believed_near_where_it_begins(end: float) -> None:
    """As when a small set is learnt by heart: with nothing left to learn, no rate goes wrong any more."""
    lr = np.logspace(-7, end, 200)
    loss = 30 / (1 + (lr / 2e-4) ** 2) + 0.02 * np.random.default_rng(0).normal(size=len(lr)) ** 2
    reading = read(Curve(lr, loss))
    first = lr[np.argmax(loss < 0.05 * 30)]
    assert reading.suggestion is not None
    assert first / 2 < reading.suggestion < 10 * first
    assert "no_divergence" in codes(reading)


STRANGE = st.one_of(
    arrays(np.float64, st.integers(0, 60), elements=st.floats(-1e3, 1e3)),
    arrays(np.float64, st.integers(0, 60), elements=st.floats(allow_nan=True, allow_infinity=True)),
    st.lists(st.sampled_from([0.0, 1.0, -1.0, 1e-30, 1e30, NAN, np.inf]), max_size=60).map(np.array),
)


@pytest.mark.filterwarnings("error")
@example(np.full(10, np.finfo(float).max / 2), False)
@given(STRANGE, st.booleans())
@settings(deadline=None)
def test_case_20_no_curve_breaks_the_reading_or_leads_it_out_of_the_swept_rates(loss: Any, doubled: bool) -> None:
    lr = np.logspace(-7, 1, max(1, len(loss)))[: len(loss)]
    curve = Curve(lr, np.asarray(loss, dtype=float))
    reading = read([curve, curve] if doubled else curve)
    bounds = [reading.low, reading.suggestion, reading.high]
    known = [rate for rate in bounds if rate is not None]
    assert known == sorted(known)
    for rate in (*known, reading.diverges_at, *reading.rules.values()):
        assert rate is None or lr[0] <= rate <= lr[-1]
    assert reading.reasons or reading.suggestion is not None
    assert Reading.model_validate_json(reading.model_dump_json(by_alias=True))


@st.composite
def trainings(draw: st.DrawFn) -> FloatArray:
    """The losses of a range test over LR: flat, a fall, and a blow-up that may lie beyond the end, with noise."""
    at, blow = draw(st.floats(-5, -1.5)), draw(st.floats(0.5, 4))
    fall = 2.3 - draw(st.floats(0.3, 2)) / (1 + (LR / 10**at) ** -1.5)
    rise = np.maximum(LR / 10 ** (at + blow), 1) ** 3 - 1
    noise = draw(st.floats(0, 0.3)) * np.random.default_rng(draw(st.integers(0, 99))).normal(size=len(LR))
    return np.asarray(fall + rise + noise)


QUICK = settings(deadline=None, max_examples=25)


@given(trainings(), st.floats(-3, 3), st.floats(-100, 100))
@QUICK
def test_the_unit_and_the_zero_of_any_loss_change_nothing(loss: FloatArray, decades: float, shift: float) -> None:
    plain, other = read(Curve(LR, loss)), read(Curve(LR, 10**decades * (loss + shift)))
    assert (plain.suggestion is None) == (other.suggestion is None)
    assert (other.suggestion or 0) == pytest.approx(plain.suggestion or 0, rel=1e-6)
    assert other.confidence == pytest.approx(plain.confidence, abs=2e-3)
    assert codes(other) == codes(plain)


@given(st.floats(-5, -2), st.floats(1, 3), st.floats(0.3, 2), st.integers(60, 600))
@QUICK
def test_more_points_of_any_noiseless_curve_say_the_same(at: float, blow: float, drop: float, n: int) -> None:
    found = []
    for points in (n, 3 * n):
        lr = np.logspace(-7, 1, points)
        loss = 2.3 - drop / (1 + (lr / 10**at) ** -1.5) + np.maximum(lr / 10 ** (at + blow), 1) ** 3 - 1
        found.append(read(Curve(lr, loss)).suggestion or 0)
    assert abs(np.log10(found[0] / found[1])) < 0.2


@pytest.mark.filterwarnings("error")
@given(trainings(), st.lists(st.integers(1, 4), min_size=len(LR), max_size=len(LR)))
@QUICK
def test_rates_that_repeat_within_a_curve_are_read(loss: FloatArray, times: list[int]) -> None:
    reading = read(Curve(np.repeat(LR, times), np.repeat(loss, times)))
    assert reading.suggestion is None or LR[0] <= reading.suggestion <= LR[-1]


@given(arrays(np.float64, st.integers(0, 40), elements=st.floats(-1e3, 1e3)), st.integers(1, 12))
@QUICK
def test_few_rates_that_all_repeat_never_break_the_reading(loss: FloatArray, rates: int) -> None:
    lr = np.sort(np.logspace(-5, 0, rates)[np.arange(len(loss)) % rates])
    assert read(Curve(lr, loss)).reasons or len(loss)
