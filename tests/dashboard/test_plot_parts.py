"""The parts of the plot, each as somebody uses it: legend, axes, second pane, multiples, table, files, zoom."""

import csv
import io
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import Stage
from tests.dashboard.fake_server import ask
from tests.journeys.page_browser import Tab

pytestmark = pytest.mark.journey
Open = Callable[..., Tab]
CLEAN, NOISY, WIDE = (f"{k:016d}" for k in range(1, 4))
THREE = f"/?s={CLEAN},{NOISY},{WIDE}&f={CLEAN}"
VISIBLE = "() => lrscope.app.store.shown().map(s => s.id).sort()"
TRACES = "() => lrscope.app.chart.scene.strokes.map(s => s.uid)"
Y = "() => lrscope.app.chart.div._fullLayout.yaxis.range"
TOP = "() => lrscope.app.chart.div._fullLayout.yaxis.range[1]"
WHEEL = """([clientX, clientY]) => {
  const turn = how => document.elementFromPoint(clientX, clientY).dispatchEvent(
    new WheelEvent('wheel', {clientX, clientY, bubbles: true, cancelable: true, ...how}));
  for (let k = 0; k < 8; k++) turn({deltaY: -40, ctrlKey: true});
  for (let k = 0; k < 4; k++) turn({deltaX: 20});
}"""
X = "() => lrscope.app.chart.div._fullLayout.xaxis.range"


def says(tab: Tab, part: str) -> None:
    tab.until("part => location.search.includes(part)", part)


def switch(tab: Tab, name: str) -> None:
    """One of the settings under View; the menu is closed again."""
    tab.page.get_by_role("button", name="View", exact=True).click()
    tab.page.get_by_role("switch", name=name).click()
    tab.page.keyboard.press("Escape")


def choose(tab: Tab, label: str, value: str) -> None:
    tab.page.get_by_role("button", name="View", exact=True).click()
    tab.page.locator("#view-menu").get_by_label(label).select_option(value)
    tab.page.keyboard.press("Escape")


def test_curves_are_hidden_left_alone_and_focused_where_they_are_drawn(open_tab: Open) -> None:
    """I hide a curve by its name in the legend, bring it back, look at one alone, and click a curve to read it."""
    tab = open_tab("done", path=THREE)
    tab.drawn(3)
    legend = tab.page.get_by_role("group", name="Curves")
    ends = tab.page.locator(".head")  # each with its name where there is room for one
    expect(ends).to_have_count(3)
    legend.get_by_role("button", name="noisy").click()
    expect(legend.get_by_role("button", name="noisy")).to_have_attribute("aria-pressed", "false")
    expect(ends).to_have_count(2)
    assert tab.js(VISIBLE) == [CLEAN, WIDE]
    legend.get_by_role("button", name="noisy").click()
    expect(ends).to_have_count(3)
    legend.get_by_role("button", name="wide sweet spot").dblclick()
    tab.until(f"() => ({VISIBLE})().join() === '{WIDE}'")
    expect(tab.page.locator(".head__name:visible")).to_have_text("wide sweet spot")
    expect(legend.locator("[aria-pressed]")).to_have_count(3)
    legend.get_by_role("button", name="wide sweet spot").dblclick()
    tab.until(f"() => ({VISIBLE})().length === 3")
    tab.drawn(3)
    at = tab.js(
        """id => { const {chart, store} = lrscope.app, frame = chart.frame(), box = chart.div.getBoundingClientRect();
          const loss = lrscope.smoothing.at(store.curves.get(id).line(store.view.smoothing), 1e-2);
          return [box.left + lrscope.axes.toPx(frame, 1e-2), box.top + lrscope.axes.toY(frame, loss)]; }""",
        WIDE,
    )
    tab.page.mouse.click(*at)
    expect(tab.page.locator("#focus h2")).to_have_text("wide sweet spot")
    expect(legend.get_by_role("button", name="wide sweet spot")).to_have_class("legend__item is-focus")


