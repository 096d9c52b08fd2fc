"""Files at an address that names their content or version: compressed once, and kept by browsers for ever."""

import asyncio
import gzip
import hashlib
import re
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lrscope_dashboard.bundle import PREFIX

KEEP = "public, max-age=31536000, immutable"
SUITES = "/_dash-component-suites/"
VERSION = re.compile(r"\.v[\w-]+m[0-9a-f]+(?=\.)")  # as dash.fingerprint has it
PACKED = ("font/woff2", "image/png")  # compressed by their own kind


@dataclass(frozen=True)
class File:
    """The body as it is sent; of long files only the compressed one is held."""

    media_type: str
    etag: str
    body: bytes
    zipped: bool

    @classmethod
    def of(cls, media_type: str, body: bytes) -> "File":
        zipped = gzip.compress(body, mtime=0) if media_type not in PACKED else body
        smaller = len(zipped) < len(body)
        etag = f'W/"{hashlib.sha256(body).hexdigest()[:16]}"'
        return cls(media_type, etag, zipped if smaller else body, smaller)


class Kept:
    """ASGI middleware. What is asked for the first time comes from the app behind it, and later from memory."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._files: dict[str, File] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = _name(scope)
        if name is None:
            await self.app(scope, receive, send)
            return
        if name not in self._files:
            answer = await self._ask(scope, receive)
            if answer.status_code != 200:
                await answer(scope, receive, send)
                return
            kind = answer.headers.get("content-type", "application/octet-stream")
            self._files[name] = await asyncio.to_thread(File.of, kind, bytes(answer.body))
        await _reply(self._files[name], Headers(scope=scope))(scope, receive, send)

    async def _ask(self, scope: Scope, receive: Receive) -> Response:
        """The whole answer of the app behind."""
        start: dict[str, Any] = {}
        body = b""

        async def collect(message: Message) -> None:
            nonlocal body
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                body += message.get("body", b"")

        await self.app({**scope, "method": "GET"}, receive, collect)
        answer = Response(body, start["status"])
        answer.raw_headers = list(start["headers"])
        return answer


def _name(scope: Scope) -> str | None:
    """What is held under it, once for all versions that somebody may think of; None: this may change."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return None
    path: str = scope["path"]
    if path.startswith(PREFIX):
        return path
    return VERSION.sub("", path) if path.startswith(SUITES) and VERSION.search(path) else None


def _reply(file: File, asked: Headers) -> Response:
    headers = {"cache-control": KEEP, "etag": file.etag, "vary": "Accept-Encoding"}
    if file.etag in asked.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    takes = "gzip" in asked.get("accept-encoding", "")
    if file.zipped and takes:
        headers["content-encoding"] = "gzip"
    body = gzip.decompress(file.body) if file.zipped and not takes else file.body
    return Response(body, media_type=file.media_type, headers=headers)
