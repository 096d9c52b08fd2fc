"""Every screen of the page, in one list, each with the way to it: what is photographed and what must be accessible."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.dashboard.conftest import Stage
from tests.journeys.page_browser import Browsers, Tab

THEMES = ("light", "dark")
CLEAN, NOISY, WIDE, FAILED, QUEUED = (f"{k:016d}" for k in range(1, 6))


def touched(width: int, height: int) -> dict[str, Any]:
    """What a phone or a tablet is, for Playwright."""
    return {"viewport": {"width": width, "height": height}, "has_touch": True, "is_mobile": True}


PHONE, LANDSCAPE, TABLET = touched(390, 844), touched(844, 390), touched(820, 1180)
GUIDE = ("start", "drop", "rise", "noise", "wide", "mistakes", "schedule", "words")
STILL = """() => document.fonts.status === 'loaded' && !document.querySelector('.ag-overlay-loading-wrapper')
  && document.getAnimations().every(a => a.playState !== 'running' || a.effect.getTiming().iterations === Infinity)"""


@dataclass(frozen=True)
class Screen:
    """`show` gets from the opened page to the screen; `live`: whether the page may be waited for until its feed is."""

    name: str
    scene: str = "done"
    show: Callable[[Tab, Stage], None] = lambda tab, stage: None
    path: str = "/"
    live: bool = True
    kind: dict[str, Any] = field(default_factory=dict)


@contextmanager
def standing(screen: Screen, stage: Stage, browsers: Browsers) -> Iterator[Tab]:
    """A tab that shows the screen, for somebody who wants nothing to move."""
    stage.play(screen.scene, 0 if screen.scene == "demo" else 80)
    stranger = browsers.stranger(**screen.kind) if screen.kind else None
    tab = Tab(stranger or browsers.home, stage.base)
    tab.page.emulate_media(reduced_motion="reduce", color_scheme="light")
    if screen.live:
        tab.open(screen.path)
    screen.show(tab, stage)
    still(tab)
    yield tab
    tab.js("() => localStorage.clear()")
    tab.page.close()
    if stranger:
        stranger.close()


def still(tab: Tab) -> None:
    """Wait until nothing moves any more."""
    tab.until(STILL)
    tab.js("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def dress(screen: Screen, tab: Tab, stage: Stage, theme: str) -> None:
    """Light or dark, as the system would say it. A page that is still loading cannot change: it is loaded anew."""
    tab.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    if not screen.live:
        screen.show(tab, stage)
    tab.until("theme => document.documentElement.dataset.mantineColorScheme === theme", theme)
    still(tab)


# ── ways ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def curves(tab: Tab, stage: Stage) -> None:
    tab.drawn(3)
    tab.focus("clean")
    tab.until("() => lrscope.app.store.readings.get(lrscope.app.store.focus)?.suggestion")


def streaming(tab: Tab, stage: Stage) -> None:
    """Half of the way: the record stands still there."""
    stage.pace(80)
    tab.until(f"() => (lrscope.app.store.curves.get('{NOISY}')?.lr.length || 0) > 55")
    stage.pace(0)
    tab.drawn(2)


def logarithmic(tab: Tab, stage: Stage) -> None:
    curves(tab, stage)
    tab.js("() => lrscope.app.store.setView({logLoss: true})")


def blow_up(tab: Tab, stage: Stage) -> None:
    curves(tab, stage)
    tab.js("() => lrscope.app.store.setView({showAll: true})")


def hovered(tab: Tab, stage: Stage) -> None:
    curves(tab, stage)
    tab.page.mouse.move(tab.px(1e-3), tab.middle())
    tab.page.locator(".tip").wait_for()


def rules(tab: Tab, stage: Stage) -> None:
    curves(tab, stage)
    tab.page.get_by_text("What other rules say").click()


def dragged(tab: Tab, stage: Stage) -> None:
    curves(tab, stage)
    tab.drag(0.1)


def on_panel(name: str) -> Callable[[Tab, Stage], None]:
    """A phone with one of its panels in front."""

    def go(tab: Tab, stage: Stage) -> None:
        curves(tab, stage)
        tab.panel(name)

    return go


def overflow(tab: Tab, stage: Stage) -> None:
    """A phone's menu of what has no room on its header."""
    tab.drawn(3)
    tab.page.get_by_role("button", name="More").click()


