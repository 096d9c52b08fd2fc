"""build(server, source): the page, mounted at `/` of a FastAPI app that also answers its REST calls and its feed."""

from pathlib import Path
from types import ModuleType
from typing import Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import Dash, dcc, html
from dash.development.base_component import Component
from fastapi import FastAPI

from lrscope_dashboard import callbacks
from lrscope_dashboard.addresses import Addresses
from lrscope_dashboard.layout import page
from lrscope_dashboard.source import SweepSource

ASSETS = Path(__file__).parent / "assets"

INDEX = """<!DOCTYPE html>
<html lang="en">
<head>
  {%metas%}
  <title>{%title%}</title>
  <link rel="icon" type="image/svg+xml" href="ASSETS_URL/mark.svg">
  <link rel="preload" as="font" type="font/woff2" href="ASSETS_URL/fonts/inter-latin-wght-normal.woff2" crossorigin>
  {%css%}
</head>
<body>
  {%app_entry%}
  <noscript>lrscope draws its curves in the browser and needs JavaScript.</noscript>
  <footer>
    {%config%}
    {%scripts%}
    {%renderer%}
  </footer>
</body>
</html>"""

METAS = [
    {"name": "viewport", "content": "width=device-width, initial-scale=1"},
    {"name": "color-scheme", "content": "light dark"},
    {"name": "description", "content": "Learning-rate range tests of a team, live, and the rates it picked."},
]


def forget_docs(*packages: ModuleType) -> None:
    """Drop the docstrings of generated components: megabytes in a server that lives for weeks, read by nobody there."""
    for package in packages:
        for found in vars(package).values():
            if isinstance(found, type) and issubclass(found, Component):
                found.__doc__ = None


forget_docs(dcc, html, dmc, dag)


def build(server: FastAPI, source: SweepSource) -> Any:
    """Mount the page on `server`. Returns the Dash app; its `csp_hashes()` are all the inline scripts it has."""
    options: dict[str, Any] = {
        "server": server,
        "assets_folder": str(ASSETS),
        "title": "lrscope",
        "update_title": None,
        "meta_tags": METAS,
        "index_string": INDEX.replace("ASSETS_URL", "/assets"),
        "enable_mcp": False,
        "add_log_handler": False,
    }
    app: Any = Dash("lrscope_dashboard", **options)
    app.backend.websocket_capability = False  # the page has its own socket; Dash would open a second, unused one
    app.layout = page  # a function: made anew for each visitor
    callbacks.register(app, source)
    server.add_middleware(Addresses)
    return app
