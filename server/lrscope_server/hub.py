"""Fan-out of what was stored: to every viewer its history, then live, from a cursor.

A viewer holds a cursor for each sweep it watches, never a queue of points. When something was stored it is woken, and
what lies past its cursors is cut from the tails held here, so a slow viewer gets fewer, larger frames and costs no
memory. Of everything else (a sweep's state, the workers, the queue) only the newest waits for it. All of a round goes
in one frame, and what several viewers are told is put into words once.
"""

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from itertools import count

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from lrscope.curve import FloatArray
from lrscope.feed import (
    Cursor,
    Here,
    Presence,
    QueueChanged,
    QueueState,
    Snapshot,
    SweepChanged,
    SweepDeleted,
    WorkersChanged,
)
from lrscope.spec import Status, Sweep
from lrscope.wire import Batch
from lrscope_server import records
from lrscope_server.pointers import Pointers
from lrscope_server.roster import Roster
from lrscope_server.store import Store
from lrscope_server.tables import SweepRow

TICK_S = 0.04  # between two rounds of frames to one viewer
TELL_S = 0.1  # between two rounds of changed sweeps
POINT_S = 1 / 12  # between two rounds of what the others point at
PROGRESS_S = 0.5  # until viewers are told how far a sweep is; its points are there long before
SNAPSHOT = 500  # newest sweeps that a viewer is shown at first; and as many trainings
MAX_FRAME_POINTS = 5_000
MAX_ROUND_POINTS = 20_000  # in one frame; a viewer that has just come may want the history of two hundred sweeps
SHARED_POINTS = 500  # up to so many are put into words once for all viewers

log = logging.getLogger(__name__)


@dataclass
class Tail:
    """The points of one sweep's present attempt, as viewers get them."""

    sweep: str
    attempt: int
    lr: list[float] = field(default_factory=list)
    loss: list[float | None] = field(default_factory=list)
    series: dict[str, list[float | None]] = field(default_factory=dict)
    _said: dict[tuple[int, int], str] = field(default_factory=dict)

    def extend(self, batch: Batch) -> None:
        """Append what is new of a batch; a newer attempt starts the curve again."""
        if batch.lease.attempt > self.attempt:
            self.attempt, self.lr, self.loss, self.series = batch.lease.attempt, [], [], {}
        if batch.lease.attempt < self.attempt or batch.next_step <= len(self.lr):
            return
        fresh = batch.from_step(len(self.lr))
        for name, column in fresh.series.items():
            self.series.setdefault(name, [None] * len(self.lr)).extend(_nullable(column))
        self.lr.extend(fresh.lr.tolist())
        self.loss.extend(_nullable(fresh.loss))
        self._said.clear()

    def frame(self, start: int, end: int) -> str:
        """A `points` message: lrscope.feed.PointsFrame, without its checks."""
        if (start, end) in self._said:
            return self._said[start, end]
        message = {
            "type": "points",
            "sweep": self.sweep,
            "attempt": self.attempt,
            "from": start,
            "lr": self.lr[start:end],
            "loss": self.loss[start:end],
            "series": {name: column[start:end] for name, column in self.series.items()},
        }
        text = orjson.dumps(message).decode()
        if end - start <= SHARED_POINTS:
            self._said[start, end] = text
        return text


def _nullable(column: FloatArray) -> list[float | None]:
    return [value if math.isfinite(value) else None for value in column.tolist()]


class Viewer:
    """One open page or stream: what it watches, up to where, and the newest news it has not had."""

    def __init__(self, id_: int) -> None:
        self.id = id_
        self.beside = Presence(viewers=[])  # as it was last told
        self.cursors: dict[str, tuple[int | None, int]] = {}
        self.news: dict[str, str] = {}
        self.wake = asyncio.Event()

    def tell(self, key: str, text: str) -> None:
        self.news.pop(key, None)  # to the end: order of news is the order of the last change
        self.news[key] = text
        self.wake.set()


