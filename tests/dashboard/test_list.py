"""The list of sweeps: found, grouped, compared with a baseline, and changed one by one or many at once."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from lrscope.spec import Status
from tests.dashboard.conftest import Stage
from tests.dashboard.fake_server import ask
from tests.dashboard.screens import still
from tests.journeys.page_browser import Tab

pytestmark = pytest.mark.journey
Open = Callable[..., Tab]
CLEAN, NOISY, WIDE, FAILED, QUEUED = (f"{k:016d}" for k in range(1, 6))


def rows(tab: Tab) -> Any:
    return tab.page.locator(".grid .ag-center-cols-container .ag-row")


def names(tab: Tab) -> list[str]:
    found = "() => lrscope.app.list.listed().map(sweep => sweep.name)"
    return list(tab.js(found))


def item(tab: Tab, sweep: str, label: str) -> None:
    """Choose from the menu of a row."""
    tab.row(sweep).click(button="right")
    tab.page.get_by_role("menuitem", name=label).click()


def group_by(tab: Tab, name: str) -> None:
    tab.page.get_by_role("button", name="Group, filter, columns").click()
    tab.page.get_by_label("Group by").select_option(label=name)
    tab.page.keyboard.press("Escape")


def test_a_sweep_is_found_by_whatever_is_known_of_it(open_tab: Open) -> None:
    """I remember only the owner and a parameter; typing them leaves the sweep I mean."""
    tab = open_tab("done")
    tab.page.keyboard.press("/")
    search = tab.page.get_by_label("Filter sweeps")
    expect(search).to_be_focused()
    for text, left in (
        ("grace batch_size=64", ["noisy"]),
        ("fp16", ["fp16 transformer"]),
        ("demo lin", ["wide sweet spot"]),
    ):
        search.fill(text)
        tab.until("names => JSON.stringify(lrscope.app.list.listed().map(s => s.name)) === JSON.stringify(names)", left)
        expect(rows(tab)).to_have_count(1)
    search.fill("")
    expect(rows(tab)).to_have_count(5)


def test_a_curve_that_is_clicked_brings_its_row_into_view(open_tab: Open) -> None:
    """Fifty sweeps stand in the list; on the plot are six of the oldest. I click one of these curves, and see its row."""
    tab = open_tab("crowd", rate=0)
    tab.drawn(5)
    tab.js("() => lrscope.app.store.display(lrscope.app.store.newest().slice(40, 46).map(s => s.id))")
    tab.until("() => lrscope.app.chart.standing.length === 6")
    expect(tab.row("run 07")).to_have_count(0)
    at = tab.js("""() => {
      const {chart} = lrscope.app, frame = chart.frame(), box = chart.div.getBoundingClientRect();
      const one = chart.scene.meet(1e-5).find(({item}) => item.sweep.name === 'run 07');
      return [box.left + lrscope.axes.toPx(frame, 1e-5), box.top + lrscope.axes.toY(frame, one.y)];
    }""")
    tab.page.mouse.click(*at)
    name = tab.page.locator("#focus h2").inner_text()
    expect(tab.row(name)).to_be_in_viewport(ratio=1)
    tab.open("/" + str(tab.js("() => location.search")))
    expect(tab.row(name)).to_be_in_viewport(ratio=1)


def test_sorting_by_a_head_puts_what_has_no_value_last(open_tab: Open) -> None:
    """I click on “Pick”, and the sweep that has one stands first, whichever way it is sorted; I click on “Sweep”, and
    all stand by their names."""
    tab = open_tab("done")
    picked = "() => lrscope.app.list.listed().map(sweep => Boolean(sweep.pick)).join(' ')"
    way = "() => document.querySelector('.ag-header-cell[col-id=pick]').getAttribute('aria-sort')"
    for sorted_ in ("ascending", "descending"):
        tab.page.locator(".ag-header-cell", has_text="Pick").click()
        tab.until(f"way => ({way})() === way", sorted_)
        still(tab)
        assert tab.js(picked) == "true false false false false"
    tab.page.locator(".ag-header-cell", has_text="Sweep").click()
    tab.until("() => lrscope.app.list.listed()[0].name === 'big batch'")
    assert names(tab) == sorted(names(tab))


def test_a_group_is_folded_and_shown_or_hidden_as_one(open_tab: Open) -> None:
    """I group by owner, hide all of lin's at once, and fold grace's away."""
    tab = open_tab("done")
    group_by(tab, "owner")
    heads = tab.page.locator(".group")
    expect(heads).to_have_count(3)
    tab.page.get_by_role("button", name="Hide all of lin").click()
    tab.until("id => !lrscope.app.store.visible.has(id)", WIDE)
    tab.page.get_by_role("button", name="Show all of lin").click()
    tab.until("id => lrscope.app.store.visible.has(id)", WIDE)
    tab.page.locator(".group__fold", has_text="grace").click()
    expect(rows(tab)).to_have_count(3)
    expect(tab.page.locator(".group__fold", has_text="grace")).to_have_attribute("aria-expanded", "false")
    tab.until("() => location.search.includes('g=owner') && location.search.includes('fold=')")
    tab.open("/" + tab.js("() => location.search"))
    expect(rows(tab)).to_have_count(3)
    expect(tab.page.locator(".group__fold", has_text="grace")).to_have_attribute("aria-expanded", "false")
    tab.page.keyboard.press("g")
    tab.until("() => lrscope.app.store.view.group !== 'owner' && !location.search.includes('fold=')")
    tab.page.go_back()
    expect(tab.page.locator(".group__fold", has_text="grace")).to_have_attribute("aria-expanded", "false")
    tab.page.go_forward()
    tab.until("() => lrscope.app.store.view.group !== 'owner' && !lrscope.app.list.options.closed.length")


def test_a_grouping_that_groups_nothing_says_what_it_would(open_tab: Open) -> None:
    """No sweep was asked for with several seeds: `g` says so, and no longer when the next press does group."""
    tab = open_tab("done")
    said = tab.page.get_by_role("status").filter(has_text="nothing belongs together")
    tab.page.keyboard.press("g")
    expect(said).to_contain_text(
        "By seed nothing belongs together: only sweeps asked for at once, with several seeds, do"
    )
    tab.page.keyboard.press("g")
    expect(said).to_have_count(0)
    expect(tab.page.locator(".group")).to_have_count(3)


STARRED = "() => [...lrscope.app.store.sweeps.values()].filter(s => s.starred).map(s => s.id).sort()"


def test_a_star_takes_one_click_or_key_and_moves_nothing(open_tab: Open, stage: Stage) -> None:
    """I star a sweep where its row says so under the pointer, another with a key, and take one back in the panel."""
    tab = open_tab("done")
    tab.focus("clean")
    row = tab.row("noisy")
    star = row.get_by_role("button", name="Star noisy")
    row.hover()
    expect(star).to_have_attribute("aria-pressed", "false")
    where = "() => JSON.stringify([...document.querySelectorAll('.grid .cell__main, .star, .more')].map(n => [n.getBoundingClientRect().x, n.getBoundingClientRect().y, n.getBoundingClientRect().width]))"
    expect(row).to_contain_text("≈")  # its reading is there, which gives it a line more
    still(tab)
    before = tab.js(where)
    star.click()
    tab.wait(lambda: stage.source.sweeps[NOISY].starred)
    expect(star).to_have_attribute("aria-pressed", "true")
    assert tab.js(where) == before
    assert tab.js("() => lrscope.app.store.focus") == CLEAN
    tab.page.mouse.move(700, 400)
    expect(star.locator(".icon")).to_be_visible()  # that it has one is always seen
    expect(tab.row("wide sweet spot").locator(".star .icon")).to_be_hidden()
    tab.page.keyboard.press("*")
    tab.until(f"() => ({STARRED})().join() === '{CLEAN},{NOISY}'")
    mine = tab.page.locator("#focus").get_by_role("button", name="Star", exact=True)
    expect(mine).to_have_attribute("aria-pressed", "true")
    mine.press("Enter")
    expect(mine).to_have_attribute("aria-pressed", "false")
    expect(mine).to_be_focused()


def test_the_others_are_compared_with_the_baseline(open_tab: Open) -> None:
    """I make one sweep the baseline: every other one says how far its suggestion is from it."""
    tab = open_tab("done")
    tab.focus("clean")
    expect(tab.row("wide sweet spot")).to_contain_text("≈")
    tab.page.keyboard.press("b")
    expect(tab.row("clean")).to_contain_text("baseline")
    expect(tab.row("wide sweet spot")).to_contain_text("×")
    cell = "() => [...document.querySelectorAll('.cell--right .cell__more')].every(node => node.scrollWidth <= node.clientWidth)"
    tab.until(cell)  # the factor has room
    tab.until("id => location.search.includes('b=' + id)", CLEAN)
    tab.page.keyboard.press("b")
    expect(tab.row("clean")).not_to_contain_text("baseline")


def test_a_deleted_sweep_comes_back_with_undo(open_tab: Open, stage: Stage) -> None:
    """I delete the wrong sweep and bring it back, onto the plot too."""
    tab = open_tab("done")
    item(tab, "noisy", "Delete")
    expect(tab.row("noisy")).to_have_count(0)
    assert NOISY not in stage.source.sweeps
    tab.page.get_by_role("button", name="Undo").click()
    expect(tab.row("noisy")).to_be_visible()
    tab.until("id => lrscope.app.store.visible.has(id)", NOISY)


def test_an_archived_sweep_leaves_the_list_and_is_found_with_the_filter(open_tab: Open, stage: Stage) -> None:
    """I put “noisy” away, and the record keeps it. I tick “Archived too”: there it is, marked as archived, and I bring
    it back."""
    tab = open_tab("done")
    item(tab, "noisy", "Archive")
    expect(tab.row("noisy")).to_have_count(0)
    assert stage.source.sweeps[NOISY].archived
    tab.page.get_by_role("button", name="Group, filter, columns").click()
    tab.page.get_by_label("Archived too").check()
    tab.page.keyboard.press("Escape")
    expect(tab.row("noisy")).to_contain_text("archived")
    item(tab, "noisy", "Bring back from the archive")
    expect(tab.row("noisy")).not_to_contain_text("archived")


def test_name_tags_and_colour_are_changed_in_one_dialog(open_tab: Open, stage: Stage) -> None:
    """From the menu of “noisy” I give it another name, two tags and a colour: its row follows, and the record keeps
    them."""
    tab = open_tab("done")
    item(tab, "noisy", "Rename, tag, colour…")
    dialog = tab.page.get_by_role("dialog", name="Edit sweep")
    expect(dialog.get_by_label("Name")).to_be_focused()
    dialog.get_by_label("Name").fill("noisier")
    dialog.get_by_label("Tags").fill("night, demo")
    before = stage.source.sweeps[NOISY].color
    dialog.get_by_role("group", name="Colour").locator(
        "label", has=tab.page.locator("input:not(:checked)")
    ).first.click()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    expect(tab.row("noisier")).to_contain_text("night")
    sweep = stage.source.sweeps[NOISY]
    assert (sweep.name, sweep.tags) == ("noisier", ["night", "demo"])
    assert sweep.color != before


def test_notes_are_read_as_markdown_and_make_no_html(open_tab: Open, stage: Stage) -> None:
    """A colleague wrote notes with markup in them; I read them formatted, and nothing in them runs."""
    tab = open_tab("done")
    notes = "# Plan\n\n**bold** <img src=x onerror=alert(1)> [x](javascript:alert(1))"
    stage.do(lambda: stage.source.change(NOISY, notes=notes))
    expect(tab.row("noisy").get_by_role("img", name="Has notes")).to_be_visible()
    item(tab, "noisy", "Notes")
    dialog = tab.page.get_by_role("dialog", name="Notes on noisy")
    expect(dialog.get_by_role("heading", name="Plan")).to_be_visible()
    expect(dialog.locator("strong")).to_have_text("bold")
    expect(dialog.locator("img")).to_have_count(0)
    assert "alert" not in str(dialog.locator(".notes a").first.get_attribute("href"))
    dialog.get_by_role("button", name="Edit").click()
    edit = tab.page.get_by_role("dialog", name="Edit sweep")
    expect(edit.get_by_label("Notes")).to_have_value(notes)


def test_the_menu_of_a_row_stands_when_the_button_that_asked_for_it_is_let_go(open_tab: Open) -> None:
    """I press the right button, hold it for a moment, let go, and choose."""
    tab = open_tab("done")
    box = tab.row("clean").bounding_box()
    tab.page.mouse.move(box["x"] + 100, box["y"] + 20)
    tab.page.mouse.down(button="right")
    tab.page.wait_for_timeout(300)
    tab.page.mouse.up(button="right")
    tab.page.get_by_role("menuitem", name="Show it alone").click()
    tab.until("id => JSON.stringify([...lrscope.app.store.visible]) === JSON.stringify([id])", CLEAN)


def test_several_sweeps_are_chosen_and_handled_at_once(open_tab: Open, stage: Stage) -> None:
    """With Shift I choose a run of sweeps, tag them all, hide them, and archive them; one Undo brings all back."""
    tab = open_tab("done")
    tab.row("wide sweet spot").click(modifiers=["Control"])
    tab.row("clean").click(modifiers=["Shift"])
    foot = tab.page.locator("#list-foot")
    expect(foot).to_contain_text("3 chosen")
    foot.get_by_role("button", name="Tag").click()
    dialog = tab.page.get_by_role("dialog", name="Tag 3 sweeps")
    dialog.get_by_label("Add the tags").fill("night")
    dialog.get_by_role("button", name="Save").click()
    tab.wait(lambda: all("night" in stage.source.sweeps[id].tags for id in (CLEAN, NOISY, WIDE)))
    assert "demo" in stage.source.sweeps[CLEAN].tags
    expect(dialog).to_be_hidden()
    foot.get_by_role("button", name="Hide").click()
    tab.until("id => !lrscope.app.store.visible.has(id)", CLEAN)
    foot.get_by_role("button", name="Archive").click()
    expect(tab.page.locator(".toast")).to_contain_text("3 sweeps archived")
    expect(rows(tab)).to_have_count(2)
    tab.page.get_by_role("button", name="Undo").click()
    expect(rows(tab)).to_have_count(5)
    foot.get_by_role("button", name="Choose no more").click()
    expect(foot).to_contain_text("5 sweeps")


def test_a_starred_sweep_is_starred_in_every_page(open_tab: Open) -> None:
    """I star “clean” from its menu, and my colleague's list shows the star."""
    mine, other = open_tab("done"), open_tab(alone=True)
    item(mine, "clean", "Star")
    expect(other.row("clean").get_by_role("button", name="Star clean", pressed=True)).to_be_visible()


