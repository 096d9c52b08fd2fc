"""A sweep's points as they come: `/ws/view` watched from Python, across cuts and restarts."""

import math
from collections.abc import Callable, Iterator
from time import monotonic, sleep
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection, connect

from lrscope.address import is_loopback, ws_url
from lrscope.curve import Point
from lrscope.errors import STATUS, LeaseLost, LrscopeError, Unreachable, WireError, error_for
from lrscope.feed import (
    Cursor,
    Ping,
    PointsFrame,
    Pong,
    Presence,
    QueueChanged,
    Round,
    Snapshot,
    SweepChanged,
    SweepDeleted,
    Watch,
    WorkersChanged,
)
from lrscope.spec import Sweep

PATIENCE_S = 60.0  # without a server, after which a stream that was cut gives up
FIRST_DELAY_S, LONGEST_DELAY_S = 0.1, 5.0
MAX_FRAME = 1 << 24  # bytes; the first frame holds the whole list

_Feed = Snapshot | PointsFrame | SweepChanged | SweepDeleted | WorkersChanged | QueueChanged | Presence | Ping | Round
_feed: TypeAdapter[_Feed] = TypeAdapter(Annotated[_Feed, Field(discriminator="type")])


def follow(url: str, sweep: str, ask: Callable[[str], Sweep], *, until: float = math.inf) -> Iterator[Point]:
    """Every point of the sweep, to its end. `ask` fetches the sweep; `until` is a time of the monotonic clock, seconds.

    Raises NotFound; Unreachable when there is no server, at first or for PATIENCE_S after a cut; TimeoutError.
    """
    follower = Follower(url, sweep, ask, until)
    delay_s, give_up_at = FIRST_DELAY_S, -math.inf
    while not follower.at_end:
        heard = follower.heard
        try:
            yield from follower.watch()
        except (OSError, WebSocketException, Unreachable) as error:
            if monotonic() >= until:
                raise TimeoutError(f"sweep {sweep} has not ended in time") from error
            _raise_refusal(error)
            if follower.heard > heard:  # it was a working connection that was cut
                delay_s, give_up_at = FIRST_DELAY_S, monotonic() + PATIENCE_S
            if monotonic() > give_up_at:
                told = "no lrscope server answers at"
                raise Unreachable(f"{told} {url} ({error}); start one with: lrscope up") from error
            sleep(max(0.0, min(delay_s, until - monotonic())))
            delay_s = min(LONGEST_DELAY_S, 2 * delay_s)


class Follower:
    """One sweep being watched: the step wanted next, of which attempt, and the sweep's newest state."""

    def __init__(self, url: str, sweep: str, ask: Callable[[str], Sweep], until: float) -> None:
        self.heard = 0  # messages
        self._url = ws_url(url, "/ws/view")
        self._ask = ask
        self._sweep = ask(sweep)
        self._until = until
        self._attempt: int | None = None
        self._next = 0
        self._deleted = False

    @property
    def at_end(self) -> bool:
        """The sweep has ended and its last point was given out."""
        if self._deleted:
            return True
        has_all = self._attempt == self._sweep.attempt and self._next >= self._sweep.steps_done
        return self._sweep.status.ended and (has_all or self._sweep.steps_done == 0)

    def watch(self) -> Iterator[Point]:
        """One connection: points until the end. Raises what cuts it."""
        with connect(
            self._url, compression=None, max_size=MAX_FRAME, proxy=None if is_loopback(self._url) else True
        ) as connection:
            cursor = Cursor(sweep=self._sweep.id, attempt=self._attempt, start=self._next)
            connection.send(Watch(sweeps=[cursor]).model_dump_json(by_alias=True))
            while not self.at_end:
                yield from self._heed(connection)

    def _heed(self, connection: ClientConnection) -> Iterator[Point]:
        frame = connection.recv(None if self._until == math.inf else max(0.0, self._until - monotonic()))
        message = _parse(frame)
        self.heard += 1
        if isinstance(message, Ping):
            connection.send(Pong(time=message.time).model_dump_json())
        for told in message.messages if isinstance(message, Round) else [message]:
            yield from self._take(told)

    def _take(self, message: _Feed) -> Iterator[Point]:
        if isinstance(message, Snapshot):
            known = {sweep.id: sweep for sweep in message.sweeps}  # the newest ones
            self._sweep = known.get(self._sweep.id) or self._ask(self._sweep.id)
        elif isinstance(message, SweepChanged) and message.sweep.id == self._sweep.id:
            self._sweep = message.sweep
        elif isinstance(message, SweepDeleted) and message.sweep == self._sweep.id:
            self._deleted = True
        elif isinstance(message, PointsFrame) and message.sweep == self._sweep.id:
            yield from self._fresh(message)

    def _fresh(self, frame: PointsFrame) -> Iterator[Point]:
        """The points of a frame that were not given out before; a new attempt starts the curve again."""
        if frame.attempt != self._attempt:
            self._attempt, self._next = frame.attempt, 0
        if frame.start > self._next:
            raise WireError(f"points from step {frame.start} came where step {self._next} was due")
        for step, (lr, loss) in enumerate(zip(frame.lr, frame.loss, strict=True), frame.start):
            if step == self._next:
                self._next += 1
                yield Point(step, lr, math.nan if loss is None else loss)


def _parse(frame: str | bytes) -> _Feed:
    try:
        return _feed.validate_json(frame, extra="ignore")
    except ValidationError as error:
        first = error.errors()[0]
        raise WireError(f"{'.'.join(map(str, first['loc'])) or 'message'}: {first['msg']}") from None


def _raise_refusal(error: Exception) -> None:
    """Raise what the server meant when it refused, rather than fell silent: coming back would not help."""
    if isinstance(error, InvalidStatus):
        status = error.response.status_code
        if 400 <= status < 500:
            raise error_for(status)(f"the server refused the live feed: HTTP {status}") from error
    if isinstance(error, ConnectionClosed) and error.rcvd is not None:
        for kind, (_, code) in STATUS.items():
            if kind not in (LrscopeError, LeaseLost) and error.rcvd.code == code > 4000:
                raise kind(error.rcvd.reason) from error
