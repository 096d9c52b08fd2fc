"""A recipe's JSON schema as the fields of a form, and what was typed into them as the parameters of a sweep."""

from dataclasses import dataclass
from typing import Any, Literal

from lrscope.spec import ParamValue

Kind = Literal["int", "float", "bool", "choice", "text"]


@dataclass(frozen=True)
class ParamField:
    """One parameter of a recipe, as a form shows it."""

    name: str
    kind: Kind
    default: ParamValue
    help: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[ParamValue, ...] = ()
    optional: bool = False

    @property
    def label(self) -> str:
        return self.name.replace("_", " ")

    @property
    def bounds(self) -> str:
        """The bounds in words; empty when there are none."""
        if self.low is not None and self.high is not None:
            return f"{self.low:g} to {self.high:g}"
        if self.low is not None:
            return f"from {self.low:g}"
        return f"up to {self.high:g}" if self.high is not None else ""


def fields_of(schema: dict[str, Any]) -> list[ParamField]:
    """The fields of a recipe's `params_schema`, in its order. What has no simple input is typed as text."""
    return [_field(name, spec, schema) for name, spec in schema.get("properties", {}).items()]


def _field(name: str, spec: dict[str, Any], schema: dict[str, Any]) -> ParamField:
    inner, optional = _resolve(spec, schema)
    choices = tuple(inner.get("enum", ()))
    if not choices and "const" in inner:
        choices = (inner["const"],)
    return ParamField(
        name=name,
        kind="choice" if choices else _kind(inner.get("type")),
        default=spec.get("default", inner.get("default")),
        help=str(spec.get("description") or inner.get("description") or ""),
        low=inner.get("minimum", inner.get("exclusiveMinimum")),
        high=inner.get("maximum", inner.get("exclusiveMaximum")),
        choices=choices,
        optional=optional,
    )


def _resolve(spec: dict[str, Any], schema: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """The schema of the value itself, without references and `| None`; and whether null is allowed."""
    if "$ref" in spec:
        target = schema.get("$defs", {}).get(str(spec["$ref"]).rsplit("/", 1)[-1], {})
        return _resolve({**target, **{k: v for k, v in spec.items() if k != "$ref"}}, schema)
    options = spec.get("anyOf", [])
    values = [option for option in options if option.get("type") != "null"]
    if not options or len(values) != 1:
        return spec, len(values) < len(options)
    inner, _ = _resolve(values[0], schema)
    return inner, len(values) < len(options)


def _kind(json_type: object) -> Kind:
    kinds: dict[object, Kind] = {"integer": "int", "number": "float", "boolean": "bool"}
    return kinds.get(json_type, "text")


def param_of(field: ParamField, typed: object) -> ParamValue:
    """What was typed, as the parameter's value. Raises ValueError with a sentence for the person who typed it."""
    if field.kind == "bool":
        return bool(typed)
    if field.kind == "choice":
        return next((choice for choice in field.choices if str(choice) == str(typed)), str(typed))
    text = "" if typed is None else str(typed).strip()
    if field.kind == "text":
        return None if field.optional and not text else str(typed or "")
    if not text:
        if field.optional:
            return None
        raise ValueError("needs a number")
    value = whole_number(text) if field.kind == "int" else number(text)
    _within(field, value)
    return value


def _within(field: ParamField, value: float) -> None:
    """Raises ValueError outside of the bounds; a bound that is itself excluded is left to the server."""
    if field.low is not None and not value >= field.low:
        raise ValueError(f"must be greater than or equal to {field.low:g}")
    if field.high is not None and not value <= field.high:
        raise ValueError(f"must be less than or equal to {field.high:g}")


def number(text: str) -> float:
    """A number as people write it: 3e-4, 0.0003, 0,0003. Raises ValueError."""
    try:
        return float(text.strip().replace(",", ".").replace("−", "-"))
    except ValueError:
        raise ValueError(f"is not a number: {text.strip()!r}; write it like 3e-4 or 0.0003") from None


def whole_number(text: str) -> int:
    """A whole number. Raises ValueError."""
    try:
        return int(text.strip())
    except ValueError:
        raise ValueError(f"is not a whole number: {text.strip()!r}") from None
