"""The server's side of `/ws/work`, small and obedient: a test says what it hands out, refuses, forgets and cuts."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from lrscope.spec import SweepSpec
from lrscope.wire import (
    WIRE_VERSION,
    Ack,
    Assign,
    Batch,
    Ended,
    Finished,
    Heartbeat,
    Hello,
    Lease,
    Lost,
    Started,
    Welcome,
    parse_worker,
)

PATIENCE_S = 60.0  # a first import of torch from a cold disk takes its time


class FakeServer:
    def __init__(self) -> None:
        self.url = ""
        self.lease_s = 30.0
        self.version = WIRE_VERSION
        self.queue: list[Assign] = []
        self.hellos: list[Hello] = []
        self.started: list[Started] = []
        self.heartbeats: list[Heartbeat] = []
        self.finished: list[Finished] = []
        self.batches: list[Batch] = []  # as they came, also those refused or sent twice
        self.losses: dict[Lease, list[float]] = {}  # as they are stored
        self.lrs: dict[Lease, list[float]] = {}
        self.closed: list[int] = []  # close codes, as the worker gave them
        self.refuse_batches = 0
        self.acking = True
        self.ending = True
        self.given_away: set[Lease] = set()
        self._sweeps = 0
        self._held: Assign | None = None
        self._connection: ServerConnection | None = None
        self._changed = asyncio.Condition()
        self._server: Server | None = None

    # ── what a test asks for ────────────────────────────────────────────────────────────────────────────────────────

    async def hand_out(self, spec: SweepSpec, *, attempt: int = 1) -> Lease:
        self._sweeps += 1
        lease = Lease(sweep=f"{self._sweeps:016d}", attempt=attempt)
        self.queue.append(Assign(lease=lease, spec=spec))
        if self._connection is not None:
            await self._assign(self._connection)
        return lease

    async def until(self, claim: Callable[[], Any], patience_s: float = PATIENCE_S) -> None:
        """Wait for what the worker will make true."""
        async with asyncio.timeout(patience_s), self._changed:
            await self._changed.wait_for(claim)

    async def say(self, message: Ack | Lost | Assign) -> None:
        assert self._connection is not None
        await self._connection.send(message.model_dump_json())

    def stored(self, lease: Lease) -> int:
        return len(self.losses.get(lease, []))

    async def heard(self, lease: Lease) -> None:
        """Wait until the worker has taken in everything said to it: an ack that asks for all again is answered."""
        came = len(self.batches)
        await self.say(Ack(lease=lease, next_step=0))
        await self.until(lambda: any(batch.first_step == 0 for batch in self.batches[came:]))

    def cut(self) -> None:
        """Cut the connection as a network does: no closing frame."""
        assert self._connection is not None
        self._connection.transport.abort()

    async def go_away(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    async def come(self, port: int = 0) -> int:
        self._server = await serve(self._work, "127.0.0.1", port, compression=None)
        port = next(iter(self._server.sockets)).getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return port

    # ── the protocol ────────────────────────────────────────────────────────────────────────────────────────────────

    async def _work(self, connection: ServerConnection) -> None:
        try:
            await self._welcome(connection)
            async for frame in connection:
                await self._heed(connection, frame)
                await self._notify()
        except ConnectionClosed:
            pass
        finally:
            if connection.close_code is not None:
                self.closed.append(connection.close_code)
            if self._connection is connection:
                self._connection = None
            await self._notify()

    async def _welcome(self, connection: ServerConnection) -> None:
        frame = await connection.recv()
        hello = parse_worker(str(frame))
        assert isinstance(hello, Hello)
        self.hellos.append(hello)
        held = [self._held.lease] if self._held is not None else []
        resume = [Ack(lease=lease, next_step=self.stored(lease)) for lease in hello.running if lease in held]
        lost = [lease for lease in hello.running if lease not in held]
        welcome = Welcome(lease_s=self.lease_s, resume=resume, lost=lost).model_dump(mode="json")
        await connection.send(json.dumps({**welcome, "version": self.version}))
        self._connection = connection
        await self._notify()
        await self._assign(connection)

    async def _assign(self, connection: ServerConnection) -> None:
        if self._held is None and self.queue:
            self._held = self.queue.pop(0)
            await connection.send(self._held.model_dump_json())

    async def _heed(self, connection: ServerConnection, frame: str | bytes) -> None:
        if isinstance(frame, bytes):
            await self._store(connection, Batch.unpack(frame))
            return
        message = parse_worker(frame)
        if isinstance(message, Started):
            self.started.append(message)
        elif isinstance(message, Heartbeat):
            self.heartbeats.append(message)
        elif isinstance(message, Finished):
            self.finished.append(message)
            if self.ending:
                await self._end(connection, message.lease)

    async def _store(self, connection: ServerConnection, batch: Batch) -> None:
        self.batches.append(batch)
        if batch.lease in self.given_away:
            await connection.send(Lost(lease=batch.lease).model_dump_json())
            return
        losses, lrs = self.losses.setdefault(batch.lease, []), self.lrs.setdefault(batch.lease, [])
        if self.refuse_batches:
            self.refuse_batches -= 1
        elif batch.first_step <= len(losses) < batch.next_step:
            fresh = batch.from_step(len(losses))
            losses.extend(fresh.loss.tolist())
            lrs.extend(fresh.lr.tolist())
        if self.acking:
            await connection.send(Ack(lease=batch.lease, next_step=len(losses)).model_dump_json())

    async def _end(self, connection: ServerConnection, lease: Lease) -> None:
        self.give_away(lease)
        await connection.send(Ended(lease=lease).model_dump_json())
        await self._assign(connection)

    def give_away(self, lease: Lease) -> None:
        """The lease is not the worker's any more."""
        self.given_away.add(lease)
        if self._held is not None and self._held.lease == lease:
            self._held = None

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()


@asynccontextmanager
async def fake_server() -> AsyncIterator[FakeServer]:
    server = FakeServer()
    await server.come()
    try:
        yield server
    finally:
        await server.go_away()
