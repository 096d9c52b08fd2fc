"""Every screen, light and dark: accessible, without a complaint of the browser, and asking nobody but its own server."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.dashboard.conftest import Stage
from tests.dashboard.screens import SCREENS, THEMES, Screen, dress, standing
from tests.journeys.page_browser import Browsers, Tab

pytestmark = [pytest.mark.journey, pytest.mark.screen]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]  # with them text that stands out by 4.5 to 1


def barriers(tab: Tab) -> list[str]:
    """What axe-core finds, one line each: the rule, where, and why."""
    answer: Any = Axe().run(tab.page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response
    return [
        f"{found['id']}: {node['html'][:160]} {node['failureSummary'][:240]}"
        for found in answer["violations"]
        for node in found["nodes"][:3]
    ]


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_nothing_bars_anybody_and_nothing_leaves_the_house(screen: Screen, stage: Stage, browsers: Browsers) -> None:
    """I read with a screen reader, or my eyes are weak: no known barrier stands in my way here, by day or by night. The
    browser complains of nothing, and asks no server but mine."""
    with standing(screen, stage, browsers) as tab:
        for theme in THEMES:
            dress(screen, tab, stage, theme)
            assert barriers(tab) == [], theme
        assert tab.wrong == []
