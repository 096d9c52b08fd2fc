"""What the page says while nothing is there, nothing moves, or something went wrong; and what was just done."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from lrscope_dashboard.layout.dialogs import ANYWHERE, KEYS
from tests.journeys.page_browser import Tab

pytestmark = pytest.mark.journey
Open = Callable[..., Tab]

UNDOABLE = """() => lrscope.toast('“clean” was deleted', {action: 'Undo', onAction: () => { window.undone = true; }})"""
REFUSED = (
    """() => lrscope.toast('Deleted', {action: 'Undo', onAction: async () => { throw new Error('It is gone'); }})"""
)


def test_what_was_done_is_said_and_can_be_taken_back(open_tab: Open) -> None:
    """I delete the wrong sweep, read what happened at the foot of the page, and press Undo."""
    tab = open_tab("done")
    said = tab.page.locator(".toasts")
    expect(said).to_have_attribute("aria-live", "polite")
    tab.js(UNDOABLE)
    expect(said).to_contain_text("“clean” was deleted")
    said.get_by_role("button", name="Undo").click()
    assert tab.js("() => window.undone") is True
    expect(said.locator(".toast")).to_have_count(0)


def test_a_refused_undo_is_told_in_the_same_place(open_tab: Open) -> None:
    """I press Undo too late: where the message stood I read that it is gone, and I close that."""
    tab = open_tab("done")
    tab.js(REFUSED)
    tab.page.get_by_role("button", name="Undo").click()
    expect(tab.page.locator(".toast.is-bad")).to_have_text("It is gone")
    tab.page.get_by_role("button", name="Close this message").click()
    expect(tab.page.locator(".toast")).to_have_count(0)


def test_no_more_than_three_stand_and_closing_gives_the_focus_back(open_tab: Open) -> None:
    """I am at the search when four messages come; the last three stay. I go to the newest, press Escape, and am back at
    the search."""
    tab = open_tab("done")
    tab.page.get_by_label("Filter sweeps").focus()
    for text in ("one", "two", "three", "four"):
        tab.js("text => { lrscope.toast(text); }", text)
    expect(tab.page.locator(".toast")).to_have_text(["two", "three", "four"])
    tab.page.get_by_role("button", name="Close this message").last.focus()
    tab.page.keyboard.press("Escape")
    expect(tab.page.locator(".toast")).to_have_text(["two", "three"])
    expect(tab.page.get_by_label("Filter sweeps")).to_be_focused()


def test_ctrl_z_takes_back_what_was_just_done(open_tab: Open) -> None:
    """I read that “clean” was deleted. I reach for the keys instead of the message's Undo, and the same happens."""
    tab = open_tab("done")
    tab.js(UNDOABLE)
    tab.page.keyboard.press("Control+z")
    tab.until("() => window.undone === true")
    expect(tab.page.locator(".toast")).to_have_count(0)


def test_every_key_that_help_lists_is_handled_and_the_other_way_round(open_tab: Open) -> None:
    """I press ? and find each key with its meaning, sorted by where it works. None on the page is kept from me, and
    none is listed in vain."""
    tab = open_tab("done")
    listed = [key for keys, _ in ANYWHERE for key in keys.split(" ")]
    assert sorted(tab.js("() => Object.keys(lrscope.keys)")) == sorted(listed)
    tab.page.keyboard.press("?")
    dialog = tab.page.get_by_role("dialog", name="Keys")
    for title, keys in KEYS:
        expect(dialog.get_by_role("heading", name=title)).to_be_visible()
        for _, meaning in keys:
            expect(dialog.get_by_text(meaning, exact=True)).to_be_visible()


def test_the_view_is_changed_by_keys_alone(open_tab: Open) -> None:
    """I never touch the mouse: less and more smoothing, log loss, search, one curve alone."""
    tab = open_tab("done")
    press = tab.page.keyboard.press
    press("]")
    tab.until("() => lrscope.app.store.view.smoothing === 0.22")
    press("[")
    press("[")
    tab.until("() => lrscope.app.store.view.smoothing === 0.18")
    press("l")
    tab.until("() => lrscope.app.store.view.logLoss")
    press("s")
    tab.until("() => lrscope.app.store.visible.size === 1")
    press("/")
    expect(tab.page.get_by_label("Filter sweeps")).to_be_focused()
    press("l")
    expect(tab.page.get_by_label("Filter sweeps")).to_have_value("l")
    assert tab.js("() => lrscope.app.store.view.logLoss") is True
