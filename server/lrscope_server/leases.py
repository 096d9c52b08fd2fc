"""Who holds what. Sweeps are handed out by priority, then age; a worker's silence gives its sweep back.

Every hand-out raises the sweep's attempt number. All that a worker sends is written only while the record says that
this worker holds this attempt, in the same transaction as the question; so a worker that was given up can waste its
own time, but not spoil a curve.
"""

import asyncio
import logging
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lrscope.errors import LeaseLost
from lrscope.spec import Status
from lrscope.wire import (
    Ack,
    Assign,
    Batch,
    Ended,
    Finished,
    Heartbeat,
    Hello,
    Lease,
    Lost,
    Preparing,
    ServerMessage,
    Started,
    Welcome,
)
from lrscope_server import records
from lrscope_server.following import note_replay
from lrscope_server.hub import Hub
from lrscope_server.intake import Arrival, take_in
from lrscope_server.params import check_schema
from lrscope_server.roster import Roster
from lrscope_server.store import Store
from lrscope_server.tables import AttemptRow, RecipeRow, SweepRow, now

log = logging.getLogger(__name__)


class Line:
    """The way to one connected worker: messages for it, and the call that there may be work."""

    def __init__(self, hello: Hello) -> None:
        self.hello = hello
        self.worker = hello.worker
        self.messages: asyncio.Queue[ServerMessage] = asyncio.Queue()
        self.work = asyncio.Event()
        self.held: Lease | None = None
        self.leaving = False

    def send(self, message: ServerMessage) -> None:
        self.messages.put_nowait(message)

    def free(self, lease: Lease) -> None:
        if self.held == lease:
            self.held = None
            self.work.set()


