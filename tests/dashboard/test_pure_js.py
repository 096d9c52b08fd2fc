"""The parts of the page's scripts that know no DOM, called as they stand in the browser."""

import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from lrscope.curve import Curve, smooth
from lrscope.grid import lr_at
from lrscope.reading import read
from lrscope.spec import SweepSpec
from lrscope_dashboard.app import ASSETS
from tests.journeys.page_browser import Browsers

pytestmark = pytest.mark.journey
Call = Callable[..., Any]


@pytest.fixture(scope="module")
def js(browsers: Browsers) -> Iterator[Call]:
    """js("numbers.format", 3e-4): a pure function by name, on a blank page."""
    page = browsers.home.new_page()
    for name in ("05_numbers", "06_smoothing", "07_axes", "08_words", "09_advice", "09_colors", "09_why"):
        page.add_script_tag(path=ASSETS / f"{name}.js")
    call = "([name, args]) => name.split('.').reduce((at, part) => at[part], lrscope)(...args)"
    yield lambda name, *arguments: page.evaluate(call, [name, list(arguments)])
    page.close()


@pytest.mark.parametrize(
    ("lr", "text"),
    [(3.2e-4, "3.2e-4"), (1e-3, "1e-3"), (0.05, "5e-2"), (0.5, "0.5"), (10, "10"), (9.99e-4, "1e-3"), (1e-12, "1e-12")],
)
def test_rates_are_written_as_people_write_them(js: Call, lr: float, text: str) -> None:
    assert js("numbers.format", lr) == text


@pytest.mark.parametrize(
    ("text", "lr"),
    [("3e-4", 3e-4), ("0.0003", 3e-4), ("0,0003", 3e-4), (" 3E-4 ", 3e-4), (".5", 0.5), ("1.", 1), ("3e−4", 3e-4)],
)
def test_rates_are_read_as_people_write_them(js: Call, text: str, lr: float) -> None:
    assert js("numbers.parse", text) == pytest.approx(lr)


@pytest.mark.parametrize("junk", ["", "soon", "-1", "0", "1e999", "1,000.5", "0x10", "Infinity", "3e", "1 2"])
def test_junk_is_no_rate(js: Call, junk: str) -> None:
    assert js("numbers.parse", junk) is None


@pytest.mark.parametrize("decades", [1 / 20, -1 / 20, 1 / 4, -1 / 4])
def test_a_key_always_moves_the_rate_its_way(js: Call, decades: float) -> None:
    for lr in (1e-7, 9.9e-4, 1e-3, 1.04e-3, 7.5e-2, 1.0, 9.9):
        assert (js("numbers.step", lr, decades) - lr) * decades > 0


def test_the_rate_of_a_step_is_that_of_the_grid(js: Call) -> None:
    for mode in ("exp", "linear"):
        spec = SweepSpec(recipe="r", mode=mode, start_lr=1e-6, end_lr=3, num_iter=77)
        for step in (0, 1, 38, 76):
            assert js("numbers.lrAt", spec.model_dump(), step) == pytest.approx(lr_at(spec, step), rel=1e-12)


def test_times_are_told_coarsely(js: Call) -> None:
    told = [js("numbers.duration", seconds) for seconds in (0, 41, 599, 725, 7500)]
    assert told == ["0:00", "0:41", "9:59", "12 min", "2 h 5 min"]
    assert js("numbers.duration", None) == ""


def test_the_smooth_line_is_the_one_that_is_read(js: Call) -> None:
    chance = np.random.default_rng(4)
    lr = np.logspace(-7, 1, 120)
    loss = 2 - np.tanh(np.log10(lr) + 3) + chance.normal(0, 0.1, 120)
    drawn = js("smoothing.line", lr.tolist(), loss.tolist(), 0.3)
    fit, _ = smooth(np.log10(lr), loss, 0.3)
    assert np.max(np.abs(np.array(drawn["y"]) - fit)) < 0.01


