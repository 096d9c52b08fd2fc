"""The worker's socket: hand-out, numbered points, leases, and what a cut line may not break."""

import math

import pytest
from starlette.websockets import WebSocketDisconnect

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
    Lease,
    Lost,
    Printed,
    Started,
)
from lrscope_server.intake import Arrival, take_in
from lrscope_server.tables import now
from tests.server.conftest import WS, House, Worker

LOSSES = [2.0, 1.5, 1.0]


def test_a_sweep_goes_from_the_queue_through_points_to_done(house: House) -> None:
    sweep = house.submit(num_iter=3, name="first")
    with house.connect() as worker:
        worker.hello()
        assign = worker.expect(Assign)
        assert assign.lease == Lease(sweep=sweep["id"], attempt=1)
        assert assign.spec.num_iter == 3
        worker.send(Started(lease=assign.lease, optimizer="SGD"))
        worker.points(assign.lease, 0, LOSSES, assign.spec)
        assert worker.expect(Ack) == Ack(lease=assign.lease, next_step=3)
        assert isinstance(worker.finish(assign.lease), Ended)
    got = house.sweep(sweep["id"])
    assert (got["status"], got["steps_done"], got["optimizer"], got["attempt"]) == ("done", 3, "SGD", 1)
    assert house.get(f"/sweeps/{sweep['id']}/points") == {
        "step": [0, 1, 2],
        "lr": [1e-7, pytest.approx(1e-3), 10.0],
        "loss": LOSSES,
        "series": {},
        "next": 2,
    }


def test_the_queue_hands_out_by_priority_then_age(house: House) -> None:
    late, urgent, last = house.submit(), house.submit(priority=5), house.submit()
    with house.connect() as worker:
        worker.hello()
        order = []
        for _ in range(3):
            assign = worker.expect(Assign)
            order.append(assign.lease.sweep)
            worker.finish(assign.lease, "diverged")
    assert order == [urgent["id"], late["id"], last["id"]]


def test_a_worker_gets_only_what_it_offers_and_its_device_can_run(house: House) -> None:
    house.submit(device="cuda", priority=9)
    with house.connect() as other:
        other.hello(recipes=(RecipeInfo(name="other", description="", params_schema={}),))
        mine = house.submit()
        with house.connect() as worker:
            worker.hello()
            assert worker.expect(Assign).lease.sweep == mine["id"]
            waiting = house.get("/sweeps?status=queued")["items"]
    assert ["cuda device" in sweep["reason"] for sweep in waiting] == [True]


def test_a_resent_batch_changes_nothing(house: House) -> None:
    sweep = house.submit(num_iter=3)["id"]
    with house.connect() as worker:
        worker.hello()
        lease = worker.expect(Assign).lease
        for _ in range(2):
            worker.points(lease, 0, LOSSES)
            assert worker.expect(Ack).next_step == 3
    assert house.get(f"/sweeps/{sweep}/points")["loss"] == LOSSES


def test_an_overlapping_batch_adds_only_what_is_new(house: House) -> None:
    sweep = house.submit()["id"]
    with house.connect() as worker:
        worker.hello()
        lease = worker.expect(Assign).lease
        worker.points(lease, 0, [5.0, 4.0])
        worker.points(lease, 1, [99.0, 3.0, 2.0])
        worker.expect(Ack)
        assert worker.expect(Ack).next_step == 4
    assert house.get(f"/sweeps/{sweep}/points")["loss"] == [5.0, 4.0, 3.0, 2.0]


def test_a_batch_after_a_gap_is_not_stored_and_the_ack_says_what_is_wanted(house: House) -> None:
    sweep = house.submit()["id"]
    with house.connect() as worker:
        worker.hello()
        lease = worker.expect(Assign).lease
        worker.points(lease, 0, [5.0])
        worker.points(lease, 7, [1.0])
        worker.expect(Ack)
        assert worker.expect(Ack).next_step == 1
    assert house.get(f"/sweeps/{sweep}/points")["step"] == [0]


