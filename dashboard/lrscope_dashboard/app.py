"""build(server, source): the page, mounted at `/` of a FastAPI app that also answers its REST calls and its feed."""

from pathlib import Path
from string import Template
from types import ModuleType
from typing import Any

import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import Dash, dcc, html
from dash.development.base_component import Component
from fastapi import FastAPI

from lrscope_dashboard import callbacks
from lrscope_dashboard.addresses import Addresses
from lrscope_dashboard.bones import BONES
from lrscope_dashboard.bundle import Bundle
from lrscope_dashboard.keeping import Kept
from lrscope_dashboard.layout import page
from lrscope_dashboard.source import SweepSource

ASSETS = Path(__file__).parent / "assets"

INDEX = Template("""<!DOCTYPE html>
<html lang="en">
<head>
  {%metas%}
  <title>{%title%}</title>
  <link rel="icon" type="image/svg+xml" href="$mark">
  <link rel="preload" as="font" type="font/woff2" href="$font" crossorigin>
  {%css%}
  <link rel="stylesheet" href="$styles">
  <script src="$theme"></script>
</head>
<body>
  {%app_entry%}
  $bones
  <noscript>lrscope draws its curves in the browser and needs JavaScript.</noscript>
  <footer>
    {%config%}
    {%scripts%}
    $scripts
    {%renderer%}
  </footer>
</body>
</html>""")

METAS = [
    {
        "name": "viewport",
        "content": "width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content",
    },
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

# the grid asks for its core at once: better loaded beside the rest, at an address with a version
for part in dag._js_dist:
    if part["relative_package_path"] == "async-community.js":
        part.pop("async", None)


class Shell(Dash):
    """Dash, without the script of its own table, which no page of ours has."""

    def interpolate_index(self, **parts: Any) -> Any:  # type: ignore[override]
        parts["scripts"] = "\n".join(tag for tag in parts["scripts"].splitlines() if "/dash_table/" not in tag)
        return super().interpolate_index(**parts)  # type: ignore[no-untyped-call]


def build(server: FastAPI, source: SweepSource) -> Any:
    """Mount the page on `server`. Returns the Dash app; its `csp_hashes()` are all the inline scripts it has."""
    bundle = Bundle(ASSETS)
    server.include_router(bundle.router())
    options: dict[str, Any] = {
        "server": server,
        "assets_folder": str(ASSETS),
        "title": "lrscope",
        "update_title": None,
        "meta_tags": METAS,
        "index_string": INDEX.substitute(scripts=bundle.scripts, bones=BONES, **bundle.named),
        "include_assets_files": False,
        "enable_mcp": False,
        "add_log_handler": False,
    }
    app: Any = Shell("lrscope_dashboard", **options)
    app.backend.websocket_capability = False  # the page has its own socket; Dash would open a second, unused one
    app.layout = page  # a function: made anew for each visitor
    callbacks.register(app, source)
    server.add_middleware(Addresses, named=bundle.named)
    server.add_middleware(Kept)
    return app
