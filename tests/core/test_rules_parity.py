"""Our rules against the packages' own functions, on random curves: the same rate in at least 99 of 100."""

import contextlib
import io
import logging
from importlib import import_module
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lrscope import rules
from lrscope.curve import FloatArray

LR = np.logspace(-7, 1, 100)
CURVES = 300


@st.composite
def curves(draw: Any) -> FloatArray:
    """A plateau, a drop and a blow-up of any size, under any noise; or noise alone."""
    x = np.log10(LR)
    at, width = draw(st.floats(-6, 0)), draw(st.floats(0.1, 1.5))
    drop, noise, up = draw(st.floats(-1, 3)), draw(st.floats(0, 1)), draw(st.floats(-2, 1))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    fall = drop / (1 + np.exp(-(x - at) / width))
    return np.asarray(3 - fall + 5 * np.clip(x - up, 0, None) + noise * chance.normal(size=100))


def compared(ours: Any, theirs: Any) -> float:
    """The share of random curves on which both say the same."""
    same: list[bool] = []

    @settings(max_examples=CURVES, database=None, deadline=None)
    @given(curves())
    def collect(loss: FloatArray) -> None:
        one, other = ours(LR, loss), theirs(loss)
        same.append(one == other or (one is not None and other is not None and bool(np.isclose(one, other, rtol=1e-6))))

    collect()
    assert len(same) >= 200
    return float(np.mean(same))


def test_torch_lr_finder() -> None:
    package = import_module("torch_lr_finder")
    pyplot = import_module("matplotlib.pyplot")
    finder = package.LRFinder.__new__(package.LRFinder)
    _, axes = pyplot.subplots()

    def theirs(loss: FloatArray) -> float:
        smoothed: list[float] = []
        for value in loss.tolist():
            smoothed.append(0.05 * value + 0.95 * smoothed[-1] if smoothed else value)
        finder.history = {"lr": LR.tolist(), "loss": smoothed}
        axes.clear()
        with contextlib.redirect_stdout(io.StringIO()):
            return float(finder.plot(ax=axes)[1])

    assert compared(rules.torch_lr_finder, theirs) >= 0.99


def test_ignite() -> None:
    package = import_module("ignite.handlers")
    finder = package.FastaiLRFinder()

    def theirs(loss: FloatArray) -> float | None:
        smoothed: list[float] = []
        for value in loss.tolist():
            smoothed.append(0.05 * value + 0.95 * smoothed[-1] if smoothed else value)
        finder._history = {"lr": LR.tolist(), "loss": smoothed}
        try:
            return float(finder.lr_suggestion())
        except RuntimeError:
            return None

    assert compared(rules.ignite, theirs) >= 0.99


def test_lightning() -> None:
    tuner = import_module("lightning.pytorch.tuner.lr_finder")
    logging.getLogger("lightning.pytorch").setLevel(logging.CRITICAL)
    finder = tuner._LRFinder("exponential", 1e-7, 10.0, 100)

    def theirs(loss: FloatArray) -> float | None:
        average, smoothed = 0.0, []
        for step, value in enumerate(loss.tolist()):
            average = 0.98 * average + 0.02 * value
            smoothed.append(average / (1 - 0.98 ** (step + 2)))  # its callback counts the step that is over
        finder.results = {"lr": LR.tolist(), "loss": smoothed}
        found = finder.suggestion()
        return None if found is None else float(found)

    assert compared(rules.lightning, theirs) >= 0.99
