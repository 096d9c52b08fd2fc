"""The viewer's socket: history, then live, with no gap and no repeat, and everybody's news at once."""

import asyncio
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import pytest
from pydantic import TypeAdapter
from starlette.websockets import WebSocketDisconnect

from lrscope.curve import Point
from lrscope.feed import FeedMessage
from lrscope.wire import Ack, Assign, Batch, Ended, Finished, Lease, Preparing, Started
from lrscope_server.hub import MAX_FRAME_POINTS, Hub, Tail, Viewer
from lrscope_server.rooms import Rooms
from lrscope_server.settings import Settings
from tests.server.conftest import WS, House, Page

_feed: TypeAdapter[object] = TypeAdapter(FeedMessage)
LOSSES = [3.0, 2.0, math.nan]


@contextmanager
def page(house: House) -> Iterator[Page]:
    before = house.rooms.hub.viewers
    with house.client.websocket_connect(f"{WS}/ws/view") as socket:
        yield Page(socket)
        socket.close()
        house.call(_down_to, house.rooms.hub, before)  # or the test client would cut the handler short


async def _down_to(hub: Hub, viewers: int) -> None:
    while hub.viewers > viewers:
        await asyncio.sleep(0)


def test_the_first_message_is_the_list_as_it_stands(house: House) -> None:
    sweep = house.submit(name="here")
    with page(house) as mine:
        snapshot = mine.until("snapshot")
    assert [item["name"] for item in snapshot["sweeps"]] == ["here"]
    assert snapshot["sweeps"][0] == house.sweep(sweep["id"])
    assert snapshot["queue"] == {"queued": 1, "running": 0}


def test_history_then_live_without_gap_or_repeat(house: House) -> None:
    sweep = house.submit()["id"]
    with house.connect() as worker:
        worker.hello()
        lease = worker.expect(Assign).lease
        worker.points(lease, 0, LOSSES)
        worker.expect(Ack)
        with page(house) as mine:
            mine.watch(sweep, start=1)
            history = mine.until("points")
            assert (history["from"], history["loss"], history["attempt"]) == (1, [2.0, None], 1)
            for step in (3, 4):
                worker.points(lease, step, [float(step)])
                worker.expect(Ack)
                live = mine.until("points")
                assert (live["from"], live["loss"]) == (step, [float(step)])


def test_the_end_is_told_after_the_last_point(house: House) -> None:
    sweep = house.submit(num_iter=3)["id"]
    with page(house) as mine, house.connect() as worker:
        mine.watch(sweep)
        worker.hello()
        assign = worker.expect(Assign)
        worker.points(assign.lease, 0, [1.0, 2.0, 3.0], assign.spec)
        worker.expect(Ack)
        worker.finish(assign.lease)
        assert mine.until("points")["loss"] == [1.0, 2.0, 3.0]
        mine.until("sweep", lambda m: m["sweep"]["status"] == "done")


def test_a_new_attempt_starts_the_curve_again(house: House) -> None:
    sweep = house.submit()["id"]
    with page(house) as mine:
        mine.watch(sweep)
        for attempt in (1, 2):
            with house.connect() as worker:
                worker.hello()
                worker.points(worker.expect(Assign).lease, 0, [float(attempt)])
                worker.expect(Ack)
                points = mine.until("points")
                assert (points["attempt"], points["from"], points["loss"]) == (attempt, 0, [float(attempt)])
            house.silence(sweep)


def test_a_cursor_of_an_older_attempt_gets_the_whole_new_curve(house: House) -> None:
    sweep = house.submit()["id"]
    with house.connect() as worker:
        worker.hello()
        worker.points(worker.expect(Assign).lease, 0, LOSSES)
        worker.expect(Ack)
        with page(house) as mine:
            mine.watch(sweep, start=2, attempt=7)
            assert mine.until("points")["from"] == 0