def test_the_names_that_the_line_has_no_room_for_are_a_turn_or_a_click_away(open_tab: Open) -> None:
    """Eight curves are drawn, and three names stand over them: I turn the wheel there, then I open all of them."""
    tab = open_tab("busy", rate=0)
    tab.drawn(5)
    legend, every = tab.page.locator("#legend"), tab.page.get_by_role("button", name="All 8 names")
    last = legend.locator(".legend__entry").last
    tab.js("() => { document.getElementById('legend').scrollLeft = 0; }")
    expect(last).not_to_be_in_viewport()
    legend.hover()
    tab.page.mouse.wheel(0, 2000)
    expect(last).to_be_in_viewport(ratio=0.9)
    plot = tab.page.locator("#plot").bounding_box()
    every.click()
    for entry in legend.locator(".legend__entry").all():
        expect(entry).to_be_in_viewport(ratio=1)
    last.locator(".legend__item").click()
    tab.until("() => lrscope.app.store.visible.size === 7")
    assert tab.page.locator("#plot").bounding_box() == plot
    tab.page.keyboard.press("Escape")
    expect(every).to_be_focused()
    expect(every).to_have_attribute("aria-expanded", "false")


def test_what_was_recorded_beside_the_loss_has_its_own_pane_that_a_reload_keeps(open_tab: Open) -> None:
    """I put the gradient norm under the losses, read both at one rate, and send the link to a colleague."""
    tab = open_tab("measured", path=THREE)
    tab.drawn(3)
    tab.until(f"() => ({TRACES})().includes('held-{CLEAN}')")  # the validation loss, on the axis of the loss
    choose(tab, "Second pane", "grad_norm")
    tab.until(f"() => ({TRACES})().includes('pane-{NOISY}')")
    assert f"pane-{WIDE}" not in tab.js(TRACES)
    pane = tab.js("() => lrscope.app.chart.frame().pane")
    box = tab.page.locator("#plot").bounding_box()
    assert box is not None
    tab.page.mouse.move(tab.px(1e-3), box["y"] + pane["top"] + pane["height"] / 2)
    tip = tab.page.locator(".tip")
    expect(tip).to_contain_text("grad_norm")
    expect(tip.locator(".tip__row:visible")).to_have_count(2)
    norm = 0.4 + 3 * 1e-3**0.3
    assert float(tip.locator(".tip__row:visible .tip__raw").first.inner_text().split()[0]) == pytest.approx(norm, 0.1)
    says(tab, "p=grad_norm")
    tab.js("() => Plotly.relayout(lrscope.app.chart.div, {'yaxis2.range': [0.5, 1.5]})")
    says(tab, "pr=0.5..1.5")
    tab.open("/" + tab.js("() => location.search"))
    tab.until(f"() => ({TRACES})().includes('pane-{NOISY}')")
    tab.until("() => lrscope.app.chart.div._fullLayout.yaxis2.range.join() === '0.5,1.5'")
    choose(tab, "Second pane", "")
    tab.until(f"() => !({TRACES})().some(uid => uid.startsWith('pane'))")
    tab.until("() => !location.search.includes('p=')")
    assert "pr=" not in tab.js("() => location.search")
    tab.page.go_back()
    tab.until(f"() => ({TRACES})().includes('pane-{NOISY}')")
    tab.until("() => lrscope.app.chart.div._fullLayout.yaxis2.range.join() === '0.5,1.5'")


def test_losses_are_drawn_over_their_start_to_their_end_and_rates_over_the_pick(open_tab: Open) -> None:
    """I compare shapes, not numbers: every curve over its start; then over its pick, where one has none and is named."""
    tab = open_tab("done", path=THREE)
    tab.drawn(3)
    button = tab.page.locator("#clipping button")
    expect(button).to_contain_text("clipped · Show all")
    clipped = tab.js(TOP)
    button.click()
    tab.until(f"top => ({TOP})() > 2 * top", clipped)
    expect(button).to_have_text("Clip again")
    button.click()
    tab.until(f"top => ({TOP})() < 1.2 * top", clipped)

    switch(tab, "Loss ÷ start")
    says(tab, "n=1")  # a step of its own on the way back
    tab.until(f"() => ({TOP})() < 2")
    expect(tab.page.locator(".stage__axis--loss")).to_have_text("÷ start")
    starts = tab.js("() => lrscope.app.chart.scene.items.map(({line, place}) => line.shape.start / place.scale)")
    assert starts == pytest.approx([1, 1, 1])
    switch(tab, "Log loss")
    tab.until("() => lrscope.app.chart.div._fullLayout.yaxis.type === 'log'")
    says(tab, "y=log")
    says(tab, "n=1")

    switch(tab, "Align at the pick")
    expect(tab.page.locator(".told")).to_have_text("Not drawn, because nothing is picked: wide sweet spot, noisy.")
    expect(tab.page.locator(".stage__axis--rate")).to_have_text("learning rate ÷ pick")
    tab.page.mouse.move(tab.px(0.02), tab.middle())
    expect(tab.page.locator(".tip__rate")).to_contain_text("×0.4 of the pick")
    says(tab, "al=pick")
    for left in ("al=pick", "y=log", "n=1"):
        tab.page.go_back()
        tab.until("part => !location.search.includes(part)", left)
    tab.until(f"() => ({TOP})() > 2")