def test_a_wide_list_shows_the_columns_that_were_chosen(open_tab: Open) -> None:
    """I widen the list: what comes first fits beside the rows' menus. I choose others, and find them after a reload."""
    tab = open_tab("done")
    head = tab.page.locator(".ag-header-cell-text")
    expect(head.filter(has_text="Queued")).to_have_count(0)
    tab.page.get_by_role("separator", name="Width of the list").press("Enter")
    expect(head.filter(has_text="Queued")).to_be_visible()
    expect(tab.page.get_by_role("button", name="Actions for clean")).to_be_in_viewport(ratio=1)
    tab.page.get_by_role("button", name="Group, filter, columns").click()
    tab.page.get_by_label("Queued", exact=True).uncheck()
    tab.page.get_by_label("Seed", exact=True).check()
    expect(head.filter(has_text="Queued")).to_have_count(0)
    tab.open("/")
    expect(head.filter(has_text="Lowest loss")).to_be_visible()
    expect(head.filter(has_text="Queued")).to_have_count(0)


def test_a_point_that_comes_draws_only_the_row_it_belongs_to(open_tab: Open, stage: Stage) -> None:
    """Two hundred sweeps stand in the list; one of them runs. The others are left alone."""
    stage.play("empty", 0)

    def fill() -> str:
        for k in range(200):
            stage.source.change(ask(stage.source, f"old {k}", "digits-clean"), status=Status.CANCELLED)
        return ask(stage.source, "the one", "digits-wide")

    one = stage.do(fill)
    tab = open_tab()
    tab.until("() => lrscope.app.list.api && lrscope.app.list.place.size === 201")
    tab.js("""() => {
      const {api} = lrscope.app.list, apply = api.applyTransaction.bind(api);
      window.touched = new Set();
      lrscope.app.list.api = {...api, applyTransaction: change => { change.update.forEach(row => touched.add(row.id)); return apply(change); }};
    }""")
    stage.pace(40)
    tab.until("id => lrscope.words.ended(lrscope.app.store.sweeps.get(id))", one)
    assert tab.js("() => [...touched]") == [one]


