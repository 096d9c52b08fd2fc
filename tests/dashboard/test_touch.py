"""The plot under fingers, on a phone of 390 px: one moves the marker, two stretch and move the rates, a tap hides a curve."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.dashboard.fingers import Fingers, Place
from tests.dashboard.screens import PHONE
from tests.journeys.page_browser import Tab

pytestmark = pytest.mark.journey
Open = Callable[..., Tab]
ENDS = "() => lrscope.app.chart.div._fullLayout.xaxis.range"
WIDE = f"{3:016d}"


def at(tab: Tab, lr: float, down: float = 0) -> Place:
    return tab.px(lr), tab.middle() + down


def ends(tab: Tab, wait: str = "() => !lrscope.app.chart.queued") -> tuple[float, float]:
    tab.until(wait)
    low, high = tab.js(ENDS)
    return low, high


def test_a_finger_takes_the_marker_along_and_lets_it_stand(open_tab: Open) -> None:
    """My thumb pulls the marker over the plot: it follows, stays where I let go, and the page under it does not scroll."""
    tab = open_tab("done", **PHONE)
    tab.focus("wide sweet spot")
    fingers = Fingers(tab)
    fingers.move((at(tab, tab.lr), at(tab, 3e-3, -40)))
    assert tab.lr == pytest.approx(3e-3)
    fingers.move((at(tab, tab.lr), at(tab, 1e-2, 60)))
    assert tab.lr == pytest.approx(1e-2)
    expect(tab.page.get_by_role("group", name="The rate")).to_contain_text("1e-2")
    assert tab.js("() => [scrollX, scrollY]") == [0, 0]
    assert tab.js("() => lrscope.app.store.view.zoom") is None


def test_two_fingers_stretch_and_move_the_rates_and_two_taps_show_all_again(open_tab: Open) -> None:
    """I spread two fingers over the valley, the rates under them stay under them; both together push the plot along."""
    tab = open_tab("done", **PHONE)
    tab.drawn(3)
    tab.focus("wide sweet spot")
    whole = ends(tab)
    fingers = Fingers(tab)
    left, right = tab.px(1e-4), tab.px(1e-2)
    y = tab.middle() + 60
    fingers.send("touchStart", (left, y), (right, y))
    fingers.send("touchMove", (left - 20, y), (right + 30, y))
    tab.until("low => lrscope.app.chart.div._fullLayout.xaxis.range[0] > low + 0.1", whole[0])  # drawn under them
    fingers.send("touchMove", (left - 40, y), (right + 60, y))
    fingers.send("touchEnd")
    tab.until(
        "width => { const [a, b] = lrscope.app.chart.div._fullLayout.xaxis.range; return b - a < width; }",
        whole[1] - whole[0],
    )
    tab.until(
        "([px, lr]) => Math.abs(lrscope.axes.toPx(lrscope.app.chart.frame(), lr) + lrscope.app.chart.div.getBoundingClientRect().left - px) < 3",
        [left - 40, 1e-4],
    )
    assert tab.px(1e-2) == pytest.approx(right + 60, abs=3)

    near = ends(tab)
    fingers.move(((120, y), (180, y)), ((220, y), (280, y)))
    tab.until("low => lrscope.app.chart.div._fullLayout.xaxis.range[0] < low - 0.1", near[0])
    moved = ends(tab)
    assert moved[1] - moved[0] == pytest.approx(near[1] - near[0], rel=0.05)

    for _ in range(2):
        tab.page.touchscreen.tap(200, y)
    tab.until("() => lrscope.app.store.view.zoom === null")
    tab.until(
        "([low, high]) => { const [a, b] = lrscope.app.chart.div._fullLayout.xaxis.range; return Math.abs(a - low) < 0.01 && Math.abs(b - high) < 0.01; }",
        list(whole),
    )


def test_a_tap_on_the_legend_hides_a_curve_and_another_shows_it(open_tab: Open) -> None:
    """Two curves lie over each other: I tap one away in the legend, and back."""
    tab = open_tab("done", **PHONE)
    tab.drawn(3)
    name = tab.page.locator("#legend .legend__item", has_text="wide")
    name.scroll_into_view_if_needed()
    box = name.bounding_box()
    assert box is not None
    assert box["height"] >= 40
    name.tap()
    tab.until("id => !lrscope.app.store.visible.has(id)", WIDE)
    expect(name).to_have_attribute("aria-pressed", "false")
    tab.page.wait_for_timeout(400)  # or it were a double tap
    name.tap()
    tab.until("id => lrscope.app.store.visible.has(id)", WIDE)
    expect(name).to_have_attribute("aria-pressed", "true")