def test_batches_that_follow_each_other_unasked_are_each_stored_and_acked_in_order(house: House) -> None:
    sweep = house.submit(num_iter=60)["id"]
    with house.connect() as worker:
        worker.hello()
        assign = worker.expect(Assign)
        for first in range(0, 60, 3):
            worker.points(assign.lease, first, [1.0, 2.0, 3.0], assign.spec)
        worker.send(Finished(lease=assign.lease, status="done"))
        assert [worker.expect(Ack).next_step for _ in range(20)] == list(range(3, 61, 3))
        worker.expect(Ended)
    assert house.get(f"/sweeps/{sweep}/points")["loss"] == 20 * [1.0, 2.0, 3.0]
    assert house.sweep(sweep)["status"] == "done"


def test_batches_of_several_workers_in_one_write_are_judged_each_by_itself(house: House) -> None:
    spec = SweepSpec(recipe="toy", num_iter=10)
    with house.connect() as first, house.connect() as second:
        mine = _assigned(house, first)
        yours = _assigned(house, second)

        def batch(lease: Lease, start: int, loss: float) -> Batch:
            return Batch.of(lease, [Point(start, lr_at(spec, start), loss)])

        arrivals = [
            Arrival(first.name, batch(mine, 0, 1.0), now()),
            Arrival(second.name, batch(mine, 1, 2.0), now()),
            Arrival(second.name, batch(yours, 5, 3.0), now()),
            Arrival(second.name, batch(yours, 0, 4.0), now()),
            Arrival(first.name, batch(mine, 1, math.nan), now()),
            Arrival(first.name, batch(mine, 1, 9.0), now()),
            Arrival(first.name, batch(Lease(sweep="unknown", attempt=1), 0, 1.0), now()),
            Arrival(first.name, batch(mine, 2, math.inf), now()),
        ]
        told = house.call(house.rooms.store.write, lambda session: take_in(session, arrivals))
        assert [type(one).__name__ if isinstance(one, Exception) else one.ack.next_step for one in told] == [
            1, "LeaseLost", 0, 1, 2, 2, "LeaseLost", 3,
        ]  # fmt: skip
        assert house.get(f"/sweeps/{mine.sweep}/points")["loss"] == [1.0, None, None]
        assert house.get(f"/sweeps/{yours.sweep}/points")["loss"] == [4.0]
        assert house.sweep(mine.sweep)["first_nonfinite_step"] == 1


def _assigned(house: House, worker: Worker) -> Lease:
    worker.hello()
    house.submit(num_iter=10)
    return worker.expect(Assign).lease


def test_a_loss_that_is_not_finite_is_stored_as_such_and_shown_as_null(house: House) -> None:
    sweep = house.submit()["id"]
    with house.connect() as worker:
        worker.hello()
        lease = worker.expect(Assign).lease
        worker.points(lease, 0, [1.0, math.nan])
        worker.points(lease, 2, [math.inf])
        worker.expect(Ack)
        worker.expect(Ack)
        worker.finish(lease, "diverged")
    got = house.sweep(sweep)
    assert (got["status"], got["first_nonfinite_step"]) == ("diverged", 1)
    assert house.get(f"/sweeps/{sweep}/points")["loss"] == [1.0, None, None]
    rows = house.client.get(f"/sweeps/{sweep}/points.csv").text.splitlines()
    assert [row.split(",")[2] for row in rows] == ["loss", "1.0", "", ""]


def test_points_that_cannot_be_of_the_sweep_close_the_line(house: House) -> None:
    house.submit(num_iter=3)
    with house.connect() as worker:
        worker.hello()
        lease = worker.expect(Assign).lease
        worker.points(lease, 0, [1.0] * 4)
        with pytest.raises(WebSocketDisconnect) as closed:
            worker.socket.receive_text()
    assert closed.value.code == 4400
    assert "3 steps" in closed.value.reason


def test_a_worker_that_comes_back_goes_on_where_the_record_ends(house: House) -> None:
    sweep = house.submit()["id"]
    with house.connect("w") as worker:
        worker.hello()
        lease = worker.expect(Assign).lease
        worker.points(lease, 0, LOSSES)
        worker.expect(Ack)
    with house.connect("w") as worker:
        assert worker.hello(lease).resume == [Ack(lease=lease, next_step=3)]
        worker.points(lease, 3, [0.5])
        assert worker.expect(Ack).next_step == 4
    assert house.sweep(sweep)["attempt"] == 1


