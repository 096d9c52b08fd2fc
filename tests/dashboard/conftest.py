"""The fake server, once for all tests of the page, and a browser with a warm cache."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest
import uvicorn
from playwright.sync_api import BrowserContext

from tests.dashboard.fake_server import SCENES, FakeServer
from tests.dashboard.fake_source import FakeSource
from tests.dashboard.scripts import Scripts
from tests.journeys.page_browser import Browsers, Tab, browsing

T = TypeVar("T")


class Stage:
    """The fake server running in a thread of its own."""

    def __init__(self, port: int = 0) -> None:
        """`port`: 0 for any that is free."""
        self.source = FakeSource()
        self.fake = FakeServer(self.source)
        with socket.socket() as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            free.bind(("127.0.0.1", port))
            port = free.getsockname()[1]
        config = uvicorn.Config(
            self.fake.app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=1
        )
        self.base = f"http://127.0.0.1:{port}"
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    def _run(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._loop.run_until_complete(self._server.serve())

    def do(self, action: Callable[..., T], *arguments: Any) -> T:
        """Call something on the server's own loop and wait for it."""

        async def call() -> T:
            return action(*arguments)

        return asyncio.run_coroutine_threadsafe(call(), self._loop).result(10)

    def play(self, scene: str, rate: float = 80.0) -> None:
        """Start from a scene."""

        def begin() -> None:
            self.source.clear(rate)
            self.fake.refusing = False
            self.fake.log.clear()
            SCENES[scene](self.source)

        self.do(begin)

    def pace(self, rate: float) -> None:
        """Points a second from now on; 0 holds all that runs, however slow the machine is."""
        self.do(lambda: setattr(self.source, "rate", rate))

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(5)


@pytest.fixture(scope="package")
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.stop()


@pytest.fixture(scope="package")
def js() -> Iterator[Scripts]:
    scripts = Scripts()
    yield scripts
    scripts.close()


@pytest.fixture(scope="package")
def browsers() -> Iterator[Browsers]:
    with browsing() as browsers:
        yield browsers


@pytest.fixture
def open_tab(stage: Stage, browsers: Browsers) -> Iterator[Callable[..., Tab]]:
    """open_tab("demo") plays a scene and opens the page; open_tab(alone=True) opens it as another person."""
    tabs: list[Tab] = []
    strangers: list[BrowserContext] = []

    def go(scene: str | None = None, *, rate: float = 80.0, alone: bool = False, path: str = "/", **kind: Any) -> Tab:
        if scene is not None:
            stage.play(scene, rate)
        if alone or kind:
            strangers.append(browsers.stranger(**kind))
        tab = Tab(strangers[-1] if alone or kind else browsers.home, stage.base)
        tabs.append(tab)
        return tab.open(path)

    yield go
    for tab in tabs:
        assert tab.wrong == []
        tab.js("() => localStorage.clear()")
        tab.page.close()
    for stranger in strangers:
        stranger.close()
