"""The drawer of queue and workers, from the words in the header."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from lrscope.spec import Status
from tests.dashboard.conftest import Stage
from tests.journeys.page_browser import Tab

pytestmark = pytest.mark.journey
Open = Callable[..., Tab]
FAILED, QUEUED = "0000000000000004", "0000000000000005"


def test_the_queue_says_why_a_sweep_waits_and_who_runs_what(open_tab: Open, stage: Stage) -> None:
    """My sweep does not start. The header's words open the queue: it waits for a GPU; I cancel it, and retry another."""
    tab = open_tab("done")
    expect(tab.page.locator("#queue")).to_contain_text("0 of 1 device busy")
    tab.page.locator("#queue").click()
    drawer = tab.page.get_by_role("dialog", name="Queue and workers")
    expect(drawer).to_contain_text("bench · 4-core CPU")
    expect(drawer).to_contain_text("heard")
    expect(drawer).to_contain_text("waits for a worker with cuda")
    drawer.get_by_role("button", name="Cancel: big batch").click()
    tab.wait(lambda: stage.source.sweeps[QUEUED].status is Status.CANCELLED)
    expect(drawer).to_contain_text("Nothing waits.")
    drawer.get_by_role("button", name="Retry fp16 transformer").click()
    tab.wait(lambda: stage.source.sweeps[FAILED].status is not Status.FAILED)


def test_a_sweep_that_runs_is_cancelled_in_the_drawer(open_tab: Open, stage: Stage) -> None:
    tab = open_tab("line", rate=0)
    tab.page.locator("#queue").click()
    drawer = tab.page.get_by_role("dialog", name="Queue and workers")
    running = next(sweep for sweep in stage.source.sweeps.values() if sweep.status is Status.RUNNING)
    drawer.get_by_role("button", name=f"Cancel: {running.name}").click()
    tab.wait(lambda: stage.source.sweeps[running.id].status is Status.CANCELLED)


def test_with_no_worker_the_drawer_says_how_to_start_one(open_tab: Open, stage: Stage) -> None:
    tab = open_tab("starved")
    tab.page.locator("#queue").click()
    drawer = tab.page.get_by_role("dialog", name="Queue and workers")
    expect(drawer).to_contain_text(f"lrscope worker --server {stage.base}")
