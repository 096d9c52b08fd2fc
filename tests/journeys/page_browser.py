"""A browser at the page: finding Chromium, opening tabs that forgive no console error, and what a hand does there."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    Response,
    ViewportSize,
    sync_playwright,
)

ARGS = [
    "--no-sandbox",
    "--headless=new",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
VIEWPORT: ViewportSize = {"width": 1440, "height": 900}
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PX = """lr => {
  const {chart} = lrscope.app;
  return chart.div.getBoundingClientRect().left + lrscope.axes.toPx(chart.frame(), lr);
}"""

POLICY = """document.addEventListener('securitypolicyviolation',
  event => console.error(`against the policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`))"""


def chromium() -> str:
    """The browser to use: $CHROMIUM, or one on the PATH. Without one the test is skipped; under CI it fails."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        told = f"no Chromium: none of {', '.join(NAMES)} is on the PATH, and CHROMIUM is not set"
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        pytest.skip(told)
    return found


class Browsers:
    """`home`: a profile on disk, loads come from its cache; `stranger()`: somebody else's, new each time."""

    def __init__(self, playwright: Playwright, folder: str) -> None:
        self._launch: dict[str, Any] = {"executable_path": chromium(), "headless": False, "args": ARGS}
        self._chromium = playwright.chromium
        self._other: Browser | None = None
        self.home = self._chromium.launch_persistent_context(
            folder, viewport=VIEWPORT, color_scheme="light", **self._launch
        )

    def stranger(self, **kind: Any) -> BrowserContext:
        if self._other is None:
            self._other = self._chromium.launch(**self._launch)
        return self._other.new_context(**{"viewport": VIEWPORT, **kind})

    def close(self) -> None:
        self.home.close()
        if self._other is not None:
            self._other.close()


@contextmanager
def browsing() -> Iterator[Browsers]:
    with sync_playwright() as playwright, TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browsers = Browsers(playwright, folder)
        yield browsers
        browsers.close()


class Tab:
    """One open page. `wrong` collects every console error, exception, refused or missing file and foreign request."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.page: Page = context.new_page()
        self.base = base
        self.wrong: list[str] = []
        self.page.on("console", lambda m: self._console(m.type, m.text))
        self.page.on("pageerror", lambda error: self.wrong.append(f"exception: {error}"))
        self.page.on("request", lambda request: self._request(request.url))
        self.page.on("response", self._response)
        self.page.add_init_script(POLICY)

    def _console(self, kind: str, text: str) -> None:
        expected = "WebSocket" in text or "net::ERR_CONNECTION" in text or "status of 4" in text
        if kind == "error" and not expected:
            self.wrong.append(f"console: {text}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type not in ("fetch", "xhr"):
            self.wrong.append(f"missing: {response.status} {response.url}")

    def _request(self, url: str) -> None:
        if not url.startswith((self.base, "data:", "blob:")):
            self.wrong.append(f"foreign request: {url}")

    def open(self, path: str = "/") -> "Tab":
        self.page.goto(self.base + path)
        self.until("() => lrscope.app && lrscope.app.store.connection.state === 'live'", timeout_s=30)
        self.until("() => !document.querySelector('.bones')")
        return self

    def js(self, expression: str, argument: Any = None) -> Any:
        return self.page.evaluate(expression, argument)

    def until(self, expression: str, argument: Any = None, timeout_s: float = 8.0) -> Any:
        """Poll until true. Playwright's own wait_for_function needs eval, which the page's policy forbids."""
        end = time.monotonic() + timeout_s
        while True:
            try:
                value = self.page.evaluate(expression, argument)
            except Exception as error:
                value, told = None, str(error)
            else:
                told = ""
            if value:
                return value
            assert time.monotonic() < end, f"never true: {expression} {told}"
            self.page.wait_for_timeout(30)

    def wait(self, condition: Callable[[], Any], timeout_s: float = 8.0) -> Any:
        """Poll something outside of the page."""
        end = time.monotonic() + timeout_s
        while not (value := condition()):
            assert time.monotonic() < end, "never true"
            self.page.wait_for_timeout(30)
        return value

    def drawn(self, curves: int) -> None:
        """Wait until so many curves are on the plot, and it holds still."""
        self.until("n => lrscope.app.chart.standing.length >= n", curves)

    # ── the marker ──────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def marker(self) -> Any:
        return self.page.get_by_role("slider", name="Learning rate", exact=True)

    @property
    def lr(self) -> float:
        return float(self.js("() => lrscope.app.store.draft().lr"))

    def px(self, lr: float) -> float:
        return float(self.js(PX, lr))

    def middle(self) -> float:
        box = self.page.locator("#plot").bounding_box()
        assert box is not None
        return box["y"] + box["height"] / 2

    def drag(self, to: float, *, meanwhile: Callable[[], Any] | None = None) -> None:
        """Take the marker with the mouse and put it at a rate, with an unsteady hand."""
        mouse, y, start = self.page.mouse, self.middle(), self.lr
        mouse.move(self.px(start), y)
        mouse.down()
        mouse.move(self.px((start * to) ** 0.5), y + 30, steps=6)
        if meanwhile is not None:
            meanwhile()
        mouse.move(self.px(to), y - 30, steps=8)
        mouse.up()

    # ── the list ────────────────────────────────────────────────────────────────────────────────────────────────────

    def row(self, name: str) -> Any:
        return self.page.locator(".grid .ag-center-cols-container .ag-row").filter(has_text=name)

    def focus(self, name: str) -> None:
        one = self.one_panel
        if one:
            self.panel("Sweeps")
        self.row(name).locator(".cell--name .cell__main", has_text=name).first.click()
        self.page.locator("#focus h2", has_text=name).wait_for(state="attached" if one else "visible")

    @property
    def one_panel(self) -> bool:
        """Whether the page is so narrow that it shows one panel at a time."""
        return bool(self.js("() => lrscope.app.panels.single()"))

    def panel(self, name: str) -> None:
        """Go to Sweeps, Plot or Decide where one of them is seen at a time."""
        tab = self.page.get_by_role("navigation", name="Panels").get_by_role("button", name=name)
        tab.click()
        self.until("() => document.querySelector('.tab[aria-current]').dataset.panel === lrscope.app.store.view.panel")

    def points(self, sweep: str) -> int:
        found = "id => { const c = lrscope.app.store.curves.get(id); return c ? c.lr.length : 0; }"
        return int(self.js(found, sweep))
