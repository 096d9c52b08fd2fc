import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from pydantic import BaseModel
from tests.core.fake_api import ID, POINTS, READING, FakeApi, page, pick, problem, sweep
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from lrscope import stream
from lrscope.client import Client
from lrscope.curve import Curve, Point
from lrscope.errors import Conflict, Forbidden, InvalidInput, LrscopeError, NotFound, Unreachable, WireError
from lrscope.feed import Cursor, Ping, PointsFrame, Pong, QueueState, Snapshot, SweepChanged, Watch, parse_viewer
from lrscope.spec import Status, Sweep, SweepRequest


@pytest.fixture
def api() -> FakeApi:
    return FakeApi()


@pytest.fixture
def client(api: FakeApi) -> Iterator[Client]:
    with Client("http://127.0.0.1:8000", "ada", transport=api.transport) as client:
        yield client


# ── REST ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_submit_sends_only_what_was_given(api: FakeApi, client: Client) -> None:
    api.answers["POST /sweeps"] = sweep(status=Status.QUEUED)
    made = client.submit("digits-clean", num_iter=200, tags=["a"], diverge_ratio=None)
    assert made.id == ID
    assert api.body == {"recipe": "digits-clean", "num_iter": 200, "tags": ["a"], "diverge_ratio": None}


def test_a_whole_request_can_be_submitted_and_changed(api: FakeApi, client: Client) -> None:
    api.answers["POST /sweeps"] = sweep()
    client.submit(SweepRequest(recipe="digits-clean", name="mine"), seed=3)
    assert api.body == {"recipe": "digits-clean", "name": "mine", "seed": 3}


def test_a_key_makes_a_submit_safe_to_repeat(api: FakeApi, client: Client) -> None:
    api.answers["POST /sweeps"] = sweep()
    client.submit("digits-clean", key="once")
    assert api.last.headers["Idempotency-Key"] == "once"


def test_a_field_that_cannot_be_taken_is_named_before_anything_is_sent(api: FakeApi, client: Client) -> None:
    with pytest.raises(InvalidInput, match="num_iter") as caught:
        client.submit("digits-clean", num_iter=1, start="x")
    assert [(field.field, field.value) for field in caught.value.fields] == [("num_iter", 1), ("start", "x")]
    assert api.asked == []


def test_a_group_is_all_sweeps_of_one_request_in_the_order_of_its_seeds(api: FakeApi, client: Client) -> None:
    first, second = (sweep(id=f"{n:016d}", group="g" * 16) for n in (1, 2))
    api.answers["GET /sweeps"] = page(second, first)
    assert client.group(first) == [first, second]
    assert api.last.url.params["group"] == "g" * 16


def test_a_sweep_alone_is_its_own_group(api: FakeApi, client: Client) -> None:
    assert client.group(sweep()) == [sweep()]
    assert api.asked == []


def test_the_list_goes_on_to_the_last_page(api: FakeApi, client: Client) -> None:
    sweeps = [sweep(id=f"{n:016d}") for n in range(3)]

    def answer(request: httpx.Request) -> dict[str, Any]:
        assert request.url.params["status"] == "done"
        return page(sweeps[2]) if "cursor" in request.url.params else page(*sweeps[:2], following="c")

    api.answers["GET /sweeps"] = answer
    assert list(client.sweeps(status="done", owner=None)) == sweeps
    assert "owner" not in api.last.url.params


def test_points_come_as_a_curve_with_nan_for_null(client: Client) -> None:
    curve = client.points(ID)
    assert isinstance(curve, Curve)
    assert curve.lr.tolist() == [1e-7, 1e-3, 10.0]
    assert math.isnan(curve.loss[2])


def test_the_points_of_a_one_cycle_training_come_although_its_rates_fall(api: FakeApi, client: Client) -> None:
    api.answers[f"GET /sweeps/{ID}/points"] = {**POINTS, "lr": [1e-4, 1e-2, 1e-6]}
    points = client.points(ID)
    assert not isinstance(points, Curve)
    assert points.lr.tolist() == [1e-4, 1e-2, 1e-6]


def test_a_reading_comes_back_as_the_server_gave_it(client: Client) -> None:
    assert client.reading(ID).model_dump(mode="json") == READING


def test_a_pick_is_kept_with_its_note_and_what_it_was_compared_with(api: FakeApi, client: Client) -> None:
    api.answers[f"PUT /sweeps/{ID}/pick"] = pick(note="why")
    assert client.pick(ID, 3.2e-4, "why", [ID], 0.3).author == "ada"
    assert api.body == {"lr": 3.2e-4, "note": "why", "compared_with": [ID], "smoothing": 0.3}
    api.answers[f"DELETE /sweeps/{ID}/pick"] = sweep()
    assert client.withdraw(ID).pick is None


