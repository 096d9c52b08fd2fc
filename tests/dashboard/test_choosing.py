"""Choosing a rate: the marker by mouse, touch and key, the typed value, the saved pick, and everybody else's page."""

import re
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
    """I pull the marker to 1e-5 while the curves grow, and what is read follows my hand. When the sweep has ended, the
    marker is where I put it."""
    tab = open_tab("empty")
    stage.play("demo", 20)  # not before the page stands, however long that took
    tab.drawn(3)
    stage.pace(0)
    tab.focus("clean")
    seen: list[float] = []

    def hold() -> None:
        stage.pace(20)
        draws = tab.js("() => lrscope.app.chart.draws")
        tab.until("before => lrscope.app.chart.draws > before + 1", draws)
        seen.append(tab.lr)
        expect(tab.page.locator("#readout h3")).to_have_text("At " + tab.js("lr => lrscope.numbers.format(lr)", tab.lr))

    tab.drag(1e-5, meanwhile=hold)
    assert 1e-5 < seen[0] < 1e-3
    assert tab.lr == 1e-5
    expect(rate(tab)).to_have_value("1e-5")
    expect(tab.marker).to_have_attribute("aria-valuetext", re.compile(r"^1e-5; clean loss 2\.\d+, too low$"))
    expect(tab.page.locator("#readout tbody tr", has_text="clean")).to_contain_text("2.")
    tab.until("() => lrscope.words.ended(lrscope.app.store.focused())", timeout_s=30)
    tab.page.wait_for_timeout(200)
    assert tab.lr == 1e-5
    assert abs(tab.px(1e-5) - _line(tab)) < 1.5


def _line(tab: Tab) -> float:
    box = tab.page.locator(".marker__line").bounding_box()
    assert box is not None
    return float(box["x"] + box["width"] / 2)


def test_keys_move_the_marker_within_the_swept_range_and_escape_puts_it_back(open_tab: Open) -> None:
    """I press m, go by small steps and by large ones, and to either end, past which there is no step. At the lower one
    the rate is told with its loss."""
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
    tab.marker.press("Shift+ArrowLeft")
    assert tab.lr == 1e-7
    expect(tab.marker).to_have_attribute("aria-valuetext", re.compile("^1e-7; wide sweet spot loss 2"))
    tab.marker.press("PageUp")
    assert tab.lr == pytest.approx(10**-6.5, rel=0.05)


def test_a_finger_drags_the_marker(open_tab: Open) -> None:
    """On my phone I put a finger on its line and move it to 1e-4; there it stands when I let go."""
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
    """I write 3e-4 in five ways, and each is understood. “soon” and a rate outside the range are refused with the
    reason, and the marker stays; Escape brings back the rate I had at first."""
    tab = open_tab("done")
    tab.focus("wide sweet spot")
    start = tab.lr
    for text in ("3e-4", "0.0003", "0,0003", "3×10⁻⁴", "300µ"):
        rate(tab).fill(text)
        assert tab.lr == 3e-4
    error = tab.page.locator("#rate-error")
    rate(tab).fill("soon")
    expect(error).to_have_text("“soon” is no rate. Write it like 3e-4, 0.0003 or 300µ.")
    expect(tab.page.locator("#save-pick")).to_be_disabled()
    rate(tab).fill("50")
    expect(error).to_contain_text("50 is outside the swept range, 1e-7 to 10")
    assert tab.lr == 3e-4
    rate(tab).fill("5e-3")
    expect(error).to_be_hidden()
    assert tab.lr == 5e-3
    rate(tab).press("Escape")
    assert tab.lr == start


