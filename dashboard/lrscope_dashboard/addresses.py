"""The page has one route and two addresses: `/`, and `/v/{id}`, where its scripts fetch a kept view.

A browser that comes by a link whose id was cut is told so on a page of its own; all others get the server's own 404.
"""

import re
from html import escape
from string import Template

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

VIEW = re.compile(r"/v/[0-9a-z]{16}")
CUT = re.compile(r"/v(?:/(.*))?", re.DOTALL)
SHOWN = 80  # letters of an id that is none

NOWHERE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>No such view · lrscope</title>
  <link rel="icon" type="image/svg+xml" href="$mark">
  <link rel="stylesheet" href="$styles">
  <script src="$theme"></script>
</head>
<body>
  <main class="nowhere">
    <a class="wordmark" href="/"><span class="mark"></span>lrscope</a>
    <h1>This link leads to no saved view</h1>
    <p>$what The link was probably cut on its way: ask whoever sent it for the whole of it.</p>
    <p><a class="btn btn--primary" href="/">Open lrscope</a></p>
  </main>
</body>
</html>""")


class Addresses:
    """ASGI middleware: the address of a view leads to the page. Dash serves the page only at the path it knows.

    `named` are the addresses of the mark, the styles and the script of the theme.
    """

    def __init__(self, app: ASGIApp, named: dict[str, str]) -> None:
        self.app = app
        self.named = named

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self.app
        if scope["type"] == "http" and VIEW.fullmatch(scope["path"]):
            scope = {**scope, "path": "/", "raw_path": b"/"}
        elif scope["type"] == "http" and (cut := CUT.fullmatch(scope["path"])) and _reads(scope):
            page = NOWHERE.substitute(self.named, what=_what(cut[1] or ""))
            app = HTMLResponse(page, status_code=404, headers={"vary": "Accept"})
        await app(scope, receive, send)


def _reads(scope: Scope) -> bool:
    """Whether a person looks: browsers say that they take HTML, programs do not."""
    return scope["method"] in ("GET", "HEAD") and "text/html" in Headers(scope=scope).get("accept", "")


def _what(found: str) -> str:
    if not found:
        return "It has no id."
    shown = found if len(found) <= SHOWN else f"{found[:SHOWN]}…"
    return f"<bdi><code>{escape(shown)}</code></bdi> is not the id of one: that has 16 small letters and digits."
