"""The dialogs: why a sweep failed, and the keys."""

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from lrscope_dashboard import ids
from lrscope_dashboard.layout.parts import key, learn_link

ANYWHERE = [  # assets/41_keys.js does these, all of them
    ("/", "search the sweeps"),
    ("n", "queue a new sweep"),
    ("c", "clone the focused sweep, with changes"),
    ("j k", "focus the next, the previous sweep"),
    ("x", "show or hide the focused sweep"),
    ("s", "show it alone"),
    ("b", "make it the baseline, with which the others are compared"),
    ("*", "give it a star, or take it"),
    ("g", "group the sweeps by the next: seed, owner, recipe, configuration, tag"),
    ("l", "logarithmic loss"),
    ("[ ]", "smooth less, more"),
    ("r", "reset the zoom"),
    ("m", "go to the marker"),
    ("p", "save the pick"),
    ("?", "this help"),
]
KEYS = [
    ("On the page", ANYWHERE),
    (
        "On the plot, by mouse",
        [
            ("Drag", "zoom into what is drawn around"),
            ("Shift+Drag", "move; so does a drag along an axis, or a wheel turned sideways"),
            ("Ctrl+Wheel", "stretch the rates; on a touchpad or screen with two fingers"),
            ("Double-click", "see all again"),
        ],
    ),
    (
        "On the marker",
        [
            ("← →", "move it by 1/20 decade, with Shift by 1/4"),
            ("Home End", "to the ends of the swept range"),
            ("Esc", "while moving: put it back"),
        ],
    ),
    (
        "In the form of a new sweep",
        [
            ("Ctrl+Enter", "queue it; ⌘ Enter on a Mac"),
            ("← →", "on a handle of the range: the next of 1, 2, 5, with Shift by a decade"),
            ("Esc", "close; what was typed stays"),
        ],
    ),
    (
        "After something was done",
        [("Ctrl+Z", "take it back, while the message stands; ⌘ Z on a Mac")],
    ),
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
    made: Component = dmc.Modal(
        id=ids.HELP_MODAL,
        title="Keys",
        opened=False,
        size="md",
        closeButtonProps={"aria-label": "Close"},
        overlayProps={"backgroundOpacity": 0.35},
        children=[
            *(part for title, keys in KEYS for part in (html.H3(title, className="keys__title"), _keys(keys))),
            html.P(
                "The line is a centred smooth of the raw losses, which stay faint behind it. "
                "The machine suggests a rate; a person picks one.",
                className="keys__note",
            ),
            html.P(
                [learn_link("How to read this plot"), learn_link("What the words mean", "/words")],
                className="keys__learn",
            ),
        ],
    )
    return made


def _keys(keys: list[tuple[str, str]]) -> Component:
    rows = [
        html.Div([html.Dt([key(part) for part in pressed.split(" ")]), html.Dd(meaning)], className="keys__row")
        for pressed, meaning in keys
    ]
    return html.Dl(rows, className="keys")