def test_the_marker_is_drawn_to_what_stands_on_the_plot_unless_shift_is_held(open_tab: Open, stage: Stage) -> None:
    """Grace picked 0.0217. I drag close to it and land on it exactly; with Shift I stop where my hand stops."""
    tab = open_tab("done")
    stage.do(stage.source.pick, CLEAN, 0.0217, "", [], "grace")
    tab.focus("clean")
    expect(tab.page.locator("#picks")).to_contain_text("2.17e-2")
    rate(tab).fill("1e-3")
    mouse, y = tab.page.mouse, tab.middle()

    def drop(x: float) -> float:
        mouse.move(tab.px(tab.lr), y)
        mouse.down()
        mouse.move(x + 40, y, steps=4)
        mouse.move(x, y, steps=4)
        mouse.up()
        return tab.lr

    assert drop(tab.px(0.0217) + 4) == 0.0217
    suggestion = tab.js("() => lrscope.app.store.readings.get(lrscope.app.store.focus).suggestion")
    assert drop(tab.px(suggestion) + 4) == pytest.approx(float(f"{suggestion:.2g}"))
    tab.page.keyboard.down("Shift")
    assert drop(tab.px(0.0217) + 4) == pytest.approx(0.0217 * 10 ** (4 / width_of_a_decade(tab)), rel=1e-3)
    tab.page.keyboard.up("Shift")


def width_of_a_decade(tab: Tab) -> float:
    return tab.px(1e-2) - tab.px(1e-3)


def test_every_visible_curve_is_read_at_the_marker(open_tab: Open) -> None:
    """I go through the rates and read, for each sweep, its loss and slope there and how far its blow-up is."""
    tab = open_tab("done")
    tab.focus("noisy")
    rate(tab).fill("1e-3")
    expect(tab.page.locator("#readout h3")).to_have_text("At 1e-3")
    table = tab.page.get_by_role("table", name="Every visible sweep at the marker")
    assert table.locator("tbody tr").first.locator(".readout__name").text_content() == "noisy"
    cells = table.locator("tbody tr", has_text="clean").locator("td:visible")
    expect(cells).to_have_count(4)
    loss, slope, lowest, rise = cells.all_text_contents()
    assert 1.5 < float(loss) < 2.4
    assert slope.startswith("−")
    assert lowest.startswith("+")
    assert 1 < float(rise) < 3
    rate(tab).fill("9")
    expect(cells.nth(3)).to_have_text("past")
    rate(tab).fill("1e-3")
    table.get_by_role("button", name="to rise").click()
    expect(table.locator("thead th").nth(4)).to_have_attribute("aria-sort", "ascending")
    told = [float(text) for text in table.locator("tbody td:nth-child(5)").all_text_contents()[1:] if text != "–"]
    assert told == sorted(told)
    table.get_by_role("button", name="wide sweet spot").click()
    tab.page.locator("#focus h2", has_text="wide sweet spot").wait_for()


MOVES = """() => {
  const {store, marker, readout, chart} = lrscope.app, took = [];
  for (let k = 0; k < 200; k++) {
    store.draft().lr = 10 ** (-6 + 6 * k / 200);
    const began = performance.now();
    marker.paint(chart.frame()); readout.paint();
    const written = performance.now();
    document.body.offsetHeight; // style and layout
    took.push([written - began, performance.now() - began]);
  }
  const middle = i => took.map(one => one[i]).sort((a, b) => a - b)[100];
  return {sweeps: chart.standing.length, rows: readout.order.length, scripts_ms: middle(0), with_layout_ms: middle(1)};
}"""


def test_fifty_sweeps_are_read_at_every_move(open_tab: Open, record_property: Callable[[str, object], None]) -> None:
    """With everything on the plot the marker still moves freely; how long a move takes is told, not judged."""
    tab = open_tab("crowd")
    tab.js(
        "() => { const {store} = lrscope.app; for (const id of store.sweeps.keys()) store.visible.has(id) || store.toggle(id); }"
    )
    tab.drawn(50)
    told = tab.js(MOVES)
    record_property("move", told)
    print(f"a move of the marker: {told}")  # noqa: T201
    assert told["rows"] == told["sweeps"] == 50


