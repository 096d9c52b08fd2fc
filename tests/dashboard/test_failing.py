"""A sweep without a reading: why that is, what to do about it, and a copy in which the likely culprit is changed."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from lrscope.spec import Status
from tests.dashboard.conftest import Stage
from tests.dashboard.fake_server import ask
from tests.journeys.page_browser import Tab

pytestmark = pytest.mark.journey
Open = Callable[..., Tab]
OOM = "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.50 GiB"


def next_of(tab: Tab) -> Any:
    return tab.page.locator("#next")


def fails(stage: Stage, reason: str, **params: Any) -> str:
    """A sweep of a known recipe that failed with this."""

    def go() -> str:
        id = ask(stage.source, "too big", "digits-clean")
        stage.source.change(id, params={"batch_size": 128, **params})
        stage.source.fail(id, reason)
        return id

    return stage.do(go)


def form_of(tab: Tab) -> Any:
    form = tab.page.get_by_role("dialog", name="New sweep")
    expect(form.get_by_label("batch size")).to_be_visible()
    return form


def test_out_of_memory_is_one_click_from_a_smaller_batch(open_tab: Open, stage: Stage) -> None:
    """My sweep ran out of memory; I open the copy with a fix, see the batch halved and why, and queue it."""
    stage.play("done")
    fails(stage, OOM)
    tab = open_tab()
    tab.focus("too big")
    expect(next_of(tab)).to_contain_text("batch_size is halved, from 128 to 64")
    next_of(tab).get_by_role("button", name="Clone with a fix").click()
    form = form_of(tab)
    expect(form.get_by_label("batch size")).to_have_value("64")
    expect(form.get_by_label("batch size")).to_be_focused()
    expect(form).to_contain_text("CUDA out of memory")
    expect(form).to_contain_text("from 128 to 64")
    expect(tab.page.locator("[data-was='128']")).to_have_text("batch size")
    form.get_by_role("button", name="Queue sweep").click()
    expect(form).to_be_hidden()
    assert list(stage.source.sweeps.values())[-1].params["batch_size"] == 64


def test_the_reason_in_the_row_opens_its_traceback(open_tab: Open) -> None:
    """A row says why it failed; I click what it says, and copy the traceback."""
    tab = open_tab("done")
    tab.row("fp16 transformer").get_by_text("RuntimeError: expected scalar type").click()
    dialog = tab.page.get_by_role("dialog", name="Why it failed")
    expect(dialog.get_by_role("tabpanel", name="Traceback")).to_contain_text("Traceback (most recent call last)")
    expect(dialog.get_by_role("button", name="Copy")).to_be_visible()
    expect(tab.page.locator("#focus h2")).to_have_text("fp16 transformer")


def test_the_named_parameter_gets_the_focus_and_nothing_is_changed_in_my_name(open_tab: Open, stage: Stage) -> None:
    """The message names a parameter: from the dialog of the error I go to that field, and decide myself."""
    stage.play("done")
    fails(stage, "ValueError: hidden must be a multiple of 48", hidden=64)
    tab = open_tab()
    tab.focus("too big")
    next_of(tab).get_by_role("button", name="Show error").click()
    dialog = tab.page.get_by_role("dialog", name="Why it failed")
    dialog.get_by_role("button", name="Clone with a fix").click()
    form = form_of(tab)
    expect(form.get_by_label("hidden")).to_be_focused()
    expect(form).to_contain_text("The message names hidden, which was 64")
    expect(tab.page.locator("[data-was]")).to_have_count(0)


def test_what_a_running_recipe_prints_can_be_read_meanwhile(open_tab: Open, stage: Stage) -> None:
    """My sweep runs and I wonder what it does: I read what it has printed, and more as it comes."""
    tab = open_tab("demo", rate=5)
    tab.focus("clean")
    tab.page.locator("#focus").get_by_role("button", name="Printed").click()
    dialog = tab.page.get_by_role("dialog", name="What it printed")
    panel = dialog.get_by_role("tabpanel", name="Printed")
    expect(panel).to_contain_text("50 000 images")
    stage.source.printed += "epoch 2\n"
    expect(panel).to_contain_text("epoch 2")
    expect(dialog.get_by_role("tab")).to_have_count(1)


def test_a_queued_sweep_that_nobody_can_run_says_what_to_start(open_tab: Open, stage: Stage) -> None:
    """Mine waits for ever; the panel says that no worker is connected, and the line that starts one."""
    tab = open_tab("starved")
    tab.focus("noisy")
    expect(next_of(tab)).to_contain_text("No worker is connected")
    expect(next_of(tab)).to_contain_text("Number 2 in the queue")
    expect(next_of(tab).locator("code")).to_have_text(f"lrscope worker --server {stage.base}")
    expect(tab.page.locator("#reading")).to_be_hidden()


def test_a_cancelled_sweep_says_how_far_it_came_and_goes_on_from_there(open_tab: Open, stage: Stage) -> None:
    """I cancelled too early: the panel says where it stopped, keeps what it measured, and offers to go on."""
    stage.play("demo", 0)
    tab = open_tab()
    tab.focus("clean")
    stage.pace(60)
    tab.until("() => lrscope.app.store.curves.get(lrscope.app.store.focus)?.lr.length > 15")
    stage.pace(0)
    tab.page.locator("#focus").get_by_role("button", name="Cancel").click()
    expect(next_of(tab)).to_contain_text("It was cancelled after")
    expect(next_of(tab).get_by_role("button", name="Run it to its end")).to_be_visible()
    next_of(tab).get_by_role("button", name="Retry").click()
    tab.wait(lambda: stage.source.sweeps[f"{1:016d}"].status in (Status.QUEUED, Status.RUNNING))


def test_a_loss_that_never_was_a_number_is_no_divergence(open_tab: Open, stage: Stage) -> None:
    """All my losses are NaN. The page does not call that a rate that is too high, and says what to look at."""
    stage.play("done")
    stage.do(broken, stage)
    tab = open_tab()
    tab.focus("never a number")
    expect(next_of(tab)).to_contain_text("not a number from the first step on")
    expect(next_of(tab)).to_contain_text("No rate has acted by then")
    expect(tab.page.locator("#reading")).to_contain_text("too few to read")
    expect(tab.page.get_by_role("button", name="Begin at")).to_have_count(0)
    next_of(tab).get_by_role("button").click()  # there is one way out
    expect(tab.page.get_by_role("dialog").get_by_role("tabpanel", name="Printed")).to_be_visible()


def broken(stage: Stage) -> None:
    """A sweep whose loss was not finite at its first step."""
    id = ask(stage.source, "never a number", "digits-clean")
    stage.source.start(id)
    track = stage.source.tracks[id]
    track.lr, track.loss = [1e-7], [None]
    stage.source.change(id, status=Status.DIVERGED, steps_done=1, first_nonfinite_step=0)


def test_advice_opens_in_the_form_with_the_change_and_why(open_tab: Open, stage: Stage) -> None:
    """The reading says that it is noisy; I look at what it advises in the form, and change more before I queue it."""

    def short() -> None:
        stage.source.finish(ask(stage.source, "too short", "digits-wide", end_lr=1e-2))

    stage.play("empty")
    stage.do(short)
    tab = open_tab()
    reading = tab.page.locator("#reading")
    expect(reading).to_contain_text("Raise end_lr")
    reading.get_by_role("button", name="In the form").first.click()
    form = form_of(tab)
    expect(form.get_by_label("End LR")).to_have_value("0.1")
    expect(form.get_by_label("End LR")).to_be_focused()
    expect(form).to_contain_text("Raise end_lr")
