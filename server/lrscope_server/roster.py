"""The workers that are connected now: what each offers and runs. In memory; a worker says it all in its hello."""

from dataclasses import dataclass, replace
from datetime import datetime

from lrscope.feed import WorkerState
from lrscope.wire import Hello, Lease
from lrscope_server.tables import now


@dataclass(frozen=True)
class Member:
    hello: Hello
    running: tuple[Lease, ...]
    last_seen: datetime
    connected: bool = True
    memory_used_bytes: int | None = None

    @property
    def recipes(self) -> frozenset[str]:
        return frozenset(recipe.name for recipe in self.hello.recipes)


class Roster:
    def __init__(self) -> None:
        self._members: dict[str, Member] = {}

    def join(self, hello: Hello, running: tuple[Lease, ...]) -> None:
        self._members[hello.worker] = Member(hello, running, now())

    def seen(self, worker: str, running: tuple[Lease, ...] | None = None) -> None:
        """The worker gave a sign of life; `running`, where it said what it holds."""
        member = self._members[worker]
        held = member.running if running is None else running
        self._members[worker] = replace(member, running=held, last_seen=now())

    def uses(self, worker: str, memory_bytes: int | None) -> bool:
        """The worker said what it takes of its device's memory; True when that is new."""
        member = self._members[worker]
        self._members[worker] = replace(member, memory_used_bytes=memory_bytes)
        return memory_bytes != member.memory_used_bytes

    def leave(self, worker: str) -> None:
        """The connection is gone. A worker that holds a sweep stays listed: it may come back for it."""
        member = self._members.get(worker)
        if member is not None and member.running:
            self._members[worker] = replace(member, connected=False)
        else:
            self._members.pop(worker, None)

    def forget(self, lease: Lease) -> None:
        """The lease is closed or was taken back."""
        for worker, member in list(self._members.items()):
            if lease in member.running:
                left = tuple(held for held in member.running if held != lease)
                if left or member.connected:
                    self._members[worker] = replace(member, running=left)
                else:
                    del self._members[worker]

    def why_waiting(self, recipe: str, device: str) -> str | None:
        """Why no connected worker will take such a sweep; None when one will."""
        connected = [member for member in self._members.values() if member.connected]
        if not connected:
            return "no worker is connected; start one with: lrscope worker"
        offering = [member for member in connected if recipe in member.recipes]
        if not offering:
            return f"no connected worker offers the recipe {recipe!r}"
        if device != "any" and all(member.hello.device.kind != device for member in offering):
            return f"no connected worker with a {device} device offers the recipe {recipe!r}"
        return None

    def states(self) -> list[WorkerState]:
        return [
            WorkerState(
                id=worker,
                host=member.hello.host,
                pid=member.hello.pid,
                device=member.hello.device,
                recipes=sorted(member.recipes),
                running=[lease.sweep for lease in member.running],
                connected=member.connected,
                last_seen=member.last_seen,
                memory_used_bytes=member.memory_used_bytes,
                memory_total_bytes=member.hello.device.memory_bytes,
            )
            for worker, member in sorted(self._members.items())
        ]