def round_of(messages: list[str]) -> str:
    """Several messages as one frame; one alone goes as it is."""
    return messages[0] if len(messages) == 1 else f'{{"type":"round","messages":[{",".join(messages)}]}}'


class Hub:
    def __init__(self, store: Store, roster: Roster) -> None:
        self._store = store
        self._roster = roster
        self._viewers: set[Viewer] = set()
        self._tails: dict[str, Tail] = {}
        self._loading: dict[str, list[Batch]] = {}
        self._changed: set[str] = set()
        self._progressed: set[str] = set()
        self._queue_changed = False
        self._wake = asyncio.Event()
        self._ids = count(1)
        self._pointers = Pointers()
        self._pointed = asyncio.Event()

    # ── told by whoever has just stored something ───────────────────────────────────────────────────────────────────

    def points(self, batch: Batch) -> None:
        """A batch was committed."""
        sweep = batch.lease.sweep
        if sweep in self._loading:
            self._loading[sweep].append(batch)
        if sweep in self._tails:
            self._tails[sweep].extend(batch)
            for viewer in self._viewers:
                if sweep in viewer.cursors:
                    viewer.wake.set()

    def changed(self, *sweeps: str, queue: bool = False) -> None:
        """Sweeps were changed; `queue`: and with them who waits in which place."""
        self._changed.update(sweeps)
        self._queue_changed |= queue
        self._wake.set()

    def progressed(self, sweep: str) -> None:
        """More of a sweep's steps are done. That is told now and then only, not with every batch."""
        if not self._progressed:
            asyncio.get_running_loop().call_later(PROGRESS_S, self._progress_is_a_change)
        self._progressed.add(sweep)

    def _progress_is_a_change(self) -> None:
        self.changed(*self._progressed)
        self._progressed.clear()

    def workers_changed(self) -> None:
        text = WorkersChanged(workers=self._roster.states()).model_dump_json()
        for viewer in self._viewers:
            viewer.tell("workers", text)
        self.changed(queue=True)  # why a sweep waits may have changed with them

    # ── viewers ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def viewers(self) -> int:
        return len(self._viewers)

    def join(self) -> Viewer:
        viewer = Viewer(next(self._ids))
        self._viewers.add(viewer)
        self._pointed.set()  # it has not heard of the others yet
        return viewer

    def leave(self, viewer: Viewer) -> None:
        self._viewers.discard(viewer)
        if self._pointers.leave(viewer.id):
            self._pointed.set()
        self._drop_unwatched()

    async def snapshot(self) -> Snapshot:
        def read(session: Session) -> Snapshot:
            return Snapshot(
                sweeps=records.newest(session, SNAPSHOT, self._roster),
                trainings=records.trainings(session, SNAPSHOT, self._roster),
                workers=self._roster.states(),
                queue=records.queue_state(session),
            )

        return await self._store.read(read)

    async def watch(self, viewer: Viewer, cursors: Iterable[Cursor]) -> None:
        """Replace what the viewer watches. Sweeps that do not exist are left out; points of later ones may come."""
        wanted = {cursor.sweep: (cursor.attempt, cursor.start) for cursor in cursors}
        viewer.cursors = wanted
        await self._load([sweep for sweep in wanted if sweep not in self._tails and sweep not in self._loading])
        self._drop_unwatched()
        viewer.wake.set()

    async def rounds(self, viewer: Viewer) -> AsyncIterator[str]:
        """Frames for this viewer, for ever: points first, so that a sweep's end is told after its last point."""
        while True:
            await viewer.wake.wait()
            viewer.wake.clear()
            news, viewer.news = viewer.news, {}
            messages, points = list[str](), 0
            for sweep in list(viewer.cursors):
                while (count := self._past_cursor(viewer, sweep, messages)) > 0:
                    points += count
                    if points >= MAX_ROUND_POINTS:
                        yield round_of(messages)
                        messages, points = [], 0
            messages += news.values()
            if messages:
                yield round_of(messages)
            await asyncio.sleep(TICK_S)

    def _past_cursor(self, viewer: Viewer, sweep: str, messages: list[str]) -> int:
        """Adds what a viewer has not had of a sweep, as one message of how many points."""
        tail = self._tails.get(sweep)
        if tail is None or sweep not in viewer.cursors:
            return 0
        attempt, start = viewer.cursors[sweep]
        if attempt not in (None, tail.attempt) or start > len(tail.lr):
            start = 0
        end = min(len(tail.lr), start + MAX_FRAME_POINTS)
        if start == end:
            return 0
        viewer.cursors[sweep] = (tail.attempt, end)
        messages.append(tail.frame(start, end))
        return end - start

    async def _load(self, sweeps: list[str]) -> None:
        """Fill the tails of sweeps from the record, all at once; what is committed meanwhile is added after."""
        if not sweeps:
            return
        self._loading.update((sweep, []) for sweep in sweeps)

        def read(session: Session) -> dict[str, Tail]:
            there = sa.select(SweepRow.id, SweepRow.attempt).where(SweepRow.id.in_(sweeps))
            tails = {sweep: Tail(sweep, attempt) for sweep, attempt in session.execute(there)}
            for batch in records.present_batches(session, sweeps):
                tails[batch.lease.sweep].extend(batch)
            return tails

        tails: dict[str, Tail] = {}
        try:
            tails = await self._store.read(read)
        finally:
            for sweep in sweeps:
                meanwhile = self._loading.pop(sweep)
                if sweep in tails:
                    for batch in meanwhile:
                        tails[sweep].extend(batch)
        self._tails |= tails
        for viewer in self._viewers:
            viewer.wake.set()

    def _drop_unwatched(self) -> None:
        watched = {sweep for viewer in self._viewers for sweep in viewer.cursors}
        for sweep in set(self._tails) - watched:
            del self._tails[sweep]

    def point(self, viewer: Viewer, here: Here) -> None:
        """What this viewer points at now; however often it says so, the others hear of it at most every POINT_S."""
        if self._pointers.move(viewer.id, here):
            self._pointed.set()

    async def tell_presence(self) -> None:
        """Runs as long as the server: tells every viewer what the others point at, when that has changed."""
        while True:
            await self._pointed.wait()
            self._pointed.clear()
            for viewer in self._viewers:
                beside = self._pointers.beside(viewer.id)
                if beside != viewer.beside:
                    viewer.beside = beside
                    viewer.tell("presence", beside.model_dump_json())
            await asyncio.sleep(POINT_S)

    # ── changed sweeps are read again and told ──────────────────────────────────────────────────────────────────────

    async def tell_changes(self) -> None:
        """Runs as long as the server: tells every viewer the newest state of what has changed."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._tell()
            except Exception:
                log.exception("viewers could not be told of a change; it is stored, and told with the next one")
            await asyncio.sleep(TELL_S)

    async def _tell(self) -> None:
        changed, self._changed = self._changed, set()
        queue, self._queue_changed = self._queue_changed, False
        if not self._viewers:
            return

        def read(session: Session) -> tuple[list[Sweep], set[str], QueueState | None]:
            found = sa.or_(
                SweepRow.id.in_(changed),
                sa.and_(sa.true() if queue else sa.false(), SweepRow.status == Status.QUEUED.value),
            )
            rows = session.scalars(
                sa.select(SweepRow).where(found, SweepRow.deleted_at.is_(None)).order_by(SweepRow.id)
            ).all()
            gone = changed - {row.id for row in rows}
            return records.sweeps_of(session, rows, self._roster), gone, records.queue_state(session) if queue else None

        sweeps, gone, state = await self._store.read(read)
        told = {sweep: SweepDeleted(sweep=sweep).model_dump_json() for sweep in gone}
        told |= {sweep.id: SweepChanged(sweep=sweep).model_dump_json() for sweep in sweeps}
        if state is not None:
            told["queue"] = QueueChanged(queue=state).model_dump_json()
        for viewer in self._viewers:
            for key, text in told.items():
                viewer.tell(key, text)
