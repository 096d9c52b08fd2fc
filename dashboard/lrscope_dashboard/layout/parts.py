"""Small pieces that several panels are made of."""

from typing import Any

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component


def attributes(**named: str) -> dict[str, Any]:
    """data_copy="previous" as Dash wants it: {"data-copy": "previous"}."""
    return {name.replace("_", "-"): value for name, value in named.items()}


def icon(name: str) -> Component:
    """A glyph of assets/icons.css, in the colour of the text around it."""
    return html.Span(className=f"icon icon--{name}", **attributes(aria_hidden="true"))


def button(label: str, id: str, *, glyph: str | None = None, look: str = "", **props: Any) -> Component:
    """A button with a label; `look` is one of primary, quiet, danger."""
    children: list[Any] = [icon(glyph)] if glyph else []
    return html.Button(
        [*children, html.Span(label)], id=id, type="button", className=f"btn btn--{look}" if look else "btn", **props
    )


def icon_button(label: str, id: str, glyph: str) -> Component:
    """A button that shows only a glyph; its label is for tooltips and screen readers."""
    return html.Button(
        icon(glyph), id=id, type="button", className="btn btn--icon", title=label, **attributes(aria_label=label)
    )


def modal(id: str, title: str, body: Component, size: str) -> Component:
    """A dialog whose body the scripts fill, and which they open."""
    made: Component = dmc.Modal(
        id=id,
        title=title,
        size=size,
        opened=False,
        keepMounted=True,
        closeButtonProps={"aria-label": "Close"},
        overlayProps={"backgroundOpacity": 0.35},
        children=body,
    )
    return made


def learn_link(label: str, at: str = "") -> Component:
    """A link to the guide, assets/47_learn.js."""
    return html.A(label, href=f"#learn{at}", className="learn-link")


def key(name: str) -> Component:
    return html.Kbd(name, className="key")