def test_the_grid_is_walked_and_used_with_keys_alone(open_tab: Open) -> None:
    """I come into the list with Tab, go down to “clean”, focus it and walk to the end of its row. There I open its menu,
    step up to Delete, think again and press Escape."""
    tab = open_tab("done")
    tab.page.get_by_label("Filter sweeps").focus()
    for _ in range(12):
        tab.page.keyboard.press("Tab")
        if tab.js("() => Boolean(document.activeElement.closest('.ag-center-cols-container .ag-cell'))"):
            break
    for _ in range(8):
        if tab.js("() => document.activeElement.closest('.ag-row').getAttribute('row-id')") == CLEAN:
            break
        tab.page.keyboard.press("ArrowDown")
    tab.page.keyboard.press("ArrowRight")  # from its eye to its name
    tab.page.keyboard.press("Enter")
    tab.until("id => lrscope.app.store.focus === id", CLEAN)
    tab.page.keyboard.press("End")
    tab.page.keyboard.press("ArrowRight")
    for _ in range(3):
        tab.page.keyboard.press("ArrowRight")
    tab.page.keyboard.press("Enter")
    menu = tab.page.get_by_role("menu", name="clean")
    expect(menu.get_by_role("menuitem").first).to_be_focused()
    tab.page.keyboard.press("ArrowUp")
    expect(menu.get_by_role("menuitem", name="Delete")).to_be_focused()
    tab.page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