def test_fifty_rows_are_read_by_scrolling_and_by_keys(open_tab: Open) -> None:
    """Only the rows near the view are in the page, and yet I reach each of them, with its numbers, and know how many there are."""
    tab = open_tab("crowd")
    tab.js(
        "() => { const {store} = lrscope.app; for (const id of store.sweeps.keys()) store.visible.has(id) || store.toggle(id); }"
    )
    tab.drawn(50)
    table = tab.page.get_by_role("table", name="Every visible sweep at the marker")
    rows = table.locator("tbody tr")
    expect(table).to_have_attribute("aria-rowcount", "51")
    expect(rows.first).to_have_attribute("aria-rowindex", "2")
    assert rows.count() < 30
    table.get_by_role("button", name="to low").click()  # by number: the last row is known without being in the page
    names = tab.js("() => lrscope.app.readout.order.map(row => row.name.textContent)")
    assert len(names) == 50
    tab.page.get_by_role("region", name="Sweeps at the marker").evaluate(
        "node => { node.scrollTop = node.scrollHeight; }"
    )
    expect(rows.last).to_have_attribute("aria-rowindex", "51")
    expect(rows.last.locator(".readout__name")).to_have_text(names[-1])
    tab.page.get_by_role("region", name="Sweeps at the marker").evaluate("node => { node.scrollTop = 0; }")
    expect(rows.first).to_have_attribute("aria-rowindex", "2")
    rows.first.get_by_role("button").focus()
    for name in names[1:]:
        tab.page.keyboard.press("Tab")
        expect(table.locator(".readout__name:focus")).to_have_text(name)


def test_the_suggestion_is_taken_with_one_click(open_tab: Open) -> None:
    """I have no better idea and press Use suggestion: the marker goes there, and the button says that it is there."""
    tab = open_tab("done")
    tab.focus("clean")
    use = tab.page.get_by_role("button", name="Use suggestion")
    use.click()
    suggestion = tab.js("() => lrscope.app.store.readings.get(lrscope.app.store.focus).suggestion")
    assert tab.lr == pytest.approx(suggestion, rel=0.05)
    expect(tab.page.get_by_role("button", name="is the suggestion")).to_be_disabled()


def test_a_saved_pick_stands_in_every_open_page_at_once(open_tab: Open, stage: Stage) -> None:
    """I am Zoë 🦉 and save 2e-3 with a note. My colleague finds it in the panel, on the plot and in the list; the record
    keeps which other curves I saw beside it."""
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


def test_a_pick_is_taken_back_with_one_key_and_its_history_keeps_it(open_tab: Open, stage: Stage) -> None:
    """I save a rate, see at once that it is the wrong one, and press Ctrl-Z; the note is back where I wrote it."""
    tab = open_tab("done")
    tab.focus("wide sweet spot")
    rate(tab).fill("2e-3")
    tab.page.get_by_placeholder("Why this rate?").fill("left of the noise")
    tab.page.locator("#save-pick").click()
    expect(tab.page.locator(".toast")).to_contain_text("Picked 2e-3 for “wide sweet spot”")
    expect(tab.page.locator("#picks")).to_contain_text("smoothing 0.20")
    tab.js("() => document.activeElement.blur()")
    tab.page.keyboard.press("Control+z")
    expect(tab.page.locator("#picks")).to_contain_text("taken back by ada")
    expect(tab.page.get_by_placeholder("Why this rate?")).to_have_value("left of the noise")
    assert stage.source.sweep(WIDE).pick is None
    assert stage.source.history[WIDE][0].withdrawn


def test_the_picks_of_several_people_stand_beside_each_other(open_tab: Open, stage: Stage) -> None:
    """Lin would take ten times less than Grace. The page says so, tells me when it happens, and shows what Lin compared."""
    tab = open_tab("done")
    tab.focus("clean")
    tab.js("id => lrscope.app.store.toggle(id)", WIDE)
    stage.do(stage.source.pick, CLEAN, 0.005, "", [WIDE], "lin")
    expect(tab.page.locator(".toast")).to_have_text("lin picked 5e-3 for “clean”")
    expect(tab.page.locator(".opinions__one")).to_have_text(["lin5e-3", "grace5e-2"])
    expect(tab.page.locator(".opinions")).to_contain_text("1.0 decade between them")
    tab.page.get_by_role("button", name="beside 1 sweep").click()
    assert tab.js("id => lrscope.app.store.visible.has(id)", WIDE)
    tab.page.get_by_role("button", name="Take back").click()
    expect(tab.page.locator("#picks")).to_contain_text("taken back by ada")
    stands = stage.source.sweep(CLEAN).pick
    assert stands is not None
    assert stands.author == "grace"


