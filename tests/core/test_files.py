"""Curves in files, whoever wrote them."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from lrscope.curve import Curve
from lrscope.errors import InvalidInput, LrscopeError
from lrscope.files import curves_in, curves_of

CURVE = Curve([1e-3, 1e-2, 1e-1], [2.0, 1.0, math.nan], {"val_loss": [2.5, math.nan, 1.5]})


def same(one: Curve, other: Curve) -> bool:
    columns = zip((one.lr, one.loss, *one.series.values()), (other.lr, other.loss, *other.series.values()), strict=True)
    return list(one.series) == list(other.series) and all(np.array_equal(a, b, equal_nan=True) for a, b in columns)


def test_a_saved_curve_comes_back(tmp_path: Path) -> None:
    CURVE.save(tmp_path / "curve.json")
    assert same(curves_of(tmp_path / "curve.json")[0], CURVE)


@pytest.mark.parametrize(
    "text",
    [
        "step,lr,loss,val_loss\n0,0.001,2.0,2.5\n1,0.01,1.0,\n2,0.1,,1.5\n",
        json.dumps({"lr": [1e-3, 1e-2, 0.1], "loss": [2, 1, None], "series": {"val_loss": [2.5, None, 1.5]}}),
        json.dumps({"points": {"step": [0, 1, 2], "lr": [1e-3, 1e-2, 0.1], "loss": [2, 1, None], "val_loss": [2.5, None, 1.5]}}),
        json.dumps({"curves": [CURVE.to_dict()]}),
    ],
    ids=["csv", "json", "export", "curves"],
)  # fmt: skip
def test_every_form_is_read(text: str) -> None:
    assert same(curves_in(text, "x")[0], CURVE)


def test_several_curves_are_several() -> None:
    assert len(curves_in(json.dumps({"curves": [CURVE.to_dict()] * 3}), "x")) == 3


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"curves": []}',
        "[]",
        "hello",
        '{"lr": [1]}',
        "lr,loss\nx,y\n",
        '{"lr": 1, "loss": 2}',
        '{"lr": [2,1], "loss": [1,1]}',
    ],
)
def test_what_holds_no_curve_is_told_with_its_source_and_the_way_out(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"notes\.txt: "):
        curves_in(text, "notes.txt")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LrscopeError, match=r"nowhere\.json"):
        curves_of(tmp_path / "nowhere.json")
