"""The form's pattern-matched inputs, by name."""

from collections.abc import Mapping
from typing import Any

from dash import no_update

from lrscope.recipe import RecipeInfo


def by_name(group: list[dict[str, Any]]) -> dict[str, Any]:
    """{name: value} of pattern-matched inputs, in their order."""
    return {item["id"]["name"]: item.get("value") for item in group}


def texts_for(outputs: list[dict[str, Any]], typed: Mapping[str, Any]) -> list[Any]:
    """What to write into each of these inputs; those without a text stay as they are."""
    return [typed.get(item["id"]["name"], no_update) for item in outputs]


def find_recipe(name: str | None, recipes: list[dict[str, Any]] | None) -> RecipeInfo | None:
    return next((RecipeInfo(**recipe) for recipe in recipes or [] if recipe["name"] == name), None)
