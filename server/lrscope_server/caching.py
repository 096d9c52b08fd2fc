"""What a browser may keep: a file whose address names its version never changes under that address."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

KEEP = "public, max-age=31536000, immutable"


class Versioned:
    """ASGI middleware: good replies below /assets/ that were asked for with Dash's version mark `m` may be kept."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kept = scope["type"] == "http" and scope["path"].startswith("/assets/") and b"m=" in scope["query_string"]
        if not kept:
            await self.app(scope, receive, send)
            return

        async def keeping(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                MutableHeaders(scope=message)["cache-control"] = KEEP
            await send(message)

        await self.app(scope, receive, keeping)