def test_silence_gives_the_sweep_back_and_the_old_attempt_is_refused(house: House) -> None:
    sweep = house.submit()["id"]
    with house.connect("old") as old:
        old.hello()
        lease = old.expect(Assign).lease
        old.points(lease, 0, [9.0])
        old.expect(Ack)
        house.silence(sweep)
        with house.connect("new") as new:
            new.hello()
            second = new.expect(Assign).lease
            assert second == Lease(sweep=sweep, attempt=2)
            new.points(second, 0, LOSSES)
            new.expect(Ack)
            old.points(lease, 1, [9.0])
            assert old.expect(Lost).lease == lease
            assert isinstance(old.finish(lease), Lost)
            assert house.get(f"/sweeps/{sweep}/points")["loss"] == LOSSES


def test_a_silent_worker_is_given_nothing_until_it_hears_that_it_lost(house: House) -> None:
    sweep = house.submit()["id"]
    with house.connect("w") as worker:
        worker.hello()
        lease = worker.expect(Assign).lease
        house.silence(sweep)
        assert house.sweep(sweep)["status"] == "queued"
        worker.send(Heartbeat(running=[lease]))
        assert worker.expect(Lost).lease == lease
        assert worker.expect(Assign).lease == Lease(sweep=sweep, attempt=2)


def test_a_late_worker_takes_its_sweep_up_again_when_nobody_else_has(house: House) -> None:
    sweep = house.submit()["id"]
    with house.connect("w") as worker:
        worker.hello()
        lease = worker.expect(Assign).lease
        worker.points(lease, 0, LOSSES)
        worker.expect(Ack)
    house.silence(sweep)
    with house.connect("w") as worker:
        assert worker.hello(lease).resume == [Ack(lease=lease, next_step=3)]
    got = house.sweep(sweep)
    assert (got["status"], got["attempt"]) == ("running", 1)


def test_a_sweep_that_keeps_losing_workers_fails_and_says_so(house: House) -> None:
    sweep = house.submit()["id"]
    for name in ("one", "two"):
        with house.connect(name) as worker:
            worker.hello()
            worker.expect(Assign)
        house.silence(sweep)
    got = house.sweep(sweep)
    assert got["status"] == "failed"
    assert "2 lost workers" in got["reason"]
    assert "two" in got["reason"]


def test_a_hand_out_that_never_arrived_goes_back_at_the_next_hello(house: House) -> None:
    sweep = house.submit()["id"]
    with house.connect("w") as worker:
        worker.hello()
        worker.expect(Assign)
    with house.connect("w") as worker:
        assert worker.hello().resume == []
        assert worker.expect(Assign).lease == Lease(sweep=sweep, attempt=2)


def test_a_released_sweep_is_queued_again_at_once_and_costs_no_try(house: House) -> None:
    sweep = house.submit()["id"]
    for attempt in (1, 2, 3):
        with house.connect() as worker:
            worker.hello()
            lease = worker.expect(Assign).lease
            assert lease.attempt == attempt
            worker.send(Finished(lease=lease, status="released"))
            worker.expect(Ended)
    assert house.sweep(sweep)["status"] == "queued"


def test_finishing_twice_is_answered_twice(house: House) -> None:
    house.submit()
    with house.connect() as worker:
        worker.hello()
        lease = worker.expect(Assign).lease
        assert isinstance(worker.finish(lease, "failed", reason="ValueError: no", traceback="Traceback …"), Ended)
        assert isinstance(worker.finish(lease, "done"), Ended)
    got = house.sweep(lease.sweep)
    assert (got["status"], got["reason"]) == ("failed", "ValueError: no")
    assert house.get(f"/sweeps/{lease.sweep}/traceback") == {"traceback": "Traceback …"}


