"""The worker: take a sweep, train it, report every point, and come back after every cut.

One process runs one agent on one device. The event loop keeps the connection, the one training thread trains. What
happens in the thread reaches the server through the attempt and its outbox, and `_report` alone says when. A lost
connection changes nothing for the training: after the next hello the server says which step it wants, or that the
sweep is lost.
"""

import asyncio
import contextlib
import logging
import os
import re
import secrets
import socket
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from websockets.asyncio.client import ClientConnection

from lrscope.errors import WireError
from lrscope.recipe import Recipe
from lrscope.wire import Ack, Assign, Device, Ended, Finished, Heartbeat, Hello, Lease, Printed, Welcome
from lrscope_workers.attempt import Attempt
from lrscope_workers.devices import CPU, use, used_bytes
from lrscope_workers.line import Line, first_of, message_of
from lrscope_workers.outbox import FLUSH_S
from lrscope_workers.party import Alone

IDLE_S = 0.3  # without work, after which `run(until_idle=True)` leaves
GRACE_S = 3.0  # for the server to confirm that a sweep was given back, before the worker leaves

log = logging.getLogger(__name__)


class Agent:
    """Runs sweeps of the server at `url` with these recipes (by name) on one device.

    Raises InvalidInput when `url` is not an http(s) address.
    """

    def __init__(
        self, url: str, recipes: Mapping[str, Recipe], device: Device = CPU, party: Alone | None = None
    ) -> None:
        self.worker = worker_id()
        self.device = device
        self.spoilt = False
        self._party = party or Alone()
        self._line = Line(url)
        self._recipes = dict(recipes)
        self._bench = ThreadPoolExecutor(1, "training", initializer=use, initargs=(device,))
        self._attempt: Attempt | None = None
        self._lease_s = 10.0
        self._news = asyncio.Event()  # something to report
        self._free = asyncio.Event()  # no sweep is held
        self._free.set()
        self._leaving = asyncio.Event()
        self._until_idle = False
        self._idle: asyncio.TimerHandle | None = None

    # ── life ────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def run(self, *, until_idle: bool = False) -> None:
        """Work until `stop` is called or the device breaks; with `until_idle`, until the server has no more work."""
        self._loop = asyncio.get_running_loop()
        self._until_idle = until_idle
        self._party.watch(self._tell_broken)
        connected = asyncio.create_task(self._line.keep(self._hello, self._serve))
        leaving = asyncio.create_task(self._leaving.wait())
        try:
            await asyncio.wait({connected, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if connected.done():
                connected.result()  # it ends only by an error of ours
            await self._release()
        finally:
            self._stop_idling()
            for task in (connected, leaving):
                task.cancel()
            await asyncio.gather(connected, leaving, return_exceptions=True)
            if self._attempt is not None:
                self._attempt.stop()
            self._bench.shutdown(wait=False, cancel_futures=True)

    def stop(self) -> None:
        """Give back what is held and leave. For the event loop's thread; asked twice, it changes nothing."""
        self._leaving.set()

    async def _release(self) -> None:
        if (attempt := self._attempt) is not None:
            attempt.release()
            self._news.set()
            try:
                async with asyncio.timeout(GRACE_S):
                    await self._free.wait()
            except TimeoutError:
                unheard = (
                    "the server did not say within %g s that it took sweep %s back; it does once the lease runs out"
                )
                log.warning(unheard, GRACE_S, attempt.lease.sweep)
        await self._line.hang_up()

    # ── one connection ──────────────────────────────────────────────────────────────────────────────────────────────

    def _hello(self) -> Hello:
        return Hello(
            worker=self.worker,
            host=socket.gethostname()[:500],
            pid=os.getpid(),
            device=self.device,
            recipes=[recipe.info for recipe in self._recipes.values()],
            running=self._running(),
        )

    def _running(self) -> list[Lease]:
        return [] if self._attempt is None else [self._attempt.lease]

    async def _serve(self, connection: ClientConnection, welcome: Welcome) -> None:
        self._lease_s = welcome.lease_s
        if self._attempt is not None:
            self._resume(self._attempt, welcome)
        if self._attempt is None:
            self._start_idling()
        try:
            await first_of(self._receive(connection), self._report(connection), self._beat(connection))
        finally:
            self._stop_idling()

    def _resume(self, attempt: Attempt, welcome: Welcome) -> None:
        """Go on from the step the server wants. What it does not name it does not know: that is lost as well."""
        for ack in welcome.resume:
            if ack.lease == attempt.lease:
                attempt.outbox.resend_from(ack.next_step)
                if ack.cancel:
                    attempt.stop()
                return
        self._lose(attempt)

    # ── what the server says ────────────────────────────────────────────────────────────────────────────────────────

    async def _receive(self, connection: ClientConnection) -> None:
        while True:
            message = message_of(await connection.recv())
            if isinstance(message, Assign):
                self._take(message)
            elif isinstance(message, Welcome):
                raise WireError("the server said welcome twice")
            elif self._attempt is None or message.lease != self._attempt.lease:
                log.debug("not held any more: %s", message)
            elif isinstance(message, Ack):
                self._acked(self._attempt, message)
            elif isinstance(message, Ended):
                self._let_go(self._attempt)
            else:
                self._lose(self._attempt)

    def _take(self, assign: Assign) -> None:
        if self._attempt is not None:
            raise WireError(f"{assign.lease} was assigned while {self._attempt.lease} is held")
        attempt = Attempt(assign, self._recipes, self.device.name, self._tell_news, self._party)
        self._attempt = attempt
        self._free.clear()
        self._stop_idling()
        if self._leaving.is_set():
            attempt.release()
            self._news.set()
            return
        log.info("sweep %s: %s", assign.lease, assign.spec.recipe)
        training = self._loop.run_in_executor(self._bench, attempt.train)
        training.add_done_callback(lambda done: self._trained(attempt, done))

    def _acked(self, attempt: Attempt, ack: Ack) -> None:
        if ack.cancel:
            attempt.stop()
        more = attempt.outbox.acked(ack.next_step)
        if more or attempt.finished is not None:  # other acks need no answer
            self._news.set()

    def _lose(self, attempt: Attempt) -> None:
        log.warning("sweep %s is lost: it was given to another worker, or closed; stopping it here", attempt.lease)
        attempt.stop()
        self._let_go(attempt)

    def _let_go(self, attempt: Attempt) -> None:
        if attempt.finished is not None:
            log.info("sweep %s: %s %s", attempt.lease, attempt.finished.status, attempt.finished.reason or "")
        self._attempt = None
        self._free.set()
        self._start_idling()
        if attempt.spoilt is not None:
            log.error("%s; leaving", attempt.spoilt)
            self.spoilt = True
            self._party.told()
            self.stop()

    def _tell_broken(self, reason: str) -> None:
        """For the party's thread."""
        with contextlib.suppress(
            RuntimeError
        ):  # the loop is closed: the agent has left, and nothing can break any more
            self._loop.call_soon_threadsafe(self._rank_broke, reason)

    def _rank_broke(self, reason: str) -> None:
        if self._attempt is not None:
            self._attempt.break_off(reason)
            self._news.set()
        else:
            self.spoilt = True
            self.stop()

    # ── what the worker says ────────────────────────────────────────────────────────────────────────────────────────

    async def _report(self, connection: ClientConnection) -> None:
        """Send what there is as soon as there is news; look again a little later, for points that trickle in."""
        told: set[object] = set()  # on this connection
        look_until = 0.0
        while True:
            if self._attempt is not None and await _tell(connection, self._attempt, told):
                look_until = self._loop.time() + FLUSH_S
            fresh = self._loop.time() < look_until
            with contextlib.suppress(TimeoutError):  # no news, but points may have trickled in
                async with asyncio.timeout_at(look_until if fresh else None):
                    await self._news.wait()
            self._news.clear()

    async def _beat(self, connection: ClientConnection) -> None:
        """Heartbeats: what is held is renewed, what was sent and never acked is sent again."""
        told: list[Printed] = []  # on this connection
        while True:
            await asyncio.sleep(self._lease_s / 3)
            printed = self._printed()
            beat = Heartbeat(
                running=self._running(),
                printed=printed if printed != told else [],
                memory_used_bytes=used_bytes(self.device),
            )
            await connection.send(beat.model_dump_json())
            told = printed
            if self._attempt is not None and self._attempt.outbox.beat():
                self._news.set()

    def _printed(self) -> list[Printed]:
        if self._attempt is None or (text := self._attempt.transcript.text) is None:
            return []
        return [Printed(lease=self._attempt.lease, text=text)]

    def _trained(self, attempt: Attempt, done: asyncio.Future[Finished]) -> None:
        if not done.cancelled():
            attempt.close(done.result())
            self._news.set()

    def _tell_news(self) -> None:
        """For the training thread."""
        with contextlib.suppress(RuntimeError):  # the loop is closed: the agent has left, nobody listens
            self._loop.call_soon_threadsafe(self._news.set)

    # ── until idle ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _start_idling(self) -> None:
        self._stop_idling()
        if self._until_idle:
            self._idle = self._loop.call_later(IDLE_S, self.stop)

    def _stop_idling(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None


async def _tell(connection: ClientConnection, attempt: Attempt, told: set[object]) -> bool:
    """Preparing and started, then points, then finished once all points are acked. True when points were sent."""
    for k, message in enumerate(attempt.said):
        if (attempt.lease, k) not in told:
            await connection.send(message.model_dump_json())
            told.add((attempt.lease, k))
    sent = False
    while not attempt.released and (batch := attempt.outbox.take()) is not None:
        await connection.send(batch.pack())
        sent = True
    finished = attempt.finished
    if finished is not None and attempt.lease not in told and (attempt.released or attempt.outbox.all_acked):
        await connection.send(finished.model_dump_json())
        told.add(attempt.lease)
    return sent


def worker_id() -> str:
    """New with each call, and so with each process: the server tells a restarted worker from one that came back."""
    host = re.sub(r"[^A-Za-z0-9._-]", "-", socket.gethostname())[:50]
    return f"{host}-{os.getpid()}-{secrets.token_hex(3)}"
