"""The page has one route and two addresses: `/`, and `/v/{id}`, where its scripts fetch a kept view."""

import re

from starlette.types import ASGIApp, Receive, Scope, Send

VIEW = re.compile(r"/v/[0-9a-z]{16}")


class Addresses:
    """ASGI middleware: the address of a view leads to the page. Dash serves the page only at the path it knows."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and VIEW.fullmatch(scope["path"]):
            scope = {**scope, "path": "/", "raw_path": b"/"}
        await self.app(scope, receive, send)
