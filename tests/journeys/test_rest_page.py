"""The page of the REST interface, as somebody reads it who writes a script against lrscope."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from lrscope_server.examples import SWEEP
from tests.journeys.conftest import Team
from tests.journeys.page_browser import Browsers, Tab

pytestmark = pytest.mark.journey
FAULTS = ("Not implemented", "Could not render", "Unknown Type", "Resolver error", "undefined")


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(verb, path, what is told of it)"""
    for path, verbs in schema["paths"].items():
        for verb, told in verbs.items():
            yield verb, path, told


def examples(told: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = told.get("requestBody", {}).get("content", {}).get("application/json", {})
    return {name: example["value"] for name, example in found.get("examples", {}).items()}


def test_every_request_can_be_read_and_tried(up: Team, browsers: Browsers) -> None:
    """Somebody opens /docs, unfolds everything there is, and asks for a range test from there. All of it is drawn in
    its section, without a complaint of the browser, and the body that stood ready is taken."""
    tab = Tab(browsers.stranger(), up.base)
    page = tab.page
    page.goto(f"{up.base}/docs")
    up.offered("digits-clean")
    told = list(operations(up.get("/openapi.json")))
    blocks = page.locator(".opblock")
    expect(blocks).to_have_count(len(told))
    assert page.locator(".opblock-tag a").all_inner_texts() == ["Sweeps", "Curves", "Picks", "Views", "The service"]

    page.evaluate("() => document.querySelectorAll('.opblock-summary-control').forEach(head => head.click())")
    expect(page.locator(".opblock.is-open .opblock-body")).to_have_count(len(told))
    shown = page.locator("#docs").inner_text().replace("\u200b", "")
    assert [path for _, path, _ in told if path not in shown] == []
    assert [fault for fault in FAULTS if fault in shown] == []
    assert page.locator(".body-param__example").count() == sum("requestBody" in each for _, _, each in told)

    submit = page.locator("#operations-Sweeps-submit_sweeps_post")
    submit.get_by_role("button", name="Try it out").click()
    submit.get_by_role("button", name="Execute").click()
    expect(submit.locator(".live-responses-table .response-col_status").last).to_contain_text("201")
    expect(submit.locator(".live-responses-table")).to_contain_text('"recipe": "digits-clean"')
    assert tab.wrong == []
    page.context.close()


def test_every_example_is_taken_as_it_stands(up: Team) -> None:
    """Each body that /docs offers is sent to a sweep that has ended, or that waits where only such a one can be asked."""
    up.offered("digits-clean")
    ended = up.ended(up.submit("digits-clean")["id"])["id"]
    waits = up.submit("digits-clean", device="cuda")["id"]
    sent = 0
    for verb, path, told in operations(up.get("/openapi.json")):
        bodies = examples(told)
        assert bool(bodies) == ("requestBody" in told), (verb, path)
        for name, body in bodies.items():
            address = path.format(sweep=waits if path.endswith("/front") else ended)
            reply = up.http.request(verb, address, json=json.loads(json.dumps(body).replace(SWEEP, ended)))
            assert reply.is_success, (verb, path, name, reply.text)
            sent += 1
    assert sent > 15
    up.http.delete(f"/sweeps/{ended}")  # and with it its trainings
    for left in up.get("/sweeps?status=queued")["items"]:
        up.http.post(f"/sweeps/{left['id']}/cancel")
