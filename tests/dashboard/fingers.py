"""Touches as a screen reports them."""

from typing import Any

from tests.journeys.page_browser import Tab

Place = tuple[float, float]  # in pixels


class Fingers:
    def __init__(self, tab: Tab) -> None:
        self._page = tab.page
        self._session = tab.page.context.new_cdp_session(tab.page)

    def send(self, kind: str, *places: Place) -> None:
        points: Any = [{"x": x, "y": y, "id": k} for k, (x, y) in enumerate(places)]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def move(self, *ways: tuple[Place, Place], steps: int = 8) -> None:
        """Each finger from its first place to its second, all at once, and off: at rest, since after a throw Chromium takes
        the next tap for a hand that stops the page."""
        self.send("touchStart", *(begin for begin, _ in ways))
        for k in range(1, steps + 1):
            self.send("touchMove", *((a + (c - a) * k / steps, b + (d - b) * k / steps) for (a, b), (c, d) in ways))
        self._page.wait_for_timeout(120)
        self.send("touchMove", *(end for _, end in ways))
        self.send("touchEnd")
