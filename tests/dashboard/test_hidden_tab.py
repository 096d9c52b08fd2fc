"""A tab that nobody sees: points come, nothing is drawn, and on return all are there at once."""

from collections.abc import Callable

import pytest

from tests.dashboard.conftest import Stage
from tests.journeys.page_browser import Tab

pytestmark = pytest.mark.journey
Open = Callable[..., Tab]
WIDE = f"{3:016d}"
LAST = """id => { const {chart, store} = lrscope.app, item = chart.scene.items.find(one => one.sweep.id === id);
  return Boolean(item) && item.curve.lr.length === store.sweeps.get(id).steps_done; }"""


def hide(tab: Tab, hidden: bool) -> None:
    """A browser without a window hides no tab, whatever lies in front of it: the page is told as if it had."""
    tab.js(
        """hidden => {
          Object.defineProperty(document, 'hidden', {configurable: true, get: () => hidden});
          Object.defineProperty(document, 'visibilityState', {configurable: true, get: () => (hidden ? 'hidden' : 'visible')});
          document.dispatchEvent(new Event('visibilitychange'));
        }""",
        hidden,
    )


def test_nothing_is_drawn_while_nobody_looks_and_all_is_there_on_return(open_tab: Open, stage: Stage) -> None:
    """I start the sweeps, read my mail in another tab, and come back to curves that are complete."""
    tab = open_tab("empty")
    stage.play("demo", 0)
    stage.pace(20)
    tab.drawn(2)
    stage.pace(0)
    draws = tab.js("() => lrscope.app.chart.draws")
    tab.until(
        "draws => { const before = window.draws; window.draws = lrscope.app.chart.draws; return window.draws === before; }",
        draws,
    )
    hide(tab, True)
    draws = tab.js("() => lrscope.app.chart.draws")
    stage.pace(80)
    tab.until(
        "id => { const sweep = lrscope.app.store.sweeps.get(id); return sweep && lrscope.words.ended(sweep); }",
        WIDE,
        timeout_s=20,
    )
    tab.page.wait_for_timeout(300)
    assert tab.js("() => lrscope.app.chart.draws") == draws
    hide(tab, False)
    tab.until("before => lrscope.app.chart.draws > before", draws)
    assert tab.js(LAST, WIDE)
    assert tab.points(WIDE) == stage.source.sweeps[WIDE].steps_done
