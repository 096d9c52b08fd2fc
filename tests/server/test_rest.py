"""REST, the happy ways: what was asked for is there, in the words of the contract."""

import asyncio
import hashlib
import math
import random
import re
from typing import Any

import pytest

from lrscope.palette import PALETTE
from lrscope.spec import Sweep
from lrscope.wire import Ack, Assign
from lrscope_server.main import STATIC
from tests.server.conftest import House

RELEASED = {
    "swagger-ui-bundle.js": "e6a898692f2d768e807c3ba4626068a69a2c5dd960dd6c76f3e4d3a3de180af2",
    "swagger-ui.css": "5ed08757e53da3e026d6cbecc61fe5d43585c9560b302d534ad56692519a273d",
}


def run(house: House, losses: list[float], status: str = "done", **body: Any) -> str:
    """Submit a sweep and let a worker report these losses."""
    sweep = str(house.submit(num_iter=len(losses), **body)["id"])
    with house.connect() as worker:
        worker.hello()
        assign = worker.expect(Assign)
        worker.points(assign.lease, 0, losses, assign.spec)
        worker.expect(Ack)
        worker.finish(assign.lease, status)
    return sweep


def test_a_new_sweep_has_every_field_of_the_contract_and_its_place_in_the_queue(house: House) -> None:
    reply = house.client.post("/sweeps", json={"recipe": "toy", "params": {"width": 4}, "tags": ["a", "b", "a"]})
    sweep = reply.json()
    assert reply.headers["location"] == f"/sweeps/{sweep['id']}"
    assert set(sweep) == set(Sweep.model_fields)
    assert sweep | {"id": "", "created_at": ""} == sweep | {
        "id": "",
        "created_at": "",
        "name": "toy",
        "owner": "ann",
        "tags": ["a", "b"],
        "status": "queued",
        "queue_position": 1,
        "start_lr": 1e-7,
        "end_lr": 10.0,
        "num_iter": 100,
        "color": "#0072B2",
        "slot": 0,
        "reason": "no worker is connected; start one with: lrscope worker",
    }
    assert sweep["created_at"].endswith("Z")


def test_each_sweep_takes_the_lowest_free_slot_and_its_colour(house: House) -> None:
    made = [house.submit() for _ in range(9)]
    assert [sweep["slot"] for sweep in made] == list(range(9))
    assert [sweep["color"] for sweep in made] == [*PALETTE, PALETTE[0]]
    house.client.delete(f"/sweeps/{made[5]['id']}")
    house.client.patch(f"/sweeps/{made[2]['id']}", json={"archived": True})
    assert [house.submit()["slot"], house.submit(seeds=[1, 2])["slot"], house.submit()["slot"]] == [2, 5, 10]


def test_a_colour_that_a_person_chose_stays_and_keeps_its_slot(house: House) -> None:
    sweep = house.submit()
    changed = house.client.patch(f"/sweeps/{sweep['id']}", json={"color": "#123456", "starred": True}).json()
    assert changed == sweep | {"color": "#123456", "starred": True}
    assert house.submit()["slot"] == 1
    assert [found["id"] for found in house.get("/sweeps?starred=true")["items"]] == [sweep["id"]]


def test_several_seeds_make_one_group(house: House) -> None:
    first = house.submit(seeds=[5, 6, 7])
    group = house.get(f"/sweeps?group={first['group']}")["items"]
    assert [sweep["seed"] for sweep in group] == [7, 6, 5]
    assert house.submit(seeds=[3])["group"] is None


def test_an_idempotency_key_makes_a_sweep_once(house: House) -> None:
    def ask(key: str, **body: Any) -> Any:
        return house.client.post("/sweeps", json={"recipe": "toy", **body}, headers={"Idempotency-Key": key})

    first, again, other = ask("k"), ask("k"), ask("other")
    assert first.json()["id"] == again.json()["id"] != other.json()["id"]
    assert ask("k", num_iter=50).status_code == 409
    assert len(house.get("/sweeps")["items"]) == 2


