"""A small server around FakeSource: the page, the REST calls it makes, and /ws/view as lrscope.feed has it.

python -m tests.dashboard.fake_server [--port 8123] [--scene demo|empty|busy] [--rate 12]
"""

import argparse
import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import unquote

import uvicorn
from fastapi import FastAPI, HTTPException, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.middleware.base import RequestResponseEndpoint
from starlette.responses import Response

from lrscope.common import common
from lrscope.demo import DEMO_SWEEPS
from lrscope.errors import LrscopeError, NotFound, status_of
from lrscope.feed import Here, Ping, PointsFrame, QueueChanged, Watch, WorkersChanged, parse_viewer
from lrscope.spec import Lr, Status, SweepRequest, iso_utc
from lrscope.views import ViewRequest
from lrscope.wire import Device
from lrscope_dashboard.app import build
from lrscope_server.pointers import Pointers
from tests.dashboard.fake_source import TRACEBACK, FakeSource, now
from tests.dashboard.fake_verbs import add_verbs

TICK_S = 0.04
VIEWERS = count(1)
PING_S = 1.0


class PickBody(BaseModel):
    lr: Lr
    note: str = ""
    compared_with: list[str] = Field(default_factory=list)
    smoothing: float | None = None


class Viewer:
    """One open page: its socket, its cursors and the newest news."""

    def __init__(self, socket: WebSocket) -> None:
        self.socket = socket
        self.cursors: dict[str, tuple[int | None, int]] = {}
        self.news: dict[str, Any] = {}
        self.lag_ms: float | None = None
        self.closing: asyncio.Task[None] | None = None
        self.id = next(VIEWERS)


class FakeServer:
    """The app, its source and its viewers. `log` keeps what pages said on their sockets."""

    def __init__(self, source: FakeSource) -> None:
        self.source = source
        self.viewers: set[Viewer] = set()
        self.refusing = False
        self.lag_ms: float | None = None  # said instead of what is measured
        self.log: list[Any] = []
        self.pointers = Pointers()
        source.tell = self._tell
        self.app = self._app()

    def _tell(self, key: str, message: BaseModel) -> None:
        for viewer in self.viewers:
            viewer.news.pop(key, None)
            viewer.news[key] = message
            viewer.news["queue"] = QueueChanged(queue=self.source.queue())

    def _tell_presence(self) -> None:
        for viewer in self.viewers:
            viewer.news["presence"] = self.pointers.beside(viewer.id)

    def drop(self) -> None:
        """Cut every open socket, as a restarting server or a lost network does."""
        for viewer in self.viewers:
            viewer.closing = asyncio.create_task(viewer.socket.close(1012))

    def _app(self) -> FastAPI:
        @asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            task = asyncio.create_task(self.source.run())
            yield
            task.cancel()

        app = FastAPI(lifespan=lifespan)
        _add_rest(app, self.source)
        add_verbs(app, self.source)
        app.add_api_websocket_route("/ws/view", self._view)
        page = build(app, self.source)
        _add_policy(app, page.csp_hashes())

        @app.api_route("/{path:path}", methods=["GET", "HEAD"], include_in_schema=False)
        async def not_found(path: str) -> None:
            raise HTTPException(404)

        return app

    async def _view(self, socket: WebSocket) -> None:
        if self.refusing:
            await socket.close(1013)
            return
        await socket.accept()
        viewer = Viewer(socket)
        await socket.send_text(self.source.snapshot().model_dump_json())
        self.viewers.add(viewer)
        self._tell_presence()
        tasks = [asyncio.create_task(self._pump(viewer)), asyncio.create_task(self._ping(viewer))]
        try:
            while True:
                message = parse_viewer(await socket.receive_text())
                self.log.append(message)
                if isinstance(message, Watch):
                    viewer.cursors = {cursor.sweep: (cursor.attempt, cursor.start) for cursor in message.sweeps}
                elif isinstance(message, Here):
                    self.pointers.move(viewer.id, message)
                    self._tell_presence()
                else:
                    sent = datetime.fromisoformat(message.time)
                    viewer.lag_ms = max(0.1, (now() - sent).total_seconds() * 500)
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self.viewers.discard(viewer)
            self.pointers.leave(viewer.id)
            self._tell_presence()
            for task in tasks:
                task.cancel()

    async def _pump(self, viewer: Viewer) -> None:
        while True:
            for id, (attempt, wanted) in list(viewer.cursors.items()):
                track, sweep = self.source.tracks.get(id), self.source.sweeps.get(id)
                if track is None or sweep is None:
                    continue
                start = wanted if attempt == sweep.attempt and wanted <= len(track.lr) else 0
                if start < len(track.lr):
                    frame = PointsFrame(
                        sweep=id,
                        attempt=sweep.attempt,
                        start=start,
                        lr=track.lr[start:],
                        loss=track.loss[start:],
                        series={name: column[start:] for name, column in track.series.items()},
                    )
                    viewer.cursors[id] = (sweep.attempt, len(track.lr))
                    await viewer.socket.send_text(frame.model_dump_json())
            news, viewer.news = viewer.news, {}
            for message in news.values():
                await viewer.socket.send_text(message.model_dump_json())
            await asyncio.sleep(TICK_S)

    async def _ping(self, viewer: Viewer) -> None:
        while True:
            lag_ms = self.lag_ms if self.lag_ms is not None else viewer.lag_ms
            await viewer.socket.send_text(Ping(time=iso_utc(now()), lag_ms=lag_ms).model_dump_json())
            await asyncio.sleep(PING_S if viewer.lag_ms is not None else 0.2)


