"""Short trainings around a rate: queued, run and read like sweeps, and in nobody's list."""

import math
from typing import Any

import pytest

from lrscope.curve import Point
from lrscope.grid import lr_at
from lrscope.spec import SweepSpec
from lrscope.wire import Ack, Assign, Batch
from tests.server.conftest import House, Worker
from tests.server.test_following import refused, train, valley
from tests.server.test_view import page

STEPS = 40


def swept(house: House, worker: Worker, **body: Any) -> str:
    """A sweep that has ended with a curve that can be read."""
    sweep = str(house.submit(num_iter=100, **body)["id"])
    train(worker, valley)
    return sweep


def confirm(house: House, sweep: str, **body: Any) -> dict[str, Any]:
    reply = house.client.post(f"/sweeps/{sweep}/confirm", json=body)
    assert reply.status_code == 201, reply.text
    made: dict[str, Any] = reply.json()
    return made


def ids(confirmation: dict[str, Any]) -> list[str]:
    return [training["sweep"] for training in confirmation["trainings"]]


def ends(spec: SweepSpec) -> list[float]:
    """A training whose final loss is least at 1e-2."""
    assert spec.training is not None
    lowest = 0.5 + (math.log10(spec.training.lr) + 2) ** 2 + 0.01 * spec.seed
    return [2.3] + [lowest] * (spec.num_iter - 1)


def test_a_suggestion_is_confirmed_by_trainings_around_it(house: House) -> None:
    with house.connect() as worker:
        worker.hello()
        sweep = swept(house, worker)
        asked = confirm(house, sweep, lr=0.012, steps=STEPS)
        assert [t["lr"] for t in asked["trainings"][::2]] == [0.00379, 0.00675, 0.012, 0.0213, 0.0379]
        assert {(t["seed"], t["status"], t["loss"]) for t in asked["trainings"]} == {
            (0, "queued", None),
            (1, "queued", None),
        }
        assert (asked["sweep"], asked["lr"], asked["steps"], asked["schedule"]) == (sweep, 0.012, STEPS, "constant")
        assert (asked["best"], asked["reasons"]) == (None, [])
        for _ in asked["trainings"]:
            assign = train(worker, ends)
            assert assign.spec.training is not None
            assert [lr_at(assign.spec, step) for step in (0, STEPS - 1)] == [assign.spec.training.lr] * 2
    found = house.get(f"/sweeps/{sweep}/confirmation")
    assert found["best"] == pytest.approx(1e-2, rel=0.02)
    assert found["low"] <= found["best"] <= found["high"]
    assert found["band_low"] < found["best"] < found["band_high"]
    assert {t["status"] for t in found["trainings"]} == {"done"}
    assert found["trainings"][0]["loss"] == pytest.approx(0.5 + (math.log10(0.00379) + 2) ** 2)


def test_the_rate_is_the_pick_that_stands_else_the_suggestion_and_the_budget_the_sweeps_own(house: House) -> None:
    with house.connect() as worker:
        worker.hello()
        sweep = swept(house, worker)
        suggestion = house.get(f"/sweeps/{sweep}/reading")["suggestion"]
        found = confirm(house, sweep)
        assert found["lr"] == pytest.approx(suggestion, rel=0.05)
        assert found["steps"] == 100
        house.client.put(f"/sweeps/{sweep}/pick", json={"lr": 3e-3})
        assert confirm(house, sweep)["lr"] == 3e-3


