"""Checks a sweep's parameters against the JSON schema its recipe announced, before a worker ever sees them."""

from typing import Any

from jsonschema import Draft202012Validator

from lrscope.errors import FieldError, InvalidInput
from lrscope.spec import Params


def check_params(params: Params, schema: dict[str, Any]) -> None:
    """Raises InvalidInput naming every parameter that the schema does not take, its value and the reason."""
    known = set(schema.get("properties", {}))
    fields = [
        FieldError(f"params.{name}", value, f"no such parameter; the recipe has {', '.join(sorted(known)) or 'none'}")
        for name, value in params.items()
        if name not in known
    ]
    taken = {name: value for name, value in params.items() if name in known}
    for error in sorted(Draft202012Validator(schema).iter_errors(taken), key=lambda e: list(map(str, e.path))):
        where = ".".join(map(str, ("params", *error.path)))
        fields.append(FieldError(where, error.instance, error.message))
    if fields:
        told = "; ".join(f"{f.field}: {f.reason}" for f in fields)
        raise InvalidInput(told, tuple(fields))
