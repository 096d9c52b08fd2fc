"""Buttons, switches and the list, handed to the scripts (window.dash_clientside.lrscope, assets/40_wiring.js)."""

from typing import Any

from dash import ClientsideFunction, Input, Output

from lrscope_dashboard import ids


def register(app: Any) -> None:
    def on(function: str, *inputs: Input, at_start: bool = False) -> None:
        app.clientside_callback(ClientsideFunction("lrscope", function), *inputs, prevent_initial_call=not at_start)

    app.clientside_callback(
        ClientsideFunction("lrscope", "smoothing"),
        Output(ids.SMOOTHING_TEXT, "children"),
        Input(ids.SMOOTHING, "value"),
    )
    on("logLoss", Input(ids.LOG_LOSS, "checked"), at_start=True)
    on("showAll", Input(ids.SHOW_ALL, "checked"), at_start=True)
    on("resetZoom", Input(ids.RESET_ZOOM, "n_clicks"))
    on("theme", Input(ids.THEME, "n_clicks"))
    on("help", Input(ids.HELP, "n_clicks"))
    on("arrived", Input(ids.SUBMITTED, "data"))
