"""The dialogs: why a sweep failed, and the keys."""

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from lrscope_dashboard import ids
from lrscope_dashboard.layout.parts import key

KEYS = [
    ("n", "queue a new sweep"),
    ("m", "go to the marker"),
    ("← →", "move the marker by 1/20 decade, with Shift by 1/4"),
    ("Home End", "to the ends of the swept range"),
    ("Esc", "while moving: put the marker back"),
    ("p", "save the pick"),
    ("j k", "focus the next, the previous sweep"),
    ("x", "show or hide the focused sweep"),
    ("l", "logarithmic loss"),
    ("r", "reset the zoom"),
    ("?", "this help"),
]


def error_modal() -> Component:
    made: Component = dmc.Modal(
        id=ids.ERROR_MODAL,
        title="Why it failed",
        size="xl",
        opened=False,
        keepMounted=True,
        closeButtonProps={"aria-label": "Close"},
        overlayProps={"backgroundOpacity": 0.35},
        children=html.Div(id=ids.ERROR_BODY, className="failure"),
    )
    return made


def help_modal() -> Component:
    rows = [
        html.Div(
            [html.Dt([key(part) for part in keys.split(" ")]), html.Dd(meaning)],
            className="keys__row",
        )
        for keys, meaning in KEYS
    ]
    made: Component = dmc.Modal(
        id=ids.HELP_MODAL,
        title="Keys",
        opened=False,
        size="md",
        closeButtonProps={"aria-label": "Close"},
        overlayProps={"backgroundOpacity": 0.35},
        children=[
            html.Dl(rows, className="keys"),
            html.P(
                "Drag across the plot to zoom, double-click to see all again. The line is a centred smooth of the raw "
                "losses, which stay faint behind it. The machine suggests a rate; a person picks one.",
                className="keys__note",
            ),
        ],
    )
    return made
