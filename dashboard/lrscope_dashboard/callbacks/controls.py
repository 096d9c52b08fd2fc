"""Buttons and the list, handed to the scripts (window.dash_clientside.lrscope, assets/40_wiring.js)."""

from typing import Any

from dash import ClientsideFunction, Input

from lrscope_dashboard import ids


def register(app: Any) -> None:
    def on(function: str, *inputs: Input) -> None:
        app.clientside_callback(ClientsideFunction("lrscope", function), *inputs, prevent_initial_call=True)

    on("theme", Input(ids.THEME, "n_clicks"))
    on("help", Input(ids.HELP, "n_clicks"))
    on("arrived", Input(ids.SUBMITTED, "data"))
    on("share", Input(ids.SHARE, "n_clicks"))
    on("queue", Input(ids.QUEUE, "n_clicks"))
    on("editNotes", Input(ids.NOTES_EDIT, "n_clicks"))
