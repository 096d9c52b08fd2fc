"""A sweep's colour is changed where it is seen, and what the rules say is found where they stand."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import Stage
from tests.journeys.page_browser import Tab

pytestmark = pytest.mark.journey
Open = Callable[..., Tab]
CLEAN = f"{1:016d}"


def test_a_colour_is_changed_at_the_legend_by_keys_and_given_back(open_tab: Open, stage: Stage) -> None:
    """Two of my curves look alike; I open the colour of one in the legend, walk to another, and later take it back."""
    tab = open_tab("done")
    tab.drawn(3)
    entry = tab.page.locator(".legend__entry").filter(has_text="clean")
    swatch = entry.get_by_role("button", name="Colour")
    swatch.focus()
    swatch.press("Enter")
    palette = tab.page.get_by_role("dialog", name="Colour of clean")
    expect(palette.get_by_role("radio", name="blue")).to_be_focused()
    tab.page.keyboard.press("ArrowRight")
    tab.wait(lambda: stage.source.sweeps[CLEAN].color == "#FD5924")
    tab.page.keyboard.press("Enter")
    expect(palette).to_be_hidden()
    expect(swatch).to_be_focused()
    swatch.press("Enter")
    palette.get_by_role("button", name="Back to its own").click()
    tab.wait(lambda: stage.source.sweeps[CLEAN].color == "#0072B2")


def test_the_square_before_the_focused_name_opens_the_same_palette(open_tab: Open, stage: Stage) -> None:
    """I read about one sweep and do not like its colour: I take another there, and the record keeps it."""
    tab = open_tab("done")
    tab.focus("clean")
    tab.page.locator("#focus").get_by_role("button", name="Colour").click()
    tab.page.get_by_role("dialog", name="Colour of clean").locator(".swatch").nth(2).click()
    tab.wait(lambda: stage.source.sweeps[CLEAN].color == "#04A115")


def test_what_a_rule_does_and_whose_it_is_stands_beside_its_rate(open_tab: Open) -> None:
    """I wonder why fastai says something else: I read what each rule does, and see all of their names on the plot."""
    tab = open_tab("done")
    tab.focus("clean")
    tab.page.get_by_text("What other rules say").click()
    expect(tab.page.locator("#reading")).to_contain_text("the default of fastai. (fastai, from ESRI)")
    every = tab.page.get_by_role("button", name="All names on the plot")
    every.click()
    tab.until("() => document.querySelectorAll('.rule.is-named').length === document.querySelectorAll('.rule').length")
    tab.page.get_by_role("button", name="Names off the plot").click()
    tab.until("() => document.querySelectorAll('.rule.is-named').length === 0")


HIDDEN = """() => [...document.querySelectorAll('.xtick text')]
  .filter(label => label.style.fillOpacity === '0').map(label => label.textContent).join(' ')"""


def test_the_rate_that_the_marker_covers_is_not_written_beneath_it(open_tab: Open) -> None:
    """I press Home: where the marker now stands, 1e-7 makes way for it on the axis, and no other rate does."""
    tab = open_tab("done")
    tab.focus("clean")
    tab.marker.press("Home")
    tab.until(f"() => ({HIDDEN})() === '1e-7'")


def test_a_rate_that_the_marker_has_left_is_written_again_whatever_was_drawn_meanwhile(open_tab: Open) -> None:
    """I press Home, change to a logarithmic loss and press End: now 10 is hidden on the axis, and it alone."""
    tab = open_tab("done")
    tab.focus("clean")
    tab.marker.press("Home")
    tab.page.keyboard.press("l")
    tab.until("() => lrscope.app.chart.div._fullLayout.yaxis.type === 'log' && !lrscope.app.chart.queued")
    tab.marker.press("End")
    tab.until(f"() => ({HIDDEN})() === '10'")