def test_a_view_is_kept_and_found_again(api: FakeApi, client: Client) -> None:
    view = {
        "id": "v",
        "name": "mine",
        "owner": "ada",
        "created_at": "2026-11-23T12:00:00.000Z",
        "state": {"x": [1e-4, 1]},
    }
    api.answers |= {"POST /views": view, "GET /views": [view], "GET /views/v": view}
    kept = client.keep_view("mine", x=[1e-4, 1])
    assert api.body == {"name": "mine", "state": {"x": [1e-4, 1]}}
    assert client.views() == [client.view("v")] == [kept]


@pytest.mark.parametrize("verb", ["cancel", "retry", "front"])
def test_the_verbs_answer_with_the_sweep(api: FakeApi, client: Client, verb: str) -> None:
    api.answers[f"POST /sweeps/{ID}/{verb}"] = sweep(status=Status.CANCELLED)
    assert getattr(client, verb)(ID).status is Status.CANCELLED


def test_a_sweep_goes_forward_by_places(api: FakeApi, client: Client) -> None:
    api.answers[f"POST /sweeps/{ID}/front"] = sweep()
    client.front(ID, by=-1)
    assert api.body == {"by": -1}


def test_clone_and_change_send_the_changed_fields(api: FakeApi, client: Client) -> None:
    api.answers[f"POST /sweeps/{ID}/clone"] = api.answers[f"PATCH /sweeps/{ID}"] = sweep()
    client.clone(ID, num_iter=50)
    assert api.body == {"num_iter": 50}
    client.change(ID, archived=True)
    assert api.body == {"archived": True}


def test_extend_sends_only_what_is_wider(api: FakeApi, client: Client) -> None:
    api.answers[f"POST /sweeps/{ID}/extend"] = sweep()
    client.extend(ID, end_lr=100.0)
    assert api.body == {"end_lr": 100.0}


def test_an_uploaded_curve_takes_along_what_is_known_of_it(api: FakeApi, client: Client) -> None:
    api.answers["POST /sweeps/import"] = sweep()
    curve = Curve([1e-3, 1e-2], [1.0, math.nan], {"val_loss": [math.nan, 2.0]}).noted(optimizer="Adam", warnings=["w"])
    assert client.upload(curve, name="mine", tags=["a"]).id == ID
    assert api.body == {
        "lr": [1e-3, 1e-2],
        "loss": [1.0, None],
        "series": {"val_loss": [None, 2.0]},
        "optimizer": "Adam",
        "warnings": ["w"],
        "name": "mine",
        "tags": ["a"],
    }


def test_lists_and_facts_of_the_server_come_as_models(api: FakeApi, client: Client) -> None:
    worker = {
        "id": "w",
        "host": "h",
        "pid": 1,
        "device": {"name": "cpu", "kind": "cpu", "label": "2-core CPU", "memory_bytes": None},
        "recipes": ["digits-clean"],
        "running": [],
        "connected": True,
        "last_seen": "2026-11-23T12:00:00.000Z",
    }
    api.answers |= {
        "GET /workers": [worker],
        "GET /recipes": [{"name": "digits-clean", "description": "", "params_schema": {}}],
        f"GET /sweeps/{ID}/picks": [pick().model_dump(mode="json")],
        f"GET /sweeps/{ID}/traceback": {"traceback": "Traceback …"},
        f"GET /sweeps/{ID}/log": {"log": "50 000 images"},
        "GET /health": {"status": "ok"},
        "GET /version": {"version": "0.1.0", "wire_version": 2, "user": "ada"},
    }
    assert client.workers()[0].device.label == "2-core CPU"
    assert client.recipes()[0].name == "digits-clean"
    assert client.picks(ID) == [pick()]
    assert client.traceback(ID) == "Traceback …"
    assert client.log(ID) == "50 000 images"
    assert client.health() == {"status": "ok"}
    assert client.version().wire_version == 2


def test_a_field_of_a_newer_server_is_no_error(api: FakeApi, client: Client) -> None:
    api.answers[f"GET /sweeps/{ID}"] = {**sweep().model_dump(mode="json"), "mood": "good"}
    assert client.sweep(ID) == sweep()


def test_the_user_is_named_in_any_script(api: FakeApi) -> None:
    Client("http://127.0.0.1:8000", "Žofie Ångström", transport=api.transport).sweep(ID)
    header = api.last.headers["Lrscope-User"]
    assert header.isascii()
    assert unquote(header) == "Žofie Ångström"


