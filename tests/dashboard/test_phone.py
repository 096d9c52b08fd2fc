"""The page under a finger, on a phone: the header fits whatever it says, and a pick is one touch from the plot."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import Stage
from tests.dashboard.fingers import Fingers
from tests.dashboard.screens import PHONE, touched
from tests.journeys.page_browser import Tab

pytestmark = pytest.mark.journey
Open = Callable[..., Tab]


OVERLAP = """() => {
  const parts = [...document.querySelectorAll('.wordmark, .live, .queue, .who, .bar > .btn')].filter(one => one.checkVisibility()).map(one => [one.className, one.getBoundingClientRect()]);
  return parts.flatMap(([name, a], i) => parts.slice(i + 1).filter(([, b]) => a.left < b.right - 0.5 && b.left < a.right - 0.5).map(([other]) => `${name} over ${other}`))
    .concat(parts.filter(([, a]) => a.right > innerWidth + 0.5 || a.left < 0).map(([name]) => `${name} leaves the screen`));
}"""

WIDE = "() => document.documentElement.scrollWidth - innerWidth"


def drag_marker(tab: Tab, lr: float) -> None:
    y = tab.middle()
    Fingers(tab).move(((tab.px(tab.lr), y), (tab.px(lr), y - 40)))


def test_the_header_fits_while_it_reconnects_and_names_are_long(open_tab: Open, stage: Stage) -> None:
    """The network goes away on a small phone, and my name is long: nothing lies over anything."""
    tab = open_tab("starved", **touched(360, 740))
    tab.page.get_by_label("Your name").fill("Wilhelmina Featherstonehaugh-Cholmondeley")
    tab.page.get_by_label("Your name").blur()
    stage.fake.refusing = True
    stage.do(stage.fake.drop)
    tab.until("() => lrscope.app.store.connection.state === 'reconnecting'")
    assert tab.js(WIDE) <= 0
    assert tab.js(OVERLAP) == []
    stage.fake.refusing = False


def test_saving_is_one_touch_from_the_plot(open_tab: Open) -> None:
    """I drag the marker with my finger and read its rate under my thumb. There I take the suggestion instead, tap Save
    pick, and it says that it is saved."""
    tab = open_tab("done", **PHONE)
    tab.focus("wide sweet spot")
    drag_marker(tab, 3e-3)
    under_thumb = tab.page.get_by_role("group", name="The rate")
    expect(under_thumb).to_contain_text("3e-3")
    under_thumb.get_by_role("button", name="Use").click()  # no finger taps 80 ms after a drag, and no browser takes it
    expect(under_thumb.get_by_role("button", name="suggested")).to_be_disabled()
    under_thumb.get_by_role("button", name="Save pick").tap()
    expect(under_thumb.get_by_role("button", name="Saved")).to_be_disabled()
