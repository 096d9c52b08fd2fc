"""The two websockets: `/ws/work` for workers (lrscope.wire), `/ws/view` for the page and streams (lrscope.feed)."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from starlette.websockets import WebSocketState

from lrscope.errors import TOO_SLOW, LeaseLost, LrscopeError, WireError, status_of
from lrscope.feed import Here, Ping, Watch, parse_viewer
from lrscope.spec import iso_utc
from lrscope.wire import (
    WIRE_VERSION,
    Ack,
    Batch,
    Finished,
    Heartbeat,
    Hello,
    Lease,
    Lost,
    Preparing,
    Started,
    parse_worker,
)
from lrscope_server.hub import Hub, Viewer
from lrscope_server.leases import Leases, Line
from lrscope_server.rooms import Rooms
from lrscope_server.tables import now

PING_S = 2.0
SLOW_S = 20.0  # a viewer whose socket takes this long for one frame is dropped
HELLO_S = 10.0
UNSTORED = 64  # batches of one worker on their way into the record; more wait in its socket

Storing = asyncio.Queue[tuple[Lease, asyncio.Task[Ack]]]  # a worker's batches, in the order they came

router = APIRouter()
log = logging.getLogger(__name__)


@router.websocket("/ws/work")
async def work(socket: WebSocket) -> None:
    rooms: Rooms = socket.app.state.rooms
    await socket.accept()
    async with _closing(socket, "worker"):
        async with asyncio.timeout(HELLO_S):
            hello = parse_worker(await socket.receive_text())
        if not isinstance(hello, Hello):
            raise WireError(f"the first message of a worker is hello, not {hello.type}")
        if hello.version != WIRE_VERSION:
            raise WireError(
                f"the worker speaks wire version {hello.version}, this server {WIRE_VERSION}: update the older"
            )
        line = await rooms.leases.welcome(hello)
        try:
            storing = Storing(UNSTORED)
            await _first_of(
                _speak(socket, line),
                _assign(rooms.leases, line),
                _listen(socket, rooms.leases, line, storing),
                _acknowledge(line, storing),
            )
        finally:
            rooms.leases.hang_up(line)


async def _speak(socket: WebSocket, line: Line) -> None:
    while True:
        await socket.send_text((await line.messages.get()).model_dump_json())


async def _assign(leases: Leases, line: Line) -> None:
    while True:
        await line.work.wait()
        line.work.clear()
        await leases.hand_out(line)


async def _listen(socket: WebSocket, leases: Leases, line: Line, storing: Storing) -> None:
    """Batches follow each other into the record; everything else waits until those before it are stored."""
    while True:
        frame = await _receive(socket)
        if isinstance(frame, bytes):
            batch = Batch.unpack(frame)
            await storing.put((batch.lease, leases.append(line, batch)))
            continue
        message = parse_worker(frame)
        await storing.join()
        try:
            if isinstance(message, Heartbeat):
                for answer in await leases.renew(line, message):
                    line.send(answer)
            elif isinstance(message, Preparing):
                await leases.preparing(line, message)
            elif isinstance(message, Started):
                await leases.started(line, message)
            elif isinstance(message, Finished):
                line.send(await leases.finish(line, message))
            else:
                raise WireError("hello is said once")
        except LeaseLost:
            assert isinstance(message, Preparing | Started)
            line.free(message.lease)
            line.send(Lost(lease=message.lease))


async def _acknowledge(line: Line, storing: Storing) -> None:
    while True:
        lease, stored = await storing.get()
        try:
            line.send(await asyncio.shield(stored))
        except LeaseLost:
            line.free(lease)
            line.send(Lost(lease=lease))
        storing.task_done()


@router.websocket("/ws/view")
async def view(socket: WebSocket) -> None:
    hub: Hub = socket.app.state.rooms.hub
    await socket.accept()
    viewer = hub.join()
    try:
        async with _closing(socket, "viewer"):
            way = Way(socket)
            await way.send((await hub.snapshot()).model_dump_json())
            await _first_of(_show(hub, viewer, way), _ping(way), _heed(socket, hub, viewer, way))
    finally:
        hub.leave(viewer)


class Way:
    """The sending side of a viewer's socket, used by two tasks; measures the lag of the round trip."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._lock = asyncio.Lock()
        self.lag_ms: float | None = None

    async def send(self, text: str) -> None:
        """Raises TimeoutError when the viewer does not take it."""
        async with self._lock, asyncio.timeout(SLOW_S):
            await self._socket.send_text(text)

    def answered(self, sent: str) -> None:
        try:
            began = datetime.fromisoformat(sent).astimezone(UTC).replace(tzinfo=None)
        except ValueError:
            raise WireError(f"pong: time must be the one of the ping (got {sent[:50]!r})") from None
        self.lag_ms = round(max(0.0, (now() - began).total_seconds() * 1000 / 2), 1)


async def _show(hub: Hub, viewer: Viewer, way: Way) -> None:
    async for frame in hub.rounds(viewer):
        await way.send(frame)


async def _ping(way: Way) -> None:
    while True:
        await way.send(Ping(time=iso_utc(now()), lag_ms=way.lag_ms).model_dump_json())
        await asyncio.sleep(PING_S if way.lag_ms is not None else 0.2)


async def _heed(socket: WebSocket, hub: Hub, viewer: Viewer, way: Way) -> None:
    while True:
        frame = await _receive(socket)
        if isinstance(frame, bytes):
            raise WireError("a viewer sends text frames")
        message = parse_viewer(frame)
        if isinstance(message, Watch):
            await hub.watch(viewer, message.sweeps)
        elif isinstance(message, Here):
            hub.point(viewer, message)
        else:
            way.answered(message.time)


async def _receive(socket: WebSocket) -> str | bytes:
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005))
    text: str | None = message.get("text")
    return text if text is not None else bytes(message["bytes"])


async def _first_of(*tasks: Coroutine[Any, Any, None]) -> None:
    """Run side by side until one ends; what it raised is raised, the others are cancelled."""
    running = [asyncio.ensure_future(task) for task in tasks]
    try:
        done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    for task in done:
        task.result()


@asynccontextmanager
async def _closing(socket: WebSocket, whose: str) -> AsyncIterator[None]:
    """Close the socket with the code of what went wrong, and the reason in words."""
    try:
        yield
    except WebSocketDisconnect:
        return
    except LrscopeError as error:
        log.warning("%s refused: %s", whose, error)
        await _close(socket, status_of(error)[1], str(error))
    except TimeoutError:
        log.warning("%s dropped: it does not keep up", whose)
        await _close(socket, TOO_SLOW, "too slow: nothing was taken or said in time; connect again")
    except RuntimeError:
        if socket.application_state is WebSocketState.CONNECTED and socket.client_state is WebSocketState.CONNECTED:
            raise
        # sent to a socket that closed in the same moment


async def _close(socket: WebSocket, code: int, reason: str) -> None:
    if socket.application_state is WebSocketState.CONNECTED:
        await socket.close(code, reason.encode()[:120].decode(errors="ignore"))