def test_a_colleague_is_seen_choosing_and_moves_nothing_of_mine(open_tab: Open) -> None:
    """Grace looks at the same curve. I see her marker with her name as she moves it; mine stays, and she goes when she leaves."""
    mine = open_tab("done")
    mine.focus("clean")
    rate(mine).fill("1e-2")
    hers = open_tab(alone=True)
    hers.page.get_by_placeholder("Your name").fill("Grace")
    hers.page.keyboard.press("Enter")
    hers.focus("clean")
    rate(hers).fill("1e-4")
    tag = mine.page.locator(".peer__tag")
    expect(tag).to_have_text("Grace")
    rate(hers).fill("1e-3")
    mine.until(
        "([at, x]) => Math.abs(document.querySelector(at).getBoundingClientRect().left - x) < 1.5",
        [".peer__line", mine.px(1e-3)],
    )
    assert mine.lr == 1e-2
    hers.page.locator("#save-pick").click()
    expect(mine.page.locator(".toast")).to_have_text("Grace picked 1e-3 for “clean”")
    expect(tag).to_have_count(0)
    assert mine.lr == 1e-2


def test_the_name_of_a_colleague_steps_aside_for_my_marker(open_tab: Open) -> None:
    """Grace points just left of where I do: her name stands on the other side of her line, whoever of us moved there."""
    mine = open_tab("done")
    mine.focus("clean")
    rate(mine).fill("1e-2")
    hers = open_tab(alone=True)
    hers.page.get_by_placeholder("Your name").fill("Grace")
    hers.page.keyboard.press("Enter")
    hers.focus("clean")
    apart = """() => {
      const [line, tag] = ['.marker__line', '.peer__tag'].map(at => document.querySelector(at)?.getBoundingClientRect());
      return tag && (tag.right < line.left || tag.left > line.right);
    }"""
    for here, there in (("1e-2", "8e-3"), ("1e-2", "1.2e-2"), ("1.4e-2", "1.2e-2"), ("1e-2", "1.2e-2")):
        rate(mine).fill(here)
        rate(hers).fill(there)
        at = [".peer__line", mine.px(float(there))]
        mine.until("([at, x]) => Math.abs(document.querySelector(at)?.getBoundingClientRect().left - x) < 1.5", at)
        mine.until(apart)


def test_another_persons_pick_does_not_move_a_marker_that_was_touched(open_tab: Open, stage: Stage) -> None:
    """I have typed 3e-4 when lin saves 0.1. The panel says that 0.1 by lin stands; my marker is still at 3e-4."""
    tab = open_tab("done")
    tab.focus("wide sweet spot")
    rate(tab).fill("3e-4")
    stage.do(stage.source.pick, WIDE, 0.1, "", [], "lin")
    expect(tab.page.locator("#picks")).to_contain_text("lin")
    expect(tab.page.locator("#choice")).to_contain_text("stands: 0.1 by lin")
    assert tab.lr == 3e-4


def test_a_pick_that_cannot_be_saved_says_why_and_keeps_the_note(open_tab: Open, stage: Stage) -> None:
    """The line is cut when I save: I read that the server cannot be reached, and can press the button again."""
    tab = open_tab("done")
    tab.focus("wide sweet spot")
    tab.page.get_by_placeholder("Why this rate?").fill("because")
    tab.page.route("**/pick", lambda route: route.abort())
    tab.page.locator("#save-pick").click()
    expect(tab.page.locator("#choice")).to_contain_text("cannot be reached")
    expect(tab.page.get_by_placeholder("Why this rate?")).to_have_value("because")
    expect(tab.page.locator("#save-pick")).to_be_enabled()
    tab.wrong.clear()