def from_overflow(item: str, dialog: str) -> Callable[[Tab, Stage], None]:
    def go(tab: Tab, stage: Stage) -> None:
        overflow(tab, stage)
        tab.page.get_by_role("menuitem", name=item).click()
        tab.page.get_by_role("dialog", name=dialog).wait_for()

    return go


def row_menu(tab: Tab, stage: Stage) -> None:
    tab.panel("Sweeps")
    tab.page.get_by_role("button", name="Actions for clean").click()


def phone_form(tab: Tab, stage: Stage) -> None:
    tab.panel("Sweeps")
    form(tab, stage)


def failed(tab: Tab, stage: Stage) -> None:
    tab.focus("fp16 transformer")


def failed_dialog(tab: Tab, stage: Stage) -> None:
    failed(tab, stage)
    tab.page.get_by_role("button", name="Show error").click()
    tab.page.locator("#error-body").get_by_role("tabpanel", name="Traceback").wait_for()


def queued(tab: Tab, stage: Stage) -> None:
    tab.focus("big batch")


def form(tab: Tab, stage: Stage) -> None:
    tab.page.get_by_role("button", name="New sweep").click()
    tab.page.get_by_role("dialog", name="New sweep").get_by_label("batch size").wait_for()


def form_errors(tab: Tab, stage: Stage) -> None:
    form(tab, stage)
    drawer = tab.page.get_by_role("dialog", name="New sweep")
    drawer.get_by_label("Start LR").fill("soon")
    drawer.get_by_role("button", name="Queue sweep").click()
    drawer.get_by_text("Is not a number").first.wait_for()


def form_without_recipes(tab: Tab, stage: Stage) -> None:
    stage.source.offering = False
    tab.page.get_by_role("button", name="New sweep").click()
    tab.page.get_by_role("dialog", name="New sweep").get_by_text("lrscope worker").wait_for()


def shortcuts(tab: Tab, stage: Stage) -> None:
    tab.page.keyboard.press("?")
    tab.page.get_by_role("dialog").wait_for()


def offline(tab: Tab, stage: Stage) -> None:
    curves(tab, stage)
    stage.fake.refusing = True
    stage.do(stage.fake.drop)
    tab.page.locator(".lost").wait_for()


def loading(tab: Tab, stage: Stage) -> None:
    """The server takes its time with the layout."""
    tab.page.route("**/_dash-layout", lambda route: None)
    tab.page.goto(tab.base, wait_until="commit")
    tab.page.locator(".bones .bench").wait_for()


def waiting(tab: Tab, stage: Stage) -> None:
    """The page stands, its first snapshot does not come."""
    stage.fake.refusing = True
    tab.page.goto(tab.base, wait_until="commit")
    tab.page.locator(".bones").wait_for(state="detached")


def unmatched(tab: Tab, stage: Stage) -> None:
    tab.page.get_by_label("Filter sweeps").fill("vit-huge")
    tab.page.get_by_text("No sweep matches").wait_for()


def hidden(tab: Tab, stage: Stage) -> None:
    tab.drawn(3)
    tab.js("() => lrscope.app.store.display([])")
    tab.page.get_by_text("Nothing is shown").wait_for()


def cancelled(tab: Tab, stage: Stage) -> None:
    streaming(tab, stage)
    stage.do(stage.source.cancel, NOISY)
    tab.focus("noisy")
    tab.page.get_by_text("It was cancelled after").wait_for()


def never_a_number(tab: Tab, stage: Stage) -> None:
    stage.do(lambda: stage.source.change(CLEAN, first_nonfinite_step=0, steps_done=1))
    tab.focus("clean")
    tab.page.get_by_text("not a number from the first step").first.wait_for()


def mended(tab: Tab, stage: Stage) -> None:
    """The form, filled with the fix of a sweep that ran out of memory."""
    stage.do(stage.source.fail, QUEUED, "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.50 GiB")
    tab.focus("big batch")
    tab.page.get_by_role("button", name="Clone with a fix").click()
    tab.page.locator(".form [data-was]").wait_for()


