"""A teammate deletes a sweep while I am at it: nothing breaks, and I am told."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import Stage
from tests.journeys.page_browser import Tab

pytestmark = pytest.mark.journey
Open = Callable[..., Tab]
CLEAN, NOISY, WIDE = (f"{k:016d}" for k in range(1, 4))
GONE = "“{}” was deleted by somebody else"


def told(tab: Tab, name: str) -> None:
    expect(tab.page.locator(".toast")).to_have_text(GONE.format(name))


def test_while_i_drag_its_marker(open_tab: Open, stage: Stage) -> None:
    """The sweep goes away under my hand: the marker goes with it, I am told, and the next sweep has its own marker."""
    tab = open_tab("done")
    tab.focus("clean")

    def delete() -> None:
        stage.do(stage.source.delete, CLEAN)
        tab.until("() => lrscope.app.store.focus === null")

    tab.drag(1e-4, meanwhile=delete)
    told(tab, "clean")
    expect(tab.marker).to_be_hidden()
    expect(tab.page.locator("#focus h2")).to_have_text("No sweep chosen")
    for key in ("m", "ArrowRight", "Home", "p", "x", "s", "b"):
        tab.page.keyboard.press(key)
    tab.focus("wide sweet spot")
    tab.drag(1e-3)
    assert tab.lr == 1e-3


def test_while_i_move_its_marker_with_keys(open_tab: Open, stage: Stage) -> None:
    """The marker has the focus and I press on: the keys go nowhere, not even into an error."""
    tab = open_tab("done")
    tab.focus("clean")
    tab.page.keyboard.press("m")
    tab.page.keyboard.press("ArrowRight")
    stage.do(stage.source.delete, CLEAN)
    tab.until(
        """() => lrscope.app.store.focus === null || document.activeElement.dispatchEvent(
          new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true, cancelable: true})) && false"""
    )
    for key in ("ArrowRight", "Home", "Escape"):
        tab.page.keyboard.press(key)
        tab.page.locator(".marker__handle").evaluate(
            "(node, key) => node.dispatchEvent(new KeyboardEvent('keydown', {key}))", key
        )
    told(tab, "clean")
    tab.page.keyboard.press("j")
    tab.until("() => lrscope.app.store.focus !== null")


def test_while_i_write_the_note_to_its_pick(open_tab: Open, stage: Stage) -> None:
    """I have just saved a pick or am about to: the panel says that no sweep is chosen; what I deleted myself is told as
    ever, with its way back, and not once more."""
    tab = open_tab("done")
    tab.focus("clean")
    tab.page.get_by_label("Note to the pick").fill("a reason")
    stage.do(stage.source.delete, CLEAN)
    told(tab, "clean")
    expect(tab.page.get_by_label("Note to the pick")).to_be_hidden()
    expect(tab.row("clean")).to_have_count(0)
    expect(tab.page.locator("#legend")).not_to_contain_text("clean")
    tab.page.get_by_role("button", name="Actions for noisy").click()
    tab.page.get_by_role("menuitem", name="Delete").click()
    expect(tab.page.locator(".toast", has_text="noisy")).to_have_text("noisy deletedUndo")
    expect(tab.page.locator(".toast")).to_have_count(2)


def test_while_its_form_is_open(open_tab: Open, stage: Stage) -> None:
    """I am filling in a copy of it: the form keeps what I typed, I am told, and the copy is queued all the same."""
    tab = open_tab("done")
    tab.focus("clean")
    tab.page.keyboard.press("c")
    form = tab.page.get_by_role("dialog", name="New sweep")
    expect(form.get_by_label("batch size")).to_be_visible()
    form.get_by_label("Start LR").fill("1e-5")
    stage.do(stage.source.delete, CLEAN)
    told(tab, "clean")
    expect(form.get_by_label("Start LR")).to_have_value("1e-5")
    before = len(stage.source.sweeps)
    form.get_by_role("button", name="Queue sweep").click()
    expect(form).to_be_hidden()
    assert len(stage.source.sweeps) == before + 1
    assert list(stage.source.sweeps.values())[-1].start_lr == 1e-5


def test_while_i_rename_it(open_tab: Open, stage: Stage) -> None:
    """I am about to rename it: saving says why that is no longer possible, and my words are not lost."""
    tab = open_tab("done")
    tab.page.get_by_role("button", name="Actions for noisy").click()
    tab.page.get_by_role("menuitem", name="Rename, tag, colour…").click()
    dialog = tab.page.get_by_role("dialog", name="Edit sweep")
    expect(dialog.get_by_label("Name")).to_be_focused()
    dialog.get_by_label("Name").fill("noisier")
    stage.do(stage.source.delete, NOISY)
    expect(tab.row("noisy")).to_have_count(0)
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert").filter(has_text="no sweep")).to_be_visible()
    expect(dialog.get_by_label("Name")).to_have_value("noisier")


def test_many_at_once_are_one_message(open_tab: Open, stage: Stage) -> None:
    """Somebody clears up: I am told once how many of my curves went, not once for each."""
    tab = open_tab("done")
    for id in (CLEAN, NOISY, WIDE):
        stage.do(stage.source.delete, id)
    expect(tab.page.locator(".toast")).to_have_text("3 sweeps on the plot were deleted by somebody else")
