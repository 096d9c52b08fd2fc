"""Three hundred sweeps in the list and ten on the plot."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from lrscope.spec import Status
from tests.dashboard.conftest import Stage
from tests.dashboard.fake_server import ask
from tests.journeys.page_browser import Tab

pytestmark = pytest.mark.journey
Open = Callable[..., Tab]
MANY, DRAWN = 300, 10
FOCUSED = "() => lrscope.app.store.focused().name"
STANDING = """() => [...document.querySelectorAll('.grid .ag-center-cols-container .ag-row')]
  .map(row => row.querySelector('.cell__main')?.textContent || '')"""


def fill(stage: Stage) -> list[str]:
    """The newest ten are drawn."""
    source = stage.source
    ids = []
    for k in range(MANY):
        ids.append(ask(source, f"run {k:03d}", ("digits-clean", "digits-noisy", "digits-wide")[k % 3], seed=k))
        if k < MANY - DRAWN:
            source.change(ids[-1], status=Status.CANCELLED)
        else:
            source.finish(ids[-1])
    return ids[-DRAWN:]


def test_every_one_is_found_by_scrolling_by_filter_and_by_keys(open_tab: Open, stage: Stage) -> None:
    """Our server is a year old: I scroll to the oldest sweep and lose none on the way, filter, and walk with j and k."""
    stage.play("empty")
    newest = stage.do(fill, stage)
    tab = open_tab()
    tab.js("ids => lrscope.app.store.display(ids)", newest)
    tab.until("n => lrscope.app.list.api && lrscope.app.list.place.size === n", MANY)
    tab.drawn(DRAWN)
    seen: set[str] = set()
    tab.page.locator(".grid").hover()
    for _ in range(100):
        seen.update(tab.js(STANDING))
        if len(seen - {""}) == MANY:
            break
        tab.page.mouse.wheel(0, 400)
        tab.page.wait_for_timeout(50)
    assert seen - {""} == {f"run {k:03d}" for k in range(MANY)}
    expect(tab.row("run 000")).to_be_visible()

    search = tab.page.get_by_label("Filter sweeps")
    search.fill("run 29")
    found = tab.page.locator(".grid .ag-center-cols-container .ag-row")
    expect(found).to_have_count(13)  # 290 to 299, and 029, 129, 229
    search.fill("")
    tab.until("n => lrscope.app.list.place.size === n", MANY)
    search.blur()
    tab.js("() => lrscope.app.list.api.ensureIndexVisible(0)")
    tab.focus("run 299")
    for k in range(40):
        tab.page.keyboard.press("j")
        assert tab.js(FOCUSED) == f"run {298 - k}"
    expect(tab.row("run 259")).to_be_in_viewport()
    for _ in range(40):
        tab.page.keyboard.press("k")
    assert tab.js(FOCUSED) == "run 299"
    expect(tab.row("run 299")).to_be_in_viewport()
    assert tab.js("() => lrscope.app.list.place.size") == MANY
