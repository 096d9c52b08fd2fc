"""What the picked rate means for a training: its schedule, drawn, explained, and as code to copy."""

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from lrscope.plan import NAMES
from lrscope.snippets import FRAMEWORKS
from lrscope_dashboard import ids
from lrscope_dashboard.layout.parts import attributes, icon


def use_block() -> Component:
    """Closed until it is wanted; nothing is asked of the server before. Filled by callbacks/use.py and 42_use.js."""
    return html.Details(
        id=ids.USE,
        className="block block--use",
        hidden=True,
        children=[
            html.Summary("Use this rate", className="use__title"),
            _inputs(),
            html.P(id=ids.USE_ERROR, className="problem", role="alert"),
            html.Div(id=ids.USE_CHART, className="use__chart"),
            html.P(id=ids.USE_MEANING, className="use__meaning"),
            _code(),
            dcc.Store(id=ids.CHOSEN),
            dcc.Store(id=ids.USE_RATES),
        ],
    )


def _inputs() -> Component:
    return html.Div(
        className="use__inputs",
        children=[
            dmc.Select(
                id=ids.USE_SCHEDULE,
                label="Schedule",
                data=[{"value": value, "label": label} for value, label in NAMES.items()],
                value="one_cycle",
                allowDeselect=False,
                size="xs",
                persistence=True,
                className="field use__schedule",
            ),
            _count(ids.USE_EPOCHS, "Epochs", 10),
            _count(ids.USE_STEPS, "Steps per epoch", 100),
        ],
    )


def _count(id: str, label: str, value: int) -> Any:
    return dmc.NumberInput(
        id=id,
        label=label,
        value=value,
        min=1,
        allowDecimal=False,
        clampBehavior="none",
        hideControls=True,
        size="xs",
        persistence=True,
        className="field",
    )


def _code() -> Component:
    return html.Div(
        [
            dmc.SegmentedControl(
                id=ids.USE_FRAMEWORK,
                data=[{"value": value, "label": label} for value, label in FRAMEWORKS.items()],
                value="pytorch",
                size="xs",
                fullWidth=True,
                persistence=True,
                className="use__frameworks",
            ),
            html.Div(
                className="use__code",
                children=[
                    html.Pre(id=ids.USE_CODE, tabIndex="0", **attributes(aria_label="Code with this rate")),
                    html.Button(
                        icon("copy"),
                        type="button",
                        className="btn btn--icon",
                        title="Copy",
                        **attributes(aria_label="Copy the code", data_copy="previous"),
                    ),
                ],
            ),
        ]
    )
