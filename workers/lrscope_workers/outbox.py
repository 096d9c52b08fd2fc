"""Points on their way from the training thread to the server: numbered, batched, kept until the attempt is closed.

The training thread only appends; it wakes the event loop once per batch, never once per point, so that a step of a
third of a millisecond stays one. Nothing is thrown away before the attempt is over (at most 20 000 points): however
long the server is away, and wherever it wants to go on from, the curve is here. When the server is slow, points gather
into fewer, larger batches, since only a few of them may be on their way.
"""

import math
from collections import deque
from collections.abc import Callable
from time import monotonic

from lrscope.curve import Point
from lrscope.wire import MAX_BATCH, Batch, Lease

IN_FLIGHT = 4  # batches sent and not acked; what comes meanwhile goes with the next one
FLUSH_S = 0.05  # a batch leaves so long after the one before it; more of them would cost a fast training its time


class Outbox:
    """`put` is for the training thread, all else for the event loop. `wake` is called in the training thread."""

    def __init__(self, lease: Lease, wake: Callable[[], None]) -> None:
        self.lease = lease
        self.series: tuple[str, ...] = ()  # names of the points' extra numbers, set before the first one
        self._wake = wake
        self._points: list[Point] = []  # index = step; append and len are atomic
        self._told_at = -math.inf
        self._sent = 0
        self._acked = 0
        self._flying: deque[int] = deque()  # where each batch ends that is sent and not acked
        self._held_back = False
        self._rewound: int | None = None  # the step asked for again, so that one gap is not answered many times
        self._acked_at_beat = -1

    def put(self, point: Point) -> None:
        """Hand over the next step's point. The first one, and any after a pause of FLUSH_S, leaves at once."""
        self._points.append(point)
        now = monotonic()
        if now - self._told_at >= FLUSH_S:
            self._told_at = now
            self._wake()

    def __len__(self) -> int:
        return len(self._points)

    @property
    def last(self) -> Point | None:
        return self._points[-1] if self._points else None

    @property
    def all_acked(self) -> bool:
        return self._acked >= len(self._points)

    def take(self) -> Batch | None:
        """What has not been sent yet, as one batch of at most MAX_BATCH points; None when nothing may go now."""
        points = self._points[self._sent : self._sent + MAX_BATCH]
        self._held_back = bool(points) and len(self._flying) >= IN_FLIGHT
        if not points or self._held_back:
            return None
        self._sent += len(points)
        self._flying.append(self._sent)
        return Batch.of(self.lease, points, self.series)

    def acked(self, next_step: int) -> bool:
        """The server has stored everything before `next_step`. True when something is to be sent that was held back,
        or again.

        An ack without progress, while later points are on their way, means that one of them was refused: send again
        from there. Once: the acks of those behind it say the same.
        """
        if next_step > self._acked:
            self._acked, self._rewound = next_step, None
            self._sent = max(self._sent, next_step)
            while self._flying and self._flying[0] <= next_step:
                self._flying.popleft()
            return self._held_back and len(self._flying) < IN_FLIGHT
        if next_step >= self._sent or next_step == self._rewound:
            return False
        self.resend_from(next_step)
        self._rewound = next_step
        return True

    def resend_from(self, next_step: int) -> None:
        """The server has what is before `next_step`, and wants the rest (again)."""
        self._sent = self._acked = next_step
        self._flying.clear()
        self._rewound = None

    def beat(self) -> bool:
        """Called with every heartbeat: what was on its way during a whole one and is not acked yet goes again.

        True when something is to be sent again.
        """
        stuck = self._acked == self._acked_at_beat and self._acked < self._sent
        self._acked_at_beat = self._acked
        if stuck:
            self.resend_from(self._acked)
        return stuck
