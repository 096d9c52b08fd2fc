"""The parts of the page's scripts that say the same as core, beside it; what only concerns the page is in tests/js."""

import numpy as np
import pytest

from lrscope.curve import Curve, smooth
from lrscope.grid import lr_at
from lrscope.reading import read
from lrscope.spec import SweepSpec
from tests.dashboard.scripts import Scripts


def test_the_rate_of_a_step_is_that_of_the_grid(js: Scripts) -> None:
    for mode in ("exp", "linear"):
        spec = SweepSpec(recipe="r", mode=mode, start_lr=1e-6, end_lr=3, num_iter=77)
        for step in (0, 1, 38, 76):
            assert js("numbers.lrAt", spec.model_dump(), step) == pytest.approx(lr_at(spec, step), rel=1e-12)


def test_the_smooth_line_is_the_one_that_is_read(js: Scripts) -> None:
    chance = np.random.default_rng(4)
    lr = np.logspace(-7, 1, 120)
    loss = 2 - np.tanh(np.log10(lr) + 3) + chance.normal(0, 0.1, 120)
    drawn = js("smoothing.line", lr.tolist(), loss.tolist(), 0.3)
    fit, _ = smooth(np.log10(lr), loss, 0.3)
    assert np.max(np.abs(np.array(drawn["y"]) - fit)) < 0.01


def test_why_this_rate_is_told_of_the_very_curve(js: Scripts) -> None:
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
