"""Asking for sweeps: the form, its errors at their fields, and the demo on an empty page."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.dashboard.conftest import Stage
from tests.journeys.page_browser import Tab

pytestmark = pytest.mark.journey
Open = Callable[..., Tab]


def opened(tab: Tab) -> Any:
    tab.page.get_by_role("button", name="New sweep").click()
    form = tab.page.get_by_role("dialog", name="New sweep")
    expect(form.get_by_label("batch size")).to_have_value("128")
    return form


def choose(tab: Tab, form: Any, recipe: str) -> None:
    form.get_by_role("combobox", name="Recipe").or_(form.get_by_role("textbox", name="Recipe")).first.click()
    tab.page.get_by_role("option", name=recipe).click()


def test_a_sweep_is_asked_for_and_gets_the_focus(open_tab: Open, stage: Stage) -> None:
    """I choose a recipe, change two of its parameters and the lower rate, and give it a name and tags. It is queued
    just so, as mine."""
    tab = open_tab("done")
    form = opened(tab)
    choose(tab, form, "digits-noisy")
    expect(form.get_by_label("weight decay")).to_have_value("0.0005")
    form.get_by_label("weight decay").fill("1e-2")
    form.get_by_role("switch", name="augment").uncheck(force=True)
    form.get_by_label("Start LR").fill("1e-5")
    form.get_by_label("Name").fill("mine")
    form.get_by_label("Tags").fill("a, b")
    form.get_by_role("button", name="Queue sweep").click()
    expect(form).to_be_hidden()
    expect(tab.page.locator("#focus h2")).to_have_text("mine")
    asked = list(stage.source.sweeps.values())[-1]
    assert asked.params == {"batch_size": 8, "weight_decay": 0.01, "augment": False}
    assert (asked.name, asked.owner, asked.tags) == ("mine", "ada", ["a", "b"])
    assert (asked.start_lr, asked.end_lr) == (1e-5, 10.0)


def test_several_seeds_make_several_sweeps(open_tab: Open, stage: Stage) -> None:
    """I want to know how much is chance and type three seeds: the button speaks of 3 sweeps, and 3 are queued."""
    tab = open_tab("done")
    form = opened(tab)
    form.get_by_label("Seeds").fill("1, 2, 3")
    before = len(stage.source.sweeps)
    form.get_by_role("button", name="Queue 3 sweeps").click()
    tab.wait(lambda: len(stage.source.sweeps) == before + 3)


def test_errors_stand_at_their_fields_and_nothing_typed_is_lost(open_tab: Open, stage: Stage) -> None:
    """My start is no number, then it lies above the end, and my batch is too large: each is told, and nothing is
    queued. The name stays; once all is mended, the form closes."""
    tab = open_tab("done")
    form = opened(tab)
    before = len(stage.source.sweeps)
    form.get_by_label("Start LR").fill("soon")
    form.get_by_label("Name").fill("kept")
    form.get_by_label("batch size").fill("4000")
    form.get_by_role("button", name="Queue sweep").click()
    expect(form).to_contain_text("Is not a number: 'soon'")
    form.get_by_label("Start LR").fill("20")
    form.get_by_role("button", name="Queue sweep").click()
    expect(form.get_by_label("End LR")).to_have_attribute("aria-invalid", "true")
    form.get_by_label("Start LR").fill("1e-4")
    form.get_by_role("button", name="Queue sweep").click()
    expect(form.get_by_label("batch size")).to_have_attribute("aria-invalid", "true")
    expect(form).to_contain_text("less than or equal to 1024")
    expect(form.get_by_label("Name")).to_have_value("kept")
    assert len(stage.source.sweeps) == before
    form.get_by_label("batch size").fill("64")
    form.get_by_role("button", name="Queue sweep").click()
    expect(form).to_be_hidden()


def test_the_first_field_refused_gets_the_focus_unless_a_hand_is_at_another(open_tab: Open, stage: Stage) -> None:
    """I queue with “soon” as the start, and am back in that field. The next time I go to the name before the answer
    comes: I am left there, and what I type is the name."""
    tab = open_tab("done")
    form = opened(tab)
    start, name = form.get_by_label("Start LR"), form.get_by_label("Name")
    start.fill("soon")
    form.get_by_role("button", name="Queue sweep").click()
    expect(start).to_be_focused()

    held: list[Route] = []

    def hold(route: Route) -> None:
        if "form-submit.n_clicks" in str(route.request.post_data):
            held.append(route)
        else:
            route.continue_()

    tab.page.route("**/_dash-update-component*", hold)
    start.fill("later")
    form.get_by_role("button", name="Queue sweep").click()
    name.click()
    tab.wait(lambda: held)
    held[0].continue_()
    expect(form).to_contain_text("Is not a number: 'later'")
    tab.js("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))")
    tab.page.keyboard.type("mine")
    expect(name).to_have_value("mine")


def test_without_recipes_the_form_says_how_to_get_some(open_tab: Open, stage: Stage) -> None:
    """No worker offers anything to train. The form names the command that starts one; I close it with Cancel."""
    tab = open_tab("done")
    stage.source.offering = False
    tab.page.get_by_role("button", name="New sweep").click()
    form = tab.page.get_by_role("dialog", name="New sweep")
    expect(form).to_contain_text("lrscope worker")
    form.get_by_role("button", name="Cancel").click()
    expect(form).to_be_hidden()


def test_an_empty_page_offers_the_demo_and_shows_how_to_begin(open_tab: Open, stage: Stage) -> None:
    """I have just installed it: there are no sweeps yet, and I am shown the line that asks for one from a shell. I
    click on the demo instead: “clean” comes into focus, and curves are drawn."""
    tab = open_tab("empty", rate=150)
    expect(tab.page.get_by_text("No sweeps yet")).to_be_visible()
    expect(tab.page.locator("#empty")).to_contain_text(f"curl {stage.base}/sweeps")
    tab.page.get_by_role("button", name="Run the three demo sweeps").click()
    expect(tab.page.get_by_text("No sweeps yet")).to_be_hidden()
    expect(tab.page.locator("#focus h2")).to_have_text("clean")
    tab.until("() => document.querySelectorAll('.curves path').length >= 6")


def test_the_demo_without_a_worker_says_so(open_tab: Open, stage: Stage) -> None:
    """I click on the demo before anything could run it, and read that no worker offers it."""
    tab = open_tab("empty")
    stage.source.offering = False
    tab.page.get_by_role("button", name="Run the three demo sweeps").click()
    expect(tab.page.get_by_text("no worker offers it")).to_be_visible()
