"""create_app(settings): the composition root, the only file that knows the page."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, HTTPException, Request
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from starlette.routing import Match

import lrscope
from lrscope_dashboard.app import build
from lrscope_server import routes, sockets
from lrscope_server.guard import Guard
from lrscope_server.problems import add_problem_handlers
from lrscope_server.replies import Head
from lrscope_server.rooms import Rooms
from lrscope_server.settings import Settings

STATIC = Path(__file__).parent / "static"


def create_app(settings: Settings) -> FastAPI:
    """The whole server: REST, sockets and the page, on one port. Its database is open while the app runs."""
    rooms = Rooms.of(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        rooms.store.open()
        await rooms.leases.grace()
        watches = (
            rooms.hub.tell_changes(),
            rooms.hub.tell_presence(),
            rooms.leases.watch(),
            rooms.sweeps.watch_stages(),
        )
        tasks = [asyncio.create_task(watch) for watch in watches]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        rooms.store.close()

    app = FastAPI(
        title="lrscope",
        version=lrscope.__version__,
        description="Learning-rate range tests of a team: asked for, run, read, compared, picked.",
        lifespan=lifespan,
        docs_url=None,  # FastAPI's own page loads its scripts from another host
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.rooms = rooms
    add_problem_handlers(app)
    app.include_router(routes.router)
    app.include_router(sockets.router)
    app.mount("/docs/assets", StaticFiles(directory=STATIC), name="docs")

    @app.get("/docs", include_in_schema=False)
    async def docs() -> FileResponse:
        return FileResponse(STATIC / "docs.html")

    page = build(app, rooms.sweeps)
    app.add_middleware(Head)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=6)
    scripts = " ".join(page.csp_hashes())
    app.add_middleware(  # after Dash has added its own, so that this one is around everything
        Guard,
        allowed_hosts=settings.allowed_hosts,
        policy=(
            f"default-src 'self'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; "
            "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self'; "
            "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        ),
    )

    @app.get("/{path:path}", include_in_schema=False)
    async def not_found(request: Request) -> None:
        """Before Dash's own catch-all, which answers everything with the page."""
        others = [route for route in app.routes if route.matches(request.scope)[0] is Match.PARTIAL]
        raise HTTPException(405 if others else 404)

    return app