def test_trainings_are_in_nobodys_list_and_take_no_colour(house: House) -> None:
    with house.connect() as worker:
        worker.hello()
        sweep = swept(house, worker, name="mine", tags=["t"])
        found = confirm(house, sweep, steps=STEPS)
        assert [s["id"] for s in house.get("/sweeps")["items"]] == [sweep]
        trainings = house.get(f"/sweeps?kind=training&origin={sweep}")["items"]
        assert len(house.get("/sweeps?kind=any")["items"]) == 11
        assert house.submit()["slot"] == 1
    assert {t["id"] for t in trainings} == {t["sweep"] for t in found["trainings"]}
    one = trainings[0]
    assert (one["kind"], one["name"], one["tags"], one["slot"]) == ("training", "mine", ["t"], 0)
    assert one["origin"] == {"sweep": sweep, "how": "confirms"}
    assert one["training"]["schedule"] == "constant"
    with page(house) as viewer:
        first = viewer.until("snapshot")
        assert {s["kind"] for s in first["sweeps"]} == {"range_test"}
        assert [t["id"] for t in first["trainings"]] == sorted(t["sweep"] for t in found["trainings"])
        house.client.post(f"/sweeps/{sweep}/confirmation/cancel")
    with page(house) as viewer:
        assert [t["status"] for t in viewer.until("snapshot")["trainings"]] == [
            "running"
        ]  # its worker has not answered


def test_viewers_hear_of_a_trainings_progress(house: House) -> None:
    with house.connect() as worker:
        worker.hello()
        sweep = swept(house, worker)
        with page(house) as viewer:
            viewer.until("snapshot")
            confirm(house, sweep, lrs=[1e-2], seeds=[0], steps=STEPS)
            train(worker, ends)
            told = viewer.until("sweep", lambda m: m["sweep"]["kind"] == "training" and m["sweep"]["status"] == "done")
    assert told["sweep"]["origin"]["sweep"] == sweep


def test_what_was_trained_is_not_trained_again_and_a_wider_look_joins_it(house: House) -> None:
    with house.connect() as worker:
        worker.hello()
        sweep = swept(house, worker)
        first = confirm(house, sweep, lr=1e-2, steps=STEPS)
        again = confirm(house, sweep, lr=1e-2, steps=STEPS)
        assert ids(again) == ids(first)
        wider = confirm(house, sweep, lrs=[1e-2, 0.1], steps=STEPS)
        assert len(wider["trainings"]) == 12
        assert len(confirm(house, sweep, lr=1e-2, steps=STEPS + 1)["trainings"]) == 10
        assert len(confirm(house, sweep, lr=1e-2, steps=STEPS, schedule="onecycle")["trainings"]) == 10
        assert len(house.get("/sweeps?kind=training")["items"]) == 32


def test_a_key_makes_the_trainings_once_and_serves_no_other_request(house: House) -> None:
    with house.connect() as worker:
        worker.hello()
        sweep = swept(house, worker)
        path, headers = f"/sweeps/{sweep}/confirm", {"Idempotency-Key": "k"}
        first = house.client.post(path, json={}, headers=headers)
        house.client.put(f"/sweeps/{sweep}/pick", json={"lr": 0.5})
        again = house.client.post(path, json={}, headers=headers).json()
        assert (ids(again), again["lr"]) == (ids(first.json()), first.json()["lr"])
        assert house.client.post(path, json={"steps": 7}, headers=headers).status_code == 409


def test_a_training_that_failed_is_trained_anew_and_one_that_diverged_is_a_fact(house: House) -> None:
    with house.connect() as worker:
        worker.hello()
        sweep = swept(house, worker)
        confirm(house, sweep, lrs=[1e-3, 1.0], seeds=[0], steps=STEPS)
        train(worker, [2.3], "failed")
        train(worker, [2.3, math.nan], "diverged")
        found = confirm(house, sweep, lrs=[1e-3, 1.0], seeds=[0], steps=STEPS)
        anew, fact = found["trainings"]
        assert (anew["lr"], anew["loss"], anew["status"] in ("queued", "running")) == (1e-3, None, True)
        assert (fact["lr"], fact["loss"], fact["status"]) == (1.0, None, "diverged")


