"""One child process per device, started again when it dies, gone when the parent is.

A process of its own for each GPU: an error inside a CUDA kernel spoils the whole process, and only a new one helps.
"""

import asyncio
import contextlib
import ctypes
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence

from lrscope_workers.backoff import Backoff

UNUSABLE = 78  # exit code (EX_CONFIG) of a child that cannot work at all: starting it again would not help
FIRST_DELAY_S, LONGEST_DELAY_S = 0.5, 30.0
LIVED_S = 60.0  # a child that lived so long is started again soon
GRACE_S = 8.0  # for a child to give back its sweep, before it is killed
PR_SET_PDEATHSIG = 1

log = logging.getLogger(__name__)


async def supervise(commands: Sequence[tuple[str, Sequence[str]]]) -> int:
    """Keep one child per (label, command) running until SIGTERM or SIGINT, then end them all.

    Returns the exit code: 0 after a signal, 1 when every child said that it cannot work.
    """
    stopping = asyncio.Event()
    on_signals(stopping.set)
    children = [asyncio.create_task(_keep(label, command, stopping)) for label, command in commands]
    await asyncio.gather(*children)
    return 0 if stopping.is_set() else 1


async def _keep(label: str, command: Sequence[str], stopping: asyncio.Event) -> None:
    backoff = Backoff(FIRST_DELAY_S, LONGEST_DELAY_S)
    while not stopping.is_set():
        born = time.monotonic()
        child = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.DEVNULL)
        code = await _until(child, stopping)
        if stopping.is_set():
            return
        if code == UNUSABLE:
            log.error("worker on %s cannot work; see its message above", label)
            return
        if time.monotonic() - born > LIVED_S:
            backoff.reset()
        delay_s = backoff.next_s()
        log.warning("worker on %s ended with %s; starting it again in %.1f s", label, _told(code), delay_s)
        with contextlib.suppress(TimeoutError):  # the delay is over
            async with asyncio.timeout(delay_s):
                await stopping.wait()


async def _until(child: asyncio.subprocess.Process, stopping: asyncio.Event) -> int:
    """The child's exit code; when everything stops, the child is made to."""
    ended = asyncio.create_task(child.wait())
    stop = asyncio.create_task(stopping.wait())
    await asyncio.wait({ended, stop}, return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    if not ended.done():
        child.terminate()
        await asyncio.wait({ended}, timeout=GRACE_S)
    if not ended.done():
        child.kill()
    return await ended


def _told(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def on_signals(stop: Callable[[], None]) -> None:
    """Call `stop` in the running event loop when this process is asked to end."""
    loop = asyncio.get_running_loop()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(wanted, stop)
        except NotImplementedError:  # Windows
            signal.signal(wanted, lambda *_: loop.call_soon_threadsafe(stop))


def die_with(parent: int) -> None:
    """From now on this process gets SIGTERM when its parent, process `parent`, dies, however it dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before we asked
        os.kill(os.getpid(), signal.SIGTERM)
    elif sys.platform != "linux":
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