def test_server_and_user_come_from_the_environment(api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LRSCOPE_SERVER", "http://127.0.0.1:9001/")
    monkeypatch.setenv("LRSCOPE_USER", "grace")
    client = Client(transport=api.transport)
    assert (client.url, client.user) == ("http://127.0.0.1:9001", "grace")


@pytest.mark.parametrize(
    ("status", "kind"), [(404, NotFound), (409, Conflict), (403, Forbidden), (422, InvalidInput), (500, LrscopeError)]
)
def test_a_problem_is_raised_as_the_error_it_stands_for(
    api: FakeApi, client: Client, status: int, kind: type[LrscopeError]
) -> None:
    errors = [{"field": "lr", "value": 20, "reason": "too high"}]
    api.answers[f"GET /sweeps/{ID}"] = problem(status, "that is why", errors)
    with pytest.raises(kind, match="that is why") as caught:
        client.sweep(ID)
    assert caught.value.fields == (("lr", 20, "too high"),)


def test_an_error_that_is_no_problem_document_is_told_with_its_status(api: FakeApi, client: Client) -> None:
    api.answers[f"GET /sweeps/{ID}"] = httpx.Response(502, text="<h1>Bad\n gateway</h1>")
    with pytest.raises(LrscopeError, match="answered 502: <h1>Bad gateway</h1>"):
        client.sweep(ID)


def test_a_page_of_something_else_is_not_taken_for_a_server(api: FakeApi, client: Client) -> None:
    api.answers[f"GET /sweeps/{ID}"] = httpx.Response(200, text="<html>")
    with pytest.raises(Unreachable, match="not an lrscope server"):
        client.sweep(ID)


def test_no_server_is_said_with_its_address_and_the_way_out() -> None:
    with pytest.raises(Unreachable, match=r"at http://127\.0\.0\.1:9 .*lrscope up"):
        Client("http://127.0.0.1:9").sweeps().__next__()


def test_an_id_cannot_leave_its_path(api: FakeApi, client: Client) -> None:
    with pytest.raises(NotFound):
        client.sweep("../workers")
    assert api.last.url.raw_path == b"/sweeps/..%2Fworkers"


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "127.0.0.1:8000", "http://", "here"])
def test_an_address_that_is_none_is_refused_naming_it(url: str) -> None:
    with pytest.raises(InvalidInput, match="must be an address such as"):
        Client(url)


# ── the live feed ───────────────────────────────────────────────────────────────────────────────────────────────────

Script = Callable[["Viewed"], None]


class Viewed:
    """The server's end of one `/ws/view` connection."""

    def __init__(self, connection: ServerConnection, cursor: Cursor) -> None:
        self.cursor = cursor
        self._connection = connection

    def say(self, message: BaseModel) -> None:
        self._connection.send(message.model_dump_json(by_alias=True))

    def points(self, first: int, losses: list[float | None], *, attempt: int = 1) -> None:
        lrs = [1e-3] * len(losses)
        self.say(PointsFrame(sweep=ID, attempt=attempt, start=first, lr=lrs, loss=losses))

    def changed(self, **changes: Any) -> None:
        self.say(SweepChanged(sweep=sweep(**changes)))

    def pong(self) -> Pong:
        message = parse_viewer(str(self._connection.recv(5)))
        assert isinstance(message, Pong)
        return message

    def close(self, code: int, reason: str = "") -> None:
        self._connection.close(code, reason)


@contextmanager
def feed(state: Sweep, *scripts: Script) -> Iterator[Client]:
    """A client of a server that plays one script per connection; `state` is the sweep as REST and snapshot know it."""
    api, left = FakeApi(), list(scripts)
    api.answers[f"GET /sweeps/{ID}"] = state

    def handle(connection: ServerConnection) -> None:
        connection.send(Snapshot(sweeps=[state], workers=[], queue=QueueState(queued=0, running=1)).model_dump_json())
        try:
            message = parse_viewer(str(connection.recv(5)))
            assert isinstance(message, Watch)
            left.pop(0)(Viewed(connection, message.sweeps[0]))
            connection.recv(5)  # until the client leaves
        except ConnectionClosed:
            pass

    with serve(handle, "127.0.0.1", 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Client(f"http://127.0.0.1:{server.socket.getsockname()[1]}", transport=api.transport)
        server.shutdown()
    assert left == [], "the client came back less often"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "FIRST_DELAY_S", 0.001)


RUNNING = sweep(status=Status.RUNNING, steps_done=0)


def losses(points: Iterator[Point]) -> list[tuple[int, float]]:
    return [(point.step, point.loss) for point in points]


