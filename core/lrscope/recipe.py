"""How a user hands over a training: a function that builds a `Problem`, marked with `@recipe`.

    @lrscope.recipe
    def my_resnet(batch_size: int = 128, weight_decay: float = 5e-4):
        model = resnet18()
        optimizer = torch.optim.SGD(model.parameters(), lr=1, weight_decay=weight_decay)
        return lrscope.Problem(model, optimizer, F.cross_entropy, loader(batch_size))

Name, parameters, defaults and bounds come from the signature (`Annotated[int, Field(ge=1, le=512)]`, `Literal[...]`).
This module imports no torch: a server can know recipes, only a worker builds them.
"""

import importlib
import importlib.util
import inspect
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, overload

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from lrscope.errors import FieldError, InvalidInput, RecipeError
from lrscope.problem import Problem
from lrscope.spec import Frozen, RecipeName

MAX_DESCRIPTION = 2000  # characters


class RecipeInfo(Frozen):
    """A recipe as others see it: what a worker announces and `GET /recipes` lists."""

    name: RecipeName
    description: str = Field(max_length=MAX_DESCRIPTION)
    params_schema: dict[str, Any]


@dataclass(frozen=True)
class Recipe:
    """A named way to build a Problem. Calling it calls the function."""

    name: str
    build: Callable[..., Problem]
    description: str
    params_model: type[BaseModel] = field(repr=False)

    def __call__(self, *args: Any, **kwargs: Any) -> Problem:
        return self.build(*args, **kwargs)

    @property
    def info(self) -> RecipeInfo:
        return RecipeInfo(
            name=self.name, description=self.description, params_schema=self.params_model.model_json_schema()
        )

    def check(self, params: dict[str, Any]) -> dict[str, Any]:
        """`params` with the defaults filled in. Raises InvalidInput naming each parameter that cannot be taken."""
        try:
            checked = self.params_model.model_validate_json(json.dumps(params, default=_bare))
        except ValidationError as error:
            fields = tuple(
                FieldError(".".join(map(str, ("params", *e["loc"]))), e["input"], e["msg"]) for e in error.errors()
            )
            told = "; ".join(f"{f.field}: {f.reason} (got {f.value!r})" for f in fields)
            raise InvalidInput(f"recipe {self.name}: {told}", fields) from None
        return {name: getattr(checked, name) for name in self.params_model.model_fields}


def _bare(value: Any) -> Any:
    """A choice by its value, as JSON carries it."""
    if isinstance(value, Enum):
        return value.value
    raise InvalidInput.of("params", value, "must be made of numbers, texts, booleans and choices")


@overload
def recipe(build: Callable[..., Problem]) -> Recipe: ...
@overload
def recipe(*, name: str | None = None) -> Callable[[Callable[..., Problem]], Recipe]: ...
def recipe(
    build: Callable[..., Problem] | None = None, *, name: str | None = None
) -> Recipe | Callable[[Callable[..., Problem]], Recipe]:
    """Mark a function as a recipe; its docstring's first paragraph is the description shown to the team.

    Raises RecipeError when a parameter has no annotation, no default, or is *args / **kwargs: the form on the page is
    made from the signature.
    """
    if build is None:
        return lambda build: recipe_of(build, name)
    return recipe_of(build, name)


def recipe_of(build: Callable[..., Problem], name: str | None = None) -> Recipe:
    name = name or str(getattr(build, "__name__", "recipe"))
    if name.startswith("_"):
        raise RecipeError(f"recipe {name!r}: a name starts with a letter or a digit; give @recipe(name=...)")
    description = " ".join((inspect.getdoc(build) or "").split("\n\n")[0].split())[:MAX_DESCRIPTION]
    made = Recipe(name=name, build=build, description=description, params_model=_params_model(name, build))
    try:
        made.info  # noqa: B018 - what is wrong with the name is said here, not when a worker connects
        made.check({})
    except (ValidationError, InvalidInput) as error:
        told = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error.detail
        raise RecipeError(f"recipe {name!r}: {told}") from None
    return made


def _params_model(name: str, build: Callable[..., Problem]) -> type[BaseModel]:
    fields: dict[str, Any] = {}
    for parameter in inspect.signature(build, eval_str=True).parameters.values():
        where = f"recipe {name!r}, parameter {parameter.name!r}"
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD, parameter.POSITIONAL_ONLY):
            raise RecipeError(f"{where}: must be a plain named parameter, so that the page can show a field for it")
        if parameter.annotation is parameter.empty:
            raise RecipeError(f"{where}: needs a type annotation, such as {parameter.name}: int = 128")
        if parameter.default is parameter.empty:
            raise RecipeError(f"{where}: needs a default, so that a sweep can be asked for without it")
        fields[parameter.name] = (parameter.annotation, parameter.default)
    config = ConfigDict(extra="forbid", strict=True, validate_default=True, allow_inf_nan=False)
    return create_model(f"{name}-params", __config__=config, **fields)


def load_recipes(sources: Iterable[str]) -> dict[str, Recipe]:
    """Recipes by name from Python files (`my_project.py`) and modules (`my_package.recipes`), in that order.

    Raises RecipeError when a source cannot be imported, holds no recipe, or offers a name twice.
    """
    found: dict[str, Recipe] = {}
    for source in sources:
        module = _load(source)
        recipes = {r.name: r for r in vars(module).values() if isinstance(r, Recipe)}
        if not recipes:
            raise RecipeError(f"{source}: no @lrscope.recipe function in it")
        twice = sorted(name for name in recipes if name in found and recipes[name] is not found[name])
        if twice:
            raise RecipeError(f"{source}: recipe {twice[0]!r} is already offered by another source; rename one")
        found |= recipes
    return found


def _load(source: str) -> Any:
    path = Path(source)
    if path.suffix != ".py":
        try:
            return importlib.import_module(source)
        except Exception as error:
            raise RecipeError(f"{source}: cannot be imported ({type(error).__name__}: {error})") from error
    if not path.is_file():
        raise RecipeError(f"{source}: no such file")
    name = f"lrscope_recipes_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise RecipeError(f"{source}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    sys.path.insert(0, str(path.parent.resolve()))  # a project's file imports its neighbours
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise RecipeError(f"{source}: cannot be imported ({type(error).__name__}: {error})") from error
    return module
