"""Two dialogs about one sweep: what a person says of it, filled by assets/39_edit.js, and its notes to read."""

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from lrscope_dashboard import ids
from lrscope_dashboard.layout.parts import button, modal


def edit_modal() -> Component:
    return modal(ids.EDIT_MODAL, "Edit sweep", html.Div(id=ids.EDIT_BODY), size="md")


def notes_modal() -> Component:
    """Made when it is opened: the reader of Markdown is only then loaded. It makes no HTML of what people write."""
    made: Component = dmc.Modal(
        id=ids.NOTES_MODAL,
        title="Notes",
        opened=False,
        size="lg",
        closeButtonProps={"aria-label": "Close"},
        overlayProps={"backgroundOpacity": 0.35},
        children=[
            dcc.Markdown(id=ids.NOTES_TEXT, className="notes", link_target="_blank"),
            html.Div(button("Edit", ids.NOTES_EDIT), className="edit__foot"),
        ],
    )
    return made
