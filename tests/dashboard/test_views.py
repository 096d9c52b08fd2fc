"""What is seen has an address: reload, back and forward, links to others, and views that are kept by name."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import Stage
from tests.dashboard.fake_server import ask
from tests.journeys.page_browser import Tab

pytestmark = pytest.mark.journey
Open = Callable[..., Tab]
CLEAN, NOISY, WIDE, FAILED, QUEUED = (f"{k:016d}" for k in range(1, 6))
VISIBLE = "() => lrscope.app.store.shown().map(s => s.id).sort()"


def query(tab: Tab) -> str:
    return str(tab.js("() => location.search"))


def says(tab: Tab, part: str) -> None:
    tab.until("part => location.search.includes(part)", part)


def test_a_reload_brings_everything_back(open_tab: Open) -> None:
    """I have hidden a curve, moved the marker and chosen a logarithmic loss; I reload, and all of it stands again."""
    tab = open_tab("done")
    tab.focus("wide sweet spot")
    tab.row("noisy").locator(".eye").click()
    tab.page.keyboard.press("l")
    tab.page.get_by_role("slider", name="Smoothing, in decades").press("End")
    tab.page.get_by_role("textbox", name="Learning rate").fill("3.2e-4")
    says(tab, "m=3.2e-4")
    says(tab, "y=log")
    says(tab, "sm=0.6")
    shown = tab.js(VISIBLE)
    assert NOISY not in shown
    tab.js("() => localStorage.clear()")
    tab.open("/" + query(tab))
    assert tab.js(VISIBLE) == shown
    assert tab.js("() => lrscope.app.store.focus") == WIDE
    assert tab.lr == 3.2e-4
    expect(tab.page.locator("#smoothing-text")).to_have_text("0.60 decades")
    tab.until("() => lrscope.app.chart.div._fullLayout.yaxis.type === 'log'")


def test_what_the_list_shows_comes_back_too(open_tab: Open) -> None:
    """I search, sort by the lowest loss and open the other rules; I reload, and go back and forward through the order."""
    tab = open_tab("done")
    tab.focus("clean")
    tab.page.get_by_label("Filter sweeps").fill("digits-")
    says(tab, "q=digits-")
    tab.page.get_by_text("What other rules say").click()
    says(tab, "ru=1")
    tab.page.get_by_role("button", name="Group, filter, columns").click()
    options = tab.page.get_by_role("dialog", name="List options")
    options.get_by_label("Sort by").select_option(label="Lowest loss")
    says(tab, "o=best")
    options.get_by_label("Highest first").check()
    says(tab, "o=-best")
    tab.page.keyboard.press("Escape")
    tab.open("/" + query(tab))
    names = "() => lrscope.app.list.listed().map(s => s.name)"
    expect(tab.page.get_by_label("Filter sweeps")).to_have_value("digits-")
    tab.until(f"() => ({names})().join() === 'noisy,wide sweet spot,clean,big batch'")
    tab.until("() => document.querySelector('#reading details[open] .rules')")
    head = tab.page.locator(".grid").get_by_role("columnheader", name="Sweep")
    head.click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    says(tab, "o=name")
    tab.page.go_back()
    tab.until(f"() => ({names})().join() === 'noisy,wide sweet spot,clean,big batch'")
    expect(head).to_have_attribute("aria-sort", "none")


def test_back_and_forward_go_through_the_steps_but_not_through_every_move(open_tab: Open) -> None:
    """I solo a curve, then drag the marker about; one step back, and all the curves are there again."""
    tab = open_tab("done")
    tab.focus("clean")
    before = tab.js(VISIBLE)
    tab.until("() => location.search.includes('s=')")
    tab.row("wide sweet spot").locator(".eye").dblclick()
    tab.until("() => lrscope.app.store.visible.size === 1")
    says(tab, f"s={WIDE}")
    depth = tab.js("() => history.length")
    tab.js("() => { for (const lr of [1e-4, 2e-4, 3e-4]) lrscope.app.store.choose(lr, 'marker'); }")
    says(tab, "m=3e-4")
    assert tab.js("() => history.length") == depth
    while tab.js(VISIBLE) != before:
        tab.page.go_back()
        tab.page.wait_for_timeout(100)
    tab.page.go_forward()
    tab.until("ids => JSON.stringify(lrscope.app.store.shown().map(s => s.id).sort()) !== ids", str(before))


def test_a_zoom_is_in_the_link_and_survives_it(open_tab: Open) -> None:
    """I zoom in on the rates from 1e-4 to 1 and open the page's address once more: the plot shows the same."""
    tab = open_tab("done")
    tab.drawn(3)
    tab.js("() => lrscope.app.store.setView({zoom: {x: [-4, 0]}})")
    says(tab, "x=1e-4..1")
    tab.open("/" + query(tab))
    tab.until(
        "() => lrscope.app.chart.div._fullLayout.xaxis.range.every((end, i) => Math.abs(end - [-4, 0][i]) < 1e-6)"
    )


