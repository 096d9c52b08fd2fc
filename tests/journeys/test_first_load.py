"""What a browser that was never here loads before the page stands."""

import pytest

from tests.journeys.conftest import Team
from tests.journeys.page_browser import Browsers, Tab

pytestmark = pytest.mark.journey
MOST = 2_500_000  # bytes on the wire


def test_the_first_load_is_light_and_the_second_asks_for_no_file_again(up: Team, browsers: Browsers) -> None:
    """Somebody opens a colleague's link over a slow line: the page stands after 2.5 MB, all of it from lrscope's own
    server. The next day it stands without loading any of its files once more."""
    tab = Tab(browsers.stranger(), up.base)
    taken: dict[str, float] = {}
    wire = tab.page.context.new_cdp_session(tab.page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: taken.update({event["requestId"]: event["encodedDataLength"]}))
    tab.open()
    tab.until("() => document.fonts.check('14px Inter') && document.querySelector('.ag-row')", timeout_s=60)
    assert 500_000 < sum(taken.values()) < MOST

    taken.clear()
    tab.open()
    assert sum(taken.values()) < 100_000
    assert tab.wrong == []
    tab.page.context.close()
