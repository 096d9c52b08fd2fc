"""Views: what a page shows is kept under a name, and a link brings it back."""

import re
from typing import Any
from urllib.parse import quote

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
    "pane_y": [0, 12.5],
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
        ("pane_y", [2, 1]),
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


BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize("cut", ["06h0n2k", "06h0n2khrzynxpq3/more", "06H0N2KHRZYNXPQ3", "a\nb", "x" * 300])
def test_a_browser_is_told_on_a_page_that_a_link_was_cut_and_a_program_in_json(house: House, cut: str) -> None:
    path = f"/v/{quote(cut)}"
    page = house.client.get(path, headers=BROWSER)
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert f"<code>{cut[:80]}" in page.text
    assert 'href="/"' in page.text
    assert "default-src 'self'" in page.headers["content-security-policy"]
    for asked in re.findall(r'(?:src|href)="(.+?)"', page.text):
        assert house.client.get(asked).status_code == 200, asked
    assert house.client.head(path, headers=BROWSER).status_code == 404
    for program in ({"Accept": "application/json"}, {"Accept": "*/*"}, {}):
        assert house.client.get(path, headers=program).json()["status"] == 404
    assert house.client.post(path, headers=BROWSER).headers["content-type"] == "application/problem+json"


def test_nothing_of_a_cut_link_is_taken_for_html(house: House) -> None:
    page = house.client.get("/v/<script>alert(1)</script>&", headers=BROWSER)
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;" in page.text


def test_the_page_of_a_cut_link_runs_no_script_of_its_own_text(house: House) -> None:
    page = house.client.get("/v/", headers=BROWSER)
    assert "It has no id." in page.text
    assert re.findall(r"<script(?! src=)|style=| on\w+=|https?://", page.text) == []
