"""Odd things in the record: names that no layout was made for, and curves that no axis was made for."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import Stage
from tests.dashboard.fake_server import ask
from tests.journeys.page_browser import Tab

pytestmark = pytest.mark.journey
Open = Callable[..., Tab]

NAMES = {
    "long": "a very long name of a sweep " * 7 + "end.",
    "emoji": "resnet 🔥🔥🔥🔥👩‍🔬👩‍🔬👩‍🔬 v2",
    "arabic": "معدل التعلم للنموذج الكبير 128",
    "script": "<script>window.ran=1</script><img src=x onerror=window.ran=1>",
}
LR = [10 ** (-5 + k / 10) for k in range(50)]
CURVES: dict[str, tuple[list[float], list[float | None]]] = {
    "one point": ([1e-3], [2.0]),
    "never a number": (LR, [None] * 50),
    "all equal": (LR, [1.5] * 50),
    "negative": (LR, [-3 - 0.1 * k for k in range(50)]),
    "huge": (LR, [1e30 * (1 + k) for k in range(50)]),
    "tiny": (LR, [1e-30 * (50 - k) for k in range(50)]),
}
FINITE = """() => { const {xaxis, yaxis} = lrscope.app.chart.div._fullLayout;
  return [...xaxis.range, ...yaxis.range].every(Number.isFinite); }"""
NUMBERS = "() => !/NaN|Infinity|undefined/.test(document.body.innerText)"
DRAWN = "() => [...document.querySelectorAll('#plot path')].every(path => !/NaN|Infinity/.test(path.getAttribute('d')))"
SIDEWAYS = "() => document.documentElement.scrollWidth <= innerWidth"


@pytest.mark.parametrize("kind", NAMES)
def test_a_sweep_with_an_odd_name_is_listed_read_and_run_as_any_other(open_tab: Open, stage: Stage, kind: str) -> None:
    """A script of the team gave its sweep a name that I would not: every place says it whole, and nothing of it runs."""
    name = NAMES[kind]
    tab = open_tab("done")
    stage.do(lambda: stage.source.change(f"{2:016d}", name=name))
    shown = re.sub(r"\s+", " ", name).strip()
    row = tab.page.locator(".grid .ag-row[row-id='0000000000000002']")
    expect(row.locator(".cell--name .cell__main").first).to_have_text(shown)
    row.locator(".cell--name .cell__main").first.click()
    expect(tab.page.locator("#focus h2")).to_have_text(shown)
    expect(tab.page.locator("#focus h2")).to_have_attribute("title", name)
    expect(tab.page.locator("#legend")).to_contain_text(shown)
    assert tab.js("() => [...document.querySelectorAll('.mid > *')].every(part => part.textContent.isWellFormed())")
    tab.page.mouse.move(tab.px(1e-3), tab.middle())
    expect(tab.page.locator(".tip__rows")).to_contain_text(shown)
    tab.page.keyboard.press("c")
    form = tab.page.get_by_role("dialog", name="New sweep")
    expect(form).to_contain_text(f"A copy of {shown}")
    form.get_by_label("Start LR").press("Escape")
    expect(form).to_be_hidden()
    assert tab.js(SIDEWAYS)
    assert tab.js("() => window.ran") is None


def test_a_name_that_reads_from_the_right_begins_there(open_tab: Open, stage: Stage) -> None:
    """My colleague names her sweeps in Arabic: their beginning stands at the right, their end at the left."""
    tab = open_tab("done")
    stage.do(lambda: stage.source.change(f"{2:016d}", name=NAMES["arabic"]))
    name = tab.page.locator(".grid .ag-row[row-id='0000000000000002'] .cell--name .mid").first
    expect(name).to_contain_text("128")
    head, tail = (name.locator(f".mid__{part}").bounding_box() for part in ("head", "tail"))
    assert head is not None
    assert tail is not None
    assert head["x"] > tail["x"]


def test_a_name_of_spaces_is_refused_and_the_old_one_stands(open_tab: Open, stage: Stage) -> None:
    """I wipe the name and save: I am told what is wrong at the field; a name from another program loses its line break."""
    tab = open_tab("done")
    tab.page.get_by_role("button", name="Actions for noisy").click()
    tab.page.get_by_role("menuitem", name="Rename, tag, colour…").click()
    dialog = tab.page.get_by_role("dialog", name="Edit sweep")
    field = dialog.get_by_label("Name")
    expect(field).to_be_focused()
    field.fill("   ")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.locator("[data-error=name]")).to_contain_text("at least 1 character")
    assert stage.source.sweeps[f"{2:016d}"].name == "noisy"
    field.evaluate("(node, text) => { node.value = text; }", "two\nlines" + "x" * 200)
    field.press("End")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.locator("[data-error=name]")).to_contain_text("at most 120 characters")
    field.fill("quiet")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    expect(tab.row("quiet")).to_be_visible()


@pytest.mark.parametrize("kind", CURVES)
def test_an_odd_curve_is_drawn_and_read_without_a_complaint(open_tab: Open, stage: Stage, kind: str) -> None:
    """A training went wrong in its own way: list, plot, tooltip and panel stand beside a curve that no axis was made
    for, alone and with the others, in every layout."""
    lr, loss = CURVES[kind]
    stage.play("done")
    odd = stage.do(lambda: ask(stage.source, kind, "digits-clean"))
    stage.do(lambda: stage.source.draw(odd, lr, loss))
    tab = open_tab()
    tab.focus(kind)
    tab.until("id => (lrscope.app.store.curves.get(id)?.lr.length || 0) > 0", odd)
    for only in (False, True):
        if only:
            tab.js("id => lrscope.app.store.solo(id)", odd)
        for change in (
            {},
            {"logLoss": True},
            {"showAll": True},
            {"normalise": True},
            {"layout": "multiples"},
            {"layout": "table"},
        ):
            draws = tab.js("() => lrscope.app.chart.draws")
            tab.js(
                "change => lrscope.app.store.setView({logLoss: false, showAll: false, normalise: false, layout: 'overlay', ...change})",
                change,
            )
            if "layout" not in change:
                tab.until("before => lrscope.app.chart.draws > before", draws)
                tab.page.mouse.move(tab.px(1e-3), tab.middle() + (20 if only else 0))
                assert tab.js(FINITE), change
                assert tab.js(DRAWN), change
            tab.js("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            assert tab.js(NUMBERS), change
    tab.js("() => lrscope.app.store.setView({layout: 'overlay', normalise: false})")
    tab.page.keyboard.press("m")
    for key in ("Home", "ArrowRight", "End"):
        tab.page.keyboard.press(key)
    assert tab.js(NUMBERS)
