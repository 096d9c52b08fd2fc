"""A whole day without a mouse: search, walk, look, choose, save, queue the next one; and the focus is always seen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import Stage
from tests.journeys.page_browser import Tab

pytestmark = pytest.mark.journey
Open = Callable[..., Tab]
CLEAN, NOISY, WIDE = (f"{k:016d}" for k in range(1, 4))
VIEW = "name => lrscope.app.store.view[name]"
FOCUS = "() => lrscope.app.store.focus"

# What has the focus, when nothing shows that: neither itself, nor what it holds or stands in, has a ring, a line or a
# shadow that it has not without the focus.
UNSEEN = """() => {
  const one = document.activeElement;
  if (one === document.body) return '';
  const around = [one, one.parentElement, one.parentElement.parentElement, ...one.children];
  const look = () => JSON.stringify(around.flatMap(node => ['', '::before', '::after'].map(part => {
    const {outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, backgroundColor, width, opacity} = getComputedStyle(node, part || null);
    return [outlineStyle === 'none' ? '' : outlineWidth + outlineColor, boxShadow, borderColor, backgroundColor, width, opacity];
  })));
  for (const node of around) for (const part of node.getAnimations({subtree: true})) part.finish();
  const seen = look();
  one.blur();
  for (const node of around) for (const part of node.getAnimations({subtree: true})) part.finish();
  const plain = look();
  one.focus({preventScroll: true, focusVisible: true});
  return seen === plain ? `${one.tagName} ${one.id} ${one.className} ${one.getAttribute('aria-label') || one.textContent.slice(0, 30)}` : '';
}"""


def keys(tab: Tab, *pressed: str) -> None:
    for key in pressed:
        tab.page.keyboard.press(key)


def unseen(tab: Tab) -> str:
    """What has the focus and does not look so. What slides in with a drawer is waited for; of a radio, its label is seen."""
    focused = tab.page.locator(":focus:not(.sr-only), label:has(> .sr-only:focus)")
    if focused.count():
        expect(focused).to_be_in_viewport()
    told: str = tab.js(UNSEEN)
    return told


def test_a_day_by_keyboard(open_tab: Open, stage: Stage) -> None:
    """I find a sweep, compare it, choose a rate, save it and queue the next sweep; my mouse lies in a drawer."""
    tab = open_tab("done")
    tab.drawn(3)

    keys(tab, "/")
    search = tab.page.get_by_label("Filter sweeps")
    expect(search).to_be_focused()
    tab.page.keyboard.type("sweet")
    tab.until("() => lrscope.app.list.listed().length === 1")
    keys(tab, "Escape")
    tab.until("() => lrscope.app.list.listed().length === 5")
    keys(tab, "Escape")
    tab.until("() => document.activeElement === document.body")

    order = tab.js("() => lrscope.app.list.listed().map(sweep => sweep.id)")
    keys(tab, *"kkkkk")
    assert tab.js(FOCUS) == order[0]
    keys(tab, "j", "j")
    assert tab.js(FOCUS) == order[2]
    keys(tab, "k", "k", "k")
    assert tab.js(FOCUS) == order[0]
    for _ in order:
        if tab.js(FOCUS) != WIDE:
            keys(tab, "j")
    assert tab.js(FOCUS) == WIDE

    shows = "id => lrscope.app.store.visible.has(id)"
    keys(tab, "x")
    assert not tab.js(shows, WIDE)
    keys(tab, "x")
    assert tab.js(shows, WIDE)
    keys(tab, "s")
    assert tab.js("() => [...lrscope.app.store.visible]") == [WIDE]
    keys(tab, "s")
    assert tab.js(shows, CLEAN)
    keys(tab, "b")
    assert tab.js("() => lrscope.app.store.baseline") == WIDE
    keys(tab, "b")
    assert tab.js("() => lrscope.app.store.baseline") is None
    keys(tab, "g")
    assert tab.js(VIEW, "group") != "none"
    for _ in range(8):
        if tab.js(VIEW, "group") != "none":
            keys(tab, "g")
    assert tab.js(VIEW, "group") == "none"
    keys(tab, "l")
    assert tab.js(VIEW, "logLoss")
    keys(tab, "l", "]", "]", "[")
    assert not tab.js(VIEW, "logLoss")
    assert tab.js(VIEW, "smoothing") == pytest.approx(0.22)

    keys(tab, "?")
    help = tab.page.get_by_role("dialog", name="Keys")
    expect(help).to_be_visible()
    keys(tab, "Escape")
    expect(help).to_be_hidden()
    tab.until("() => !document.activeElement.closest('[role=dialog]')")

    keys(tab, "m")
    expect(tab.marker).to_be_focused()
    assert unseen(tab) == ""
    start = tab.lr
    keys(tab, "ArrowRight")
    assert tab.lr > start
    keys(tab, "Escape")
    assert tab.lr == start
    keys(tab, "Shift+ArrowLeft")
    assert tab.lr < start
    keys(tab, "Home")
    assert tab.lr == 1e-7
    keys(tab, "End")
    assert tab.lr == 10
    rate = tab.page.get_by_role("textbox", name="Learning rate")
    for _ in range(60):
        if rate.evaluate("node => node === document.activeElement"):
            break
        keys(tab, "Tab")
    expect(rate).to_be_focused()
    keys(tab, "Control+a")
    tab.page.keyboard.type("3e-4")
    assert tab.lr == 3e-4
    keys(tab, "Escape")
    assert tab.lr == 10
    keys(tab, "Control+a")
    tab.page.keyboard.type("3e-4")
    keys(tab, "Tab", "p")
    tab.wait(lambda: (pick := stage.source.sweeps[WIDE].pick) is not None and pick.lr == 3e-4)
    expect(tab.page.locator("#save-pick")).to_have_text("Saved")

    keys(tab, "n")
    form = tab.page.get_by_role("dialog", name="New sweep")
    expect(form.get_by_label("batch size")).to_be_visible()
    keys(tab, "Escape")
    expect(form).to_be_hidden()
    tab.until("() => !document.activeElement.closest('[role=dialog]')")
    keys(tab, "n")
    expect(form.get_by_label("batch size")).to_be_visible()
    tab.until("() => document.activeElement.closest('[role=dialog]')")
    start_lr = form.get_by_label("Start LR")
    for _ in range(30):
        if start_lr.evaluate("node => node === document.activeElement"):
            break
        keys(tab, "Tab")
        assert unseen(tab) == ""
    expect(start_lr).to_be_focused()
    keys(tab, "Control+a")
    tab.page.keyboard.type("1e-6")
    before = len(stage.source.sweeps)
    keys(tab, "Control+Enter")
    expect(form).to_be_hidden()
    assert len(stage.source.sweeps) == before + 1
    assert list(stage.source.sweeps.values())[-1].start_lr == 1e-6


def test_whatever_the_tab_key_reaches_is_seen_to_have_the_focus(open_tab: Open) -> None:
    """I go through the whole page with Tab: I always see where I am, come past everything, and never get stuck."""
    tab = open_tab("done")
    tab.drawn(3)
    tab.focus("clean")
    tab.until("() => lrscope.app.store.readings.get(lrscope.app.store.focus)?.suggestion")
    tab.js("() => { document.activeElement.blur(); document.body.focus(); }")
    hidden, reached = set[str](), set[str]()
    for _ in range(120):
        keys(tab, "Tab")
        hidden.add(unseen(tab))
        here = tab.js(
            "() => document.activeElement.id || document.activeElement.getAttribute('aria-label') || document.activeElement.className"
        )
        reached.add(here)
    assert hidden - {""} == set()
    assert {"new-sweep", "Filter sweeps", "Learning rate", "rate", "note"} <= reached
