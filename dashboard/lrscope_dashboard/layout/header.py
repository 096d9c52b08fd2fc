"""The bar on top: what this is, whether it is live, what waits, who I am."""

from dash import html
from dash.development.base_component import Component

from lrscope_dashboard import ids
from lrscope_dashboard.layout.parts import attributes, button, icon, icon_button


def header() -> Component:
    return html.Header(
        className="bar",
        children=[
            html.H1([html.Span(className="mark", **attributes(aria_hidden="true")), "lrscope"], className="wordmark"),
            html.Div(
                [html.Span("connecting", className="live__state", role="status"), html.Span(className="live__lag")],
                id=ids.LIVE,
                className="live",
                **attributes(data_state="connecting"),
            ),
            html.Button(
                html.Span("queue", className="queue__part"),
                id=ids.QUEUE,
                className="queue",
                type="button",
                **attributes(aria_haspopup="dialog"),
            ),
            html.Div(className="bar__space"),
            button("Share", ids.SHARE, glyph="share", look="quiet", **attributes(aria_label="Share")),
            html.Label(
                [
                    icon("person"),
                    html.Span("Your name", className="sr-only"),
                    html.Span(id=ids.WHO, className="who__slot"),
                ],
                className="who",
                title="Your name stands with the sweeps you queue and the rates you pick",
            ),
            icon_button("Colour scheme", ids.THEME, "auto"),
            icon_button("Keyboard and help", ids.HELP, "help"),
            icon_button("More", ids.MORE, "more"),
        ],
    )
