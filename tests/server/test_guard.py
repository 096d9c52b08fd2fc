"""Who may call: a page of another site may not reach this server through its visitor's browser."""

import re

import pytest
from starlette.websockets import WebSocketDisconnect

from tests.server.conftest import WS, House

FOREIGN_HOSTS = ["evil.example", "127.0.0.1.evil.example", "localhost.", "0.0.0.0", "a@127.0.0.1", ""]
PATHS = ["/", "/health", "/sweeps", "/views", "/v/0123456789abcdef", "/_dash-layout", "/assets/mark.svg", "/nope"]


@pytest.fixture
def house(lasting_house: House) -> House:
    return lasting_house


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
@pytest.mark.parametrize("path", PATHS)
def test_a_foreign_host_is_refused_on_every_path_and_told_which_setting(house: House, path: str, host: str) -> None:
    reply = house.client.get(path, headers={"host": host})
    assert reply.status_code == 403
    assert "LRSCOPE_ALLOWED_HOSTS" in reply.json()["detail"]


@pytest.mark.parametrize("host", ["127.0.0.1:1", "LOCALHOST", "[::1]:8000"])
def test_an_allowed_host_is_known_by_name_whatever_its_port_or_case(house: House, host: str) -> None:
    assert house.client.get("/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/ws/view", "/ws/work", "/_dash-ws-callback"])
@pytest.mark.parametrize(
    "headers",
    [{"host": "evil.example"}, {"origin": "http://evil.example"}, {"origin": "null"}, {"origin": "http://127.0.0.1:9"}],
)
def test_a_foreign_websocket_is_refused(house: House, path: str, headers: dict[str, str]) -> None:
    with pytest.raises(WebSocketDisconnect) as closed, house.client.websocket_connect(f"{WS}{path}", headers=headers):
        pass
    assert closed.value.code == 4403


@pytest.mark.parametrize(
    "headers", [{"origin": "http://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}]
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_another_site_changes_nothing(house: House, method: str, headers: dict[str, str]) -> None:
    sweep = house.submit()["id"]
    reply = house.client.request(method, f"/sweeps/{sweep}", json={}, headers=headers)
    assert reply.status_code == 403
    assert house.sweep(sweep)["status"] == "queued"


@pytest.mark.parametrize("route", ["POST /views", "POST /sweeps/v/front", "DELETE /views/v", "DELETE /sweeps/v/pick"])
def test_another_site_may_not_use_the_routes_of_the_page(house: House, route: str) -> None:
    method, path = route.split()
    body = {"json": {"name": "evil", "state": {}}} if method == "POST" else {}
    assert house.client.request(method, path, headers={"origin": "http://evil.example"}, **body).status_code == 403
    assert house.get("/views") == []


def test_the_own_page_may(house: House) -> None:
    own = {"origin": "http://127.0.0.1:8000", "sec-fetch-site": "same-origin"}
    assert house.client.post("/sweeps", json={"recipe": "toy"}, headers=own).status_code == 201


@pytest.mark.parametrize("path", ["/", "/health", "/nope", "/_dash-layout", "/docs", "/v/0123456789abcdef"])
def test_every_reply_has_the_policy(house: House, path: str) -> None:
    headers = house.client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'self' 'sha256-" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in headers


def files_of(page: str) -> list[str]:
    """Every script, style, font and picture that the page's HTML names."""
    return re.findall(r'(?:src|href)="([^"]+)"', page)


def test_every_file_of_the_page_is_versioned_compressed_and_kept_for_ever(house: House) -> None:
    page = house.client.get("/")
    files = files_of(page.text)
    assert {file.rpartition(".")[2] for file in files} == {"css", "js", "svg", "woff2"}
    for file in files:
        assert re.search(r"\.[0-9a-f]{12}\.|\.v[0-9_]+m[0-9]+\.", file), file
        headers = house.client.get(file).headers
        assert headers["cache-control"] == "public, max-age=31536000, immutable", file
        assert headers.get("content-encoding") == (None if file.endswith("woff2") else "gzip"), file
        assert headers["vary"] == "Accept-Encoding", file
    assert "immutable" not in page.headers.get("cache-control", "")
    assert "immutable" not in house.client.get("/page/page.000000000000.js").headers.get("cache-control", "")


def test_a_file_is_the_same_whether_it_was_compressed_or_not_and_is_not_sent_twice(house: House) -> None:
    for file in files_of(house.client.get("/").text):
        packed, plain = (house.client.get(file, headers={"accept-encoding": how}) for how in ("gzip", "identity"))
        assert packed.content == plain.content
        assert "content-encoding" not in plain.headers
        again = house.client.get(file, headers={"if-none-match": packed.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["cache-control"] == packed.headers["cache-control"]
        head = house.client.head(file)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == packed.headers["content-length"]


def test_the_styles_ask_for_the_files_that_the_page_loads_ahead(house: House) -> None:
    page = house.client.get("/").text
    font = re.search(r'rel="preload" as="font" type="font/woff2" href="([^"]+)" crossorigin', page)
    mark = re.search(r'rel="icon" type="image/svg\+xml" href="([^"]+)"', page)
    styles = re.search(r'rel="stylesheet" href="([^"]+)"', page)
    assert font is not None
    assert mark is not None
    assert styles is not None
    asked = re.findall(r'url\("?([^")]+)', house.client.get(styles[1]).text)
    assert {url for url in asked if not url.startswith("data:")} == {font[1], mark[1]}


def test_versions_that_somebody_makes_up_take_no_memory(house: House) -> None:
    suite = next(file for file in files_of(house.client.get("/").text) if "/dash_ag_grid/" in file)
    real = house.client.get(suite)
    for made_up in range(3):
        same = house.client.get(re.sub(r"\.v\w+m\d+\.", f".v9m{made_up}.", suite))
        assert same.headers["etag"] == real.headers["etag"]
    assert house.client.get("/_dash-component-suites/os/path.v1m1.py").status_code >= 400


@pytest.mark.parametrize("path", ["/", "/health", "/sweeps", "/openapi.json", "/docs"])
def test_head_is_answered_as_get_is_without_a_body(house: House, path: str) -> None:
    reply = house.client.head(path)
    assert reply.status_code == 200
    assert reply.content == b""
    assert reply.headers["content-type"] == house.client.get(path).headers["content-type"]


def test_a_refusal_carries_the_security_headers_too(house: House) -> None:
    reply = house.client.get("/", headers={"host": "evil.example"})
    assert reply.headers["x-frame-options"] == "DENY"
    assert "default-src 'self'" in reply.headers["content-security-policy"]
