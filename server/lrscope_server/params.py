"""Checks a sweep's parameters against the JSON schema its recipe announced, before a worker ever sees them."""

from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, UnknownType
from jsonschema.validators import extend
from referencing import Registry
from referencing.exceptions import Unresolvable

from lrscope.errors import FieldError, InvalidInput, WireError
from lrscope.recipe import RecipeInfo
from lrscope.spec import Params

_whole = Draft202012Validator.TYPE_CHECKER.redefine(
    "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
)
# 128.0 is no integer to Python, so it is none here
Validator: Any = extend(Draft202012Validator, type_checker=_whole)  # type: ignore[no-untyped-call]


def check_schema(recipe: RecipeInfo) -> None:
    """Raises WireError when what a worker announced as the schema of the params is none."""
    try:
        Validator.check_schema(recipe.params_schema)
    except SchemaError as error:
        raise WireError(f"recipe {recipe.name}: params_schema is no JSON schema: {error.message[:200]}") from None


def check_params(params: Params, schema: dict[str, Any]) -> None:
    """Raises InvalidInput naming every parameter that the schema does not take, its value and the reason."""
    known = set(schema.get("properties", {}))
    fields = [
        FieldError(f"params.{name}", value, f"no such parameter; the recipe has {', '.join(sorted(known)) or 'none'}")
        for name, value in params.items()
        if name not in known
    ]
    taken = {name: value for name, value in params.items() if name in known}
    try:
        # an empty registry: a $ref to another host is an error here, never a request from this server
        errors = list(Validator(schema, registry=Registry()).iter_errors(taken))
    except (Unresolvable, UnknownType) as broken:
        raise InvalidInput.of("params", taken, f"cannot be checked: the recipe's schema is broken ({broken})") from None
    for error in sorted(errors, key=lambda e: list(map(str, e.path))):
        where = ".".join(map(str, ("params", *error.path)))
        fields.append(FieldError(where, error.instance, error.message))
    if fields:
        told = "; ".join(f"{f.field}: {f.reason}" for f in fields)
        raise InvalidInput(told, tuple(fields))
