"""Wrong input on every route: a 4xx that names the field and the value, and nothing changed."""

import json
from typing import Any
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
from starlette.websockets import WebSocketDisconnect

from lrscope.recipe import RecipeInfo
from lrscope_server.tables import Base
from tests.server.conftest import House

NOBODY = "0000000000000000"

BAD_SWEEPS: list[tuple[dict[str, Any], str]] = [
    ({}, "recipe"),
    ({"recipe": "nope"}, "recipe"),
    ({"recipe": "../x"}, "recipe"),
    ({"recipe": "toy", "start_lr": 0}, "start_lr"),
    ({"recipe": "toy", "start_lr": -1e-3}, "start_lr"),
    ({"recipe": "toy", "start_lr": True}, "start_lr"),
    ({"recipe": "toy", "start_lr": "1e-3"}, "start_lr"),
    ({"recipe": "toy", "start_lr": 1, "end_lr": 0.1}, "end_lr"),
    ({"recipe": "toy", "start_lr": 1, "end_lr": 1}, "end_lr"),
    ({"recipe": "toy", "num_iter": 1}, "num_iter"),
    ({"recipe": "toy", "num_iter": 10.5}, "num_iter"),
    ({"recipe": "toy", "num_iter": 10**6}, "num_iter"),
    ({"recipe": "toy", "num_iter": 10**400}, "num_iter"),
    ({"recipe": "toy", "mode": "log"}, "mode"),
    ({"recipe": "toy", "seed": -1}, "seed"),
    ({"recipe": "toy", "seeds": []}, "seeds"),
    ({"recipe": "toy", "seeds": [1, 1]}, "seeds"),
    ({"recipe": "toy", "seed": 1, "seeds": [2]}, "seeds"),
    ({"recipe": "toy", "diverge_ratio": 1}, "diverge_ratio"),
    ({"recipe": "toy", "priority": 1000}, "priority"),
    ({"recipe": "toy", "device": "tpu"}, "device"),
    ({"recipe": "toy", "name": ""}, "name"),
    ({"recipe": "toy", "name": "x" * 121}, "name"),
    ({"recipe": "toy", "name": "nul\0"}, "name"),
    ({"recipe": "toy", "name": "two\nlines"}, "name"),
    ({"recipe": "toy", "tags": ["\ud800"]}, "tags"),
    ({"recipe": "toy", "module": "os"}, "module"),
    ({"recipe": "toy", "params": {"widht": 3}}, "params.widht"),
    ({"recipe": "toy", "params": {"width": 65}}, "params.width"),
    ({"recipe": "toy", "params": {"width": 1.5}}, "params.width"),
    ({"recipe": "toy", "params": {"kind": "c"}}, "params.kind"),
    ({"recipe": "toy", "params": {"width": {"$ref": "file:///etc/passwd"}}}, "params"),
]


@pytest.fixture
def house(lasting_house: House) -> House:
    return lasting_house


@pytest.mark.parametrize(("body", "field"), BAD_SWEEPS, ids=[f"{field}-{i}" for i, (_, field) in enumerate(BAD_SWEEPS)])
def test_a_wrong_sweep_is_refused_by_field(house: House, body: dict[str, Any], field: str) -> None:
    before = everything(house)
    reply = house.client.post("/sweeps", content=json.dumps(body), headers={"content-type": "application/json"})
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"
    problem = reply.json()
    assert {"type", "title", "status", "detail", "errors"} == set(problem)
    assert problem["status"] == 422
    assert any(field in error["field"] + error["reason"] for error in problem["errors"]), problem
    assert all({"field", "value", "reason"} == set(error) for error in problem["errors"])
    assert everything(house) == before


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '"x"', "NaN", '{"recipe": "toy", "start_lr": NaN}', '{"recipe": 1e999}']
)
@pytest.mark.parametrize("path", ["/sweeps", "/readings"])
def test_a_body_that_is_not_such_an_object_is_refused(house: House, path: str, text: str) -> None:
    reply = house.client.post(path, content=text, headers={"content-type": "application/json"})
    assert reply.status_code == 422
    assert reply.json()["detail"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_only_json_is_taken(house: House, kind: str) -> None:
    before = everything(house)
    reply = house.client.post("/sweeps", content='{"recipe": "toy"}', headers={"content-type": kind})
    assert reply.status_code in (415, 422)
    assert everything(house) == before


READINGS: list[tuple[dict[str, Any], str]] = [
    ({}, "lr"),
    ({"lr": [1.0]}, "loss"),
    ({"lr": [1.0, 2.0], "loss": [1.0]}, "loss"),
    ({"lr": [2.0, 1.0], "loss": [1.0, 1.0]}, "lr[1]"),
    ({"lr": [0.0, 1.0], "loss": [1.0, 1.0]}, "lr[0]"),
    ({"lr": [None], "loss": [1.0]}, "lr"),
    ({"curves": []}, "curves"),
    ({"curves": [{"lr": [1.0], "loss": [1.0]}], "lr": [1.0]}, "curves"),
    ({"lr": [1.0], "loss": [1.0], "optimiser": "sgd"}, "optimiser"),
]


@pytest.mark.parametrize(("body", "field"), READINGS, ids=[str(i) for i in range(len(READINGS))])
def test_a_wrong_curve_is_refused_by_field(house: House, body: dict[str, Any], field: str) -> None:
    reply = house.client.post("/readings", json=body)
    assert reply.status_code == 422
    assert any(field in error["field"] for error in reply.json()["errors"]), reply.json()


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("GET", "/points", None),
        ("GET", "/points.csv", None),
        ("GET", "/reading", None),
        ("GET", "/traceback", None),
        ("GET", "/log", None),
        ("GET", "/picks", None),
        ("PATCH", "", {}),
        ("DELETE", "", None),
        ("POST", "/restore", None),
        ("POST", "/cancel", None),
        ("POST", "/retry", None),
        ("POST", "/clone", {}),
        ("PUT", "/pick", {"lr": 1e-3}),
    ],
)
@pytest.mark.parametrize("sweep", [NOBODY, "nul%00", "x" * 300, "..%2f..%2fetc"])
def test_a_sweep_that_does_not_exist_is_404_everywhere(
    house: House, method: str, path: str, body: Any, sweep: str
) -> None:
    reply = house.client.request(method, f"/sweeps/{sweep}{path}", json=body)
    assert reply.status_code in (404, 405 if "/" in unquote(sweep) else 404)  # a slash makes it another route's path
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("query", ["limit=0", "limit=1000", "status=waiting", "colour=red", "archived=perhaps"])
def test_a_wrong_query_is_refused(house: House, query: str) -> None:
    assert house.client.get(f"/sweeps?{query}").status_code == 422