def test_everybody_sees_a_pick_at_once(house: House) -> None:
    sweep = house.submit()["id"]
    with page(house) as mine, page(house) as other:
        house.client.put(f"/sweeps/{sweep}/pick", json={"lr": 1e-3, "note": "mine"})
        for one in (mine, other):
            told = one.until("sweep", lambda m: m["sweep"]["pick"] is not None)
            assert told["sweep"]["pick"]["note"] == "mine"


def test_new_deleted_and_waiting_sweeps_and_workers_are_told(house: House) -> None:
    with page(house) as mine:
        first, second = house.submit()["id"], house.submit()["id"]
        mine.until("sweep", lambda m: m["sweep"]["queue_position"] == 2)
        house.client.delete(f"/sweeps/{first}")
        mine.until("deleted", lambda m: m["sweep"] == first)
        mine.until("sweep", lambda m: (m["sweep"]["id"], m["sweep"]["queue_position"]) == (second, 1))
        with house.connect("w") as worker:
            worker.hello()
            mine.until("workers", lambda m: [w["id"] for w in m["workers"]] == ["w"])
            mine.until("queue", lambda m: m["queue"] == {"queued": 0, "running": 1})


def test_a_pong_is_answered_with_the_lag(house: House) -> None:
    with page(house) as mine:
        ping = mine.until("ping")
        mine.socket.send_json({"type": "pong", "time": ping["time"]})
        assert mine.until("ping", lambda m: m["lag_ms"] is not None)["lag_ms"] >= 0


@pytest.mark.parametrize("frame", ["", "{}", '{"type": "watch", "sweeps": 1}', '{"type": "pong", "time": "soon"}'])
def test_a_message_that_is_none_closes_the_line_with_a_reason(house: House, frame: str) -> None:
    with house.client.websocket_connect(f"{WS}/ws/view") as socket:
        socket.send_text(frame)
        with pytest.raises(WebSocketDisconnect) as closed:
            Page(socket).until("nothing of the kind")
    assert closed.value.code == 4400
    assert closed.value.reason


def test_what_there_is_of_many_sweeps_comes_in_one_frame(house: House) -> None:
    sweeps = [house.submit(name=f"curve {k}")["id"] for k in range(3)]
    for k in range(3):
        with house.connect() as worker:
            worker.hello()
            worker.points(worker.expect(Assign).lease, 0, [1.0 + k, 2.0, math.nan])
            worker.expect(Ack)
    with page(house) as mine:
        mine.watch(*sweeps)
        points: list[dict[str, Any]] = []
        while not points:  # what is told of the workers may come before them, in a round of its own
            frame = mine.frame()
            points = [message for message in frame.get("messages", []) if message["type"] == "points"]
    assert {one["sweep"]: one["loss"] for one in points} == {
        sweep: [1.0 + k, 2.0, None] for k, sweep in enumerate(sweeps)
    }
    _feed.validate_json(orjson.dumps(frame))


def watching(hub: Hub, *sweeps: str) -> Viewer:
    viewer = hub.join()
    viewer.cursors = dict.fromkeys(sweeps, (None, 0))
    viewer.wake.set()
    return viewer


def test_long_histories_come_in_frames_that_a_viewer_can_take(settings: Settings) -> None:
    async def rounds() -> list[str]:
        hub = Rooms.of(settings).hub
        hub._tails = {name: Tail(name, 1, [0.1] * 9_000, [0.5] * 9_000) for name in "abc"}
        frames = hub.rounds(watching(hub, *"abc"))
        return [await anext(frames) for _ in range(2)]

    first, second = (orjson.loads(text) for text in asyncio.run(rounds()))
    assert [len(one["lr"]) for one in first["messages"]] == [5_000, 4_000, 5_000, 4_000, MAX_FRAME_POINTS]
    assert (second["type"], len(second["lr"])) == ("points", 4_000)


