"""What follows from a sweep: extended, refined, and curves that were measured elsewhere."""

import math
from typing import Any

import numpy as np
import pytest

from lrscope.curve import Curve
from lrscope.grid import grid
from lrscope.spec import SweepSpec
from lrscope.wire import Ack, Assign, Lease
from tests.server.conftest import House, Worker


def train(worker: Worker, losses: Any, status: str = "done") -> Assign:
    """Take the next sweep, send its points, end it."""
    assign = worker.expect(Assign)
    values = losses(assign.spec) if callable(losses) else losses
    worker.points(assign.lease, 0, list(values), assign.spec)
    worker.expect(Ack)
    worker.finish(assign.lease, status)
    return assign


def valley(spec: SweepSpec) -> list[float]:
    x = np.log10(grid(spec))
    fall = 2.3 - 2 * np.clip((x + 4) / 2, 0, 1) + np.where(x > -0.5, 10 * (x + 0.5), 0)
    return list(fall + 0.01 * np.sin(37 * x))


def refused(house: House, path: str, body: dict[str, Any], status: int) -> str:
    reply = house.client.post(path, json=body)
    assert reply.status_code == status, reply.text
    return str(reply.json()["detail"])


def test_a_finished_sweep_is_extended_in_the_same_stride(house: House) -> None:
    first = house.submit(num_iter=9, name="mine", tags=["a"], seed=7)
    with house.connect() as worker:
        worker.hello()
        train(worker, [2.0] * 9)
        longer = house.client.post(f"/sweeps/{first['id']}/extend", json={"end_lr": 100.0})
        assert longer.status_code == 201
        assert longer.headers["location"] == f"/sweeps/{longer.json()['id']}"
        spec = worker.expect(Assign).spec
    got = longer.json()
    assert got["origin"] == {"sweep": first["id"], "how": "extends"}
    assert (got["name"], got["tags"], got["seed"], got["num_iter"], got["end_lr"]) == ("mine", ["a"], 7, 10, 100.0)
    assert grid(spec).tolist() == [*grid(SweepSpec(recipe="toy", num_iter=9)).tolist(), 100.0]
    assert [each["id"] for each in house.get(f"/sweeps?origin={first['id']}")["items"]] == [got["id"]]


def test_a_sweep_that_stopped_early_goes_on_past_its_divergence(house: House) -> None:
    first = house.submit(num_iter=9)
    with house.connect() as worker:
        worker.hello()
        train(worker, [2.0, 1.0, 9.0], "diverged")
        got = house.client.post(f"/sweeps/{first['id']}/extend").json()
    assert (got["num_iter"], got["diverge_ratio"], got["end_lr"]) == (9, None, 10.0)


def test_a_lower_start_is_a_new_run_that_stops_as_the_old_one_did(house: House) -> None:
    first = house.submit(num_iter=9)
    with house.connect() as worker:
        worker.hello()
        train(worker, [2.0, 1.0, math.nan], "diverged")
        got = house.client.post(f"/sweeps/{first['id']}/extend", json={"start_lr": 1e-9}).json()
    assert (got["num_iter"], got["diverge_ratio"]) == (11, 4.0)


def test_what_cannot_be_extended_is_told_why(house: House) -> None:
    waiting, broke, whole = house.submit(num_iter=9), house.submit(num_iter=9), house.submit(num_iter=9)
    house.client.post(f"/sweeps/{waiting['id']}/cancel")
    still = house.submit(num_iter=9, priority=-5)
    with house.connect() as worker:
        worker.hello()
        train(worker, [2.0, math.nan], "diverged")
        train(worker, [2.0] * 9)
    assert "ended" in refused(house, f"/sweeps/{still['id']}/extend", {"end_lr": 50.0}, 409)
    assert "not finite at step 1" in refused(house, f"/sweeps/{broke['id']}/extend", {"end_lr": 50.0}, 409)
    path = f"/sweeps/{whole['id']}/extend"
    assert "whole range" in refused(house, path, {}, 422)
    assert "at or above" in refused(house, path, {"end_lr": 1.0}, 422)
    assert "at or below" in refused(house, path, {"start_lr": 1e-3}, 422)
    assert "num_iter" in refused(house, path, {"end_lr": 1e4, "num_iter": 5}, 422)
    refused(house, "/sweeps/0000000000000000/extend", {}, 404)