def test_no_smoothing_draws_what_was_measured(js: Call) -> None:
    lr = np.logspace(-7, 1, 50).tolist()
    loss = np.random.default_rng(1).normal(2, 1, 50).tolist()
    drawn = js("smoothing.line", lr, loss, 0)
    assert drawn["y"] == loss


def test_a_blow_up_does_not_lift_the_descent_before_it(js: Call) -> None:
    lr = np.logspace(-7, 1, 101)
    loss = np.where(lr < 0.5, 1.0, 1e9)
    drawn = js("smoothing.line", lr.tolist(), loss.tolist(), 0.2)
    assert js("smoothing.at", drawn, 0.1) < 2
    assert js("smoothing.at", drawn, 10) > 1e8


def test_nothing_is_drawn_from_the_first_loss_that_is_not_finite(js: Call) -> None:
    lr, loss = np.logspace(-7, 1, 40).tolist(), [1.0] * 30 + [math.nan] + [1.0] * 9
    assert len(js("smoothing.line", lr, loss, 0.2)["x"]) == 30


def test_twenty_thousand_points_are_thinned_to_what_a_screen_shows(js: Call) -> None:
    lr = np.logspace(-7, 1, 20_000).tolist()
    assert len(js("smoothing.line", lr, [1.0] * 20_000, 0.2)["x"]) <= 1200


def test_a_loss_between_two_points_lies_on_the_line_between_them(js: Call) -> None:
    curve = {"x": [-4, -2], "y": [3, 1]}
    assert js("smoothing.at", curve, 1e-3) == pytest.approx(2)
    assert js("smoothing.at", curve, 1e-5) is None
    assert js("smoothing.at", curve, 1) is None


def test_pixels_and_rates_are_each_others_inverse(js: Call) -> None:
    frame = {"left": 50, "width": 700, "x": [-7, 1]}
    for lr in (1e-7, 3.3e-4, 10):
        assert js("axes.toLr", frame, js("axes.toPx", frame, lr)) == pytest.approx(lr)


def test_every_decade_has_a_tick_where_there_is_room(js: Call) -> None:
    assert [tick["text"] for tick in js("axes.rateTicks", [-7, 1], 700)["major"]][1:] == [
        *("1e-7", "1e-6", "1e-5", "1e-4", "1e-3", "1e-2", "0.1", "1", "10")
    ]
    assert len(js("axes.rateTicks", [-7, 1], 250)["major"]) <= 6
    assert "2e-3" in [tick["text"] for tick in js("axes.rateTicks", [-3, -2], 700)["major"]]


def test_a_divergence_does_not_squash_the_descent(js: Call) -> None:
    shape = {"start": 2.3, "lowest": 0.3, "drop": 2.0, "jitter": 0.02}
    line = {"y": [2.3, 0.3, 1e6], "raw": [2.3, 0.3, 1e6], "shape": shape}
    low, high = js("axes.lossRange", [line], {})
    assert low < 0.3
    assert 2.3 < high < 4
    assert js("axes.lossRange", [line], {"all": True})[1] > 1e6


def test_log_loss_leaves_out_what_has_no_logarithm(js: Call) -> None:
    shape = {"start": 1.0, "lowest": -0.5, "drop": 1.5, "jitter": 0.0}
    low, high = js("axes.lossRange", [{"y": [1.0, 0.01, -0.5], "raw": [], "shape": shape}], {"logY": True})
    assert math.isfinite(low)
    assert low < -2
    assert high > 0


def test_the_shown_range_does_not_twitch(js: Call) -> None:
    assert js("axes.settle", [0, 3], [0.1, 2.9]) == [0, 3]
    assert js("axes.settle", [0, 3], [0.1, 3.5])[1] > 3.5
    assert js("axes.settle", [0, 3], [1, 1.5]) == [1, 1.5]


