"""The drawer in which a sweep is asked for. Its parameter fields come with the recipe, by a callback."""

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from lrscope_dashboard import ids
from lrscope_dashboard.layout.fields import filing_section, range_section
from lrscope_dashboard.layout.parts import button


def drawer() -> Component:
    made: Component = dmc.Drawer(
        id=ids.DRAWER,
        title="New sweep",
        position="right",
        size=460,
        opened=False,
        keepMounted=True,
        closeButtonProps={"aria-label": "Close"},
        overlayProps={"backgroundOpacity": 0.25},
        classNames={"body": "drawer__body", "content": "drawer"},
        children=html.Div(
            className="form",
            children=[
                html.Div(
                    className="form__fields",
                    children=[
                        dmc.Select(
                            id=ids.RECIPE,
                            label="Recipe",
                            data=[],
                            allowDeselect=False,
                            searchable=True,
                            nothingFoundMessage="No such recipe",
                            size="sm",
                            className="field",
                        ),
                        html.P(id=ids.RECIPE_HELP, className="form__hint"),
                        _group("Parameters", html.Div(id=ids.PARAMS)),
                        _group("Range", html.Div(range_section(), className="form__grid")),
                        _group("Filing", html.Div(filing_section(), className="form__grid")),
                    ],
                ),
                html.Div(
                    className="form__foot",
                    children=[
                        html.P(id=ids.FORM_ERROR, className="form__error", role="alert"),
                        button("Cancel", ids.FORM_CANCEL),
                        button("Queue sweep", ids.SUBMIT, look="primary"),
                    ],
                ),
            ],
        ),
    )
    return made


def _group(title: str, body: Component) -> Component:
    return html.Section([html.H3(title, className="form__title"), body], className="form__group")
