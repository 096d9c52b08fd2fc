"""What somebody careless or hostile may send: a link of nonsense."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.journeys.page_browser import Tab

pytestmark = pytest.mark.journey
Open = Callable[..., Tab]
FINITE = """() => { const {xaxis, yaxis} = lrscope.app.chart.div._fullLayout;
  return [...xaxis.range, ...yaxis.range].every(Number.isFinite); }"""
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
