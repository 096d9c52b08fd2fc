"""Views: what a page shows is kept under a name, and a link brings it back."""

import re
from typing import Any

import pytest

from lrscope.views import ViewState
from tests.server.conftest import House

SWEEP = "0" * 16
STATE: dict[str, Any] = {
    "sweeps": [SWEEP, "1" * 16],
    "focus": SWEEP,
    "baseline": "1" * 16,
    "smoothing": 0.3,
    "log_loss": True,
    "normalise": False,
    "align": "pick",
    "show_all": False,
    "layout": "multiples",
    "x": [1e-5, 1],
    "y": [0.1, 2.5],
    "pane": "grad_norm",
    "marker": 3e-4,
    "group": "seed",
}


def keep(house: House, name: str = "mine", **state: Any) -> Any:
    return house.client.post("/views", json={"name": name, "state": state}, headers={"Lrscope-User": "bob"})


def test_a_view_comes_back_as_it_was_kept(house: House) -> None:
    reply = keep(house, **STATE)
    view = reply.json()
    assert (reply.status_code, reply.headers["location"]) == (201, f"/v/{view['id']}")
    assert set(STATE) == set(ViewState.model_fields)
    assert house.get(f"/views/{view['id']}") == view
    assert (view["name"], view["owner"], view["state"]) == ("mine", "bob", STATE)


def test_what_a_view_leaves_out_is_null(house: House) -> None:
    assert set(keep(house).json()["state"].values()) == {None}


def test_views_are_listed_newest_first_until_they_are_taken_away(house: House) -> None:
    first, second = keep(house, "one").json()["id"], keep(house, "two").json()["id"]
    assert [view["name"] for view in house.get("/views")] == ["two", "one"]
    assert house.client.delete(f"/views/{second}").status_code == 204
    assert [view["id"] for view in house.get("/views")] == [first]
    for path in (f"/views/{second}", "/views/nothing"):
        assert house.client.get(path).status_code == 404
        assert house.client.delete(path).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sweeps", [SWEEP] * 201),
        ("sweeps", ["../../etc"]),
        ("focus", "<b>"),
        ("smoothing", -1),
        ("align", "left"),
        ("layout", 3),
        ("x", [1e-3]),
        ("x", [1, 1e-3]),
        ("y", [1, 1]),
        ("y", [0, "inf"]),
        ("pane", "<b>"),
        ("marker", 1e9),
        ("colour", "red"),
    ],
)
def test_a_view_that_no_page_could_show_is_refused_by_name(house: House, field: str, value: Any) -> None:
    reply = keep(house, **{field: value})
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["field"].startswith("state")
    assert house.get("/views") == []


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 121])
def test_a_view_has_a_name_of_one_line(house: House, name: str) -> None:
    assert keep(house, name).status_code == 422


def test_the_address_of_a_view_is_the_page(house: House) -> None:
    view = keep(house).json()["id"]
    page, home = house.client.get(f"/v/{view}"), house.client.get("/")
    assert page.status_code == 200
    assert re.findall(r' src="(.+?)"', page.text) == re.findall(r' src="(.+?)"', home.text) != []
    assert page.headers["content-type"] == home.headers["content-type"]
    assert house.client.post(f"/v/{view}").status_code == 405
    for other in ("/v/", "/v/short", f"/v/{view}/more"):
        assert house.client.get(other).status_code == 404
