"""The real thing: `lrscope` in processes of its own, as the README starts it."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from tests.journeys.page_browser import Browsers, browsing

T = TypeVar("T")
TEAM = str(Path(__file__).parent / "team_recipes.py")


def until(condition: Callable[[], T], timeout_s: float = 60) -> T:
    """Poll something that another process will make true."""
    end = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, "it never became true"
        time.sleep(0.05)


class Process:
    """One `lrscope` command, running."""

    def __init__(self, log: Path, *command: str, **env: str) -> None:
        self.log = log
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "lrscope", *command], stdout=out, stderr=out, env={**os.environ, **env}
            )
        self.pid = self._process.pid

    def address(self) -> str:
        """Where it says that it is open."""

        def told() -> str | None:
            assert self._process.poll() is None, self.log.read_text()
            found = re.search(r"http://127\.0\.0\.1:\d+", self.log.read_text())
            return found[0] if found else None

        address = until(told)
        assert address is not None
        return address

    def end(self, sign: signal.Signals = signal.SIGINT) -> int:
        if self._process.poll() is None:
            self._process.send_signal(sign)
        return self._process.wait(20)


class Team:
    """A server's REST, as a script of the team sees it."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.http = httpx.Client(base_url=base, timeout=10)

    def get(self, path: str) -> Any:
        reply = self.http.get(path)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def submit(self, recipe: str, **body: Any) -> dict[str, Any]:
        reply = self.http.post("/sweeps", json={"recipe": recipe, **body})
        assert reply.status_code == 201, reply.text
        sweep: dict[str, Any] = reply.json()
        return sweep

    def ended(self, sweep: str, timeout_s: float = 60) -> dict[str, Any]:
        def state() -> dict[str, Any] | None:
            got: dict[str, Any] = self.get(f"/sweeps/{sweep}")
            return got if got["finished_at"] else None

        found = until(state, timeout_s)
        assert found is not None
        return found

    def offered(self, recipe: str) -> None:
        until(lambda: recipe in [offer["name"] for offer in self.get("/recipes")])


@pytest.fixture(scope="package")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """`lrscope up --demo` with the team's own recipes."""
    folder = tmp_path_factory.mktemp("up")
    process = Process(
        folder / "log", "up", "--demo", "--port", "0", "--data-dir", str(folder), "--recipes", TEAM, LRSCOPE_USER="ada"
    )
    yield Team(process.address())
    assert process.end() == 0, process.log.read_text()


@pytest.fixture(scope="package")
def browsers() -> Iterator[Browsers]:
    with browsing() as browsers:
        yield browsers
