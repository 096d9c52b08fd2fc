"""Before anything is there, when nothing is left to see, and when the server is gone: what the page says and offers."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.dashboard.conftest import Stage
from tests.journeys.page_browser import Browsers, Tab

pytestmark = pytest.mark.journey
Open = Callable[..., Tab]
SCHEME = "() => document.documentElement.dataset.mantineColorScheme"
SHIFTS = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) if (!one.hadRecentInput) sum += one.value; })
    .observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(sum), 300);
})"""


def test_the_layout_stands_before_any_script_in_the_scheme_that_was_chosen(stage: Stage, browsers: Browsers) -> None:
    """I open the page over a slow line at night: its layout is there at once, dark, and says that it loads."""
    stage.play("done")
    stranger = browsers.stranger(color_scheme="dark")
    tab = Tab(stranger, stage.base)
    tab.page.route("**/page/page.*.js", lambda route: None)
    tab.page.goto(stage.base, wait_until="commit")
    expect(tab.page.locator(".bones .bench")).to_be_visible()
    expect(tab.page.locator(".bones").get_by_role("status")).to_have_text("Loading")
    assert tab.js(SCHEME) == "dark"
    tab.page.close()
    stranger.close()


def test_nothing_moves_when_the_page_takes_the_place_of_its_shapes(open_tab: Open) -> None:
    """Somebody opens the page for the first time: the grey shapes go, and no jump can be noticed."""
    tab = open_tab("done", alone=True)
    expect(tab.page.locator(".bones")).to_have_count(0)
    assert tab.js(SHIFTS) < 0.02


def test_a_filter_that_finds_nothing_says_so_and_is_cleared(open_tab: Open) -> None:
    """I typed a name that nobody has; one click brings all sweeps back."""
    tab = open_tab("done")
    tab.page.get_by_label("Filter sweeps").fill("vit-huge")
    expect(tab.page.get_by_text("No sweep matches “vit-huge”")).to_be_visible()
    tab.page.get_by_role("button", name="Clear the filter").click()
    expect(tab.row("clean")).to_be_visible()
    expect(tab.page.get_by_label("Filter sweeps")).to_be_focused()
    expect(tab.page.get_by_text("No sweep matches")).to_have_count(0)


def test_when_all_are_hidden_one_click_shows_them_again(open_tab: Open) -> None:
    """I hid one curve after the other until none was left; the plot says so, and brings them back."""
    tab = open_tab("done")
    tab.drawn(3)
    tab.js("() => lrscope.app.store.display([])")
    expect(tab.page.get_by_text("Nothing is shown")).to_be_visible()
    tab.page.get_by_role("button", name="Show all 5").click()
    tab.drawn(3)
    expect(tab.page.get_by_text("Nothing is shown")).to_be_hidden()


def test_a_lost_server_is_told_with_what_still_works_and_is_tried_at_once(open_tab: Open, stage: Stage) -> None:
    """The socket is cut and does not come back: I read what I still can do, press Try now, and am live again."""
    tab = open_tab("done")
    stage.fake.refusing = True
    stage.do(stage.fake.drop)
    lost = tab.page.locator(".lost")
    expect(lost).to_contain_text("its live socket does not open")
    expect(lost).to_contain_text("What you see stays")
    tab.row("noisy").locator(".eye").click()
    tab.until("() => lrscope.app.store.visible.size === 4")
    stage.fake.refusing = False
    lost.get_by_role("button", name="Try now").click()
    expect(lost).to_be_hidden()
    expect(tab.page.locator("#live")).to_contain_text("live")


@pytest.mark.parametrize(("status", "told"), [(500, "The server answered 500"), (401, "refuses this page (401)")])
def test_what_the_server_answers_is_told(open_tab: Open, stage: Stage, status: int, told: str) -> None:
    """The line is cut, and the server answers with an error or turns me away: the page says which, with the number."""
    tab = open_tab("done")
    tab.page.route("**/version", lambda route: route.fulfill(status=status, body="{}"))
    stage.fake.refusing = True
    stage.do(stage.fake.drop)
    expect(tab.page.locator(".lost")).to_contain_text(told)
    tab.wrong[:] = [one for one in tab.wrong if "status of 500" not in one]
