"""The drawer in which a sweep is asked for. Its parameter fields come with the recipe, by a callback."""

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from lrscope_dashboard import ids
from lrscope_dashboard.layout.fields import filing_section, range_section
from lrscope_dashboard.layout.parts import attributes, button, icon, key


def drawer() -> Component:
    made: Component = dmc.Drawer(
        id=ids.DRAWER,
        title="New sweep",
        position="right",
        size=480,
        opened=False,
        keepMounted=True,
        closeButtonProps={"aria-label": "Close"},
        overlayProps={"backgroundOpacity": 0.25},
        classNames={"body": "drawer__body", "content": "drawer"},
        children=html.Div(className="form", children=[html.Div(_groups(), className="form__fields"), _foot()]),
    )
    return made


def _groups() -> list[Component]:
    return [
        html.Div(id=ids.FORM_ORIGIN, className="form__origin", hidden=True),
        dmc.Select(
            id=ids.RECIPE,
            label="Recipe",
            data=[],
            allowDeselect=False,
            searchable=True,
            openOnFocus=False,
            nothingFoundMessage="No such recipe",
            size="sm",
            className="field",
        ),
        html.P(id=ids.RECIPE_HELP, className="form__hint"),
        _group("Parameters", html.Div(id=ids.PARAMS)),
        _group(
            "Range",
            html.Div(id=ids.RANGE_AXIS, className="span"),  # drawn by assets/38_range.js
            html.Div(range_section(), className="form__grid"),
        ),
        _group("Filing", html.Div(filing_section(), className="form__grid")),
        _group("The same from a shell", _command("lrscope submit", ids.SUBMIT_LINE), _command("curl", ids.CURL)),
    ]


def _foot() -> Component:
    return html.Div(
        className="form__foot",
        children=[
            html.Div(id=ids.FORM_PLAN, className="plan", role="status"),
            html.P(id=ids.FORM_ERROR, className="form__error", role="alert"),
            html.Div(
                className="form__buttons",
                children=[
                    button("Reset", ids.FORM_RESET, look="quiet", title="Everything back to its default"),
                    html.Span(className="form__space"),
                    button("Cancel", ids.FORM_CANCEL, title="Close; what was typed stays"),
                    html.Button(
                        [html.Span("Queue sweep"), html.Span([key("Ctrl"), key("↵")], className="form__keys")],
                        id=ids.SUBMIT,
                        type="button",
                        className="btn btn--primary",
                        **attributes(aria_keyshortcuts="Control+Enter Meta+Enter"),
                    ),
                ],
            ),
        ],
    )


def _group(title: str, *body: Component) -> Component:
    return html.Section([html.H3(title, className="form__title"), *body], className="form__group")


def _command(name: str, id: str) -> Component:
    """A command line that follows the form; a callback writes it."""
    copying = html.Button(
        icon("copy"),
        type="button",
        className="btn btn--icon",
        title="Copy",
        **attributes(aria_label=f"Copy the {name} line", data_copy="previous"),
    )
    line = html.Code(id=id, tabIndex=0, role="group", **attributes(aria_label=f"{name} line"))
    return html.Div([line, copying], className="command")
