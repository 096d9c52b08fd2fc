"""One rate for several trainings."""

import numpy as np
import pytest

from lrscope.common import common
from lrscope.curve import Curve
from lrscope.errors import InvalidInput
from lrscope.reading import expected_regret

LR = np.logspace(-7, 1, 100)


def valley(at: float, width: float = 1.0) -> Curve:
    """Falls over `width` decades to its floor at 10^at, and blows up a decade above."""
    x = np.log10(LR)
    loss = 2 - 1.5 * np.clip((x - at + width) / width, 0, 1) + 4 * np.clip(x - at - 1, 0, None)
    return Curve(LR, loss + 0.005 * np.random.default_rng(0).normal(size=100))


def test_the_common_rate_lies_between_and_the_band_is_the_intersection() -> None:
    found = common({"a": valley(-2.5), "b": valley(-2.0)})
    assert found.lr is not None
    assert -3.3 < np.log10(found.lr) < -1.5
    assert (found.low, found.high) == (
        max(s.low for s in found.sweeps if s.low), min(s.high for s in found.sweeps if s.high)
    )  # fmt: skip
    assert found.limited_by in ("a", "b")
    assert found.regret == max(s.regret for s in found.sweeps if s.regret is not None)


def test_where_no_rate_suits_all_the_one_that_limits_is_named_and_there_is_no_band() -> None:
    found = common({"low": valley(-5), "high": valley(-1)})
    assert (found.low, found.high) == (None, None)
    assert found.regret is not None
    assert found.regret > 0.5


def test_the_one_that_blows_up_first_limits_several_that_do_not() -> None:
    found = common({"a": valley(-1.5, 3), "b": valley(-1.5, 3), "early": valley(-3.5)})
    assert found.limited_by is not None
    assert found.lr is not None
    assert np.log10(found.lr) < -2


def test_a_curve_that_never_falls_has_no_say() -> None:
    flat = Curve(LR, np.ones(100))
    alone, beside = common({"a": valley(-2)}), common({"a": valley(-2), "flat": flat})
    assert beside.lr == alone.lr
    assert beside.sweeps[1].regret is None
    assert beside.low is None
    assert common({"flat": flat}).lr is None


def test_none_at_all_is_refused() -> None:
    with pytest.raises(InvalidInput, match="at least one"):
        common({})


def test_the_expected_regret_is_none_on_the_floor_and_all_where_nothing_is_learnt() -> None:
    regret = expected_regret(valley(-2), np.array([1e-7, 10**-2.2, 1.0]))
    assert regret is not None
    assert regret[0] == pytest.approx(1, abs=0.05)
    assert regret[1] < 0.05
    assert regret[2] == 1.5