@pytest.mark.parametrize(("again", "told"), [([2.0] * 9, False), ([2.0, 2.0, 2.2, *[2.0] * 6], True)])
def test_steps_that_came_out_otherwise_the_second_time_are_told(house: House, again: list[float], told: bool) -> None:
    first = house.submit(num_iter=9)["id"]
    with house.connect() as worker:
        worker.hello()
        train(worker, [2.0] * 9)
        longer = house.client.post(f"/sweeps/{first}/extend", json={"end_lr": 100.0}).json()["id"]
        train(worker, [*again, 1.0])
    warnings = house.sweep(longer)["warnings"]
    assert [("step 2" in warning, "10.0%" in warning) for warning in warnings] == [(True, True)] * told


def test_a_clone_of_an_extended_sweep_is_a_plain_one(house: House) -> None:
    first = house.submit(num_iter=9)["id"]
    with house.connect() as worker:
        worker.hello()
        train(worker, [2.0] * 9)
        longer = house.client.post(f"/sweeps/{first}/extend", json={"end_lr": 100.0}).json()["id"]
        clone = house.client.post(f"/sweeps/{longer}/clone", json={})
    assert (clone.status_code, clone.json()["origin"], clone.json()["end_lr"]) == (201, None, 100.0)


# ── two stages ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_second_stage_looks_where_something_happened(house: House) -> None:
    first = house.submit(num_iter=100, stages=2, name="mine", seed=3)
    assert first["stages"] == 2
    with house.connect() as worker:
        worker.hello()
        train(worker, valley)
        house.call(house.rooms.sweeps.queue_stages)
        assign = worker.expect(Assign)
    closer = house.sweep(assign.lease.sweep)
    assert closer["origin"] == {"sweep": first["id"], "how": "refines"}
    assert (closer["name"], closer["seed"], closer["num_iter"], closer["stages"]) == ("mine", 3, 100, 1)
    assert -5 < math.log10(closer["start_lr"]) < -4
    assert -0.5 < math.log10(closer["end_lr"]) < 1
    assert house.call(house.rooms.sweeps.queue_stages) == []


def test_seeds_wait_for_each_other_and_share_the_range_of_their_second_stage(house: House) -> None:
    house.submit(num_iter=100, stages=2, seeds=[1, 2, 3])
    with house.connect() as worker:
        worker.hello()
        train(worker, valley)
        train(worker, [2.0], "failed")
        assert house.call(house.rooms.sweeps.queue_stages) == []
        train(worker, valley)
        house.call(house.rooms.sweeps.queue_stages)
        train(worker, valley)
        last = worker.expect(Assign).lease.sweep
    closer = [each for each in house.get("/sweeps")["items"] if each["origin"]]
    assert last in [each["id"] for each in closer]
    assert {each["seed"] for each in closer} == {1, 3}
    assert len({(each["start_lr"], each["end_lr"], each["group"]) for each in closer}) == 1
    assert closer[0]["group"] not in (None, closer[0]["origin"]["sweep"])


def test_a_curve_that_never_falls_gets_no_second_stage_and_says_so(house: House) -> None:
    first = house.submit(num_iter=100, stages=2)["id"]
    with house.connect() as worker:
        worker.hello()
        train(worker, [1.0] * 100)
        assert house.call(house.rooms.sweeps.queue_stages) == []
    assert "no second stage" in house.sweep(first)["warnings"][0]


def test_a_first_stage_that_failed_gets_its_second_one_after_a_retry(house: House) -> None:
    first = house.submit(num_iter=100, stages=2)["id"]
    with house.connect() as worker:
        worker.hello()
        train(worker, [2.0], "failed")
        house.call(house.rooms.sweeps.queue_stages)
        house.client.post(f"/sweeps/{first}/retry")
        train(worker, valley)
        house.call(house.rooms.sweeps.queue_stages)
        assert worker.expect(Assign).lease != Lease(sweep=first, attempt=2)


# ── curves measured elsewhere ────────────────────────────────────────────────────────────────────────────────────────

CURVE = {"lr": [1e-4, 1e-3, 1e-2], "loss": [2.0, 1.0, 9.0]}


def imported(house: House, **body: Any) -> dict[str, Any]:
    reply = house.client.post("/sweeps/import", json={**CURVE, **body})
    assert reply.status_code == 201, reply.text
    sweep: dict[str, Any] = reply.json()
    return sweep


