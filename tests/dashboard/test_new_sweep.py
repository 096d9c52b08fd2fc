"""The form of a new sweep: keys first, the range on its axis, copies with what differs, the same from a shell."""

import json
import shlex
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import Stage
from tests.journeys.page_browser import Tab

pytestmark = pytest.mark.journey
Open = Callable[..., Tab]
CLEAN = f"{1:016d}"
CURL = "() => document.getElementById('form-curl').textContent"


def form_of(tab: Tab) -> Any:
    form = tab.page.get_by_role("dialog", name="New sweep")
    expect(form.get_by_label("batch size")).to_be_visible()
    return form


def closed(tab: Tab, form: Any) -> None:
    """Until it is away and the focus has left it: before that a key is still typed into the form."""
    expect(form).to_be_hidden()
    tab.until("() => !document.activeElement.closest('[role=dialog]')")


def handle(tab: Tab, name: str) -> Any:
    return tab.page.get_by_role("slider", name=name)


def test_a_sweep_is_queued_without_a_mouse(open_tab: Open, stage: Stage) -> None:
    """I press n, tab to what I change, press Ctrl-Enter, and my sweep is queued and in focus."""
    tab = open_tab("done")
    press = tab.page.keyboard.press
    press("n")
    form = form_of(tab)
    expect(form.get_by_role("combobox", name="Recipe").or_(form.get_by_role("textbox", name="Recipe"))).to_be_focused()
    press("Tab")
    expect(form.get_by_label("batch size")).to_be_focused()
    press("Control+a")
    tab.page.keyboard.type("256")
    before = len(stage.source.sweeps)
    press("Control+Enter")
    closed(tab, form)
    assert len(stage.source.sweeps) == before + 1
    assert list(stage.source.sweeps.values())[-1].params["batch_size"] == 256
    press("n")
    expect(form.get_by_label("batch size")).to_have_value("128")


def test_closing_loses_nothing_and_reset_begins_again(open_tab: Open) -> None:
    """I close the half-filled form to look at a curve; when I come back everything I typed is there."""
    tab = open_tab("done")
    tab.page.keyboard.press("n")
    form = form_of(tab)
    form.get_by_label("batch size").fill("32")
    form.get_by_label("Start LR").fill("1e-5")
    form.get_by_label("Start LR").press("Escape")
    closed(tab, form)
    tab.page.keyboard.press("n")
    expect(form.get_by_label("batch size")).to_have_value("32")
    expect(form.get_by_label("Start LR")).to_have_value("1e-5")
    form.get_by_role("button", name="Reset").click()
    expect(form.get_by_label("Start LR")).to_have_value("1e-7")
    expect(form.get_by_label("batch size")).to_have_value("128")


def test_the_range_is_drawn_and_its_handles_and_fields_are_one(open_tab: Open) -> None:
    """I pull the lower end of the range up, see how many steps a decade gets, and the field says the same rate."""
    tab = open_tab("done")
    tab.page.keyboard.press("n")
    form = form_of(tab)
    low, high = handle(tab, "Lowest rate"), handle(tab, "Highest rate")
    expect(low).to_have_attribute("aria-valuetext", "1e-7")
    expect(form).to_contain_text("8 decades, 13 steps in each")
    low.press("ArrowRight")
    expect(form.get_by_label("Start LR")).to_have_value("2e-7")
    low.press("PageUp")
    expect(form.get_by_label("Start LR")).to_have_value("2e-6")
    form.get_by_label("End LR").fill("0.5")
    expect(high).to_have_attribute("aria-valuetext", "0.5")
    box = high.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 45
    tab.page.mouse.move(x, y)
    tab.page.mouse.down()
    tab.page.mouse.move(x + 30, y, steps=4)
    tab.page.mouse.up()
    tab.until("() => Number(document.querySelector('.span__handle--end_lr').ariaValueNow) > 0")
    dragged = tab.js("() => document.querySelector('.span__handle--end_lr').getAttribute('aria-valuetext')")
    expect(form.get_by_label("End LR")).to_have_value(dragged)
    low.press("End")
    expect(form).not_to_contain_text("must lie above")
    form.get_by_label("Start LR").fill("100")
    expect(form).to_contain_text("The end must lie above the start")