def test_what_a_recipe_prints_is_read_while_it_runs_and_survives_its_worker(house: House) -> None:
    sweep = house.submit()["id"]
    assert house.client.get(f"/sweeps/{sweep}/log").json()["detail"] == (
        f"sweep {sweep} has printed nothing: its state is queued"
    )
    with house.connect() as worker:
        worker.hello()
        lease = worker.expect(Assign).lease
        worker.send(Heartbeat(running=[lease], printed=[Printed(lease=lease, text="50 000 images\n")]))
        worker.points(lease, 0, [9.0])
        worker.expect(Ack)
        assert house.get(f"/sweeps/{sweep}/log") == {"log": "50 000 images\n"}
        worker.send(Heartbeat(running=[lease]))
        house.silence(sweep)
        assert house.get(f"/sweeps/{sweep}/log") == {"log": "50 000 images\n"}
    with house.connect() as worker:
        worker.hello()
        second = worker.expect(Assign).lease
        assert house.client.get(f"/sweeps/{sweep}/log").status_code == 404  # the log is of the present attempt
        worker.finish(second, "failed", log="a nul\0 and an end")
    assert house.get(f"/sweeps/{sweep}/log") == {"log": "a nul and an end"}


def test_a_heartbeat_tells_how_much_memory_a_worker_takes(house: House) -> None:
    sweep = house.submit()["id"]
    with house.connect("w") as worker:
        device = Device(name="cuda:0", kind="cuda", label="a GPU", memory_bytes=80)
        worker.hello(device=device)
        lease = worker.expect(Assign).lease
        worker.send(Heartbeat(running=[lease], memory_used_bytes=20))
        worker.points(lease, 0, [9.0])
        worker.expect(Ack)
        (state,) = [one for one in house.get("/workers") if one["id"] == "w"]
        assert (state["memory_used_bytes"], state["memory_total_bytes"]) == (20, 80)
        assert state["running"] == [sweep]


def test_done_before_the_last_step_is_not_believed(house: House) -> None:
    house.submit()
    with house.connect() as worker:
        worker.hello()
        lease = worker.expect(Assign).lease
        worker.finish(lease, "done")
    assert house.sweep(lease.sweep)["status"] == "failed"


def test_cancel_reaches_the_worker_at_once_and_on_every_ack(house: House) -> None:
    sweep = house.submit()["id"]
    with house.connect() as worker:
        worker.hello()
        lease = worker.expect(Assign).lease
        assert house.client.post(f"/sweeps/{sweep}/cancel").json()["status"] == "running"
        assert worker.expect(Ack) == Ack(lease=lease, next_step=0, cancel=True)
        worker.points(lease, 0, [1.0])
        assert worker.expect(Ack).cancel
        worker.send(Heartbeat(running=[lease]))
        assert worker.expect(Ack).cancel
        worker.finish(lease, "cancelled")
    got = house.sweep(sweep)
    assert (got["status"], got["reason"]) == ("cancelled", "ann asked to cancel it")


def test_a_cancelled_sweep_of_a_silent_worker_does_not_run_again(house: House) -> None:
    sweep = house.submit()["id"]
    with house.connect() as worker:
        worker.hello()
        worker.expect(Assign)
        house.client.post(f"/sweeps/{sweep}/cancel")
    house.silence(sweep)
    assert house.sweep(sweep)["status"] == "cancelled"


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        ('{"type": "heartbeat", "running": []}', "first message"),
        ("{}", "type"),
        ("not json", "JSON"),
        (
            '{"type":"hello","worker":"w","host":"h","pid":1,"device":{"name":"cpu","kind":"cpu","label":""},"recipes":[],"version":99}',
            "99",
        ),
    ],
)
def test_a_wrong_hello_closes_the_line_with_a_reason(house: House, frame: str, says: str) -> None:
    with house.client.websocket_connect(f"{WS}/ws/work") as socket:
        socket.send_text(frame)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()
    assert closed.value.code == 4400
    assert says in closed.value.reason


@pytest.mark.parametrize(
    "frame", [b"", b"{}\n", b"\xff\n1234", b'{"lease":{"sweep":"x","attempt":1},"first_step":0,"count":2}\n1']
)
def test_a_broken_points_frame_closes_the_line(house: House, frame: bytes) -> None:
    with house.connect() as worker:
        worker.hello()
        worker.socket.send_bytes(frame)
        with pytest.raises(WebSocketDisconnect) as closed:
            worker.socket.receive_text()
    assert closed.value.code == 4400