def test_a_link_made_before_the_first_point_fills_when_points_come(open_tab: Open, stage: Stage) -> None:
    """I queue a sweep, send the link at once, and my colleague's page fills as it runs."""
    stage.play("done", 80)

    def queue() -> str:
        id = ask(stage.source, "sent early", "digits-clean")
        stage.source.change(id, reason="waits for a worker with cuda")
        return id

    waiting = stage.do(queue)
    tab = open_tab(path=f"/?s={waiting}&f={waiting}")
    expect(tab.page.locator("#focus h2")).to_have_text("sent early")
    assert tab.js(VISIBLE) == [waiting]
    assert tab.points(waiting) == 0
    stage.do(lambda: stage.source.change(waiting, reason=None))
    tab.wait(lambda: tab.points(waiting) > 20)


def test_what_a_link_names_and_the_record_has_not_is_told(open_tab: Open) -> None:
    """A link names two sweeps, one of them not here, and a smoothing that is none. I read which sweep is missing, see
    the other's curve as on a page just opened, and close the notice."""
    gone = "zzzzzzzzzzzzzzzz"
    tab = open_tab("done", path=f"/?s={CLEAN},{gone}&sm=soon")
    notice = tab.page.locator("#link-notice")
    expect(notice).to_contain_text(f"1 sweep of this link is not here, deleted or of another server: {gone}")
    assert tab.js(VISIBLE) == [CLEAN]
    assert tab.js("() => lrscope.app.store.view.smoothing") == 0.2
    notice.get_by_role("button").click()
    expect(notice).to_be_hidden()


def test_a_sweep_older_than_the_list_is_fetched_for_a_link(open_tab: Open, stage: Stage) -> None:
    """A link leads to a sweep that my list does not have: it is shown and in focus, and none is said to be missing."""
    tab = open_tab("done", path=f"/?s={CLEAN},{NOISY}&f={NOISY}")
    tab.js("id => { lrscope.app.store.sweeps.delete(id); lrscope.app.store.order = null; }", NOISY)
    state: dict[str, Any] = {"sweeps": [CLEAN, NOISY], "focus": NOISY}
    tab.js("state => lrscope.app.url.restore(state)", state)
    tab.until("id => lrscope.app.store.sweeps.has(id) && lrscope.app.store.visible.has(id)", NOISY)
    expect(tab.page.locator("#focus h2")).to_have_text("noisy")
    expect(tab.page.locator("#link-notice")).to_be_hidden()


def test_a_view_is_kept_by_name_and_its_short_link_brings_it_back(open_tab: Open) -> None:
    """I keep what I see under a name; my colleague opens its short link and sees the same; I delete it again."""
    tab = open_tab("done")
    tab.row("wide sweet spot").locator(".eye").dblclick()
    says(tab, f"s={WIDE}")
    tab.page.get_by_role("button", name="Share").click()
    dialog = tab.page.get_by_role("dialog", name="Share")
    dialog.get_by_label("Keep it under a name").fill("only the wide one")
    dialog.get_by_role("button", name="Save view").click()
    link = dialog.get_by_role("link", name="only the wide one")
    path = str(link.get_attribute("href"))
    other = open_tab(alone=True, path=path)
    assert other.js(VISIBLE) == [WIDE]
    assert other.js("() => location.pathname") == path
    other.row("noisy").locator(".eye").click()
    other.until("() => location.pathname === '/'")
    dialog.get_by_role("button", name="Delete only the wide one").click()
    expect(link).to_have_count(0)


def test_only_what_differs_is_compared_the_baseline_first(open_tab: Open) -> None:
    """I compare three sweeps with the one I trust: only what differs is listed, and how far the others are from it."""
    tab = open_tab("done", path=f"/?s={CLEAN},{NOISY},{WIDE}&b={WIDE}")
    tab.page.get_by_role("button", name="Compare").click()
    dialog = tab.page.get_by_role("dialog", name="What differs")
    expect(dialog.locator("thead th").nth(1)).to_contain_text("wide sweet spot")
    expect(dialog).to_contain_text("recipe")
    expect(dialog).to_contain_text("×")
    expect(dialog.get_by_role("row", name="steps")).to_have_count(0)
    dialog.get_by_label("What is the same too").check()
    expect(dialog.get_by_role("row", name="steps")).to_be_visible()


def test_any_of_the_compared_is_made_the_baseline_where_it_stands(open_tab: Open) -> None:
    """In the table I click a name: it comes first, the others are told from it; once more, and nothing is."""
    tab = open_tab("done", path=f"/?s={CLEAN},{NOISY},{WIDE}")
    tab.page.get_by_role("button", name="Compare").click()
    dialog = tab.page.get_by_role("dialog", name="What differs")
    dialog.get_by_role("button", name="noisy").click()
    expect(dialog.locator("thead th").nth(1)).to_contain_text("noisy")
    expect(dialog.locator(".compare__delta").first).to_contain_text("×")
    expect(dialog.get_by_role("button", name="noisy")).to_be_focused()
    says(tab, f"b={NOISY}")
    tab.page.keyboard.press("Enter")
    expect(dialog.locator(".compare__delta")).to_have_count(0)