def _add_rest(app: FastAPI, source: FakeSource) -> None:
    @app.exception_handler(LrscopeError)
    async def problem(_: Request, error: LrscopeError) -> JSONResponse:
        status = status_of(error)[0]
        body = {"type": "about:blank", "title": error.title, "status": status, "detail": error.detail}
        body["errors"] = [item.as_json() for item in error.fields]
        return JSONResponse(body, status_code=status, media_type="application/problem+json")

    @app.get("/version")
    async def version() -> dict[str, Any]:
        return {"version": "0.1.0", "wire_version": 2, "user": "ada"}

    @app.get("/sweeps/{id}/reading")
    async def reading(id: str) -> Any:
        return source.reading(id)

    @app.get("/sweeps/{id}/picks")
    async def picks(id: str) -> Any:
        return source.history[source.sweep(id).id]

    @app.put("/sweeps/{id}/pick")
    async def pick(id: str, body: PickBody, request: Request) -> Any:
        return source.pick(source.sweep(id).id, **body.model_dump(), author=who(request))

    @app.delete("/sweeps/{id}/pick")
    async def withdraw(id: str, request: Request) -> Any:
        return source.withdraw(id, who(request))

    @app.post("/sweeps/{id}/confirm", status_code=201)
    async def confirm(id: str, body: dict[str, Any]) -> Any:
        return source.confirm(id, **body)

    @app.get("/sweeps/{id}/confirmation")
    async def confirmation(id: str) -> Any:
        if id not in source.confirmations:
            raise NotFound(f"sweep {id} was never confirmed")
        return source.confirmations[id]

    @app.post("/sweeps/{id}/confirmation/cancel")
    async def stop_confirming(id: str) -> Any:
        return source.end_trainings(id, Status.CANCELLED)

    @app.post("/readings/common")
    async def read_common(body: dict[str, list[str]]) -> Any:
        return common({id: source.tracks[id].curve() for id in body["sweeps"]})

    @app.get("/sweeps/{id}/traceback")
    async def traceback(id: str) -> dict[str, Any]:
        if source.sweep(id).status is not Status.FAILED:
            raise NotFound(f"sweep {id} has no traceback")
        return {"attempt": 1, "traceback": TRACEBACK}

    @app.get("/sweeps/{id}/log")
    async def log(id: str) -> dict[str, str]:
        if source.sweep(id).attempt == 0:
            raise NotFound(f"sweep {id} has printed nothing")
        return {"log": source.printed}

    @app.post("/views", status_code=201)
    async def keep_view(body: ViewRequest, request: Request) -> Any:
        return source.keep_view(body, who(request))

    @app.get("/views")
    async def views() -> Any:
        return [*reversed(source.views.values())]

    @app.get("/views/{id}")
    async def view(id: str) -> Any:
        return source.view(id)

    @app.delete("/views/{id}", status_code=204)
    async def delete_view(id: str) -> None:
        del source.views[source.view(id).id]

    @app.post("/sweeps/{id}/cancel")
    async def cancel(id: str) -> Any:
        return source.cancel(id)

    @app.post("/sweeps/{id}/retry")
    async def retry(id: str) -> Any:
        return source.retry(id)


def who(request: Request) -> str:
    return unquote(request.headers.get("lrscope-user", "ada"))