def test_a_viewer_that_reads_nothing_holds_nobody_up_and_then_gets_all_in_one_frame(settings: Settings) -> None:
    async def rounds() -> tuple[list[str], str]:
        hub = Rooms.of(settings).hub
        hub._tails = {"s": Tail("s", 1)}
        slow, quick = (hub.rounds(watching(hub, "s")) for _ in range(2))
        seen = []
        for step in range(20):
            hub.points(Batch.of(Lease(sweep="s", attempt=1), [Point(step, 1e-3, 1.0)]))
            seen.append(await anext(quick))
        return seen, await anext(slow)

    seen, late = asyncio.run(rounds())
    assert [orjson.loads(text)["from"] for text in seen] == list(range(20))
    assert len(orjson.loads(late)["lr"]) == 20


def test_what_thirty_viewers_are_told_is_put_into_words_once(settings: Settings) -> None:
    async def rounds() -> list[str]:
        hub = Rooms.of(settings).hub
        hub._tails = {"s": Tail("s", 1)}
        viewers = [hub.rounds(watching(hub, "s")) for _ in range(30)]
        hub.points(Batch.of(Lease(sweep="s", attempt=1), [Point(0, 1e-3, 1.0)]))
        return [await anext(viewer) for viewer in viewers]

    texts = asyncio.run(rounds())
    assert len(texts) == 30
    assert len({id(text) for text in texts}) == 1


def test_a_tail_takes_every_point_once_whatever_comes_twice() -> None:
    def batch(first: int, losses: list[float], attempt: int = 1) -> Batch:
        lease = Lease(sweep="s", attempt=attempt)
        return Batch.of(lease, [Point(first + i, 10.0**-i, loss) for i, loss in enumerate(losses)])

    tail = Tail("s", 1)
    for step in (batch(0, [1, 2]), batch(0, [1, 2]), batch(1, [9, 3]), batch(0, [7])):
        tail.extend(step)
    assert tail.loss == [1, 2, 3]
    tail.extend(batch(0, [5], attempt=2))
    tail.extend(batch(3, [4], attempt=1))
    assert (tail.attempt, tail.loss) == (2, [5])


def test_extra_series_and_warnings_reach_the_record_the_viewers_and_the_reading(house: House) -> None:
    sweep = house.submit(num_iter=4)["id"]
    with house.connect() as worker, page(house) as viewer:
        viewer.watch(sweep)
        worker.hello()
        lease = worker.expect(Assign).lease
        worker.send(Preparing(lease=lease, what="compiling"))
        viewer.until("sweep", lambda told: told["sweep"]["reason"] == "compiling")
        worker.send(Started(lease=lease, optimizer="SGD", warnings=["Look out."]))
        seen = viewer.until("sweep", lambda told: told["sweep"]["optimizer"] == "SGD")["sweep"]
        assert (seen["reason"], seen["warnings"]) == (None, ["Look out."])
        points = [Point(k, 10.0**k, float(k), (math.nan if k % 2 else 0.5,)) for k in range(2)]
        worker.socket.send_bytes(Batch.of(lease, points, ["val_loss"]).pack())
        assert worker.expect(Ack).next_step == 2
        assert viewer.until("points")["series"] == {"val_loss": [0.5, None]}
        worker.send(Finished(lease=lease, status="diverged", warnings=["It was seen again."]))
        worker.expect(Ended)
        ended = viewer.until("sweep", lambda told: told["sweep"]["status"] == "diverged")["sweep"]
        assert ended["warnings"] == ["Look out.", "It was seen again."]
    assert house.get(f"/sweeps/{sweep}/points")["series"] == {"val_loss": [0.5, None]}
    assert house.get(f"/sweeps/{sweep}/points?after=0")["series"] == {"val_loss": [None]}
    assert house.client.get(f"/sweeps/{sweep}/points.csv").text.splitlines()[:2] == [
        "step,lr,loss,val_loss",
        "0,1.0,0.0,0.5",
    ]
    assert house.get(f"/sweeps/{sweep}/reading")["warnings"] == ended["warnings"]
