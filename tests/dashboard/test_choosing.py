"""Choosing a rate: the marker by mouse, touch and key, the typed value, the saved pick, and everybody else's page."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import Stage
from tests.journeys.page_browser import Tab

pytestmark = pytest.mark.journey
Open = Callable[..., Tab]
CLEAN, WIDE = "0000000000000001", "0000000000000003"


def rate(tab: Tab) -> Any:
    return tab.page.get_by_role("textbox", name="Learning rate")


def test_the_marker_is_dragged_while_curves_stream_and_is_never_pulled_away(open_tab: Open, stage: Stage) -> None:
    tab = open_tab("demo", rate=40)
    tab.drawn(3)
    seen: list[float] = []

    def hold() -> None:
        draws = tab.js("() => lrscope.app.chart.draws")
        tab.until("before => lrscope.app.chart.draws > before + 1", draws)
        seen.append(tab.lr)
        expect(tab.page.locator("#readout h3")).to_have_text("At " + tab.js("lr => lrscope.numbers.format(lr)", tab.lr))

    tab.drag(1e-5, meanwhile=hold)
    assert 1e-5 < seen[0] < 1e-3
    assert tab.lr == 1e-5
    expect(rate(tab)).to_have_value("1e-5")
    assert tab.marker.get_attribute("aria-valuetext") == "1e-5"
    expect(tab.page.locator("#readout tbody tr", has_text="clean")).to_contain_text("2.")
    tab.until("() => lrscope.words.ended(lrscope.app.store.focused())")
    tab.page.wait_for_timeout(200)
    assert tab.lr == 1e-5
    assert abs(tab.px(1e-5) - _line(tab)) < 1.5


def _line(tab: Tab) -> float:
    box = tab.page.locator(".marker__line").bounding_box()
    assert box is not None
    return float(box["x"] + box["width"] / 2)


def test_keys_move_the_marker_within_the_swept_range_and_escape_puts_it_back(open_tab: Open) -> None:
    tab = open_tab("done")
    tab.focus("wide sweet spot")
    tab.page.keyboard.press("m")
    expect(tab.marker).to_be_focused()
    start = tab.lr
    tab.marker.press("ArrowRight")
    assert tab.lr == pytest.approx(start * 10**0.05, rel=0.06)
    tab.marker.press("Shift+ArrowLeft")
    assert tab.lr == pytest.approx(start * 10**-0.2, rel=0.08)
    tab.marker.press("End")
    tab.marker.press("ArrowRight")
    assert tab.lr == 10
    tab.marker.press("Escape")
    assert tab.lr == start
    tab.marker.press("Home")
    assert tab.lr == 1e-7
    expect(tab.marker).to_have_attribute("aria-valuetext", "1e-7")


def test_a_finger_drags_the_marker(open_tab: Open) -> None:
    tab = open_tab("done", viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    tab.drawn(3)
    touch, y = tab.page.context.new_cdp_session(tab.page), tab.middle()

    def send(kind: str, x: float | None = None) -> None:
        points = [] if x is None else [{"x": x, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    begin, end = tab.px(tab.lr), tab.px(1e-4)
    send("touchStart", begin)
    for k in range(1, 9):
        send("touchMove", begin + (end - begin) * k / 8)
    send("touchEnd")
    assert tab.lr == pytest.approx(1e-4, rel=0.06)


def test_a_typed_rate_moves_the_marker_and_junk_is_told_under_it(open_tab: Open) -> None:
    tab = open_tab("done")
    tab.focus("wide sweet spot")
    for text in ("3e-4", "0.0003", "0,0003"):
        rate(tab).fill(text)
        assert tab.lr == 3e-4
    error = tab.page.locator("#rate-error")
    rate(tab).fill("soon")
    expect(error).to_contain_text("Not a rate")
    expect(tab.page.locator("#save-pick")).to_be_disabled()
    rate(tab).fill("50")
    expect(error).to_contain_text("Outside the swept range, 1e-7 to 10")
    assert tab.lr == 3e-4
    rate(tab).fill("5e-3")
    expect(error).to_be_hidden()
    assert tab.lr == 5e-3


def test_the_suggestion_is_taken_with_one_click(open_tab: Open) -> None:
    tab = open_tab("done")
    tab.focus("clean")
    use = tab.page.get_by_role("button", name="Use suggestion")
    use.click()
    suggestion = tab.js("() => lrscope.app.store.readings.get(lrscope.app.store.focus).suggestion")
    assert tab.lr == pytest.approx(suggestion, rel=0.05)
    expect(tab.page.get_by_role("button", name="is the suggestion")).to_be_disabled()


def test_a_saved_pick_stands_in_every_open_page_at_once(open_tab: Open, stage: Stage) -> None:
    mine = open_tab("done")
    mine.page.get_by_placeholder("Your name").fill("Zoë 🦉")
    mine.page.keyboard.press("Enter")
    mine.focus("wide sweet spot")
    other = open_tab(alone=True)
    other.focus("wide sweet spot")
    mine.drag(2e-3)
    mine.page.get_by_placeholder("Why this rate?").fill("left of the noise")
    mine.page.locator("#save-pick").click()
    expect(mine.page.locator("#save-pick")).to_have_text("Saved")
    expect(mine.page.locator("#save-pick")).to_be_disabled()
    expect(other.page.locator("#picks")).to_contain_text("left of the noise")
    expect(other.page.locator("#picks")).to_contain_text("Zoë 🦉")
    expect(other.page.locator(".pick__tag", has_text="Zoë 🦉 · 2e-3")).to_be_attached()
    expect(other.row("wide sweet spot")).to_contain_text("2e-3")
    pick = stage.source.history[WIDE][0]
    assert (pick.lr, pick.author, pick.note) == (2e-3, "Zoë 🦉", "left of the noise")
    assert CLEAN in pick.compared_with
    assert WIDE not in pick.compared_with


def test_another_persons_pick_does_not_move_a_marker_that_was_touched(open_tab: Open, stage: Stage) -> None:
    tab = open_tab("done")
    tab.focus("wide sweet spot")
    rate(tab).fill("3e-4")
    stage.do(stage.source.pick, WIDE, 0.1, "", [], "lin")
    expect(tab.page.locator("#picks")).to_contain_text("lin")
    expect(tab.page.locator("#choice")).to_contain_text("stands: 0.1 by lin")
    assert tab.lr == 3e-4


def test_a_pick_that_cannot_be_saved_says_why_and_keeps_the_note(open_tab: Open, stage: Stage) -> None:
    tab = open_tab("done")
    tab.focus("wide sweet spot")
    tab.page.get_by_placeholder("Why this rate?").fill("because")
    tab.page.route("**/pick", lambda route: route.abort())
    tab.page.locator("#save-pick").click()
    expect(tab.page.locator("#choice")).to_contain_text("cannot be reached")
    expect(tab.page.get_by_placeholder("Why this rate?")).to_have_value("because")
    expect(tab.page.locator("#save-pick")).to_be_enabled()
    tab.wrong.clear()
