"""The guide over the page, and the words that explain themselves."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.dashboard.screens import PHONE
from tests.journeys.page_browser import Tab

pytestmark = pytest.mark.journey
Open = Callable[..., Tab]
STEP = "() => document.querySelector('.learn__heading').textContent"
GUIDE = "dialog.learn"


def test_a_beginner_reads_the_guide_from_the_empty_page_and_starts_the_demo(open_tab: Open) -> None:
    """Nothing has run yet. I follow the link under the button, go through the steps, and begin with the demo."""
    tab = open_tab("empty")
    tab.page.locator("#empty").get_by_role("link", name="How to read such a curve").click()
    guide = tab.page.get_by_role("dialog", name="How to read this plot")
    seen = []
    while guide.get_by_role("button", name="Next").count():
        seen.append(tab.js(STEP))
        expect(guide.locator("svg[role=img]")).to_have_attribute(
            "aria-label", tab.js("() => lrscope.steps[lrscope.app.learn.at].scene.label")
        )
        guide.get_by_role("button", name="Next").click()
    assert len(set(seen)) == 7
    guide.get_by_role("button", name="Start with the demo").click()
    expect(tab.page.locator(GUIDE)).to_be_hidden()
    for name in ("clean", "noisy", "wide sweet spot"):
        tab.row(name).first.wait_for()


def test_a_link_opens_a_step_and_reload_and_back_keep_to_it(open_tab: Open) -> None:
    """A colleague sends me /?learn. I read, reload, close; and later back and forward go in and out of the guide."""
    tab = open_tab("done", path="/?learn")
    guide = tab.page.locator(GUIDE)
    expect(guide).to_be_visible()
    tab.until("() => location.hash === '#learn' && !location.search.includes('learn')")
    tab.page.keyboard.press("End")
    tab.until("() => location.hash === '#learn/schedule'")
    last = tab.js(STEP)
    tab.page.reload()
    expect(guide.locator(".learn__heading")).to_have_text(last)
    tab.page.keyboard.press("Escape")
    expect(guide).to_be_hidden()
    assert tab.js("() => location.hash") == ""
    tab.until("() => lrscope.app && lrscope.app.store.connection.state === 'live'")
    tab.page.get_by_role("link", name="How to read this", exact=True).click()
    expect(guide).to_be_visible()
    tab.page.go_back()
    expect(guide).to_be_hidden()
    tab.page.go_forward()
    expect(guide).to_be_visible()


def test_closing_loses_nothing_of_what_is_seen(open_tab: Open) -> None:
    """I have chosen a logarithmic loss and moved the marker; I look something up, and all of it is as it was."""
    tab = open_tab("done")
    tab.focus("clean")
    tab.page.keyboard.press("l")
    tab.page.get_by_role("textbox", name="Learning rate").fill("3.2e-4")
    tab.until("() => location.search.includes('m=3.2e-4')")
    before = tab.js("() => location.search")
    link = tab.page.get_by_role("link", name="How to read this", exact=True)
    link.click()
    tab.page.keyboard.press("Escape")
    expect(link).to_be_focused()
    tab.until("() => location.hash === ''")
    assert tab.js("() => location.search") == before
    assert tab.lr == 3.2e-4
    assert tab.js("() => lrscope.app.store.view.logLoss") is True


def test_the_guide_is_read_with_the_keyboard_alone(open_tab: Open) -> None:
    """I open the help with ?, go to the guide, walk with the arrows, and come back to where I was."""
    tab = open_tab("done")
    tab.page.keyboard.press("?")
    tab.page.get_by_role("link", name="How to read this plot").press("Enter")
    heading = tab.page.locator(".learn__heading")
    expect(heading).to_be_focused()
    first = tab.js(STEP)
    tab.page.keyboard.press("ArrowRight")
    assert tab.js(STEP) != first
    tab.page.keyboard.press("Home")
    assert tab.js(STEP) == first
    for _ in range(30):
        tab.page.keyboard.press("Tab")
        assert tab.js(
            "() => document.activeElement === document.body || !!document.activeElement.closest('dialog.learn')"
        )
    tab.page.keyboard.press("Escape")
    expect(tab.page.locator(GUIDE)).to_be_hidden()
    expect(tab.page.locator("#help")).to_be_focused()


def test_i_learn_where_to_put_the_marker_by_putting_it(open_tab: Open) -> None:
    """I drag the marker along the curve and am told at once: too low, the sweet spot, too high, blown up."""
    tab = open_tab("done", path="/#learn/pick")
    told, probe = tab.page.locator(".learn__verdict"), tab.page.get_by_role("slider", name="Where to put the marker")
    expect(told).to_contain_text("too low")
    box = tab.page.locator(".learn__figure").bounding_box()
    assert box is not None
    place = "lr => lrscope.axes.toPx(lrscope.app.learn.figure.frame, lr)"
    y = box["y"] + box["height"] / 2
    tab.page.mouse.move(box["x"] + tab.js(place, 1e-5), y)
    tab.page.mouse.down()
    for lr, said in (
        (0.04, "in the sweet spot"),
        (0.2, "too high"),
        (1.0, "far too high"),
        (0.032, "where lrscope puts it too"),
    ):
        tab.page.mouse.move(box["x"] + tab.js(place, lr), y, steps=3)
        expect(told).to_contain_text(said)
    tab.page.mouse.up()
    probe.press("Home")
    expect(told).to_contain_text("1e-6 is too low")
    assert tab.js("() => lrscope.steps[lrscope.app.learn.at].id") == "pick"
    probe.press("Shift+ArrowRight")
    expect(probe).to_have_attribute("aria-valuetext", "1.8e-6, too low")


def test_smoothing_is_tried_on_the_noisy_curve(open_tab: Open) -> None:
    """I take the smoothing away and see nothing but noise; I bring it back and see the shape."""
    tab = open_tab("done", path="/#learn/noise")
    lines = tab.page.locator(".figure__line")
    expect(lines).to_have_count(1)
    smoothing = tab.page.get_by_role("slider", name="Smoothing of this curve, in decades")
    smoothing.press("Home")
    expect(lines).to_have_count(0)
    smoothing.press("End")
    expect(lines).to_have_count(1)


def test_each_mistake_has_its_picture(open_tab: Open) -> None:
    """I open one mistake after the other; each shows on a curve what goes wrong, and closes the one before."""
    tab = open_tab("done", path="/#learn/mistakes")
    figure, mistakes = tab.page.locator(".learn__figure svg"), tab.page.locator(".mistake")
    seen = {figure.get_attribute("aria-label")}
    for i in range(1, mistakes.count()):
        mistakes.nth(i).locator("summary").click()
        expect(tab.page.locator(".mistake[open]")).to_have_count(1)
        tab.until(
            "labels => !labels.includes(document.querySelector('.learn__figure svg').getAttribute('aria-label'))",
            [*seen],
        )
        seen.add(figure.get_attribute("aria-label"))
    assert len(seen) == 5


def test_a_word_explains_itself_to_pointer_and_keyboard(open_tab: Open) -> None:
    """I do not know what confidence is: I rest on the word, read, and go on; Escape puts the text away."""
    tab = open_tab("done")
    tab.focus("clean")
    word, tip = tab.page.locator("#reading .term", has_text="confidence"), tab.page.get_by_role("tooltip")
    word.hover()
    expect(tip).to_contain_text("The chance that the suggestion")
    tip.hover()
    expect(tip).to_be_visible()
    tab.page.locator("#focus h2").hover()
    expect(tip).to_be_hidden()
    tab.page.locator("#reading .term").first.focus()
    tab.page.keyboard.press("Tab")
    expect(tip).to_contain_text("The rate that lrscope would take")
    expect(tab.page.locator("[aria-describedby=term-tip]")).to_have_text("Suggestion")
    tab.page.keyboard.press("Escape")
    expect(tip).to_be_hidden()


def test_on_a_phone_guide_and_words_answer_to_touch(open_tab: Open) -> None:
    """On my phone I open the guide, try the marker with a finger, look at the words, and tap one on the page."""
    tab = open_tab("done", path="/#learn/pick", **PHONE)
    guide = tab.page.get_by_role("dialog", name="How to read this plot")
    box = tab.page.locator(".learn__figure").bounding_box()
    assert box is not None
    at = tab.js("lr => lrscope.axes.toPx(lrscope.app.learn.figure.frame, lr)", 0.03)
    tab.page.touchscreen.tap(box["x"] + at, box["y"] + box["height"] / 2)
    expect(tab.page.locator(".learn__verdict")).to_contain_text("in the sweet spot")
    guide.get_by_role("button", name="Words").tap()
    expect(guide.get_by_text("arXiv 1708.07120")).to_be_visible()
    assert tab.js("() => document.querySelector('dialog.learn').scrollWidth <= innerWidth")
    guide.get_by_role("button", name="Close").tap()
    tab.panel("Decide")
    word = tab.page.locator("#reading .term", has_text="Sweet spot")
    word.scroll_into_view_if_needed()
    word.tap()
    expect(tab.page.get_by_role("tooltip")).to_contain_text("half of the fall")
