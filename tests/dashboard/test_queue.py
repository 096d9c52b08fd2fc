"""The drawer of queue and workers, from the words in the header."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from lrscope.demo import DEMO_SWEEPS
from lrscope.spec import Status
from tests.dashboard.conftest import Stage
from tests.dashboard.fake_source import FakeSource
from tests.journeys.page_browser import Tab

pytestmark = pytest.mark.journey
Open = Callable[..., Tab]
FAILED, QUEUED = "0000000000000004", "0000000000000005"


def two_more(source: FakeSource) -> str:
    """Two sweeps of one name come behind the two that wait; the name."""
    request = DEMO_SWEEPS[0]
    made = [source.add(request.specs()[0], "ada", request, {}) for _ in range(2)]
    for place, sweep in enumerate(made, 3):
        source.change(sweep.id, queue_position=place)
    return made[0].name


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
    """A long sweep of grace's holds the GPU. I open the queue, find it there, and cancel it."""
    tab = open_tab("line", rate=0)
    tab.page.locator("#queue").click()
    drawer = tab.page.get_by_role("dialog", name="Queue and workers")
    running = next(sweep for sweep in stage.source.sweeps.values() if sweep.status is Status.RUNNING)
    drawer.get_by_role("button", name=f"Cancel: {running.name}").click()
    tab.wait(lambda: stage.source.sweeps[running.id].status is Status.CANCELLED)


def test_a_waiting_sweep_goes_up_and_down_by_one_place_with_the_keys_in_all_tabs(open_tab: Open, stage: Stage) -> None:
    """Two of the same name: the focus stays with the one that moved, also where its button has nothing left to do."""
    stage.play("starved")
    name = stage.do(two_more, stage.source)
    tab, other = open_tab(), open_tab()
    for each in (other, tab):
        each.page.locator("#queue").click()
    lines = tab.page.get_by_role("dialog", name="Queue and workers").locator(".queued")
    expect(lines).to_have_count(4)
    a, b, c, d = (line.get_attribute("data-sweep") for line in lines.all())
    expect(lines.nth(0).get_by_role("button", name="up")).to_be_disabled()
    expect(lines.nth(3).get_by_role("button", name="down")).to_be_disabled()

    def order(*wanted: str | None) -> None:
        for each in (tab, other):
            for place, sweep in enumerate(wanted):
                expect(each.page.locator("#queue-body .queued").nth(place)).to_have_attribute("data-sweep", sweep or "")

    up = tab.page.locator(f"[data-sweep='{d}']").get_by_role("button", name=f"Move {name} up", exact=True)
    up.focus()
    for wanted in ((a, b, d, c), (a, d, b, c), (d, a, b, c)):
        tab.page.keyboard.press("Enter")
        order(*wanted)
        expect(up).to_be_focused()
    expect(up).to_be_disabled()
    tab.page.keyboard.press("Enter")
    tab.page.locator(f"[data-sweep='{d}']").get_by_role("button", name=f"Move {name} down", exact=True).press("Enter")
    order(a, d, b, c)
    tab.page.locator(f"[data-sweep='{c}']").get_by_role("button", name="to the front").click()
    order(c, a, d, b)


def test_with_no_worker_the_drawer_says_how_to_start_one(open_tab: Open, stage: Stage) -> None:
    """Nothing moves. I open the queue and read the command that starts a worker for this very server."""
    tab = open_tab("starved")
    tab.page.locator("#queue").click()
    drawer = tab.page.get_by_role("dialog", name="Queue and workers")
    expect(drawer).to_contain_text(f"lrscope worker --server {stage.base}")
