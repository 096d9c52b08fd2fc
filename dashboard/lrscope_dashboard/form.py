"""What was typed into the new-sweep form, as a SweepRequest, or the errors to show at its fields; and the way back."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from lrscope.errors import InvalidInput
from lrscope.spec import ParamValue, SweepRequest
from lrscope_dashboard.schema import ParamField, number, param_of, whole_number

FORM = ""  # the key of what belongs to no single field
PARAM_PREFIX = "params."

Errors = dict[str, str]


def request_of(
    recipe: str | None, fields: list[ParamField], typed: Mapping[str, Any], params: Mapping[str, Any]
) -> tuple[SweepRequest | None, Errors]:
    """(request, {}) or (None, errors by field; a parameter's under `params.<name>`)."""
    if not recipe:
        return None, {"recipe": "Choose a recipe"}
    errors: Errors = {}
    values = {
        **_read(errors, "start_lr", typed, number),
        **_read(errors, "end_lr", typed, number),
        **_read(errors, "num_iter", typed, whole_number),
        **_read(errors, "priority", typed, whole_number),
        **_read(errors, "seeds", typed, _seeds),
        **_read(errors, "diverge_ratio", typed, _ratio),
        "mode": typed.get("mode") or "exp",
        "stages": int(typed.get("stages") or 1),
        "device": typed.get("device") or "any",
        "name": str(typed.get("name") or "").strip() or None,
        "tags": _list(str(typed.get("tags") or "")),
    }
    given: dict[str, ParamValue] = {}
    for field in fields:
        try:
            given[field.name] = param_of(field, params.get(field.name, field.default))
        except ValueError as error:
            errors[PARAM_PREFIX + field.name] = _sentence(str(error))
    seeds = values.pop("seeds", [0])
    values |= {"seed": seeds[0]} if len(seeds) == 1 else {"seeds": seeds}
    if "start_lr" in errors:
        values.pop("end_lr", None)  # above what, nobody knows
    try:
        request = SweepRequest(recipe=recipe, params=given, **values)
    except ValidationError as error:
        return None, {**errors_of(error), **errors}
    return (None, errors) if errors else (request, {})


def typed_of(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What would be typed into the form for these fields of a request; what is not given is the default."""
    usual = SweepRequest(recipe="any").model_dump(mode="json")
    wanted = {**usual, **{name: value for name, value in asked.items() if name in usual}}
    ratio, seeds = wanted["diverge_ratio"], wanted["seeds"] or [wanted["seed"]]
    return {
        **{name: wanted[name] for name in ("num_iter", "mode", "priority", "device")},
        "start_lr": rate_text(wanted["start_lr"]),
        "end_lr": rate_text(wanted["end_lr"]),
        "seeds": ", ".join(map(str, seeds)),
        "diverge_ratio": "" if ratio is None else f"{ratio:g}",
        "stages": str(wanted["stages"]),
        "name": wanted["name"] or "",
        "tags": ", ".join(wanted["tags"]),
    }


def rate_text(value: float) -> str:
    """A rate as people write it, to the last digit: 1e-7, 0.32, 10."""
    if 0.1 <= value < 1000:
        return repr(int(value)) if value == int(value) else repr(value)
    digits = next(n for n in range(17) if float(f"{value:.{n}e}") == value)
    mantissa, _, exponent = f"{value:.{digits}e}".partition("e")
    return f"{mantissa}e{int(exponent)}"


def errors_of(error: ValidationError | InvalidInput) -> Errors:
    """The errors of a refused request, by field."""
    if isinstance(error, InvalidInput):
        found = {_field(item.field): _sentence(item.reason) for item in error.fields}
        return found or {FORM: _sentence(error.detail)}
    return {
        _field(".".join(map(str, item["loc"])), item["msg"]): _sentence(item["msg"].removeprefix("Value error, "))
        for item in error.errors()
    }


def _field(location: str, message: str = "") -> str:
    """The form's field for a location in the request: `tags.2` is shown at `tags`, a wrong span at `end_lr`."""
    if location.startswith(PARAM_PREFIX):
        return PARAM_PREFIX + location.removeprefix(PARAM_PREFIX).partition(".")[0]
    if not location:
        return next((name for name in ("end_lr", "seeds") if name in message), FORM)
    name = location.partition(".")[0]
    return "seeds" if name == "seed" else name


def _read(errors: Errors, name: str, typed: Mapping[str, Any], parse: Any) -> dict[str, Any]:
    text = "" if typed.get(name) is None else str(typed[name]).strip()
    try:
        return {name: parse(text)}
    except ValueError as error:
        errors[name] = "Needs a number" if not text else _sentence(str(error))
        return {}


def _seeds(text: str) -> list[int]:
    return [whole_number(part) for part in _list(text)] or [0]


def _ratio(text: str) -> float | None:
    return number(text) if text else None


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _sentence(text: str) -> str:
    """As people call the fields."""
    said = text.replace("end_lr", "the end").replace("start_lr", "the start")
    return said[:1].upper() + said[1:]