def test_curves_stand_side_by_side_and_as_numbers_for_who_cannot_see_them(open_tab: Open) -> None:
    """I look at many curves each in its own frame; my colleague reads the same numbers with a screen reader."""
    tab = open_tab("measured", path=THREE)
    tab.drawn(3)
    layout = tab.page.get_by_role("radiogroup", name="Layout")
    layout.get_by_title("Multiples").click()
    cards = tab.page.locator("#multiples").get_by_role("button")
    expect(cards).to_have_count(3)
    cards.filter(has_text="noisy").click()
    expect(tab.page.locator("#focus h2")).to_have_text("noisy")

    layout.get_by_title("Table").click()
    table = tab.page.locator("#points table")
    expect(table.locator("thead th")).to_have_text(["learning rate", "wide sweet spot", "noisy", "clean"])
    curves = tab.js(
        "() => Object.fromEntries([...lrscope.app.store.curves].map(([id, {lr, loss}]) => [id, [lr, loss]]))"
    )
    rates = sorted({lr for id in (CLEAN, NOISY, WIDE) for lr in curves[id][0]})
    read: list[list[str]] = []
    onward = tab.page.get_by_role("button", name="Higher rates")
    while True:
        read += table.locator("tbody tr").evaluate_all(
            "rows => rows.map(row => [...row.cells].map(c => c.textContent))"
        )
        if onward.is_disabled():
            break
        onward.click()
    assert [float(row[0]) for row in read] == pytest.approx(rates, rel=1e-3)
    assert float(read[0][3]) == pytest.approx(curves[CLEAN][1][0], abs=1e-3)
    tab.page.get_by_label("Values").select_option("grad_norm")
    expect(table.locator("caption")).to_contain_text("Grad_norm of 3 sweeps")
    expect(table.locator("tbody tr").last.locator("td").first).to_have_text("–")
    says(tab, "l=table")


def saved(tab: Tab, what: str) -> Path:
    tab.page.get_by_role("button", name="Export", exact=True).click()
    with tab.page.expect_download() as download:
        tab.page.get_by_role("button", name=what).click()
    assert download.value.suggested_filename.startswith("lrscope_4-sweeps_")
    return Path(download.value.path())


def odd(stage: Stage) -> str:
    """A sweep whose name a spreadsheet, a file system or a browser may take for something else."""
    id = ask(stage.source, '=HYPERLINK("x"), <b>größer</b> 🎉', "digits-clean")
    stage.source.draw(id, [1e-5, 1e-4, 1e-3], [2.0, None, 1.5])
    return id


def test_all_points_and_the_picture_are_taken_along_as_files(open_tab: Open, stage: Stage) -> None:
    """For the paper I take the picture, for my own script every point; nothing is rounded, thinned or mistaken."""
    stage.play("measured")
    id = stage.do(odd, stage)
    tab = open_tab(path=f"/?s={CLEAN},{NOISY},{WIDE},{id}&f={CLEAN}&x=1e-4..1e-2")
    tab.drawn(4)
    tracks = {each: stage.source.tracks[each] for each in (CLEAN, NOISY, WIDE, id)}
    tab.wait(lambda: all(tab.points(each) == len(track.lr) for each, track in tracks.items()))

    rows = list(csv.DictReader(io.StringIO(saved(tab, "All points (CSV)").read_text("utf-8"), newline="")))
    for each, track in tracks.items():
        own = [row for row in rows if row["sweep"] == each]
        assert [float(row["lr"]) for row in own] == track.lr
        assert [None if row["loss"] == "NaN" else float(row["loss"]) for row in own] == track.loss
    assert {row["name"] for row in rows if row["sweep"] == id} == {'\'=HYPERLINK("x"), <b>größer</b> 🎉'}
    assert float(rows[-1]["grad_norm"]) == tracks[rows[-1]["sweep"]].series["grad_norm"][-1]

    told: Any = json.loads(saved(tab, "All points (JSON)").read_text("utf-8"))
    assert {each["id"]: each["points"]["loss"] for each in told["sweeps"]} == {
        each: track.loss for each, track in tracks.items()
    }

    picture = saved(tab, "Picture (PNG)").read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", picture[16:24]) == (2400, 1520)

    drawing = saved(tab, "Picture (SVG)").read_text("utf-8")
    root = ElementTree.fromstring(drawing)
    text = "".join(root.itertext())
    assert '=HYPERLINK("x"), <b>größer</b> 🎉' in text
    assert "learning rate" in text
    assert not [part for part in root.iter() if part.tag.endswith("image")]
    assert "url(http" not in drawing
    assert "var(--" not in drawing


