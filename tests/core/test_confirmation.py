"""What short trainings tell: the parabola's lowest point, its interval, and every way in which there is none."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrscope.confirmation import Found, Trained, confirm, final_loss
from lrscope.parabola import Fit, student
from lrscope.spec import Status

START = 2.3
RATES = [10.0 ** (-2 + 0.25 * k) for k in range(-2, 3)]


def trained(
    loss: Callable[[float], float | None], rates: list[float] = RATES, *, seeds: int = 2, noise: float = 0.0
) -> list[Trained]:
    """Trainings that end with loss(log10 lr), the second seed as much above it as the first is below."""
    made = []
    for lr in rates:
        for seed in range(seeds):
            value = loss(math.log10(lr))
            ended = None if value is None else value + noise * (1 if seed else -1)
            status = Status.DIVERGED if value is None else Status.DONE
            made.append(Trained(sweep="s", lr=lr, seed=seed, status=status, steps_done=100, loss=ended))
    return made


def valley(at: float, depth: float = 2.0, bend: float = 1.0) -> Callable[[float], float]:
    return lambda x: START - depth + bend * (x - at) ** 2


def known(rate: float | None) -> float:
    assert rate is not None
    return rate


def codes(found: Found) -> list[str]:
    return [reason.code for reason in found.reasons]


# ── where it is lowest ──────────────────────────────────────────────────────────────────────────────────────────────


@given(at=st.floats(-2.4, -1.6), depth=st.floats(0.1, 100), bend=st.floats(0.01, 1), shift=st.floats(-1000, 1000))
def test_an_exact_parabola_gives_back_its_lowest_point_and_its_band(
    at: float, depth: float, bend: float, shift: float
) -> None:
    shape = valley(at, depth, bend * depth)
    found = confirm(trained(lambda x: shape(x) + shift), START + shift)
    best = known(found.best)
    assert best == pytest.approx(10**at, rel=0.01)
    assert known(found.low) <= best <= known(found.high)
    assert RATES[0] * 0.999 <= known(found.band_low) <= best <= known(found.band_high) <= RATES[-1] * 1.001
    assert codes(found) == []


@pytest.mark.parametrize("side", [-1, 1])
def test_the_best_does_not_lean_over_a_cliff(side: int) -> None:
    ended = [2.1, 1.8, 1.0, 0.3, 2.2]  # a parabola through these is lowest beyond the fourth
    found = confirm(trained(lambda x: ended[2 + side * round((x + 2) / 0.25)]), START)
    assert known(found.best) == pytest.approx(10 ** (-2 + side * 0.25))


def test_the_band_is_where_at_most_a_twentieth_of_the_drop_is_lost() -> None:
    found = confirm(trained(valley(-2, depth=2, bend=1)), START)
    half = math.sqrt(0.05 * 2 / 1)
    assert found.band_low == pytest.approx(10 ** (-2 - half))
    assert found.band_high == pytest.approx(10 ** (-2 + half))
    assert found.curve is not None
    assert found.curve.a + found.curve.b * -2 + found.curve.c * 4 == pytest.approx(START - 2)


@given(noise=st.floats(0.001, 0.02))
def test_the_interval_grows_with_the_noise_and_holds_the_best(noise: float) -> None:
    some = confirm(trained(valley(-2), noise=noise), START)
    more = confirm(trained(valley(-2), noise=2 * noise), START)
    assert known(some.low) < 1e-2 < known(some.high)
    assert more.low is None or more.low < known(some.low)
    assert more.high is None or more.high > known(some.high)


def test_the_interval_holds_the_true_best_as_often_as_it_says() -> None:
    chance, inside, told = np.random.default_rng(0), 0, 0
    for _ in range(300):
        at, noise = chance.uniform(-2.3, -1.7), 0.02
        made = [t.model_copy(update={"loss": t.loss + noise * chance.normal()}) for t in trained(valley(at)) if t.loss]
        found = confirm(made, START)
        if found.low is not None and found.high is not None:
            told += 1
            inside += found.low <= 10**at <= found.high
    assert told > 200
    assert inside / told > 0.9


# ── what keeps it from being the answer ─────────────────────────────────────────────────────────────────────────────


def test_a_loss_that_goes_on_falling_to_one_side_says_which_rates_are_missing() -> None:
    lower, higher = confirm(trained(valley(-3)), START), confirm(trained(valley(-1)), START)
    assert (codes(lower), lower.low) == (["edge_low"], None)
    assert lower.best == pytest.approx(RATES[0])
    assert (codes(higher), higher.high) == (["edge_high"], None)
    assert higher.best == pytest.approx(RATES[-1])


def test_losses_that_differ_by_chance_alone_are_told_to_be_alike() -> None:
    ends = iter([0.5, 0.6, 0.6, 0.5, 0.55, 0.55, 0.6, 0.5, 0.5, 0.6])
    made = [t.model_copy(update={"loss": next(ends)}) for t in trained(valley(-2))]
    found = confirm(made, START)
    assert codes(found) == ["flat"]
    assert found.low == pytest.approx(RATES[0])
    assert found.high == pytest.approx(RATES[-1])


def test_what_diverged_is_left_out_and_bounds_the_best() -> None:
    shape = valley(-1.5)
    found = confirm(trained(lambda x: None if x > -1.9 else shape(x)), START)
    assert codes(found) == ["diverged_above"]
    assert found.best == pytest.approx(RATES[2])
    assert known(found.high) <= RATES[3] * 1.0001


def test_a_rate_at_which_one_seed_diverged_counts_as_diverged() -> None:
    made = trained(valley(-2))
    made[-1] = made[-1].model_copy(update={"loss": None, "status": Status.DIVERGED})
    found = confirm(made, START)
    assert codes(found) == ["diverged_above"]
    assert found.best == pytest.approx(1e-2, rel=1e-3)
    assert known(found.high) <= RATES[-1]


def test_a_loss_that_ended_far_above_its_start_blew_up() -> None:
    shape = valley(-2)
    found = confirm(trained(lambda x: 1e30 if x > -1.6 else shape(x)), START)
    assert codes(found) == ["diverged_above"]
    assert found.best == pytest.approx(1e-2, rel=1e-3)


def test_a_rate_beyond_the_best_that_learned_nothing_is_not_the_edge_to_go_beyond() -> None:
    shape = valley(-1)
    found = confirm(trained(lambda x: START - 0.01 if x > -1.6 else shape(x)), START)
    assert codes(found) == []
    assert RATES[2] * 1.33 < known(found.best) < RATES[3] * 1.34  # nearer to the rate that ended lowest than to others


def test_trainings_that_learn_nothing_choose_nothing() -> None:
    found = confirm(trained(lambda _: START + 0.1), START)
    assert (codes(found), found.best) == (["no_descent"], None)


def test_two_rates_are_too_few_and_none_is_nothing_yet() -> None:
    assert codes(confirm(trained(valley(-2), RATES[:2]), START)) == ["too_few"]
    assert confirm([], None) == Found()
    waiting = [t.model_copy(update={"status": Status.QUEUED, "loss": None}) for t in trained(valley(-2))]
    assert confirm(waiting, None) == Found()


def test_three_trainings_give_a_best_rate_without_an_interval() -> None:
    found = confirm(trained(valley(-2), RATES[1:4], seeds=1), START)
    assert found.best == pytest.approx(1e-2)
    assert (found.low, found.high) == (None, None)


LOSSES = st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False, width=32))


@given(losses=st.lists(LOSSES, min_size=1, max_size=14), start=st.one_of(st.none(), st.floats(-1e9, 1e9)))
def test_whatever_the_losses_the_answer_is_within_what_was_trained(
    losses: list[float | None], start: float | None
) -> None:
    rates = [10.0 ** (-4 + 0.25 * (k // 2)) for k in range(len(losses))]
    made = [
        Trained(sweep="s", lr=lr, seed=k % 2, status=Status.DONE, steps_done=9, loss=loss)
        for k, (lr, loss) in enumerate(zip(rates, losses, strict=True))
    ]
    found = confirm(made, start)
    for rate in (found.best, found.low, found.high, found.band_low, found.band_high):
        assert rate is None or rates[0] * 0.999 <= rate <= rates[-1] * 1.001
    if found.best is not None:
        assert found.low is None or found.low <= found.best * 1.001
        assert found.high is None or found.high >= found.best * 0.999


# ── what a training ended with ──────────────────────────────────────────────────────────────────────────────────────


def test_the_final_loss_is_the_mean_of_the_last_tenth_without_its_extremes() -> None:
    loss = np.concatenate([np.full(90, 9.0), [1.0] * 8, [1000.0, -1000.0]])
    assert final_loss(loss) == 1.0
    assert final_loss(np.array([9.0, 1.0, 2.0, 3.0, 4.0, 5.0])) == 3.0


def test_a_series_that_is_measured_now_and_then_counts_with_what_there_is() -> None:
    loss = np.full(100, np.nan)
    loss[[0, 50]] = 3.0, 2.0
    assert final_loss(loss) == 2.0
    assert final_loss(np.full(5, np.nan)) is None
    assert final_loss(np.array([1.0, np.inf])) is None


def test_students_quantiles_are_those_of_the_tables() -> None:
    table = {2: 4.303, 3: 3.182, 5: 2.571, 7: 2.365, 12: 2.179, 30: 2.042}
    for free, quantile in table.items():
        assert student(free) == pytest.approx(quantile, rel=0.035)


def test_the_interval_of_a_vertex_is_fiellers() -> None:
    """Where the slope's own confidence interval holds zero."""
    x = np.array([-0.5, -0.25, 0.0, 0.25, 0.5] * 2)
    y = (x - 0.1) ** 2 + np.array([0.01, -0.02, 0.015, -0.01, 0.005] * 2) * np.repeat([1, -1], 5)
    fit = Fit.of(x, y, np.ones(10), 2)
    for end in fit.interval():
        gradient = np.array([0, 1, 2 * (end - fit.middle)])
        slope = gradient @ fit.at
        assert abs(slope) == pytest.approx(fit.t * math.sqrt(gradient @ fit.scatter @ gradient), rel=1e-6)
