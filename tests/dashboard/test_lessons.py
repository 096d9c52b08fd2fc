"""The measured curves of Learn, and what is said of them."""

import pytest

from lrscope.schedules import one_cycle
from tests.dashboard.lessons import FILE, drawn, kept, lesson, script, spec_of
from tests.dashboard.scripts import Scripts

LESSONS = kept()


@pytest.mark.parametrize("name", LESSONS)
def test_the_kept_reading_is_the_one_of_core(name: str) -> None:
    assert lesson(spec_of(name), drawn(name)) == LESSONS[name], "write it anew: python -m tests.dashboard.lessons read"


def test_the_curves_are_small_and_as_they_are_written() -> None:
    assert FILE.stat().st_size < 12_000
    assert FILE.read_text("utf-8") == script(LESSONS)


def test_the_lessons_are_true_of_their_curves() -> None:
    clean, noisy, wide, trained = (LESSONS[name]["reading"] for name in ("clean", "noisy", "wide", "trained"))
    assert clean["low"] <= clean["suggestion"] <= clean["high"]
    assert noisy["noise"] > 5 * clean["noise"]
    assert wide["high"] / wide["low"] > 10 * clean["high"] / clean["low"]
    assert wide["suggestion"] > 3 * clean["suggestion"]
    assert trained["low"] is None
    assert trained["diverges_at"]


def test_the_drawn_one_cycle_is_that_of_core(js: Scripts) -> None:
    steps = 1001
    rates = one_cycle(1.0, steps)
    for step in (0, 150, 299, 600, 1000):
        assert js("parts.oneCycle", step / (steps - 1)) == pytest.approx(rates[step], abs=0.01)
