"""The panel on the right: the focused sweep, the rate to pick, what the curve says, who picked what before."""

from dash import html
from dash.development.base_component import Component

from lrscope_dashboard import ids
from lrscope_dashboard.layout.parts import attributes
from lrscope_dashboard.layout.use import use_block


def decision_panel() -> Component:
    """Sections, each owned by a script: 31_focus to 35_picks, 38_confirmation, 39_common, 42_use."""
    return html.Section(
        id=ids.DECISION,
        className="panel panel--decision",
        **attributes(aria_label="Decision"),
        children=[
            html.Div(id=ids.FOCUS, className="block block--focus"),
            html.Div(id=ids.NEXT, className="block block--next", hidden=True),
            html.Div(id=ids.CHOICE, className="block block--choice"),
            html.Div(id=ids.READOUT, className="block block--readout"),
            html.Div(id=ids.READING, className="block block--reading"),
            html.Div(id=ids.CONFIRMATION, className="block block--confirmation", hidden=True),
            html.Div(id=ids.COMMON, className="block block--common", hidden=True),
            use_block(),
            html.Div(id=ids.PICKS, className="block block--picks"),
        ],
    )
