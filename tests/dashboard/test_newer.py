"""The server is updated while pages are open: a page of before is told to load itself again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import Stage
from tests.journeys.page_browser import Tab

pytestmark = pytest.mark.journey
Open = Callable[..., Tab]
OWN = "**/page/page.*.js"


def cut(tab: Tab, stage: Stage) -> None:
    connections = tab.js("() => lrscope.app.feed.connections")
    stage.do(stage.fake.drop)
    tab.until("before => lrscope.app.feed.connections > before", connections, timeout_s=15)


def test_a_page_of_an_older_server_asks_to_be_loaded_again(open_tab: Open, stage: Stage) -> None:
    """I left the page open overnight and the server was updated: it says so, and one click brings the new page with what
    I had on the plot. A line that was merely cut is no reason to say anything."""
    tab = open_tab("done")
    tab.focus("noisy")
    told = tab.page.get_by_role("status").filter(has_text="The server has another version now")
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.method) if "/page/page." in request.url else None)
    cut(tab, stage)
    tab.wait(lambda: asked == ["HEAD"])
    tab.page.wait_for_timeout(200)
    expect(told).to_be_hidden()

    tab.page.route(OWN, lambda route: route.fulfill(status=404))
    cut(tab, stage)
    expect(told).to_be_visible()
    tab.page.unroute(OWN)
    told.get_by_role("button", name="Load again").click()
    tab.until("() => lrscope.app && lrscope.app.feed.connections === 1", timeout_s=30)
    tab.until("() => !document.querySelector('.bones')")
    expect(tab.page.locator("#focus h2")).to_have_text("noisy")
    expect(told).to_be_hidden()
