"""The tabs at the foot of a narrow page, where one panel is seen at a time. assets/45_panels.js moves between them."""

from dash import html
from dash.development.base_component import Component

from lrscope_dashboard import ids
from lrscope_dashboard.layout.parts import attributes, icon

PANELS = {"sweeps": ("Sweeps", "list"), "plot": ("Plot", "overlay"), "decide": ("Decide", "decide")}


def tabs() -> Component:
    return html.Nav(
        id=ids.TABS,
        className="tabs",
        **attributes(aria_label="Panels"),
        children=[_tab(name, label, glyph) for name, (label, glyph) in PANELS.items()],
    )


def _tab(name: str, label: str, glyph: str) -> Component:
    return html.Button(
        [icon(glyph), html.Span(label, className="tab__label"), html.Span(className="tab__count")],
        type="button",
        className="tab",
        **attributes(data_panel=name),
    )
