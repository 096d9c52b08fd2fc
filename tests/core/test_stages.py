"""The second of two stages: where it looks, and that it starts from the same state."""

import numpy as np
import pytest
import torch
from tests.core.test_keeping import OPTIMIZERS, fingerprint, trained
from torch.nn import functional as F

import lrscope
from lrscope.curve import Curve
from lrscope.errors import InvalidInput
from lrscope.stages import NO_SECOND_STAGE, interesting
from lrscope_workers.recipes.digits import digits_clean

X = np.linspace(-7, 1, 100)


def classic() -> Curve:
    """Falls from 1e-4 to 1e-2, and blows up above 0.3."""
    loss = 2.3 - 2 * np.clip((X + 4) / 2, 0, 1) + np.where(X > -0.5, 10 * (X + 0.5), 0)
    return Curve(10**X, loss)


def test_it_looks_from_below_the_fall_to_above_the_blow_up() -> None:
    found = interesting(classic())
    assert found is not None
    start, end = np.log10(found)
    assert -5 < start < -4
    assert -0.5 < end < 1


def test_where_nothing_falls_there_is_nothing_to_look_at() -> None:
    assert interesting(Curve(10**X, np.ones(100))) is None


def test_both_stages_start_from_the_same_state_and_it_is_handed_back() -> None:
    problem = digits_clean()
    optimizer = problem.optimizer
    before = [p.detach().clone() for p in problem.model.parameters()]
    curve = lrscope.range_test(
        problem.model, optimizer, F.cross_entropy, problem.batches, num_iter=80, stages=2, seed=1
    )
    assert curve.coarse is not None
    assert (curve.coarse.lr[0], curve.coarse.lr[-1] <= 10) == (1e-7, True)
    assert curve.lr[0] > 1e-7
    assert curve.loss[0] == pytest.approx(curve.coarse.loss[0], abs=1e-4)  # the same batch, the same weights
    assert all(torch.equal(p, b) for p, b in zip(problem.model.parameters(), before, strict=True))
    again = Curve.from_dict(curve.to_dict())
    assert again.coarse is not None
    assert again.coarse.loss.tolist() == curve.coarse.loss.tolist()


def test_a_curve_that_never_falls_says_that_there_was_no_second_stage() -> None:
    problem = trained(OPTIMIZERS["SGD"])
    before = fingerprint(problem)
    swept = {"start_lr": 1e-12, "end_lr": 1e-10, "num_iter": 20, "stages": 2}
    curve = lrscope.range_test(problem.model, problem.optimizer, F.cross_entropy, problem.batches, **swept)  # type: ignore[arg-type]
    assert curve.coarse is None
    assert NO_SECOND_STAGE in curve.warnings
    assert fingerprint(problem) == before


def test_there_are_one_or_two() -> None:
    problem = trained(OPTIMIZERS["SGD"])
    with pytest.raises(InvalidInput, match=r"stages.*1 or 2"):
        lrscope.range_test(problem.model, problem.optimizer, F.cross_entropy, problem.batches, stages=3)  # type: ignore[arg-type]
