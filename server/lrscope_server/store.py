"""The way to the database: one thread writes, in groups; any number read.

A write is a function of a Session. Those that wait are run in one transaction, each in a savepoint of its own, and
their callers go on after the COMMIT: what a caller has been told is stored. Writes of one kind that wait in a row are
run as one, so that many of them cost little more than one. One writer also keeps SQLite free of "database is locked",
and PostgreSQL of most of its commits.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from lrscope_server.tables import make_engines, migrate

T = TypeVar("T")
Item = TypeVar("Item")
Work = Callable[[Session], T]
Joint = Callable[[Session, list[Item]], list[T | Exception]]  # one outcome for each item; an exception is raised to it
GROUP = 500  # writes in one commit, at most

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Write:
    work: Joint[Any, Any]
    item: Any
    done: "Future[Any]"


class Store:
    def __init__(self, url: str) -> None:
        self._writer, self._reader = make_engines(url)
        self._writes: queue.SimpleQueue[_Write | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write_groups, name="lrscope-writer", daemon=True)

    def open(self) -> None:
        """Bring the database to the newest schema and begin to take writes."""
        migrate(self._writer)
        self._thread.start()

    async def write(self, work: Work[T]) -> T:
        """Run `work` in a transaction; its result once that is committed. What it raises is raised here, undone."""
        return await self.write_joint(lambda session, _: [work(session)], None)

    async def write_joint(self, work: Joint[Item, T], item: Item) -> T:
        """As `write`, for a function of a module: the items of such writes that wait in a row go to it at once."""
        write = _Write(work, item, Future())
        self._writes.put(write)
        result: T = await asyncio.shield(asyncio.wrap_future(write.done))
        return result

    async def read(self, work: Work[T]) -> T:
        return await asyncio.to_thread(self._read, work)

    def close(self) -> None:
        """Returns once everything that was asked for is written."""
        self._writes.put(None)
        self._thread.join()
        self._writer.dispose()
        self._reader.dispose()

    def _read(self, work: Work[T]) -> T:
        with Session(self._reader) as session:
            return work(session)

    def _write_groups(self) -> None:
        while (first := self._writes.get()) is not None:
            group, open_ = [first], True
            while len(group) < GROUP:
                try:
                    more = self._writes.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    open_ = False
                    break
                group.append(more)
            self._commit(group)
            if not open_:
                return

    def _commit(self, group: list[_Write]) -> None:
        outcomes: list[Any] = []
        try:
            with Session(self._writer) as session, session.begin():
                for work, run in groupby(group, key=lambda write: write.work):
                    outcomes += _run(session, work, [write.item for write in run])
        except Exception as error:
            log.exception("a group of %d writes could not be committed", len(group))
            outcomes = [error] * len(group)
        for write, outcome in zip(group, outcomes, strict=True):
            if isinstance(outcome, Exception):
                write.done.set_exception(outcome)
            else:
                write.done.set_result(outcome)


def _run(session: Session, work: Joint[Any, Any], items: list[Any]) -> list[Any]:
    """One outcome for each item. When all at once they fail, each has its own try: one takes no other with it."""
    try:
        with session.begin_nested():
            return work(session, items)
    except Exception as error:
        if len(items) == 1:
            return [error]
        return [outcome for item in items for outcome in _run(session, work, [item])]
