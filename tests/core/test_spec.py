"""What may be asked for: every bound, at its edge and beyond it."""

import math
from typing import Any

import pytest
from pydantic import ValidationError

from lrscope.spec import MAX_LR, MAX_STEPS, MIN_LR, TRANSITIONS, Status, SweepRequest, SweepSpec


@pytest.mark.parametrize(
    "given",
    [
        {"start_lr": MIN_LR},
        {"end_lr": MAX_LR},
        {"start_lr": 1.0, "end_lr": 1.001},
        {"num_iter": 2},
        {"num_iter": MAX_STEPS},
        {"seed": 2**32 - 1},
        {"diverge_ratio": None},
        {"diverge_ratio": 1.0001},
        {"params": {"a": None, "b": True, "c": 1.5, "d": "text", "e": 2**53}},
        {"name": "prem\u00ecère 🎯"},
        {"seeds": [0, 1, 2]},
        {"tags": ["t" * 50] * 20},
    ],
)
def test_the_edge_is_taken(given: dict[str, Any]) -> None:
    assert SweepRequest(recipe="r", **given)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"recipe": ""}, "recipe"),
        ({"recipe": "../x"}, "recipe"),
        ({"start_lr": 0.0}, "start_lr"),
        ({"start_lr": MIN_LR / 2}, "start_lr"),
        ({"start_lr": math.nan}, "start_lr"),
        ({"end_lr": MAX_LR * 2}, "end_lr"),
        ({"end_lr": math.inf}, "end_lr"),
        ({"start_lr": 1.0, "end_lr": 1.0}, "end_lr"),
        ({"start_lr": 1.0, "end_lr": 0.1}, "end_lr"),
        ({"num_iter": 1}, "num_iter"),
        ({"num_iter": MAX_STEPS + 1}, "num_iter"),
        ({"num_iter": 10.0}, "num_iter"),
        ({"mode": "log"}, "mode"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**32}, "seed"),
        ({"diverge_ratio": 1.0}, "diverge_ratio"),
        ({"diverge_ratio": math.nan}, "diverge_ratio"),
        ({"params": {"a": math.inf}}, "params"),
        ({"name": " "}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"tags": ["x"] * 21}, "tags"),
        ({"seeds": []}, "seeds"),
        ({"seeds": [1, 1]}, "seeds"),
        ({"seed": 0, "seeds": [1]}, "seed"),
        ({"priority": 101}, "priority"),
        ({"device": "tpu"}, "device"),
        ({"code": "import os"}, "code"),
    ],
)
def test_case_3_beyond_a_bound_the_field_is_named(given: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        SweepRequest(**{"recipe": "r", **given})


def test_several_seeds_are_one_spec_each() -> None:
    specs = SweepRequest(recipe="r", seeds=[3, 1], num_iter=7).specs()
    assert [(spec.seed, spec.num_iter) for spec in specs] == [(3, 7), (1, 7)]
    assert SweepRequest(recipe="r", seed=5).specs() == [SweepSpec(recipe="r", seed=5)]


def test_a_result_is_final_and_an_accident_may_be_tried_again() -> None:
    assert not TRANSITIONS[Status.DONE]
    assert not TRANSITIONS[Status.DIVERGED]
    assert TRANSITIONS[Status.FAILED] == TRANSITIONS[Status.CANCELLED] == {Status.QUEUED}
    assert set(TRANSITIONS) == set(Status)
    assert {status for status in Status if status.ended} == set(Status) - {Status.QUEUED, Status.RUNNING}
