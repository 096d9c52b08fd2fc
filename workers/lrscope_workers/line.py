"""The line to the server: dial, say hello, check the welcome; hang on, and dial again when it is cut, for ever."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import NoReturn

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from lrscope.address import is_loopback, ws_url
from lrscope.errors import WireError, status_of
from lrscope.wire import MAX_FRAME, WIRE_VERSION, Ack, Assign, Ended, Hello, Lost, Welcome, parse_server
from lrscope_workers.backoff import Backoff

FIRST_DELAY_S, LONGEST_DELAY_S = 0.2, 5.0  # between two attempts to connect
WELCOME_S = 10.0  # for the server to answer a hello
PING_S, SILENCE_S = 5, 15  # a server that answers no ping for SILENCE_S is gone
WIRE_CODE = status_of(WireError(""))[1]  # close code of a server that does not understand
GOING_AWAY = 1001  # close code of a worker that will not come back

log = logging.getLogger(__name__)


class Line:
    """Raises InvalidInput when `url` is not an http(s) address."""

    def __init__(self, url: str) -> None:
        self._url = ws_url(url, "/ws/work")
        self._backoff = Backoff(FIRST_DELAY_S, LONGEST_DELAY_S)
        self._connection: ClientConnection | None = None
        self._complaint = ""

    async def keep(
        self, hello: Callable[[], Hello], serve: Callable[[ClientConnection, Welcome], Awaitable[None]]
    ) -> NoReturn:
        """Connect and `serve`, again after each cut. Ends only by what `serve` raises that is no fault of the line."""
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            try:
                async with self._dial() as connection:
                    await self._talk(connection, hello(), serve)
            except (OSError, TimeoutError, WebSocketException, WireError) as error:
                self._complain(error)
            finally:
                self._connection = None
            if clock() - began > LONGEST_DELAY_S:
                self._backoff.reset()
            await asyncio.sleep(self._backoff.next_s())

    async def hang_up(self) -> None:
        """Say goodbye: the worker will not come back."""
        if self._connection is not None:
            await self._connection.close(GOING_AWAY, "the worker was shut down")

    def _dial(self) -> connect:
        return connect(
            self._url,
            compression=None,
            max_size=MAX_FRAME,
            proxy=None if is_loopback(self._url) else True,
            ping_interval=PING_S,
            ping_timeout=SILENCE_S,
            close_timeout=1,
        )

    async def _talk(
        self,
        connection: ClientConnection,
        hello: Hello,
        serve: Callable[[ClientConnection, Welcome], Awaitable[None]],
    ) -> None:
        await connection.send(hello.model_dump_json())
        async with asyncio.timeout(WELCOME_S):
            welcome = _welcome(await connection.recv())
        log.info("connected to %s as %s, on %s", self._url, hello.worker, hello.device.label)
        self._connection, self._complaint = connection, ""
        await serve(connection, welcome)

    def _complain(self, error: Exception) -> None:
        """Say why there is no connection: once for each reason, not at every attempt."""
        text = str(error) or type(error).__name__
        if isinstance(error, WireError) or _is_of_protocol(error):
            text += f" (this worker speaks wire version {WIRE_VERSION})"
        level = logging.DEBUG if text == self._complaint else logging.WARNING
        log.log(level, "no connection to %s: %s; trying again", self._url, text)
        self._complaint = text


def _is_of_protocol(error: Exception) -> bool:
    """True when the server hung up because of what this worker said."""
    return isinstance(error, ConnectionClosed) and error.rcvd is not None and error.rcvd.code == WIRE_CODE


def message_of(frame: str | bytes) -> Welcome | Assign | Ack | Ended | Lost:
    """What the server said. Raises WireError."""
    if not isinstance(frame, str):
        raise WireError(f"the server sent {len(frame)} bytes of binary data; its messages are text")
    return parse_server(frame)


def _welcome(frame: str | bytes) -> Welcome:
    """The answer to hello. Raises WireError; one that names the version, when it is another one."""
    with contextlib.suppress(ValueError, AttributeError):  # not JSON, or no object: `message_of` says what is wrong
        version = json.loads(frame).get("version", WIRE_VERSION)
        if version != WIRE_VERSION:
            raise WireError(f"the server speaks wire version {version}; update the older of the two")
    message = message_of(frame)
    if not isinstance(message, Welcome):
        raise WireError(f"the server answered hello with {message.type}")
    return message


async def first_of(*coroutines: Coroutine[None, None, None]) -> None:
    """Run side by side until one ends, then stop the others. Raises what that one raised."""
    tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