def printed(tab: Tab, stage: Stage) -> None:
    streaming(tab, stage)
    tab.focus("noisy")
    tab.page.locator("#focus").get_by_role("button", name="Printed").click()
    tab.page.get_by_role("tabpanel", name="Printed").wait_for()


def palette(tab: Tab, stage: Stage) -> None:
    curves(tab, stage)
    tab.page.locator("#focus").get_by_role("button", name="Colour").click()
    tab.page.get_by_role("dialog", name="Colour of clean").wait_for()


def rules_named(tab: Tab, stage: Stage) -> None:
    rules(tab, stage)
    tab.page.get_by_role("button", name="All names on the plot").click()


def use(tab: Tab, stage: Stage) -> None:
    tab.focus("clean")
    tab.page.locator("#use summary").click()
    tab.page.locator("#use-code", has_text="OneCycleLR").wait_for()
    tab.page.locator(".other summary").first.click()
    tab.page.locator("#use").scroll_into_view_if_needed()


def guide(step: str) -> Callable[[Tab, Stage], None]:
    """The guide at one of its steps, by its link."""

    def show(tab: Tab, stage: Stage) -> None:
        tab.page.locator("dialog.learn[open]").wait_for()
        tab.js("id => lrscope.app.learn.appear(id)", step)

    return show


def guide_pick(tab: Tab, stage: Stage) -> None:
    guide("pick")(tab, stage)
    tab.js("() => lrscope.app.learn.probe.move(0.03)")


def term(tab: Tab, stage: Stage) -> None:
    curves(tab, stage)
    tab.page.locator("#reading .term", has_text="Sweet spot").hover()
    tab.page.locator("#term-tip").wait_for()


SCREENS = [
    Screen("overlay", show=curves),
    Screen("streaming", "demo", streaming),
    Screen("log", show=logarithmic),
    Screen("blow-up", show=blow_up),
    Screen("hovered", show=hovered),
    Screen("rules", show=rules),
    Screen("dragged", show=dragged),
    Screen("use", show=use),
    Screen("busy", "busy"),
    Screen("empty", "empty"),
    Screen("no-worker", "starved"),
    Screen("queued", show=queued),
    Screen("failed", show=failed),
    Screen("failed-dialog", show=failed_dialog),
    Screen("form", show=form),
    Screen("form-errors", show=form_errors),
    Screen("form-without-recipes", show=form_without_recipes),
    Screen("shortcuts", show=shortcuts),
    Screen("offline", show=offline),
    Screen("loading", show=loading, live=False),
    Screen("waiting", show=waiting, live=False),
    Screen("unmatched", show=unmatched),
    Screen("hidden", show=hidden),
    Screen("cancelled", "demo", cancelled),
    Screen("never-a-number", show=never_a_number),
    Screen("mended", show=mended),
    Screen("printed", "demo", printed),
    Screen("palette", show=palette),
    Screen("rules-named", show=rules_named),
    Screen("phone-sweeps", show=on_panel("Sweeps"), kind=PHONE),
    Screen("phone-plot", show=curves, kind=PHONE),
    Screen("phone-decide", show=on_panel("Decide"), kind=PHONE),
    Screen("phone-more", show=overflow, kind=PHONE),
    Screen("phone-row", show=row_menu, kind=PHONE),
    Screen("phone-queue", show=from_overflow("Queue and workers", "Queue and workers"), kind=PHONE),
    Screen("phone-share", show=from_overflow("Share", "Share"), kind=PHONE),
    *(Screen(f"learn-{step}", show=guide(step), path="/#learn") for step in GUIDE),
    Screen("learn-pick", show=guide_pick, path="/#learn"),
    Screen("term", show=term),
    *(Screen(f"phone-learn-{step}", show=guide(step), path="/#learn", kind=PHONE) for step in ("start", "mistakes")),
    Screen("phone-learn-pick", show=guide_pick, path="/#learn", kind=PHONE),
    Screen("phone-empty", "empty", kind=PHONE),
    Screen("phone-form", show=phone_form, kind=PHONE),
    Screen("phone-landscape", show=curves, kind=LANDSCAPE),
    Screen("tablet", show=curves, kind=TABLET),
]