def test_a_validation_loss_is_what_counts_where_there_is_one(house: House) -> None:
    with house.connect() as worker:
        worker.hello()
        sweep = swept(house, worker)
        confirm(house, sweep, lrs=[1e-2], seeds=[0], steps=3)
        assign = worker.expect(Assign)
        points = [Point(k, 1e-2, 2.0, (value,)) for k, value in enumerate([1.9, math.nan, 0.7])]
        worker.socket.send_bytes(Batch.of(assign.lease, points, ["val_loss"]).pack())
        worker.expect(Ack)
        worker.finish(assign.lease)
    found = house.get(f"/sweeps/{sweep}/confirmation")
    assert (found["series"], found["trainings"][0]["loss"]) == ("val_loss", pytest.approx(1.3))


def test_what_waits_and_runs_can_be_stopped_together(house: House) -> None:
    with house.connect() as worker:
        worker.hello()
        sweep = swept(house, worker)
        confirm(house, sweep, steps=STEPS)
        lease = worker.expect(Assign).lease
        found = house.client.post(f"/sweeps/{sweep}/confirmation/cancel").json()
        assert sorted(t["status"] for t in found["trainings"]) == ["cancelled"] * 9 + ["running"]
        assert worker.expect(Ack).cancel
        worker.finish(lease, "cancelled")
    assert {t["status"] for t in house.get(f"/sweeps/{sweep}/confirmation")["trainings"]} == {"cancelled"}


def test_a_deleted_sweep_takes_its_waiting_trainings_along(house: House) -> None:
    with house.connect() as worker:
        worker.hello()
        sweep = swept(house, worker)
    confirm(house, sweep, steps=STEPS)
    house.client.delete(f"/sweeps/{sweep}")
    assert {t["status"] for t in house.get("/sweeps?kind=training")["items"]} == {"cancelled"}
    house.client.post(f"/sweeps/{sweep}/restore")
    assert len(house.get(f"/sweeps/{sweep}/confirmation")["trainings"]) == 10


def test_what_cannot_be_confirmed_is_told_why(house: House) -> None:
    waiting = house.submit(num_iter=100, priority=-5)["id"]
    assert "once it has ended" in refused(house, f"/sweeps/{waiting}/confirm", {}, 409)
    assert "never confirmed" in house.client.get(f"/sweeps/{waiting}/confirmation").json()["detail"]
    assert house.get(f"/sweeps/{waiting}")["confirmed"] is False
    flat = house.submit(num_iter=100)["id"]
    with house.connect() as worker:
        worker.hello()
        train(worker, [1.0] * 100)
    path = f"/sweeps/{flat}/confirm"
    assert "neither a pick nor a suggestion" in refused(house, path, {}, 409)
    assert "differ" in refused(house, path, {"lrs": [1.0, 1.0]}, 422)
    assert "seeds" in refused(house, path, {"lr": 1.0, "seeds": []}, 422)
    assert "schedule" in refused(house, path, {"lr": 1.0, "schedule": "cosine"}, 422)
    assert "steps" in refused(house, path, {"lr": 1.0, "steps": 1}, 422)
    refused(house, "/sweeps/0000000000000000/confirm", {}, 404)


def test_a_training_has_points_but_no_reading_no_pick_and_no_range(house: House) -> None:
    with house.connect() as worker:
        worker.hello()
        sweep = swept(house, worker)
        found = confirm(house, sweep, lrs=[1e-2], seeds=[0], steps=STEPS, schedule="onecycle")
        train(worker, ends)
    training = found["trainings"][0]["sweep"]
    lr = house.get(f"/sweeps/{training}/points")["lr"]
    assert max(lr) == pytest.approx(1e-2, rel=0.02)
    assert lr[-1] < 1e-6
    assert len(house.client.get(f"/sweeps/{training}/points.csv").text.splitlines()) == STEPS + 1
    reply = house.client.get(f"/sweeps/{training}/reading")
    assert (reply.status_code, sweep in reply.json()["detail"]) == (409, True)
    for verb in ("extend", "clone", "confirm"):
        assert "training at one rate" in refused(house, f"/sweeps/{training}/{verb}", {}, 409)
    refused(house, "/readings/common", {"sweeps": [sweep, training]}, 409)
    assert house.client.put(f"/sweeps/{training}/pick", json={"lr": 1e-2}).status_code == 409