def _add_policy(app: FastAPI, hashes: list[str]) -> None:
    policy = (
        f"default-src 'self'; script-src 'self' {' '.join(hashes)}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    )

    @app.middleware("http")
    async def guard(request: Request, proceed: RequestResponseEndpoint) -> Response:
        reply = await proceed(request)
        reply.headers["content-security-policy"] = policy
        return reply


# ── scenes ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def ask(source: FakeSource, name: str, recipe: str, owner: str = "ada", **fields: Any) -> str:
    """Add one sweep without running it."""
    request = SweepRequest(recipe=recipe, name=name, **fields)
    return source.add(request.specs()[0], owner, request, {"batch_size": 128}).id


def demo_scene(source: FakeSource) -> None:
    """Three live curves, one failed, one waiting for memory."""
    for request, owner in zip(DEMO_SWEEPS, ("ada", "grace", "lin"), strict=True):
        source.add(request.specs()[0], owner, request, {"batch_size": 64})
    source.fail(ask(source, "fp16 transformer", "fp16-transformer", "grace"))
    waits = ask(source, "big batch", "digits-clean", "lin")
    source.change(waits, queue_position=1, reason="waits for a worker with cuda")


def done_scene(source: FakeSource) -> None:
    """The same, over: every curve complete, one picked."""
    demo_scene(source)
    for id in list(source.sweeps)[:3]:
        source.finish(id)
    note = "Highest rate before the noise grows; matches last month."
    source.pick(next(iter(source.sweeps)), 0.05, note, [], "grace")


def measured_scene(source: FakeSource) -> None:
    """Over, with a gradient norm and a validation loss recorded in two of the sweeps; and one request of three seeds."""
    done_scene(source)
    for id in list(source.sweeps)[:2]:
        source.measure(id)
    for seed in range(3):
        id = ask(source, "three seeds", "digits-noisy", "lin", seed=seed)
        source.change(id, group="seeds-of-lin")
        source.finish(id)


def busy_scene(source: FakeSource) -> None:
    """Thirty sweeps."""
    for k in range(30):
        recipe = ("digits-clean", "digits-noisy", "digits-wide")[k % 3]
        id = ask(source, f"resnet18 bs{2 ** (3 + k % 6)} run {k:02d}", recipe, seed=k)
        if k < 27:
            source.finish(id)


def crowd_scene(source: FakeSource) -> None:
    """Fifty finished sweeps."""
    for k in range(50):
        recipe = ("digits-clean", "digits-noisy", "digits-wide")[k % 3]
        source.finish(ask(source, f"run {k:02d}", recipe, seed=k))


def line_scene(source: FakeSource) -> None:
    """Two workers: one trains and holds memory of its GPU, one is idle. Two sweeps wait, one for another device."""
    done_scene(source)
    running = ask(source, "resnet18, batch size 256, warm start", "digits-wide", "grace", num_iter=200)
    source.start(running)
    while len(source.tracks[running].lr) < 87:
        source.step(running)
    waits = ask(source, "ablation without augmentation", "digits-noisy", "lin")
    source.change(waits, queue_position=2, reason="waits for a worker that offers digits-noisy")
    source.fail(
        ask(source, "wider", "digits-wide"), "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.50 GiB"
    )
    [cpu] = source.workers
    ahead = now() + timedelta(hours=1)  # so that a picture says "just now", whenever it is taken
    gpu = Device(name="cuda:0", kind="cuda", label="NVIDIA L4")
    memory = {"memory_used_bytes": 9 * 2**30, "memory_total_bytes": 22 * 2**30}
    source.workers = [
        cpu.model_copy(update={"id": "gpu-1", "host": "render-07", "device": gpu, "running": [running], **memory}),
        cpu,
    ]
    source.workers = [worker.model_copy(update={"last_seen": ahead}) for worker in source.workers]
    source.tell("workers", WorkersChanged(workers=source.workers))


def starved_scene(source: FakeSource) -> None:
    """Two sweeps and nobody to run them."""
    source.remove_workers()
    for k, request in enumerate(DEMO_SWEEPS[:2], 1):
        id = source.add(request.specs()[0], "ada", request, {}).id
        source.change(id, queue_position=k)


def empty_scene(source: FakeSource) -> None:
    """Nothing yet."""


SCENES: dict[str, Callable[[FakeSource], None]] = {
    "demo": demo_scene,
    "done": done_scene,
    "measured": measured_scene,
    "busy": busy_scene,
    "crowd": crowd_scene,
    "line": line_scene,
    "starved": starved_scene,
    "empty": empty_scene,
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8123)
    parser.add_argument("--scene", choices=SCENES, default="demo")
    parser.add_argument("--rate", type=float, default=12.0)
    options = parser.parse_args()
    source = FakeSource(rate=options.rate)
    server = FakeServer(source)
    SCENES[options.scene](source)
    uvicorn.run(server.app, host="127.0.0.1", port=options.port, log_level="warning")


if __name__ == "__main__":
    main()
