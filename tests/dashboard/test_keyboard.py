"""The page without a mouse: from the queued sweep to the saved pick, and keys that are letters where one types."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from lrscope_dashboard.layout.dialogs import ANYWHERE
from tests.dashboard.conftest import Stage
from tests.journeys.page_browser import Tab

pytestmark = pytest.mark.journey
Open = Callable[..., Tab]
KEYS = [key for keys, _ in ANYWHERE for key in keys.split(" ")]
STATE = """() => { const {view, visible, focus, baseline} = lrscope.app.store;
  return JSON.stringify([view, [...visible], focus, baseline, lrscope.app.store.draft().lr]); }"""
SEEN = """() => { const at = document.activeElement, rings = [at, at.firstElementChild, at.parentElement, ...at.children]
    .filter(Boolean).map(node => getComputedStyle(node));
  return at !== document.body && at.matches(':focus-visible')
    && rings.some(({outlineStyle, boxShadow}) => outlineStyle !== 'none' || boxShadow !== 'none'); }"""
SHORTCUT = """([key, held]) => document.activeElement.dispatchEvent(
  new KeyboardEvent('keydown', {key, [held]: true, bubbles: true, cancelable: true}))"""


def test_a_sweep_is_queued_watched_read_and_picked_without_a_mouse(open_tab: Open, stage: Stage) -> None:
    """I press n and Ctrl-Enter, watch my curve, go to the marker, move it, tab to the note, write why, and save."""
    tab = open_tab("done", rate=150)
    tab.drawn(3)
    press = tab.page.keyboard.press
    press("n")
    form = tab.page.get_by_role("dialog", name="New sweep")
    expect(form.get_by_label("batch size")).to_have_value("128")
    form.get_by_label("Name").focus()
    tab.page.keyboard.type("by hand")
    tab.until(SEEN)
    press("Control+Enter")
    expect(tab.page.locator("#focus h2")).to_have_text("by hand")
    expect(form).to_be_hidden()
    tab.until("() => lrscope.words.ended(lrscope.app.store.focused())", timeout_s=30)
    sweep = tab.js("() => lrscope.app.store.focus")
    tab.until("id => lrscope.app.store.readings.get(id)?.suggestion", sweep)
    tab.page.locator(".drawer").wait_for(state="hidden")

    press("m")
    expect(tab.marker).to_be_focused()
    tab.until(SEEN)
    press("Home")
    assert tab.lr == 1e-7
    press("End")
    assert tab.lr == 10
    press("Escape")
    press("Shift+ArrowLeft")
    chosen = tab.lr
    note = tab.page.get_by_placeholder("Why this rate?")
    for _ in range(25):
        press("Tab")
        tab.until(SEEN)
        if note.evaluate("node => node === document.activeElement"):
            break
    else:
        raise AssertionError("Tab never came to the note")
    before = tab.js(STATE)
    letters = "".join(KEYS)
    tab.page.keyboard.type(letters)
    expect(note).to_have_value(letters)
    assert tab.js(STATE) == before
    press("Tab")
    expect(tab.page.locator("#save-pick")).to_be_focused()
    tab.until(SEEN)
    press("Enter")
    expect(tab.page.locator("#save-pick")).to_have_text("Saved")
    pick = stage.source.sweeps[sweep].pick
    assert pick is not None
    assert (pick.lr, pick.note) == (chosen, letters)


def test_with_ctrl_or_command_a_letter_is_the_browsers(open_tab: Open) -> None:
    tab = open_tab("done")
    tab.drawn(3)
    before = tab.js(STATE)
    for held in ("ctrlKey", "metaKey"):
        for key in KEYS:
            tab.js(SHORTCUT, [key, held])
    assert tab.js(STATE) == before
    expect(tab.page.get_by_role("dialog")).to_have_count(0)
    for key, changed in (("g", "view.group !== 'none'"), ("b", "baseline"), ("x", "visible.size === 4")):
        tab.page.keyboard.press(key)
        tab.until(f"() => lrscope.app.store.{changed}")
