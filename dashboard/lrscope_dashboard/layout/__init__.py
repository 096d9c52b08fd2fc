"""The page's skeleton. What moves in it (curves, rows, readouts) is filled in by the scripts under assets."""

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from lrscope_dashboard import ids
from lrscope_dashboard.layout.decision import decision_panel
from lrscope_dashboard.layout.dialogs import error_modal, help_modal
from lrscope_dashboard.layout.edit import edit_modal, notes_modal
from lrscope_dashboard.layout.header import header
from lrscope_dashboard.layout.new_sweep import drawer
from lrscope_dashboard.layout.panels import compare_modal, queue_drawer, share_modal
from lrscope_dashboard.layout.parts import attributes
from lrscope_dashboard.layout.plot import plot_panel
from lrscope_dashboard.layout.sweeps import splitter, sweeps_panel
from lrscope_dashboard.layout.tabs import tabs
from lrscope_dashboard.theme import THEME

__all__ = ["page"]

STORES = (
    *(ids.ME, ids.SUBMITTED, ids.RECIPES),
    *(ids.SERVER_URL, ids.PREFILL, ids.ORIGIN, ids.FORM_KEY, ids.FAULTS),
)


def page() -> Component:
    """The whole page, empty."""
    made: Component = dmc.MantineProvider(
        id=ids.PROVIDER,
        theme=THEME,
        defaultColorScheme="auto",
        children=[
            html.Div(
                className="app",
                **attributes(data_panel="plot"),
                children=[
                    header(),
                    html.Main(className="bench", children=[sweeps_panel(), splitter(), plot_panel(), decision_panel()]),
                    tabs(),
                ],
            ),
            drawer(),
            error_modal(),
            help_modal(),
            edit_modal(),
            share_modal(),
            compare_modal(),
            queue_drawer(),
            notes_modal(),
            *(dcc.Store(id=id) for id in STORES),
        ],
    )
    return made
