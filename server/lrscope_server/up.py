"""`lrscope up`: the server in this process, a worker beside it, the demo sweeps on an empty page."""

import asyncio
import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import uvicorn

from lrscope.demo import DEMO_SWEEPS
from lrscope.errors import LrscopeError

log = logging.getLogger(__name__)

PAUSE_S = 0.5  # before a worker is started again; doubled while it dies young


class Server(uvicorn.Server):
    """Calls `ready` once requests are answered, and `leaving` when asked to end, while they still are."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], leaving: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready
        self._leaving = leaving

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await asyncio.to_thread(self._leaving)
        await super().shutdown(sockets)


class Workers:
    """The `lrscope worker` process beside the server; started again when it dies."""

    def __init__(self, url: str, devices: str | None, recipes: list[str], log_level: str) -> None:
        options = ["--server", url, "--log-level", log_level]
        options += ["--devices", devices] if devices else []
        options += [part for source in recipes for part in ("--recipes", source)]
        self._command = [sys.executable, "-m", "lrscope", "worker", *options]
        self._stopped = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        self._keeper.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def _keep(self) -> None:
        pause = PAUSE_S
        while not self._stopped.is_set():
            began = time.monotonic()
            self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL)
            code = self._process.wait()
            pause = PAUSE_S if time.monotonic() - began > 30 else min(30.0, pause * 2)
            if self._stopped.wait(pause):  # a Ctrl-C reaches the worker too, and may end it before it ends the server
                return
            log.error("the worker ended with code %s; starting it again", code)


def queue_demo(url: str, patience_s: float = 120) -> None:
    """Queue the demo sweeps as soon as a worker offers them, unless there are sweeps already."""
    from lrscope.client import Client

    client = Client(url)
    needed = {request.recipe for request in DEMO_SWEEPS}
    until = time.monotonic() + patience_s
    try:
        while not needed <= {recipe.name for recipe in client.recipes()}:
            if time.monotonic() > until:
                log.warning("no worker came within %.0f s: the demo sweeps were not queued", patience_s)
                return
            time.sleep(0.1)
        if not next(iter(client.sweeps()), None):
            for request in DEMO_SWEEPS:
                client.submit(request)
    except LrscopeError as error:
        log.warning("the demo sweeps were not queued: %s", error)
