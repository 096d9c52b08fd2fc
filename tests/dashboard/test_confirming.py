"""Confirming a rate on the page, and one rate for all that is shown."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from lrscope.common import common
from lrscope.spec import Status
from tests.dashboard.conftest import Stage
from tests.journeys.page_browser import Tab

pytestmark = pytest.mark.journey
Open = Callable[..., Tab]
CLEAN, NOISY, WIDE = (f"{k:016d}" for k in range(1, 4))


def test_a_rate_is_confirmed_and_the_best_one_taken_with_one_click(open_tab: Open, stage: Stage) -> None:
    """I ask whether 2e-2 is good, with a schedule and a number of steps. Ten trainings later I see which rate is best
    and how sure that is; the list still has its five sweeps."""
    tab = open_tab("done")
    tab.focus("clean")
    panel = tab.page.locator("#confirmation")
    tab.page.get_by_role("textbox", name="Learning rate").fill("2e-2")
    panel.get_by_label("Schedule").select_option("onecycle")
    panel.get_by_label("Steps of each training").fill("60")
    panel.get_by_role("button", name="Confirm 2e-2").click()
    expect(panel.get_by_role("status")).to_have_text("0 of 10 trainings")
    made = stage.source.confirmations[CLEAN]
    assert (made.lr, made.steps, made.schedule) == (2e-2, 60, "onecycle")
    stage.do(stage.source.end_trainings, CLEAN)
    expect(panel.get_by_role("img")).to_have_attribute(
        "aria-label", "Final losses over learning rates: best at 2e-2, within 5 % 9.8e-3 – 4.1e-2"
    )
    expect(panel).to_contain_text("95 % interval")
    tab.page.get_by_role("textbox", name="Learning rate").fill("1e-3")
    panel.get_by_role("button", name="Use the best rate").click()
    assert tab.lr == 2e-2
    assert tab.page.locator(".grid .ag-row").count() == 5  # the training that was heard of is in no list


def test_a_best_rate_at_the_edge_offers_the_rates_beyond_it(open_tab: Open, stage: Stage) -> None:
    """I confirm 1e-3, and the highest rate trained is the best. I ask for higher ones, change my mind and press Stop:
    the four trainings that wait are cancelled."""
    tab = open_tab("done")
    tab.focus("clean")
    panel = tab.page.locator("#confirmation")
    tab.page.get_by_role("textbox", name="Learning rate").fill("1e-3")
    panel.get_by_role("button", name="Confirm 1e-3").click()
    expect(panel.get_by_role("status")).to_have_text("0 of 10 trainings")
    stage.do(stage.source.end_trainings, CLEAN)
    panel.get_by_role("button", name="Train higher rates").click()
    expect(panel.get_by_role("status")).to_have_text("10 of 14 trainings")
    panel.get_by_role("button", name="Stop").click()
    expect(panel.get_by_role("button", name="Stop")).to_have_count(0)
    assert sum(one.status is Status.CANCELLED for one in stage.source.confirmations[CLEAN].trainings) == 4


def test_a_cut_line_is_told_where_confirm_was_pressed(open_tab: Open) -> None:
    """I press Confirm while the line is cut, and read that the server cannot be reached."""
    tab = open_tab("done")
    tab.focus("clean")
    tab.page.route("**/confirm", lambda route: route.abort())
    tab.page.locator("#confirmation").get_by_role("button", name="Confirm").click()
    expect(tab.page.locator("#confirmation")).to_contain_text("cannot be reached")
    tab.wrong.clear()


def test_several_shown_sweeps_get_one_rate_and_the_one_that_limits_it(open_tab: Open, stage: Stage) -> None:
    """Three curves are shown. I read which rate is safe for all 3 and which of them limits it, and one click puts the
    marker there."""
    tab = open_tab("done")
    tab.focus("clean")
    panel = tab.page.locator("#common")
    expect(panel).to_contain_text("Safe for all 3")
    found = common({id: stage.source.tracks[id].curve() for id in (CLEAN, NOISY, WIDE)})
    limit = stage.source.sweeps[found.limited_by or ""].name
    expect(panel.locator(".fact", has_text="Limited by")).to_contain_text(limit)
    panel.get_by_role("button", name="Use the rate for all").click()
    shown = panel.locator(".fact__value").first.inner_text()
    assert tab.lr == pytest.approx(float(shown), rel=1e-6)