def test_labels_do_not_cover_each_other(js: Call) -> None:
    placed = js("axes.spread", [10, 11, 12, 200], 15, 0, 220)
    assert placed == sorted(placed)
    assert all(b - a >= 15 for a, b in pairwise(placed))


@pytest.mark.parametrize("ground", ["#ffffff", "#13161b"])
def test_every_colour_of_the_palette_stands_out_on_both_grounds(js: Call, ground: str) -> None:
    for color in ("#0072B2", "#D17A00", "#00916A", "#B44C97", "#2E97D6", "#C2410C", "#7A6FD0", "#7C7A12", "#000000"):
        assert js("colors.contrast", js("colors.onGround", color, ground), ground) >= 3


def test_confidence_has_a_word(js: Call) -> None:
    assert [js("words.confidence", value) for value in (0.9, 0.5, 0.1, 0)] == ["high", "fair", "low", "none"]


@pytest.mark.parametrize(
    ("code", "changes", "wanted"),
    [
        ("no_divergence", {}, {"label": "Go on to 100", "verb": "extend", "body": {"end_lr": 100}}),
        ("no_divergence", {"end_lr": 1e4}, None),
        ("no_divergence", {"status": "diverged"}, None),
        ("no_descent", {"status": "diverged"}, {"label": "Run 300 steps", "verb": "clone", "body": {"num_iter": 300}}),
        ("flat_start_missing", {}, {"label": "Begin at 1e-9", "verb": "extend", "body": {"start_lr": 1e-9}}),
        ("noisy", {"seed": 4}, {"label": "Run 3 seeds", "verb": "clone", "body": {"seeds": [4, 5, 6]}}),
        ("noisy", {"group": "g"}, None),
        ("noisy", {"status": "running"}, None),
        ("noisy", {"reason": "imported"}, None),
        ("too_few_points", {"num_iter": 5}, {"label": "Run 100 steps", "verb": "clone", "body": {"num_iter": 100}}),
        ("unheard_of", {}, None),
    ],
)
def test_a_reason_comes_with_the_request_that_helps(js: Call, code: str, changes: dict[str, Any], wanted: Any) -> None:
    sweep = {
        "start_lr": 1e-7,
        "end_lr": 10,
        "num_iter": 100,
        "seed": 0,
        "group": None,
        "reason": None,
        "status": "done",
    }
    found = js("advice.advice", code, {**sweep, **changes})
    if wanted and "start_lr" in wanted["body"]:
        assert found["body"].pop("start_lr") == pytest.approx(wanted["body"].pop("start_lr"))
    assert found == wanted


def test_why_this_rate_is_told_of_the_very_curve(js: Call) -> None:
    x = np.logspace(-7, 1, 100)
    loss = 2.3 - 1.8 / (1 + (x / 1e-3) ** -1.5) + np.where(x > 0.3, (x / 0.3) ** 3 - 1, 0)
    reading = read(Curve(x, loss)).model_dump(by_alias=True)
    said = js("why.why", reading)
    assert [part["name"] for part in said] == ["too_low", "sweet_spot", "unstable", "diverged", "", ""]
    assert "weighs two things" in said[4]["text"]
    assert js("numbers.format", reading["rules"]["steepest"]) in said[5]["text"]
    flat = {**reading, "regions": [], "rules": {}}
    assert [part["text"] for part in js("why.why", flat)] == [
        "There is no drop to go by, so the suggestion only keeps its distance from the blow-up."
    ]
    assert js("why.why", {**reading, "suggestion": None}) == []


def test_seeds_make_a_band_around_their_median_where_at_least_two_are(js: Call) -> None:
    lr = np.logspace(-4, 0, 9).tolist()
    lines = [{"x": np.log10(lr[:n]).tolist(), "lr": lr[:n], "y": [level] * n} for level, n in ((1, 9), (5, 6), (2, 6))]
    found = js("smoothing.band", lines)
    assert found["lr"] == lr[:6]
    assert (found["low"], found["middle"], found["high"]) == ([1] * 6, [2] * 6, [5] * 6)