def test_a_copy_shows_what_differs_from_its_original(open_tab: Open, stage: Stage) -> None:
    """I copy a good sweep, change two things, see both marked with what they were, and queue it under its own name."""
    tab = open_tab("done")
    tab.focus("clean")
    tab.page.keyboard.press("c")
    form = form_of(tab)
    expect(form).to_contain_text("A copy of clean")
    expect(form.get_by_label("batch size")).to_have_value("64")
    expect(form.get_by_label("Name")).to_have_value("clean 2")
    expect(tab.page.locator(".span__ghost")).to_be_attached()
    assert tab.page.locator("[data-was]").count() == 0
    form.get_by_label("batch size").fill("256")
    form.get_by_label("Start LR").fill("1e-5")
    expect(tab.page.locator("[data-was]")).to_have_count(2)
    expect(tab.page.locator("[data-was='64']")).to_have_text("batch size")
    form.get_by_label("Start LR").fill("1e-7")
    expect(tab.page.locator("[data-was]")).to_have_count(1)
    form.get_by_role("button", name="Queue sweep").click()
    closed(tab, form)
    made, original = list(stage.source.sweeps.values())[-1], stage.source.sweeps[CLEAN]
    assert (made.name, made.tags, made.params["batch_size"]) == ("clean 2", original.tags, 256)
    tab.page.keyboard.press("n")
    expect(tab.page.locator("#form-origin")).to_be_hidden()


def test_the_shell_lines_follow_and_can_be_copied(open_tab: Open, stage: Stage) -> None:
    """I set a sweep up by hand once, and take the line that queues it from my script."""
    tab = open_tab("done")
    tab.page.keyboard.press("n")
    form = form_of(tab)
    form.get_by_label("Name").fill("it's mine")
    form.get_by_label("Seeds").fill("1, 2")
    tab.until(f"() => ({CURL})().includes('1, 2')")
    words = shlex.split(tab.js(CURL))
    assert words[1] == f"{stage.base}/sweeps"
    assert json.loads(words[-1]) == {"recipe": "digits-clean", "name": "it's mine", "seeds": [1, 2]}
    line = form.get_by_role("group", name="lrscope submit line")
    expect(line).to_contain_text("--seeds 1,2")
    expect(form.get_by_role("button", name="Queue 2 sweeps")).to_be_visible()
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    form.get_by_role("button", name="Copy the lrscope submit line").click()
    tab.until("async () => (await navigator.clipboard.readText()).startsWith('lrscope submit digits-clean --server')")
    form.get_by_label("Start LR").fill("soon")
    expect(line).to_contain_text("# start_lr: is not a number")


def test_all_that_is_wrong_is_told_at_once_and_an_error_goes_when_it_is_mended(open_tab: Open) -> None:
    """The first refused field gets the focus; mending one leaves the other's error where it is."""
    tab = open_tab("done")
    tab.page.keyboard.press("n")
    form = form_of(tab)
    batch, priority = form.get_by_label("batch size"), form.get_by_label("Priority")
    batch.fill("4000")
    priority.fill("500")
    form.get_by_role("button", name="Queue sweep").click()
    expect(batch).to_be_focused()
    for field in (batch, priority):
        expect(field).to_have_attribute("aria-invalid", "true")
    form.get_by_label("Name").fill("other")
    expect(batch).to_have_attribute("aria-invalid", "true")
    batch.fill("64")
    expect(batch).not_to_have_attribute("aria-invalid", "true")
    expect(priority).to_have_attribute("aria-invalid", "true")
    form.get_by_role("button", name="Queue sweep").click()
    expect(priority).to_be_focused()
    priority.fill("5")
    expect(priority).not_to_have_attribute("aria-invalid", "true")


def test_a_double_click_queues_once(open_tab: Open, stage: Stage) -> None:
    """My finger is quick and presses Queue sweep twice: the form closes, and there is one sweep more, not two."""
    tab = open_tab("done")
    tab.page.keyboard.press("n")
    form = form_of(tab)
    before = len(stage.source.sweeps)
    form.get_by_role("button", name="Queue sweep").dblclick()
    expect(form).to_be_hidden()
    tab.page.wait_for_timeout(500)  # a second sweep would come late
    assert len(stage.source.sweeps) == before + 1


def test_it_says_who_can_run_it_and_how_long_that_takes(open_tab: Open, stage: Stage) -> None:
    """Before I queue five seeds I read that one worker takes them, and roughly until when."""
    tab = open_tab("done")
    tab.page.keyboard.press("n")
    form, plan = form_of(tab), tab.page.locator("#form-plan")
    expect(plan).to_contain_text("Runs on bench · 4-core CPU, free now")
    expect(plan).to_contain_text("at the pace of “clean”")
    form.get_by_label("Seeds").fill("0, 1, 2, 3, 4")
    expect(plan).to_contain_text("for 5 sweeps")
    stage.do(stage.source.remove_workers)
    expect(plan).to_contain_text("No worker is connected.")
    expect(plan).to_contain_text(f"lrscope worker --server {stage.base}")
