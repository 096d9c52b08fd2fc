"""The way to the database: one thread writes, in groups; any number read.

A write is a function of a Session. Those that wait are run in one transaction, each in a savepoint of its own, and
their callers go on after the COMMIT: what a caller has been told is stored. One writer also keeps SQLite free of
"database is locked", and PostgreSQL of most of its commits.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from lrscope_server.tables import make_engines, migrate

T = TypeVar("T")
Work = Callable[[Session], T]
GROUP = 500  # writes in one commit, at most

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Write:
    work: Work[Any]
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
        write = _Write(work, Future())
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
        outcomes: list[tuple[_Write, Any, BaseException | None]] = []
        try:
            with Session(self._writer) as session, session.begin():
                for write in group:
                    try:
                        with session.begin_nested():
                            result = write.work(session)
                        outcomes.append((write, result, None))
                    except Exception as error:
                        outcomes.append((write, None, error))
        except Exception as error:
            log.exception("a group of %d writes could not be committed", len(group))
            outcomes = [(write, None, error) for write in group]
        for write, result, failure in outcomes:
            if failure is not None:
                write.done.set_exception(failure)
            else:
                write.done.set_result(result)
