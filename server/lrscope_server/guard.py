"""Who may call at all: Host and Origin of every request and websocket, the size of bodies, the headers of replies.

A page on another site must not reach a server on this machine through the visitor's browser, neither directly
(Origin, Sec-Fetch-Site) nor by giving its own name this machine's address (Host: DNS rebinding).
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lrscope.errors import Forbidden, LrscopeError, TooLarge, status_of
from lrscope_server.problems import problem_of

MAX_BODY = 64 * 1024
MAX_BODIES = {"/readings": 4 * 1024 * 1024, "/sweeps/import": 8 * 1024 * 1024}  # they carry whole curves
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "same-origin",
}


class Guard:
    """ASGI middleware around everything else. `allowed_hosts` are names beside this machine's own, `policy` is the
    Content-Security-Policy of every reply."""

    def __init__(self, app: ASGIApp, *, allowed_hosts: Sequence[str], policy: str) -> None:
        self.app = app
        self.allowed = frozenset(host.lower() for host in (*LOOPBACK, *allowed_hosts))
        self.headers = HEADERS | {"content-security-policy": policy}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        try:
            self._check(scope, Headers(scope=scope))
        except LrscopeError as error:
            await _refuse(error, scope, receive, self._marking(send))
            return
        if scope["type"] == "websocket":
            await self.app(scope, receive, send)
            return
        await self._http(scope, receive, send)

    def _check(self, scope: Scope, headers: Headers) -> None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or _name(hosts[0]) not in self.allowed:
            raise Forbidden(
                f"this server does not answer to the host {', '.join(hosts) or 'nobody'!r}; "
                "if it should, add the name to allowed_hosts (LRSCOPE_ALLOWED_HOSTS)"
            )
        writes = scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS
        origin = headers.get("origin")
        if writes and origin is not None and urlsplit(origin).netloc.lower() != hosts[0].lower():
            raise Forbidden(f"a page of {origin!r} may not change anything here; open lrscope's own page")
        if writes and headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            raise Forbidden("another site may not change anything here; open lrscope's own page")

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        guarded = self._marking(send)
        try:
            body = await _body(scope, receive, MAX_BODIES.get(scope["path"], MAX_BODY))
        except TooLarge as error:
            await _refuse(error, scope, receive, guarded)
            return
        first = True

        async def again() -> Message:
            nonlocal first
            if first:
                first = False
                return {"type": "http.request", "body": body, "more_body": False}
            return await receive()

        await self.app(scope, again, guarded)

    def _marking(self, send: Send) -> Send:
        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        return marked


async def _body(scope: Scope, receive: Receive, limit: int) -> bytes:
    """The whole body, which is small. Raises TooLarge as soon as it is not, announced or not."""
    announced = Headers(scope=scope).get("content-length", "0")
    if not announced.isdigit() or int(announced[:12]) > limit:
        raise TooLarge(f"the body of {announced[:20]} bytes is above {limit}; send less")
    body, more = b"", scope["method"] not in SAFE_METHODS
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > limit:
            raise TooLarge(f"the body is above {limit} bytes; send less")
    return body


async def _refuse(error: LrscopeError, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()  # websocket.connect
        await send({"type": "websocket.close", "code": status_of(error)[1], "reason": str(error)[:120]})
        return
    await problem_of(error)(scope, receive, send)


def _name(host: str) -> str:
    """A Host header without its port: `[::1]:8000` → `[::1]`."""
    host = host.lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]