def test_an_imported_curve_is_a_sweep_that_has_ended(house: House) -> None:
    got = imported(
        house, name="theirs", tags=["old"], optimizer="Lion", warnings=["w"], series={"val_loss": [1, None, 3]}
    )
    assert (got["status"], got["steps_done"], got["recipe"], got["name"]) == ("done", 3, "imported", "theirs")
    assert (got["start_lr"], got["end_lr"], got["optimizer"], got["warnings"]) == (1e-4, 1e-2, "Lion", ["w"])
    points = house.get(f"/sweeps/{got['id']}/points")
    assert (points["lr"], points["loss"], points["series"]) == (
        CURVE["lr"],
        CURVE["loss"],
        {"val_loss": [1.0, None, 3.0]},
    )
    assert house.client.put(f"/sweeps/{got['id']}/pick", json={"lr": 1e-3}).status_code == 200


def test_an_imported_curve_keeps_what_was_not_finite_and_how_its_rates_rose(house: House) -> None:
    broke = imported(house, loss=[2.0, None, 1.0])
    assert (broke["status"], broke["first_nonfinite_step"], broke["mode"]) == ("diverged", 1, "exp")
    assert house.get(f"/sweeps/{broke['id']}/points")["loss"] == [2.0, None, 1.0]
    assert imported(house, lr=[1.0, 2.0, 3.0])["mode"] == "linear"


def test_a_long_curve_is_imported_whole(house: House) -> None:
    lr = np.geomspace(1e-6, 1, 5000).tolist()
    got = imported(house, lr=lr, loss=[1.0] * 5000)
    assert house.get(f"/sweeps/{got['id']}/points")["lr"] == lr


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"lr": [1e-3]}, "lr"),
        ({"loss": [1.0]}, "as many"),
        ({"lr": [3.0, 2.0, 1.0]}, "sort the points"),
        ({"lr": [1e-3, 1e-3, 1e-3]}, "above start_lr"),
        ({"lr": [-1.0, 1.0, 2.0]}, "above 0"),
        ({"lr": [1.0, 2.0, 1e9]}, "less than or equal"),
        ({"series": {"val loss": [1, 2, 3]}}, "series"),
        ({"series": {"v": [1]}}, "as many"),
    ],
)
def test_what_no_sweep_could_have_is_refused(house: House, body: dict[str, Any], told: str) -> None:
    reply = house.client.post("/sweeps/import", json={**CURVE, **body})
    assert reply.status_code == 422
    assert told in reply.text
    assert house.get("/sweeps")["items"] == []


def test_what_was_measured_elsewhere_cannot_be_run_here(house: House) -> None:
    sweep = imported(house)["id"]
    for verb in ("extend", "clone"):
        assert "no worker has announced this recipe" in refused(house, f"/sweeps/{sweep}/{verb}", {"end_lr": 1.0}, 422)


def test_an_imported_curve_is_read_like_any_other(house: House) -> None:
    spec = SweepSpec(recipe="toy")
    losses = valley(spec)
    got = imported(house, lr=grid(spec).tolist(), loss=losses)
    reading = house.get(f"/sweeps/{got['id']}/reading")
    assert reading["suggestion"] == Curve(grid(spec), losses).reading().suggestion


# ── several at once ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_seeds_of_a_request_are_read_as_one(house: House) -> None:
    first = house.submit(num_iter=100, seeds=[1, 2, 3])
    with house.connect() as worker:
        worker.hello()
        for _ in range(3):
            train(worker, valley)
    one = house.get(f"/sweeps/{first['id']}/reading")
    pooled = house.get(f"/sweeps/{first['id']}/reading?group=true")
    assert (one["curves"], pooled["curves"]) == (1, 3)
    assert one["spreads"] == {}
    assert pooled["spreads"]["valley"] == 0.0  # all three came out alike
    assert pooled["suggestion"] == pytest.approx(one["suggestion"], rel=0.2)


def test_several_sweeps_get_one_rate(house: House) -> None:
    spec = SweepSpec(recipe="toy")
    ids = [imported(house, lr=grid(spec).tolist(), loss=[k * loss for loss in valley(spec)])["id"] for k in (1, 2)]
    reply = house.client.post("/readings/common", json={"sweeps": ids})
    found = reply.json()
    assert reply.status_code == 200
    assert found["low"] < found["lr"] < found["high"]
    assert found["limited_by"] in ids
    assert "no sweep" in refused(house, "/readings/common", {"sweeps": ["0000000000000000"]}, 404)
    refused(house, "/readings/common", {"sweeps": []}, 422)