def test_a_zoom_of_hand_wheel_and_box_stays_until_it_is_undone(open_tab: Open, stage: Stage) -> None:
    """I pinch on the trackpad, move sideways, draw a box; one step back undoes the box, a reload keeps it."""
    tab = open_tab("done", path=THREE)
    tab.drawn(3)
    steps = tab.js("() => history.length")
    mouse = tab.page.mouse
    tab.js(WHEEL, [tab.px(1e-3), tab.middle()])
    near = tab.until(f"() => {{ const x = ({X})(); return x[1] - x[0] < 4 && x; }}")
    assert near[0] < -3 < near[1]
    says(tab, "x=")
    assert tab.js("() => history.length") == steps + 1  # many turns of the wheel are one step
    wide = tab.js("() => location.search")

    box = tab.page.locator("#plot").bounding_box()
    assert box is not None
    low, high = tab.js(X)
    mouse.move(tab.px(10 ** (low + 0.5)), box["y"] + 120)
    mouse.down()
    mouse.move(tab.px(10 ** (high - 0.5)), box["y"] + 400, steps=5)
    mouse.up()
    says(tab, "yr=")
    ends = tab.js(Y)
    query = tab.js("() => location.search")
    stage.do(lambda: stage.source.draw(WIDE, [1e-7, 1e-6], [9.0, 9.0]))
    tab.until("id => lrscope.app.store.sweeps.get(id).steps_done === 2", WIDE)
    assert tab.js(Y) == ends
    tab.open("/" + query)
    tab.drawn(3)
    tab.until(f"ends => Math.abs(({Y})()[0] - ends[0]) < 0.01 && Math.abs(({Y})()[1] - ends[1]) < 0.01", ends)
    tab.page.go_back()
    tab.until("wanted => location.search === wanted", wide)
    tab.until(f"ends => Math.abs(({Y})()[1] - ends[1]) > 0.01", ends)
    mouse.dblclick(tab.px(10 ** (sum(tab.js(X)) / 2 - 0.3)), box["y"] + 60)
    tab.until(f"() => ({X})()[0] < -6.9 && !lrscope.app.store.view.zoom")
    expect(tab.page.get_by_role("button", name="Reset zoom")).to_be_disabled()


def test_a_drag_with_shift_moves_what_is_seen_and_changes_no_width(open_tab: Open) -> None:
    """I pull the plot a decade to the right: I see rates that are a decade lower, and the link says so too."""
    tab = open_tab("done", path=THREE)
    tab.drawn(3)
    low, high = tab.js(X)
    tab.page.keyboard.down("Shift")
    tab.page.mouse.move(tab.px(1e-5), tab.middle())
    tab.page.mouse.down()
    tab.page.mouse.move(tab.px(1e-4), tab.middle(), steps=5)
    tab.page.mouse.up()
    tab.page.keyboard.up("Shift")
    says(tab, "x=")
    assert tab.js(X) == pytest.approx([low - 1, high - 1], abs=0.05)


def test_seeds_that_are_not_drawn_are_told_apart(open_tab: Open) -> None:
    """I align the curves at their picks. Those without one are left out and named, those of one request by seed."""
    tab = open_tab("measured")
    tab.drawn(3)
    tab.page.get_by_role("button", name="View", exact=True).click()
    tab.page.locator("#view-menu").get_by_label("Align at the pick").check()
    expect(tab.page.locator(".told")).to_contain_text("three seeds · seed 2, three seeds · seed 1")
