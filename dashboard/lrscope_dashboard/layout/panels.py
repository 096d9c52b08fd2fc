"""What opens over the page and is filled by scripts: sharing (43_views), comparing (42_compare), queue (41_queue)."""

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from lrscope_dashboard import ids
from lrscope_dashboard.layout.parts import modal


def share_modal() -> Component:
    return modal(ids.SHARE_MODAL, "Share", html.Div(id=ids.SHARE_BODY), size="lg")


def compare_modal() -> Component:
    return modal(ids.COMPARE_MODAL, "What differs", html.Div(id=ids.COMPARE_BODY), size="auto")


def queue_drawer() -> Component:
    made: Component = dmc.Drawer(
        id=ids.QUEUE_DRAWER,
        title="Queue and workers",
        position="right",
        size=560,  # of a page whose rem is 13 px
        opened=False,
        keepMounted=True,
        closeButtonProps={"aria-label": "Close"},
        overlayProps={"backgroundOpacity": 0.25},
        children=html.Div(id=ids.QUEUE_BODY, className="queue__body"),
    )
    return made
