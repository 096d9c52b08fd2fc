"""The inputs of the new-sweep form."""

from collections.abc import Mapping
from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from lrscope.spec import ParamValue
from lrscope_dashboard import ids
from lrscope_dashboard.form import typed_of
from lrscope_dashboard.schema import ParamField

ORDER = ["label", "input", "error", "description"]  # inputs of a row stand on one line, whatever is said of them


USUAL = typed_of({})


def param_input(field: ParamField, value: ParamValue) -> Any:
    """The input of one parameter of a recipe, holding this value."""
    about = ", ".join(part for part in (field.help.rstrip("."), field.bounds) if part)
    common: dict[str, Any] = {"label": field.label, "description": about or None, "size": "sm"}
    if field.kind == "bool":
        return dmc.Switch(id=ids.of(ids.FLAG, field.name), checked=bool(value), className="field", **common)
    common |= {"id": ids.of(ids.PARAM, field.name), "className": "field", "inputWrapperOrder": ORDER}
    if field.kind == "choice":
        options = [str(choice) for choice in field.choices]
        return dmc.Select(data=options, value=str(value), allowDeselect=False, **common)
    if field.kind == "int":
        return dmc.NumberInput(
            value=value, min=field.low, max=field.high, allowDecimal=False, clampBehavior="none", **common
        )
    short = f"{value:g}" if isinstance(value, float) else str(value)
    shown = "" if value is None else short if not isinstance(value, float) or float(short) == value else repr(value)
    common.pop("inputWrapperOrder")
    return text_input(value=shown, **common)


def text_input(**props: Any) -> Any:
    """A text field. Rates and fractions are typed as text: 3e-4 is how people write them."""
    return dmc.TextInput(autoComplete="off", spellCheck=False, inputWrapperOrder=ORDER, **{"size": "sm", **props})


def params_section(fields: list[ParamField], values: Mapping[str, ParamValue]) -> Component:
    """All parameters of a recipe; those without a value hold their default."""
    if not fields:
        return html.P("This recipe has no parameters.", className="form__hint")
    return html.Div(
        [param_input(field, values.get(field.name, field.default)) for field in fields], className="form__grid"
    )


def range_section() -> list[Component]:
    return [
        _text("start_lr", "Start LR", "1e-12 to 1e4"),
        _text("end_lr", "End LR", "Above the start, up to 1e4"),
        dmc.NumberInput(
            id=ids.of(ids.FIELD, "num_iter"),
            label="Steps",
            description="One point each, 2 to 20 000",
            value=USUAL["num_iter"],
            min=2,
            max=20_000,
            step=50,
            allowDecimal=False,
            clampBehavior="none",
            size="sm",
            inputWrapperOrder=ORDER,
            className="field",
        ),
        dmc.Select(
            id=ids.of(ids.FIELD, "mode"),
            label="The LR rises",
            description="Exponentially: as many steps in each decade",
            data=[{"value": "exp", "label": "exponentially"}, {"value": "linear", "label": "linearly"}],
            value=USUAL["mode"],
            allowDeselect=False,
            size="sm",
            inputWrapperOrder=ORDER,
            className="field",
        ),
        _text("seeds", "Seeds", "One, or several: 0, 1, 2"),
        _text("diverge_ratio", "Diverge ratio", "Stops at so many times the best loss; empty: never"),
        dmc.Select(
            id=ids.of(ids.FIELD, "stages"),
            label="Stages",
            description="Two: then a closer look where something happened",
            data=[{"value": "1", "label": "one"}, {"value": "2", "label": "two"}],
            value=USUAL["stages"],
            allowDeselect=False,
            size="sm",
            inputWrapperOrder=ORDER,
            className="field",
        ),
    ]


def filing_section() -> list[Component]:
    return [
        _text("name", "Name", "By default that of the recipe"),
        _text("tags", "Tags", "Separated by commas"),
        dmc.NumberInput(
            id=ids.of(ids.FIELD, "priority"),
            label="Priority",
            description="Higher goes first, -100 to 100",
            value=USUAL["priority"],
            min=-100,
            max=100,
            allowDecimal=False,
            clampBehavior="none",
            size="sm",
            inputWrapperOrder=ORDER,
            className="field",
        ),
        dmc.Select(
            id=ids.of(ids.FIELD, "device"),
            label="Device",
            description="What it may run on",
            data=["any", "cpu", "cuda"],
            value=USUAL["device"],
            allowDeselect=False,
            size="sm",
            inputWrapperOrder=ORDER,
            className="field",
        ),
    ]


def _text(name: str, label: str, about: str) -> Any:
    id = ids.of(ids.FIELD, name)
    return text_input(id=id, label=label, value=USUAL[name], description=about, className="field")
