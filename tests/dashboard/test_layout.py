"""The page without a browser: what it is made of, and what it hands to whoever serves it."""

import json
import re
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from lrscope_dashboard import ids
from lrscope_dashboard.app import build
from lrscope_dashboard.layout import page
from tests.dashboard.fake_source import FakeSource


def found_ids(node: Any) -> list[str]:
    if isinstance(node, dict):
        here = [json.dumps(node["id"], sort_keys=True)] if "id" in node else []
        return here + [id for value in node.values() for id in found_ids(value)]
    return [id for item in node for id in found_ids(item)] if isinstance(node, list) else []


def layout_json() -> Any:
    made: Any = page()
    return json.loads(json.dumps(made, default=lambda part: part.to_plotly_json()))


def test_the_layout_is_plain_json_and_every_id_stands_once() -> None:
    found = found_ids(layout_json())
    assert len(found) == len(set(found))


def test_every_id_that_the_scripts_and_callbacks_name_is_in_the_layout() -> None:
    found = set(found_ids(layout_json()))
    patterns = {"FIELD", "PARAM", "FLAG"}
    named = {value for name, value in vars(ids).items() if name.isupper() and name not in patterns}
    assert {json.dumps(value) for value in named} <= found


def test_no_points_are_drawn_by_dash() -> None:
    assert "Graph" not in json.dumps(layout_json())


@pytest.fixture(scope="module")
def client() -> TestClient:
    server = FastAPI()
    build(server, FakeSource())
    return TestClient(server)


def test_the_page_says_its_language_and_title_and_loads_only_its_own_files(client: TestClient) -> None:
    html = client.get("/").text
    assert '<html lang="en">' in html
    assert "<title>lrscope</title>" in html
    assert "http://" not in html.replace("http://www.w3.org", "")
    assert "https://" not in html


def test_scripts_come_in_the_order_in_which_they_build_on_each_other(client: TestClient) -> None:
    html = client.get("/").text
    (address,) = re.findall(r'src="(/page/page\.[^"]+)"', html)
    script = client.get(address).text
    order = [script.index(f"lrscope.{name} =") for name in ("numbers", "Store", "Chart", "Export")]
    assert order == sorted(order)
    assert html.index("plotly") < html.index(address) < html.index("new DashRenderer")


def test_all_inline_scripts_can_be_named_in_a_content_policy() -> None:
    hashes = build(FastAPI(), FakeSource()).csp_hashes()
    assert hashes
    assert all(item.startswith("'sha256-") for item in hashes)


def test_two_pages_can_live_in_one_process() -> None:
    first, second = (build(FastAPI(), FakeSource()) for _ in range(2))
    assert set(first.callback_map) == set(second.callback_map) != set()


def test_dash_opens_no_socket_of_its_own(client: TestClient) -> None:
    assert "websocket" not in client.get("/").text.lower()
