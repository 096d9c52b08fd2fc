"""The plot. Three layers over each other: bands behind, Plotly's curves, and what is dragged and hovered in front.

Beside it the same curves as small multiples and as a table; the scripts fill these, the legend and the toolbar.
"""

from dash import html
from dash.development.base_component import Component

from lrscope_dashboard import ids
from lrscope_dashboard.layout.parts import attributes, button, icon, learn_link


def plot_panel() -> Component:
    return html.Section(
        className="panel panel--plot",
        **attributes(aria_label="Loss against learning rate"),
        children=[
            html.Div(id=ids.TOOLBAR, className="toolbar"),
            html.Div(
                className="names",
                children=[
                    html.Div(id=ids.LEGEND, className="legend", role="group", **attributes(aria_label="Curves")),
                    html.Div(id=ids.CLIPPING, className="clipping"),
                    learn_link("How to read this"),
                ],
            ),
            _stage(),
            html.Div(id=ids.MULTIPLES, className="multiples", hidden=True),
            html.Div(id=ids.POINTS, className="points", hidden=True),
            html.Div(id=ids.THUMB, className="thumb", role="group", hidden=True, **attributes(aria_label="The rate")),
        ],
    )


def _stage() -> Component:
    return html.Div(
        id=ids.PLOT_HOST,
        className="stage",
        children=[
            html.Div(id=ids.PLOT_BACK, className="stage__layer stage__back"),
            html.Div(id=ids.PLOT, className="stage__plot"),
            html.Span("loss", className="stage__axis stage__axis--loss"),
            html.Span("learning rate", className="stage__axis stage__axis--rate"),
            html.Div(id=ids.PLOT_FRONT, className="stage__layer stage__front"),
            html.Div(id=ids.AWAIT, className="await", role="status", hidden=True),
            html.Div(id=ids.EMPTY, className="empty", hidden=True, children=_empty()),
        ],
    )


def _empty() -> list[Component]:
    return [
        html.H2("No sweeps yet", className="empty__title"),
        html.P(
            "A sweep trains a model for a few steps while its learning rate rises. "
            "The curve of its losses shows which rate to take.",
            className="empty__text",
        ),
        button("Run the three demo sweeps", ids.DEMO, glyph="play", look="primary"),
        html.P(id=ids.DEMO_ERROR, className="empty__error", role="alert"),
        html.P(learn_link("How to read such a curve"), className="empty__learn"),
        html.Div(
            className="empty__ways",
            children=[
                _way("Start a worker", "worker"),
                _way("Queue a sweep from a script", "curl"),
            ],
        ),
    ]


def _way(title: str, fill: str) -> Component:
    """A command to copy; the scripts fill it in, with this page's address."""
    return html.Div(
        className="way",
        children=[
            html.H3(title, className="way__title"),
            html.Div(
                className="command",
                children=[
                    html.Code(**attributes(data_fill=fill)),
                    html.Button(
                        icon("copy"),
                        type="button",
                        className="btn btn--icon",
                        title="Copy",
                        **attributes(aria_label=f"Copy: {title}", data_copy="previous"),
                    ),
                ],
            ),
        ],
    )
