"""Recipes: what a signature says, what may be asked of it, where recipes are found."""

from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

import lrscope
from lrscope.errors import InvalidInput, RecipeError
from lrscope.problem import Problem
from lrscope.recipe import Recipe, load_recipes, recipe


class Size(Enum):
    SMALL = "small"
    LARGE = "large"


@recipe
def sample(
    width: Annotated[int, Field(ge=1, le=64, description="Of the hidden layer.")] = 8,
    rate: float = 0.5,
    kind: Literal["a", "b"] = "a",
    size: Size = Size.SMALL,
    deep: bool = False,
    note: str | None = None,
) -> Problem:
    """What it trains,
    in two lines.

    More that nobody sees."""
    raise NotImplementedError


def test_name_description_and_schema_come_from_the_function() -> None:
    info = sample.info
    assert (info.name, info.description) == ("sample", "What it trains, in two lines.")
    properties = info.params_schema["properties"]
    assert list(properties) == ["width", "rate", "kind", "size", "deep", "note"]
    width = properties["width"]
    assert (width["minimum"], width["maximum"], width["default"]) == (1, 64, 8)
    assert width["description"] == "Of the hidden layer."
    assert properties["kind"]["enum"] == ["a", "b"]


def test_what_was_not_asked_for_has_its_default_and_choices_are_choices() -> None:
    assert sample.check({}) == {
        "width": 8, "rate": 0.5, "kind": "a", "size": Size.SMALL, "deep": False, "note": None,
    }  # fmt: skip
    assert sample.check({"size": "large"})["size"] is Size.LARGE
    assert sample.check({"size": Size.LARGE})["size"] is Size.LARGE
    assert sample.check({"rate": 1})["rate"] == 1.0


@pytest.mark.parametrize(
    ("params", "named"),
    [
        ({"width": 0}, "width"),
        ({"width": 65}, "width"),
        ({"width": 8.5}, "width"),
        ({"width": "8"}, "width"),
        ({"width": True}, "width"),
        ({"rate": float("nan")}, "rate"),
        ({"kind": "c"}, "kind"),
        ({"size": "middle"}, "size"),
        ({"deep": 1}, "deep"),
        ({"breadth": 8}, "breadth"),
        ({"note": object()}, "object"),
    ],
)
def test_what_cannot_be_taken_is_named_with_its_value(params: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidInput, match=named):
        sample.check(params)


def test_every_offence_is_told_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        sample.check({"width": 0, "kind": "c"})
    assert [field.field for field in refused.value.fields] == ["params.width", "params.kind"]


def no_annotation(width=8):  # type: ignore[no-untyped-def]
    raise NotImplementedError


def no_default(width: int) -> Problem:
    raise NotImplementedError


def starred(*widths: int) -> Problem:
    raise NotImplementedError


def wrong_default(width: int = "eight") -> Problem:  # type: ignore[assignment]
    raise NotImplementedError


def _hidden() -> Problem:
    raise NotImplementedError


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (no_annotation, "annotation"),
        (no_default, "default"),
        (starred, "plain named parameter"),
        (wrong_default, "width"),
        (_hidden, "name"),
    ],
)
def test_a_function_that_can_be_no_recipe_is_told_why_where_it_is_written(function: Any, told: str) -> None:
    with pytest.raises(RecipeError, match=told):
        recipe(function)


def test_a_name_that_no_request_could_carry_is_refused_at_once() -> None:
    with pytest.raises(RecipeError, match="a b"):
        recipe(name="a b")(lambda: None)  # type: ignore[arg-type,return-value]


FILE = """
import lrscope
from neighbour import WIDTH

@lrscope.recipe
def mine(width: int = WIDTH) -> lrscope.Problem:
    return None
"""


def test_recipes_are_found_in_a_file_beside_its_neighbours_and_in_a_module(tmp_path: Path) -> None:
    (tmp_path / "neighbour.py").write_text("WIDTH = 5")
    (tmp_path / "project.py").write_text(FILE)
    found = load_recipes([str(tmp_path / "project.py"), __name__])
    assert {"mine", "sample"} <= set(found)
    assert found["mine"].check({}) == {"width": 5}
    assert all(isinstance(one, Recipe) for one in found.values())


@pytest.mark.parametrize(
    ("text", "told"), [("import nope", "nope"), ("x = 1", "recipe"), ("def", "invalid syntax"), (None, "no such file")]
)
def test_a_file_that_offers_nothing_is_told_why(tmp_path: Path, text: str | None, told: str) -> None:
    path = tmp_path / "broken.py"
    if text is not None:
        path.write_text(text)
    with pytest.raises(RecipeError, match=told):
        load_recipes([str(path)])


def test_a_name_offered_twice_is_refused(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.py").write_text(
            "import lrscope\n@lrscope.recipe\ndef same() -> lrscope.Problem: return None\n"
        )
    with pytest.raises(RecipeError, match="same"):
        load_recipes([str(tmp_path / "one.py"), str(tmp_path / "two.py")])


def test_a_module_that_is_not_there_is_told() -> None:
    with pytest.raises(RecipeError, match="no_such_module"):
        load_recipes(["no_such_module"])


def test_a_recipe_is_still_the_function_it_marks() -> None:
    with pytest.raises(NotImplementedError):
        sample(width=3)
    assert lrscope.recipe is recipe
