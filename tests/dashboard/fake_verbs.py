"""REST of the fake server beyond watching and picking: change, delete, bring back, move up, and saved views."""

from typing import Any
from urllib.parse import unquote

from fastapi import FastAPI, Request
from pydantic import BaseModel
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from lrscope.errors import Conflict, NotFound
from lrscope.spec import Status, Sweep, iso_utc
from tests.dashboard.fake_source import FakeSource, now


class ViewBody(BaseModel):
    name: str
    state: dict[str, Any]


class AsPage:
    """/v/{id} serves the page, as / does: the page itself reads which view it is."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/v/"):
            scope = {**scope, "path": "/", "raw_path": b"/"}
        await self.app(scope, receive, send)


def who(request: Request) -> str:
    return unquote(request.headers.get("lrscope-user", "ada"))


def add_verbs(app: FastAPI, source: FakeSource) -> None:
    deleted: dict[str, Sweep] = {}

    @app.get("/sweeps/{id}")
    async def get(id: str) -> Any:
        return source.sweep(id)

    @app.patch("/sweeps/{id}")
    async def change(id: str, body: dict[str, Any]) -> Any:
        return source.change(id, **body)

    @app.delete("/sweeps/{id}", status_code=204)
    async def delete(id: str) -> Response:
        if source.sweep(id).status is Status.RUNNING:
            raise Conflict(f"sweep {id} is running: cancel it first")
        deleted[id] = source.sweep(id)
        source.delete(id)
        return Response(status_code=204)

    @app.post("/sweeps/{id}/restore")
    async def restore(id: str) -> Any:
        if id not in deleted:
            raise NotFound(f"no sweep {id}")
        return source.bring_back(deleted.pop(id))

    @app.post("/sweeps/{id}/front")
    async def front(id: str) -> Any:
        if source.sweep(id).status is not Status.QUEUED:
            raise Conflict(f"sweep {id} is {source.sweep(id).status}: only queued sweeps can be moved")
        return source.move_to_front(id)


def add_views(app: FastAPI) -> None:
    views: dict[str, dict[str, Any]] = {}
    app.add_middleware(AsPage)

    @app.post("/views", status_code=201)
    async def save(body: ViewBody, request: Request) -> Any:
        id = f"view{len(views) + 1:012d}"
        views[id] = {"id": id, "owner": who(request), "created_at": iso_utc(now()), **body.model_dump()}
        return views[id]

    @app.get("/views")
    async def listed() -> Any:
        return [*reversed(views.values())]

    @app.get("/views/{id}")
    async def view(id: str) -> Any:
        if id not in views:
            raise NotFound(f"no view {id}")
        return views[id]

    @app.delete("/views/{id}", status_code=204)
    async def remove(id: str) -> Response:
        await view(id)
        del views[id]
        return Response(status_code=204)