def test_a_stream_gives_history_then_live_points_and_ends_with_the_sweep() -> None:
    def script(view: Viewed) -> None:
        assert (view.cursor.attempt, view.cursor.start) == (None, 0)
        view.points(0, [3.0, 2.0])
        view.changed(status=Status.RUNNING, steps_done=2)
        view.points(2, [1.0])
        view.changed(status=Status.DONE, steps_done=3)

    with feed(RUNNING, script) as client:
        assert losses(client.stream(ID)) == [(0, 3.0), (1, 2.0), (2, 1.0)]


def test_a_stream_does_not_end_before_the_last_point_of_an_ended_sweep() -> None:
    def script(view: Viewed) -> None:
        view.changed(status=Status.DIVERGED, steps_done=2)
        view.points(0, [3.0])
        view.points(1, [None])

    with feed(RUNNING, script) as client:
        (_, first), (_, last) = losses(client.stream(ID))
    assert first == 3.0
    assert math.isnan(last)


def test_a_stream_of_an_ended_sweep_is_its_history() -> None:
    with feed(sweep(), lambda view: view.points(0, [3.0, 2.0, 1.0])) as client:
        assert len(list(client.stream(ID))) == 3


def test_a_stream_of_a_sweep_that_ended_without_points_is_empty() -> None:
    with feed(sweep(status=Status.CANCELLED, steps_done=0)) as client:
        assert list(client.stream(ID)) == []


def test_a_stream_that_was_cut_goes_on_with_the_next_step_without_gap_or_repeat() -> None:
    def first(view: Viewed) -> None:
        view.points(0, [3.0, 2.0])
        view.close(1012)

    def second(view: Viewed) -> None:
        assert (view.cursor.attempt, view.cursor.start) == (1, 2)
        view.points(0, [3.0, 2.0, 1.0])  # more than was asked for
        view.changed(status=Status.DONE, steps_done=3)

    with feed(RUNNING, first, second) as client:
        assert losses(client.stream(ID)) == [(0, 3.0), (1, 2.0), (2, 1.0)]


def test_a_viewer_dropped_for_being_slow_comes_back() -> None:
    def second(view: Viewed) -> None:
        view.points(0, [3.0])
        view.changed(status=Status.DONE, steps_done=1)

    with feed(RUNNING, lambda view: view.close(4408, "too slow"), second) as client:
        assert len(list(client.stream(ID))) == 1


def test_a_new_attempt_starts_the_curve_again() -> None:
    def script(view: Viewed) -> None:
        view.points(0, [3.0, 2.0])
        view.points(0, [4.0], attempt=2)
        view.changed(status=Status.DONE, steps_done=1, attempt=2)

    with feed(RUNNING, script) as client:
        assert losses(client.stream(ID)) == [(0, 3.0), (1, 2.0), (0, 4.0)]


def test_a_stream_answers_pings_so_that_the_server_knows_its_lag() -> None:
    heard: list[Pong] = []

    def script(view: Viewed) -> None:
        view.say(Ping(time="2026-11-23T12:00:00.000Z", lag_ms=None))
        heard.append(view.pong())
        view.changed(status=Status.FAILED, steps_done=0)

    with feed(RUNNING, script) as client:
        assert list(client.stream(ID)) == []
    assert heard[0].time == "2026-11-23T12:00:00.000Z"


def test_a_feed_that_is_refused_is_not_asked_again() -> None:
    def script(view: Viewed) -> None:
        view.close(4400, "not a message")

    with feed(RUNNING, script) as client, pytest.raises(WireError, match="not a message"):
        list(client.stream(ID))


def test_a_stream_of_an_unknown_sweep_raises_not_found(client: Client) -> None:
    with pytest.raises(NotFound):
        next(client.stream("f" * 16))


def test_a_stream_without_a_server_says_so_at_once() -> None:
    api = FakeApi()
    api.answers[f"GET /sweeps/{ID}"] = RUNNING
    with pytest.raises(Unreachable, match="lrscope up"):
        next(Client("http://127.0.0.1:9", transport=api.transport).stream(ID))


def test_a_stream_whose_server_stays_away_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "PATIENCE_S", 0.0)
    with feed(RUNNING, lambda view: view.close(1012)) as client, pytest.raises(Unreachable):
        list(client.stream(ID))


def test_wait_returns_the_sweep_as_it_ended() -> None:
    def script(view: Viewed) -> None:
        view.points(0, [1.0])
        view.changed(status=Status.DONE, steps_done=1)

    with feed(RUNNING, script) as client:
        assert client.wait(ID).id == ID


def test_waiting_has_an_end() -> None:
    with feed(RUNNING, lambda view: None) as client, pytest.raises(TimeoutError, match="has not ended"):
        client.wait(ID, timeout_s=0.05)