def test_the_list_is_walked_in_pages_without_gap_or_repeat(house: House) -> None:
    made = [house.submit()["id"] for _ in range(7)]
    walked, cursor = [], ""
    while cursor is not None:
        page = house.get(f"/sweeps?limit=3{cursor and f'&cursor={cursor}'}")
        walked += [sweep["id"] for sweep in page["items"]]
        cursor = page["next"]
    assert walked == made[::-1]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("owner=bob", ["two"]),
        ("tag=x", ["two", "one"]),
        ("tag=X", []),
        ("q=ON", ["one"]),
        ("q=%25", []),
        ("status=queued", ["two", "one"]),
        ("recipe=other", []),
        ("archived=true", []),
    ],
)
def test_the_list_is_narrowed_by_each_filter(house: House, query: str, found: list[str]) -> None:
    house.submit(name="one", tags=["x"])
    body = {"recipe": "toy", "name": "two", "tags": ["y", "x"]}
    house.client.post("/sweeps", json=body, headers={"Lrscope-User": "bob"})
    assert [sweep["name"] for sweep in house.get(f"/sweeps?{query}")["items"]] == found


def test_a_change_touches_only_what_it_names(house: House) -> None:
    sweep = house.submit(name="one", tags=["x", "y"])
    changed = house.client.patch(f"/sweeps/{sweep['id']}", json={"tags": ["y", "z"], "notes": "ünïcode\nline"}).json()
    assert changed == sweep | {"tags": ["y", "z"], "notes": "ünïcode\nline"}


def test_a_deleted_sweep_is_gone_from_sight_and_comes_back(house: House) -> None:
    sweep = house.submit()["id"]
    assert house.client.delete(f"/sweeps/{sweep}").status_code == 204
    assert house.get("/sweeps")["items"] == []
    assert "restore" in house.client.get(f"/sweeps/{sweep}").json()["detail"]
    assert house.client.post(f"/sweeps/{sweep}/restore").json()["status"] == "cancelled"


def test_a_failed_sweep_is_tried_again_as_a_new_attempt(house: House) -> None:
    sweep = run(house, [1.0, 2.0], "failed")
    assert house.client.post(f"/sweeps/{sweep}/retry").json()["status"] == "queued"
    with house.connect() as worker:
        worker.hello()
        assert worker.expect(Assign).lease.attempt == 2
        assert house.get(f"/sweeps/{sweep}/points")["step"] == []


def test_a_clone_is_the_same_request_with_changes(house: House) -> None:
    sweep = house.submit(params={"width": 3}, tags=["x"], end_lr=1.0, seed=4)
    clone = house.client.post(f"/sweeps/{sweep['id']}/clone", json={"end_lr": 2.0}).json()
    same = ("params", "tags", "start_lr", "seed", "recipe", "name")
    assert clone["id"] != sweep["id"]
    assert clone["end_lr"] == 2.0
    assert [clone[field] for field in same] == [sweep[field] for field in same]
    assert house.client.post(f"/sweeps/{sweep['id']}/clone").status_code == 201


def test_points_after_a_step_are_those_above_it(house: House) -> None:
    sweep = run(house, [3.0, 2.0, math.nan, 1.0])
    got = house.get(f"/sweeps/{sweep}/points?after=1")
    assert (got["step"], got["loss"], got["next"]) == ([2, 3], [None, 1.0], 3)
    assert house.get(f"/sweeps/{sweep}/points?after=99") == {
        "step": [], "lr": [], "loss": [], "series": {}, "next": 99,
    }  # fmt: skip


def test_a_waiting_sweep_is_moved_to_the_front_whatever_the_priority_of_others(house: House) -> None:
    first, urgent, last = (house.submit(priority=priority)["id"] for priority in (0, 100, -100))
    for moved in (first, last):
        assert house.client.post(f"/sweeps/{moved}/front").json()["queue_position"] == 1
    assert [house.sweep(sweep)["queue_position"] for sweep in (last, first, urgent)] == [1, 2, 3]
    assert house.sweep(last)["priority"] == -100
    with house.connect() as worker:
        worker.hello()
        assert worker.expect(Assign).lease.sweep == last
        refused = house.client.post(f"/sweeps/{last}/front")
    assert refused.status_code == 409
    assert "running" in refused.json()["detail"]
    assert house.client.post("/sweeps/nothing/front").status_code == 404