class Leases:
    def __init__(self, store: Store, hub: Hub, roster: Roster, *, lease_s: float, max_attempts: int) -> None:
        self._store = store
        self._hub = hub
        self._roster = roster
        self._lines: dict[str, Line] = {}
        self._max_attempts = max_attempts
        self.lease_s = lease_s
        self.ended = asyncio.Event()  # set when a sweep may have come to its end

    # ── a worker comes and goes ─────────────────────────────────────────────────────────────────────────────────────

    async def welcome(self, hello: Hello) -> Line:
        """Open the line of a worker, reconciled: what it declared and may go on with, what it lost or never got."""

        for recipe in hello.recipes:
            check_schema(recipe)

        def reconcile(session: Session) -> tuple[list[Ack], list[Lease], list[str]]:
            self._announce(session, hello)
            resume, lost = [], []
            for lease in hello.running:
                row = session.get(SweepRow, lease.sweep)
                if row is not None and self._may_resume(row, hello.worker, lease):
                    row.status, row.worker, row.reason = Status.RUNNING.value, hello.worker, None
                    row.lease_until = self._until()
                    resume.append(Ack(lease=lease, next_step=row.steps_done, cancel=row.cancel_requested))
                else:
                    lost.append(lease)
            unheard = session.scalars(
                sa.select(SweepRow).where(
                    SweepRow.status == Status.RUNNING.value,
                    SweepRow.worker == hello.worker,
                    SweepRow.id.not_in([ack.lease.sweep for ack in resume]),
                )
            ).all()
            for row in unheard:  # handed out, but the worker does not know: its frame never left
                self._give_back(session, row, "the hand-out was lost on the way", outcome="unheard")
            return resume, lost, [row.id for row in unheard]

        resume, lost, unheard = await self._store.write(reconcile)
        line = Line(hello)
        line.held = resume[0].lease if resume else None
        line.send(Welcome(lease_s=self.lease_s, resume=resume, lost=lost))
        line.work.set()
        self._lines[hello.worker] = line
        self._roster.join(hello, tuple(ack.lease for ack in resume))
        self._hub.workers_changed()
        self._hub.changed(*(ack.lease.sweep for ack in resume), *unheard, queue=True)
        self.poke()
        return line

    def hang_up(self, line: Line) -> None:
        """The connection is gone. What the worker holds stays its own until the lease runs out."""
        if self._lines.get(line.worker) is line:
            del self._lines[line.worker]
            self._roster.leave(line.worker)
            self._hub.workers_changed()

    def poke(self) -> None:
        """There may be work: every idle worker asks for some."""
        for line in self._lines.values():
            line.work.set()

    def cancel(self, worker: str, ack: Ack) -> None:
        """Tell a worker to stop; where it cannot be told now, its next ack or heartbeat tells it."""
        if worker in self._lines:
            self._lines[worker].send(ack)

    # ── what a worker asks and says ─────────────────────────────────────────────────────────────────────────────────

    async def hand_out(self, line: Line) -> None:
        """Give an idle worker the next sweep it can run, if there is one."""
        if line.held is not None or line.leaving:
            return

        def claim(session: Session) -> Assign | None:
            wanted = sa.and_(
                SweepRow.status == Status.QUEUED.value,
                SweepRow.deleted_at.is_(None),
                SweepRow.recipe.in_([recipe.name for recipe in line.hello.recipes]),
                SweepRow.device_wish.in_(["any", line.hello.device.kind]),
            )
            row = session.scalars(
                sa.select(SweepRow)
                .where(wanted)
                .order_by(*records.HANDED_OUT)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).first()
            if row is None:
                return None
            row.attempt += 1
            row.status, row.reason, row.traceback = Status.RUNNING.value, None, None
            row.worker, row.device = line.worker, line.hello.device.name
            row.started_at, row.finished_at, row.lease_until = now(), None, self._until()
            row.steps_done, row.first_nonfinite_step, row.optimizer, row.warnings = 0, None, None, []
            session.add(AttemptRow(sweep_id=row.id, attempt=row.attempt, worker=line.worker, device=row.device))
            return Assign(lease=Lease(sweep=row.id, attempt=row.attempt), spec=records.spec_of(row))

        assign = await self._store.write(claim)
        if assign is None:
            return
        line.held = assign.lease
        line.send(assign)
        self._roster.seen(line.worker, (assign.lease,))
        self._hub.workers_changed()
        self._hub.changed(assign.lease.sweep, queue=True)

    async def preparing(self, line: Line, message: Preparing) -> None:
        """Raises LeaseLost."""

        def note(session: Session) -> None:
            self._held(session, line.worker, message.lease).reason = message.what

        await self._store.write(note)
        self._hub.changed(message.lease.sweep)

    async def started(self, line: Line, message: Started) -> None:
        """Raises LeaseLost."""

        def note(session: Session) -> None:
            row = self._held(session, line.worker, message.lease)
            row.optimizer, row.warnings = message.optimizer, message.warnings
            if not row.cancel_requested:
                row.reason = None

        await self._store.write(note)
        self._hub.changed(message.lease.sweep)

    def append(self, line: Line, batch: Batch) -> "asyncio.Task[Ack]":
        """Store what is new of a batch, and renew its lease; the ack says which step is wanted next.

        Batches are taken in the order of the calls. It goes on when the line is gone: viewers get all that is stored.
        Raises LeaseLost, and WireError for points that cannot be of this sweep.
        """
        return asyncio.create_task(self._append(Arrival(line.worker, batch, self._until())))

    async def _append(self, arrival: Arrival) -> Ack:
        stored = await self._store.write_joint(take_in, arrival)
        if stored.fresh is not None:
            self._hub.points(stored.fresh)
            self._hub.progressed(stored.fresh.lease.sweep)
        return stored.ack

    async def finish(self, line: Line, message: Finished) -> Ended | Lost:
        """Close a lease. Told twice, it answers twice and changes nothing the second time."""

        def close(session: Session) -> bool:
            row = session.get(SweepRow, message.lease.sweep)
            if row is None or row.attempt != message.lease.attempt:
                return False
            if row.status != Status.RUNNING or row.worker != line.worker:
                return Status(row.status).ended  # told before; a sweep that is queued again was given away
            self._close(session, row, message)
            return True

        closed = await self._store.write(close)
        self._closed(message.lease)
        line.leaving = message.status == "released"  # a worker that shuts down wants nothing more
        line.free(message.lease)
        return Ended(lease=message.lease) if closed else Lost(lease=message.lease)

    async def renew(self, line: Line, beat: Heartbeat) -> list[Ack | Lost]:
        """A heartbeat: keep what the worker itself declares to run, tell it what it lost or is to stop."""
        printed = {said.lease: said.text for said in beat.printed}

        def keep(session: Session) -> list[Ack | Lost]:
            answers: list[Ack | Lost] = []
            for lease in beat.running:
                try:
                    row = self._held(session, line.worker, lease)
                except LeaseLost:
                    answers.append(Lost(lease=lease))
                    continue
                row.lease_until = self._until()
                self._log(session, row, printed.get(lease))
                if row.cancel_requested:
                    answers.append(Ack(lease=lease, next_step=row.steps_done, cancel=True))
            return answers

        answers = await self._store.write(keep) if beat.running else []
        self._roster.seen(line.worker, tuple(beat.running))
        if self._roster.uses(line.worker, beat.memory_used_bytes):
            self._hub.workers_changed()
        for answer in answers:
            if isinstance(answer, Lost):
                line.free(answer.lease)
        return answers

    # ── silence ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def grace(self) -> None:
        """At start: workers that were cut off by the server's own absence get a lease's time to come back."""
        await self._store.write(
            lambda session: session.execute(
                sa.update(SweepRow).where(SweepRow.status == Status.RUNNING.value).values(lease_until=self._until())
            )
        )

    async def watch(self) -> None:
        """Runs as long as the server: takes back what silent workers hold."""
        while True:
            await asyncio.sleep(min(2.0, self.lease_s / 4))
            try:
                await self.take_back()
            except Exception:
                log.exception("leases could not be looked through; tried again soon")

    async def take_back(self) -> list[str]:
        """The sweeps whose lease has run out, given back to the queue, or failed after too many lost workers."""
        due = sa.select(SweepRow).where(SweepRow.status == Status.RUNNING.value, SweepRow.lease_until < now())
        if not await self._store.read(lambda session: session.execute(due.limit(1)).first()):
            return []

        def expire(session: Session) -> list[Lease]:
            leases = []
            for row in session.scalars(due).all():
                leases.append(Lease(sweep=row.id, attempt=row.attempt))
                row.failures += 1
                self._give_back(session, row, f"its worker {row.worker} fell silent", outcome="silent")
            return leases

        leases = await self._store.write(expire)
        for lease in leases:  # the worker stays unavailable until it speaks again and hears that it lost
            self._closed(lease)
        return [lease.sweep for lease in leases]

    # ── inside a transaction ────────────────────────────────────────────────────────────────────────────────────────

    def _held(self, session: Session, worker: str, lease: Lease) -> SweepRow:
        row = session.get(SweepRow, lease.sweep)
        if row is None or (row.status, row.worker, row.attempt) != (Status.RUNNING.value, worker, lease.attempt):
            raise LeaseLost(f"{lease} is not held by worker {worker}")
        return row

    def _may_resume(self, row: SweepRow, worker: str, lease: Lease) -> bool:
        """Its own still, or taken back for silence but given to nobody since."""
        if row.attempt != lease.attempt or row.deleted_at is not None:
            return False
        mine = row.status == Status.RUNNING and row.worker == worker
        return mine or (row.status == Status.QUEUED and row.failures > 0)

    def _log(self, session: Session, row: SweepRow, printed: str | None) -> None:
        attempt = session.get(AttemptRow, (row.id, row.attempt))
        if attempt is not None and printed is not None:
            attempt.log = printed.replace("\0", "")  # which no database takes

    def _close(self, session: Session, row: SweepRow, message: Finished) -> None:
        self._log(session, row, message.log)
        if message.status == "released":
            self._give_back(session, row, "its worker was shut down", outcome="released")
            return
        status, reason = Status(message.status), message.reason
        if status is Status.DONE and row.steps_done < row.num_iter:
            status, reason = Status.FAILED, f"the worker said done after {row.steps_done} of {row.num_iter} steps"
        if status is Status.CANCELLED:
            reason = row.reason or reason  # who asked for it
        self._end_attempt(session, row, status.value)
        records.move(row, status, reason=reason)
        row.traceback = message.traceback
        row.warnings = [*row.warnings, *message.warnings]
        note_replay(session, row)

    def _give_back(self, session: Session, row: SweepRow, why: str, *, outcome: str) -> None:
        self._end_attempt(session, row, outcome)
        if row.cancel_requested:
            records.move(row, Status.CANCELLED, reason=f"cancelled; {why}")
        elif row.failures >= self._max_attempts:
            records.move(row, Status.FAILED, reason=f"given up after {row.failures} lost workers: {why}")
        else:
            records.move(row, Status.QUEUED, reason=f"queued again: {why}")

    def _end_attempt(self, session: Session, row: SweepRow, outcome: str) -> None:
        attempt = session.get(AttemptRow, (row.id, row.attempt))
        if attempt is not None:
            attempt.ended_at, attempt.outcome = now(), outcome

    def _announce(self, session: Session, hello: Hello) -> None:
        for recipe in hello.recipes:
            session.merge(
                RecipeRow(
                    name=recipe.name,
                    description=recipe.description,
                    params_schema=recipe.params_schema,
                    announced_at=now(),
                )
            )

    def _closed(self, lease: Lease) -> None:
        self.ended.set()
        self._roster.forget(lease)
        self._hub.workers_changed()
        self._hub.changed(lease.sweep, queue=True)
        self.poke()

    def _until(self) -> datetime:
        return now() + timedelta(seconds=self.lease_s)
