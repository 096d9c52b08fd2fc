"""A whole server in this process, and workers and viewers to talk to it, without any clock to wait for."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import orjson
import pytest
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketTestSession

from lrscope.curve import Point
from lrscope.grid import lr_at
from lrscope.recipe import RecipeInfo
from lrscope.spec import SweepSpec
from lrscope.wire import (
    Ack,
    Assign,
    Batch,
    Device,
    Ended,
    Finished,
    Heartbeat,
    Hello,
    Lease,
    Lost,
    Preparing,
    Started,
    Welcome,
    parse_server,
)
from lrscope_server.main import create_app
from lrscope_server.rooms import Rooms
from lrscope_server.settings import Settings
from lrscope_server.tables import SweepRow, make_engines, migrate, now

WS = "ws://127.0.0.1:8000"
T = TypeVar("T", bound=Welcome | Assign | Ack | Ended | Lost)

RECIPE = RecipeInfo(
    name="toy",
    description="A toy.",
    params_schema={
        "type": "object",
        "properties": {
            "width": {"type": "integer", "minimum": 1, "maximum": 64, "default": 8},
            "kind": {"enum": ["a", "b"], "default": "a"},
        },
    },
)


class Worker:
    """One end of `/ws/work`, driven message by message."""

    def __init__(self, socket: WebSocketTestSession, name: str) -> None:
        self.socket = socket
        self.name = name

    def hello(self, *running: Lease, recipes: tuple[RecipeInfo, ...] = (RECIPE,), **changes: Any) -> Welcome:
        device = Device(name="cpu", kind="cpu", label="test")
        hello = Hello(worker=self.name, host="here", pid=1, device=device, recipes=list(recipes), running=list(running))
        self.send(hello.model_copy(update=changes))
        return self.expect(Welcome)

    def send(self, message: Hello | Heartbeat | Preparing | Started | Finished) -> None:
        self.socket.send_text(message.model_dump_json())

    def expect(self, kind: type[T]) -> T:
        message = parse_server(self.socket.receive_text())
        assert isinstance(message, kind), message
        return message

    def points(self, lease: Lease, first: int, losses: list[float], spec: SweepSpec | None = None) -> None:
        spec = spec or SweepSpec(recipe="toy")
        batch = [Point(first + i, lr_at(spec, first + i), loss) for i, loss in enumerate(losses)]
        self.socket.send_bytes(Batch.of(lease, batch).pack())

    def finish(self, lease: Lease, status: str = "done", **more: Any) -> Ended | Lost:
        self.send(Finished.model_validate({"lease": lease, "status": status, **more}))
        message = parse_server(self.socket.receive_text())
        assert isinstance(message, Ended | Lost), message
        return message


class House:
    """The server under test: its REST client, its parts, its sockets."""

    def __init__(self, client: TestClient, rooms: Rooms) -> None:
        self.client = client
        self.rooms = rooms
        self._workers = 0

    def connect(self, name: str | None = None) -> Any:
        self._workers += 1
        return _Connection(self, name or f"worker-{self._workers}")

    def submit(self, **body: Any) -> dict[str, Any]:
        reply = self.client.post("/sweeps", json={"recipe": "toy", **body})
        assert reply.status_code == 201, reply.text
        sweep: dict[str, Any] = reply.json()
        return sweep

    def get(self, path: str) -> Any:
        reply = self.client.get(path)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def sweep(self, sweep: str) -> dict[str, Any]:
        found: dict[str, Any] = self.get(f"/sweeps/{sweep}")
        return found

    def call(self, verb: Callable[..., Any], *args: Any) -> Any:
        """Run a coroutine function of the server in its own loop."""
        assert self.client.portal is not None
        return self.client.portal.call(verb, *args)

    def silence(self, sweep: str) -> None:
        """Let the lease of a sweep run out, as if its worker had said nothing for long."""

        def past(session: Any) -> None:
            session.get(SweepRow, sweep).lease_until = now() - timedelta(seconds=1)

        self.call(self.rooms.store.write, past)
        self.call(self.rooms.leases.take_back)


class _Connection:
    def __init__(self, house: House, name: str) -> None:
        self._house = house
        self._socket = house.client.websocket_connect(f"{WS}/ws/work")
        self._name = name

    def __enter__(self) -> Worker:
        return Worker(self._socket.__enter__(), self._name)

    def __exit__(self, *exc: Any) -> None:
        self._socket.close()
        self._house.call(self._hung_up)  # or the test client would cut the handler short
        self._socket.__exit__(*exc)

    async def _hung_up(self) -> None:
        while any(state.id == self._name and state.connected for state in self._house.rooms.roster.states()):
            await asyncio.sleep(0)


class Page:
    """One end of `/ws/view`."""

    def __init__(self, socket: WebSocketTestSession) -> None:
        self.socket = socket
        self._told: list[dict[str, Any]] = []  # of the last round, and not looked at yet

    def watch(self, *sweeps: str, start: int = 0, attempt: int | None = None) -> None:
        cursors = [{"sweep": sweep, "from": start, "attempt": attempt} for sweep in sweeps]
        self.socket.send_text(orjson.dumps({"type": "watch", "sweeps": cursors}).decode())

    def next(self) -> dict[str, Any]:
        if not self._told:
            frame = self.frame()
            self._told = frame["messages"] if frame["type"] == "round" else [frame]
        return self._told.pop(0)

    def frame(self) -> dict[str, Any]:
        frame: dict[str, Any] = orjson.loads(self.socket.receive_text())
        return frame

    def until(self, kind: str, holds: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
        """The next message of a kind for which something holds."""
        for _ in range(200):
            message = self.next()
            if message["type"] == kind and holds(message):
                return message
        raise AssertionError(f"no {kind} came")


@pytest.fixture(scope="session")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty record at the newest schema, made once: a copy stands sooner than all migrations one after another."""
    path = tmp_path_factory.mktemp("record") / "lrscope.db"
    writer, reader = make_engines(f"sqlite:///{path}")
    migrate(writer)
    writer.dispose()
    reader.dispose()
    return path


def keeping(folder: Path, record: Path) -> Settings:
    shutil.copy(record, folder)
    return Settings.load(data_dir=folder, user="ann", lease_s=600, max_attempts=2)


@contextmanager
def standing(settings: Settings) -> Iterator[House]:
    app = create_app(settings)
    with TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False) as client:
        house = House(client, app.state.rooms)
        with house.connect("announcer") as worker:
            worker.hello()
        yield house


@pytest.fixture
def settings(tmp_path: Path, record: Path) -> Settings:
    return keeping(tmp_path, record)


@pytest.fixture(scope="module")
def lasting_house(tmp_path_factory: pytest.TempPathFactory, record: Path) -> Iterator[House]:
    """One for all tests of a module: where requests are refused, there is nothing to begin anew for each."""
    with standing(keeping(tmp_path_factory.mktemp("house"), record)) as house:
        yield house


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    with standing(settings) as house:
        yield house
