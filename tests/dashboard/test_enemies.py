"""What somebody careless or hostile may send: names, curves, links, and a record that changes under the hand."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import Stage
from tests.dashboard.fake_server import ask
from tests.journeys.page_browser import Tab

pytestmark = pytest.mark.journey
Open = Callable[..., Tab]
CLEAN, NOISY, WIDE = (f"{k:016d}" for k in range(1, 4))
RATES = [10 ** (-7 + 8 * k / 99) for k in range(100)]
SCRIPT = "<script>window.ran = 1</script><img src=x onerror='window.ran = 1'>"
ODD: dict[str, tuple[list[float], list[float | None]]] = {
    SCRIPT: ([1e-3], [2.0]),
    "two points 🎉": ([1e-5, 1e-3], [2.0, 1.0]),
    "\u202eשלום": (RATES, [2 - k / 100 for k in range(100)]),
    "x" * 120: (RATES, [None] * 100),
    "huge": (RATES, [1e30 * (k + 1) for k in range(100)]),
    "below zero": (RATES, [-1 - k / 100 for k in range(100)]),
    "constant": (RATES, [2.0] * 100),
    "one rate": ([1e-3] * 50, [2 - k / 100 for k in range(50)]),
}
LOOKS: list[dict[str, Any]] = [
    {"logLoss": True},
    {"normalise": True},
    {"showAll": True},
    {"logLoss": False},
    {"align": "pick"},
    {"align": "lr", "normalise": False, "showAll": False, "group": "recipe"},
    {"layout": "multiples"},
    {"layout": "table"},
    {"layout": "overlay", "group": "none"},
]
FINITE = """() => { const {xaxis, yaxis} = lrscope.app.chart.div._fullLayout;
  return [...xaxis.range, ...yaxis.range].every(Number.isFinite); }"""


def oddities(stage: Stage) -> None:
    ask(stage.source, "no point yet", "digits-clean")
    for name, (lr, loss) in ODD.items():
        id = ask(stage.source, name, "digits-clean", tags=[SCRIPT[:30]])
        stage.source.change(id, notes="[a link](javascript:window.ran=1) <img src=x onerror='window.ran=1'>")
        stage.source.draw(id, lr, loss)


def test_odd_names_and_odd_curves_are_shown_as_they_are_and_break_nothing(open_tab: Open, stage: Stage) -> None:
    """A colleague's script has queued nonsense; I look at each of it in every way, and my page stays whole."""
    stage.play("empty")
    stage.source.workers = []
    stage.do(oddities, stage)
    tab = open_tab()
    tab.drawn(8)
    for look in LOOKS:
        draws = tab.js("() => lrscope.app.chart.draws")
        tab.js("look => lrscope.app.store.setView(look)", look)
        if look.get("layout", "overlay") == "overlay":
            tab.until("before => lrscope.app.chart.draws > before", draws)
        assert tab.js(FINITE), look
    for id in tab.js("() => [...lrscope.app.store.sweeps.keys()]"):
        tab.js("id => lrscope.app.store.setFocus(id)", id)
        expect(tab.page.locator("#focus h2")).to_have_text(str(stage.source.sweeps[id].name))
        tab.until("id => lrscope.app.store.readings.has(id) || !lrscope.app.store.sweeps.get(id).steps_done", id)
    expect(tab.row(SCRIPT)).to_have_count(1)
    expect(tab.page.locator(".grid .ag-center-cols-container .ag-row")).to_have_count(1 + len(ODD))
    tab.row("huge").click(button="right")
    tab.page.get_by_role("menuitem", name="Notes").click()
    notes = tab.page.get_by_role("dialog", name="Notes")
    expect(notes).to_contain_text("a link")
    for link in notes.get_by_role("link").all():
        assert not str(link.get_attribute("href")).startswith("javascript")
    assert notes.locator("img").count() == 0
    assert tab.js("() => window.ran") is None
    assert tab.js("() => document.documentElement.scrollWidth <= innerWidth") is True


NONSENSE = {
    name: quote(value)
    for name, value in {
        **dict.fromkeys(("s", "f", "b"), "<b>,../../etc,💥"),
        **dict.fromkeys(("l", "g", "sm", "y", "all", "n", "al"), "-1e999"),
        **dict.fromkeys(("x", "yr"), "1..NaN..1e400"),
        **dict.fromkeys(("p", "m"), "<img src=x onerror=window.ran=1>"),
    }.items()
}


def test_a_link_of_nonsense_is_told_and_the_page_stands_as_ever(open_tab: Open) -> None:
    """Somebody has mangled a link; the page names what it could not read and shows the rest."""
    tab = open_tab("done", path="/?" + "&".join(f"{name}={value}" for name, value in NONSENSE.items()))
    notice = tab.page.locator("#link-notice")
    expect(notice).to_contain_text("Not understood in this link")
    expect(notice).to_contain_text("<img src=x")
    tab.drawn(3)
    assert tab.js(FINITE)
    assert tab.js("() => window.ran") is None
    tab.open(
        "/?y=log&yr=-1..2&x=1e-12..1e4&sm=2&m=1e4&p=nothing_like_it"
    )  # each can be read, together they hardly can be shown
    tab.drawn(3)
    assert tab.js(FINITE)
    assert tab.lr == 10
    tab.open("/v/zzzzzzzzzzzzzzzz")
    expect(notice).to_contain_text("There is no saved view zzzzzzzzzzzzzzzz")
    tab.drawn(3)


def test_what_is_deleted_elsewhere_goes_from_under_my_hand(open_tab: Open, stage: Stage) -> None:
    """I drag the marker of a sweep that a colleague deletes; then the server restarts without my other one."""
    tab = open_tab("done", path=f"/?s={CLEAN},{NOISY},{WIDE}&f={NOISY}&b={NOISY}")
    tab.drawn(3)

    def delete() -> None:
        stage.do(stage.source.delete, NOISY)
        tab.until("id => !lrscope.app.store.sweeps.has(id)", NOISY)

    mouse, y = tab.page.mouse, tab.middle()
    mouse.move(tab.px(tab.lr), y)
    mouse.down()
    mouse.move(tab.px(1e-5), y, steps=3)
    delete()
    mouse.move(tab.px(1e-4), y, steps=3)
    mouse.up()
    expect(tab.page.locator("#focus")).not_to_contain_text("noisy")
    expect(tab.page.locator(".marker")).to_be_hidden()
    tab.page.keyboard.press("m")
    tab.page.keyboard.press("p")
    tab.focus("clean")
    expect(tab.page.locator("#readout tbody tr")).to_have_count(2)
    stage.source.sweeps.pop(WIDE)  # nobody is told: the record is another one after the restart
    stage.do(stage.fake.drop)
    tab.until("id => !lrscope.app.store.sweeps.has(id)", WIDE)
    expect(tab.row("wide")).to_have_count(0)
    assert tab.js("() => lrscope.app.store.focus") == CLEAN
    tab.drawn(1)