def queue(house: House) -> list[str]:
    waiting = house.get("/sweeps?status=queued")["items"]
    return [sweep["id"] for sweep in sorted(waiting, key=lambda sweep: sweep["queue_position"])]


def test_a_waiting_sweep_goes_forward_and_back_by_places_and_stays_at_the_ends(house: House) -> None:
    a, b, c, d = (house.submit()["id"] for _ in range(4))

    def move(sweep: str, by: int | None) -> str:
        assert house.client.post(f"/sweeps/{sweep}/front", json={"by": by}).status_code == 200
        return "".join("abcd"[[a, b, c, d].index(sweep)] for sweep in queue(house))

    assert [move(d, 1), move(d, 1), move(a, -1), move(a, -9), move(c, 99), move(c, 1), move(b, None)] == [
        "abdc", "adbc", "dabc", "dbca", "cdba", "cdba", "bcda",
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_whoever_is_moved_all_others_keep_their_order_whatever_their_priority(house: House, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(8):
        house.submit(priority=chance.choice([0, 0, 50, -50]))
    order = queue(house)
    priorities = {sweep: house.sweep(sweep)["priority"] for sweep in order}
    for _ in range(12):
        place, by = chance.randrange(8), chance.randint(-4, 4)
        moved = order.pop(place)
        order.insert(min(max(place - by, 0), 7), moved)
        assert house.client.post(f"/sweeps/{moved}/front", json={"by": by}).status_code == 200
        assert queue(house) == order
    assert {sweep: house.sweep(sweep)["priority"] for sweep in order} == priorities


def test_what_is_asked_for_later_goes_behind_what_was_moved_and_before_what_was_not(house: House) -> None:
    a, b, c = (house.submit()["id"] for _ in range(3))
    house.client.post(f"/sweeps/{b}/front", json={"by": 1})
    urgent = house.submit(priority=100)["id"]
    assert queue(house) == [b, urgent, a, c]


def test_two_who_move_at_once_both_move(house: House) -> None:
    a, b, c = (house.submit()["id"] for _ in range(3))

    async def both() -> None:
        await asyncio.gather(*(house.rooms.sweeps.front(sweep, 1) for sweep in (c, c, b)))

    house.call(both)
    assert queue(house) == [c, b, a]


def test_a_sweep_that_was_handed_out_is_not_moved_and_named(house: House) -> None:
    a, b = (house.submit()["id"] for _ in range(2))
    with house.connect() as worker:
        worker.hello()
        worker.expect(Assign)
        refused = house.client.post(f"/sweeps/{a}/front", json={"by": -1})
        assert refused.status_code == 409
        assert refused.json()["detail"] == f"sweep {a} is running; only one that waits can be moved in the queue"
    assert queue(house) == [b]


@pytest.mark.parametrize("body", [{"by": 1.5}, {"by": "up"}, {"to": 1}, {"by": True}])
def test_a_move_is_by_whole_places(house: House, body: dict[str, Any]) -> None:
    sweep = house.submit()["id"]
    assert house.client.post(f"/sweeps/{sweep}/front", json=body).status_code == 422


def test_the_newest_pick_stands_and_the_history_stays(house: House) -> None:
    sweep = run(house, [1.0, 2.0])
    for lr, note in ((1e-3, "first"), (3e-3, "better")):
        reply = house.client.put(f"/sweeps/{sweep}/pick", json={"lr": lr, "note": note, "compared_with": [sweep]})
        assert reply.status_code == 200, reply.text
    assert [pick["note"] for pick in house.get(f"/sweeps/{sweep}/picks")] == ["better", "first"]
    got = house.sweep(sweep)["pick"]
    assert (got["lr"], got["author"], got["compared_with"]) == (3e-3, "ann", [sweep])


def test_a_pick_taken_back_stays_in_the_history_and_the_one_before_it_stands_again(house: House) -> None:
    sweep = run(house, [1.0, 2.0])
    for lr in (1e-3, 3e-3):
        house.client.put(f"/sweeps/{sweep}/pick", json={"lr": lr, "smoothing": 0.3})
    undo = {"headers": {"Lrscope-User": "bob"}}
    assert house.client.delete(f"/sweeps/{sweep}/pick", **undo).json()["pick"]["lr"] == 1e-3
    newest, first = house.get(f"/sweeps/{sweep}/picks")
    assert newest["id"] > first["id"]
    told = ("lr", "author", "smoothing", "withdrawn", "withdrawn_by")
    assert [newest[field] for field in told] == [3e-3, "ann", 0.3, True, "bob"]
    assert [first[field] for field in told] == [1e-3, "ann", 0.3, False, None]
    assert house.client.delete(f"/sweeps/{sweep}/pick").json()["pick"] is None
    assert house.client.delete(f"/sweeps/{sweep}/pick").status_code == 409
    house.client.put(f"/sweeps/{sweep}/pick", json={"lr": 2e-3})
    assert house.sweep(sweep)["pick"]["lr"] == 2e-3


def test_a_reading_needs_no_sweep(house: House) -> None:
    lr = [10 ** (-7 + 8 * i / 99) for i in range(100)]
    loss = [2.3 - 1.8 / (1 + 10 ** -(2 * (math.log10(x) + 3))) + (x if x > 0.3 else 0) ** 2 for x in lr]
    one = house.client.post("/readings", json={"lr": lr, "loss": loss}).json()
    assert one["low"] <= one["suggestion"] <= one["high"] < one["diverges_at"]
    assert [region["name"] for region in one["regions"]] == ["too_low", "sweet_spot", "unstable", "diverged"]
    assert {"from", "to", "decades", "name"} == set(one["regions"][0])
    curves = [{"lr": lr, "loss": loss}, {"lr": lr, "loss": [*loss[:-1], None]}]
    several = house.client.post("/readings", json={"curves": curves, "optimizer": "adamw"}).json()
    assert several["low"] <= several["suggestion"] <= several["high"]
    flat = house.client.post("/readings", json={"lr": lr, "loss": [1.0] * 100}).json()
    assert (flat["suggestion"], [reason["code"] for reason in flat["reasons"]]) == (None, ["no_descent"])


def test_workers_and_recipes_are_listed(house: House) -> None:
    sweep = house.submit()["id"]
    with house.connect("w") as worker:
        worker.hello()
        worker.expect(Assign)
        (seen,) = house.get("/workers")
        assert (seen["id"], seen["running"], seen["recipes"], seen["connected"]) == ("w", [sweep], ["toy"], True)
    (left,) = house.get("/workers")
    assert (left["connected"], left["running"]) == (False, [sweep])
    assert house.get("/recipes")[0]["params_schema"]["properties"]["width"]["maximum"] == 64


def test_health_and_version_answer(house: House) -> None:
    assert house.get("/health") == {"status": "ok"}
    assert house.get("/version")["user"] == "ann"
    assert "/sweeps/{sweep}/pick" in house.get("/openapi.json")["paths"]
    assert "swagger" in house.client.get("/docs").text
    assert house.client.get("/docs/assets/swagger-ui-bundle.js").status_code == 200


def test_the_docs_need_no_other_host_and_bring_their_licences(house: House) -> None:
    """Swagger UI 5.35.0 as its makers release it (npm: swagger-ui-dist), unchanged, with all of its notices."""
    assert re.findall(r'(?:src|href)="([^"]+)"', house.client.get("/docs").text) == [
        f"/docs/assets/{name}" for name in ("swagger-ui.css", "swagger-ui-bundle.js", "docs.js")
    ]
    found = {name: hashlib.sha256((STATIC / name).read_bytes()).hexdigest() for name in RELEASED}
    assert found == RELEASED
    (notices,) = re.findall(r"see (\S+LICENSE\.txt)", (STATIC / "swagger-ui-bundle.js").read_text("utf-8")[:200])
    for name in (notices, "swagger-ui.LICENSE.txt", "swagger-ui.NOTICE.txt"):
        assert (STATIC / name).stat().st_size > 0