def test_wrong_changes_and_picks_are_refused(house: House) -> None:
    sweep = house.submit()["id"]
    before = everything(house)
    for change in (
        {"name": None, "nme": 1},
        {"color": "red"},
        {"tags": "x"},
        {"notes": "x" * 20_000},
        {"status": "done"},
    ):
        assert house.client.patch(f"/sweeps/{sweep}", json=change).status_code == 422
    for pick in ({}, {"lr": 0}, {"lr": 50.0}, {"lr": 1e-9}, {"lr": 1e-3, "compared_with": [NOBODY]}, {"lr": "1e-3"}):
        reply = house.client.put(f"/sweeps/{sweep}/pick", json=pick)
        assert reply.status_code == 422, reply.text
    assert house.client.get(f"/sweeps/{sweep}/points?after=-2").status_code == 422
    assert everything(house) == before


def test_what_the_state_forbids_is_409_with_the_reason(house: House) -> None:
    sweep = house.submit()["id"]
    assert "queued" in house.client.post(f"/sweeps/{sweep}/retry").json()["detail"]
    house.client.post(f"/sweeps/{sweep}/cancel")
    reply = house.client.post(f"/sweeps/{sweep}/cancel")
    assert reply.status_code == 409
    assert "cancelled" in reply.json()["detail"]


@pytest.mark.parametrize("name", ["%FF", "", "a%0Ab", "x" * 121])
def test_a_name_that_is_none_is_refused(house: House, name: str) -> None:
    reply = house.client.post("/sweeps", json={"recipe": "toy"}, headers={"Lrscope-User": name})
    assert reply.status_code == 422


def test_unknown_paths_and_methods_are_problems_too(house: House) -> None:
    for method, path, status in (
        ("GET", "/nope", 404),
        ("HEAD", "/nope", 404),
        ("DELETE", "/recipes", 405),
        ("GET", "/readings", 405),
        ("GET", "/sweeps/", 404),
        ("GET", "/favicon.ico", 404),
    ):
        reply = house.client.request(method, path)
        assert (method, path, reply.status_code) == (method, path, status)
        assert reply.headers["content-type"] == "application/problem+json"


def test_a_huge_body_is_refused_whether_it_says_so_or_not(house: House) -> None:
    big = b'{"recipe": "' + b"x" * 70_000 + b'"}'
    assert house.client.post("/sweeps", content=big).status_code == 413
    assert house.client.post("/sweeps", content=iter([big[:100], big[100:]])).status_code == 413


def test_asking_changes_nothing(house: House) -> None:
    sweep = house.submit()["id"]
    before = everything(house)
    for path in ("", "/points", "/reading", "/picks", "/cancel", "/retry", "/pick"):
        house.client.get(f"/sweeps/{sweep}{path}")
        house.client.head(f"/sweeps/{sweep}{path}")
    assert everything(house) == before


def everything(house: House) -> list[Any]:
    """Every row of every table."""

    def rows(session: Any) -> list[Any]:
        return [
            [tuple(row) for row in session.execute(sa.select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
        ]

    found: list[Any] = house.call(house.rooms.store.read, rows)
    return found


def test_no_schema_makes_the_server_ask_another_host(house: House) -> None:
    far = RecipeInfo(name="far", description="", params_schema={"properties": {"a": {"$ref": "http://127.0.0.1:9/x"}}})
    with house.connect() as worker:
        worker.hello(recipes=(far,))
        reply = house.client.post("/sweeps", json={"recipe": "far", "params": {"a": 1}})
        assert reply.status_code == 422
        assert "schema is broken" in reply.json()["detail"]


def test_a_recipe_whose_schema_is_none_is_refused_by_name(house: House) -> None:
    bad = RecipeInfo(name="bad", description="", params_schema={"properties": {"a": {"type": "complex"}}})
    with pytest.raises(WebSocketDisconnect) as closed, house.connect() as worker:
        worker.hello(recipes=(bad,))
    assert closed.value.code == 4400
    assert "bad" in (closed.value.reason or "")


def test_a_float_is_no_whole_number_even_when_it_looks_like_one(house: House) -> None:
    with house.connect() as worker:
        worker.hello()
        reply = house.client.post("/sweeps", content=b'{"recipe": "toy", "params": {"width": 8.0}}')
        assert reply.status_code in (415, 422)
        reply = house.client.post(
            "/sweeps",
            content=b'{"recipe": "toy", "params": {"width": 8.0}}',
            headers={"content-type": "application/json"},
        )
        assert reply.status_code == 422
        assert reply.json()["errors"][0]["field"] == "params.width"
