"""Every screen of the page, in one list, each with the way to it: what is photographed and what must be accessible."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.dashboard import ways
from tests.dashboard.conftest import Stage
from tests.journeys.page_browser import Browsers, Tab

THEMES = ("light", "dark")
LAG_MS = 4.2  # said in the header; as it is measured, no two pictures would be alike
CLEAN, NOISY, WIDE = ways.CLEAN, ways.NOISY, ways.WIDE
THREE = f"?s={CLEAN},{NOISY},{WIDE}&f={CLEAN}"


def touched(width: int, height: int) -> dict[str, Any]:
    """What a phone or a tablet is, for Playwright."""
    return {"viewport": {"width": width, "height": height}, "has_touch": True, "is_mobile": True}


PHONE, LANDSCAPE, TABLET = touched(390, 844), touched(844, 390), touched(820, 1180)
GUIDE = ("start", "drop", "rise", "noise", "wide", "mistakes", "schedule", "words")
STILL = """() => document.fonts.status === 'loaded' && !document.querySelector('.ag-overlay-loading-wrapper')
  && document.getAnimations().every(a => a.playState !== 'running' || a.effect.getTiming().iterations === Infinity)"""

DRAWN = """() => {
  const {chart, list, multiples, table} = lrscope.app || {};
  return !list || !chart.queued && ![list, multiples, table].some(part => part.timer);
}"""  # what changed is drawn a moment later there

# An axis of losses keeps what is nearly right while points come: how they came is of no matter here.
AFRESH = "() => { const {store} = lrscope.app || {}; if (store) store.setView({showAll: store.view.showAll}); }"


@dataclass(frozen=True)
class Screen:
    """`show` gets from the opened page to the screen; `live`: whether the page may be waited for until its feed is."""

    name: str
    scene: str = "done"
    show: ways.Way = lambda tab, stage: None
    path: str = "/"
    live: bool = True
    kind: dict[str, Any] = field(default_factory=dict)


@contextmanager
def standing(screen: Screen, stage: Stage, browsers: Browsers) -> Iterator[Tab]:
    """A tab that shows the screen, for somebody who wants nothing to move."""
    stage.play(screen.scene, 0)
    stage.fake.lag_ms = LAG_MS
    stranger = browsers.stranger(**screen.kind) if screen.kind else None
    tab = Tab(stranger or browsers.home, stage.base)
    tab.page.emulate_media(reduced_motion="reduce", color_scheme="light")
    if screen.live:
        tab.open(screen.path)
    screen.show(tab, stage)
    tab.js(AFRESH)
    still(tab)
    yield tab
    stage.fake.lag_ms = None
    tab.js("() => localStorage.clear()")
    tab.page.close()
    if stranger:
        stranger.close()


def still(tab: Tab) -> None:
    """Wait until nothing moves any more, and all that changed is drawn."""
    tab.until(STILL)
    tab.until(DRAWN)
    tab.js("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def dress(screen: Screen, tab: Tab, stage: Stage, theme: str) -> None:
    """Light or dark, as the system would say it. A page that is still loading cannot change: it is loaded anew."""
    tab.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    if not screen.live:
        screen.show(tab, stage)
    tab.until("theme => document.documentElement.dataset.mantineColorScheme === theme", theme)
    still(tab)


SCREENS = [
    Screen("overlay", show=ways.curves),
    Screen("streaming", "demo", ways.streaming),
    Screen("log", show=ways.logarithmic),
    Screen("blow-up", show=ways.blow_up),
    Screen("hovered", show=ways.hovered),
    Screen("rules", show=ways.rules),
    Screen("dragged", show=ways.dragged),
    Screen("use", show=ways.use),
    Screen("busy", "busy"),
    Screen("empty", "empty"),
    Screen("no-worker", "starved"),
    Screen("queued", show=ways.queued),
    Screen("failed", show=ways.failed),
    Screen("failed-dialog", show=ways.failed_dialog),
    Screen("form", show=ways.form),
    Screen("form-errors", show=ways.form_errors),
    Screen("form-without-recipes", show=ways.form_without_recipes),
    Screen("shortcuts", show=ways.shortcuts),
    Screen("offline", show=ways.offline),
    Screen("loading", show=ways.loading, live=False),
    Screen("waiting", show=ways.waiting, live=False),
    Screen("cut-link", show=ways.cut_link, live=False),
    Screen("unmatched", show=ways.unmatched),
    Screen("hidden", show=ways.hidden),
    Screen("cancelled", "demo", ways.cancelled),
    Screen("never-a-number", show=ways.never_a_number),
    Screen("mended", show=ways.mended),
    Screen("printed", "demo", ways.printed),
    Screen("palette", show=ways.palette),
    Screen("rules-named", show=ways.rules_named),
    Screen("row-menu", show=ways.menu_of_row),
    Screen("edit", show=ways.item("Rename, tag, colour…", "Edit sweep")),
    Screen("notes", show=ways.item("Notes", "Notes on clean")),
    Screen("list-options", show=ways.list_options),
    Screen("list-wide", show=ways.list_wide),
    Screen("choosing", show=ways.choosing),
    Screen("groups-owner", "measured", ways.grouped("owner", 3)),
    Screen("groups-recipe", "measured", ways.grouped("recipe", 4)),
    Screen("groups-tag", "measured", ways.grouped("tag", 2)),
    Screen("groups-seed", "measured", ways.grouped("seeds", 1)),
    Screen("view-menu", "measured", ways.view_menu),
    Screen("export-menu", show=ways.export_menu),
    Screen("second-pane", "measured", ways.second_pane, f"/{THREE}"),
    Screen("multiples", "measured", ways.layout("Multiples")),
    Screen("multiples-many", "busy", ways.many("Multiples")),
    Screen("table", "measured", ways.layout("Table"), f"/{THREE}"),
    Screen("share", show=ways.share),
    Screen("compare", show=ways.compare, path=f"/{THREE}&b={WIDE}"),
    Screen("queue", "line", ways.queue),
    Screen("confirming", show=ways.confirming),
    Screen("confirmed", show=ways.confirmed),
    Screen("saved", show=ways.saved),
    Screen("phone-sweeps", "line", show=ways.on_panel("Sweeps"), kind=PHONE),
    Screen("phone-plot", show=ways.curves, kind=PHONE),
    Screen("phone-decide", show=ways.on_panel("Decide"), kind=PHONE),
    Screen("phone-more", show=ways.overflow, kind=PHONE),
    Screen("phone-row", show=ways.row_menu, kind=PHONE),
    Screen("phone-queue", "line", show=ways.from_overflow("Queue and workers", "Queue and workers"), kind=PHONE),
    Screen("phone-share", show=ways.share, kind=PHONE),
    Screen("phone-options", show=ways.list_options, kind=PHONE),
    Screen("phone-edit", show=ways.phone_edit, kind=PHONE),
    Screen("phone-compare", show=ways.compare, path=f"/{THREE}&b={WIDE}", kind=PHONE),
    Screen("phone-groups", "measured", ways.grouped("owner", 3), kind=PHONE),
    Screen("phone-pane", "measured", ways.second_pane, f"/{THREE}", kind=PHONE),
    Screen("phone-multiples", "measured", ways.layout("Multiples"), kind=PHONE),
    Screen("phone-table", "measured", ways.layout("Table"), f"/{THREE}", kind=PHONE),
    Screen("phone-confirmed", show=ways.confirmed, kind=PHONE),
    *(Screen(f"learn-{step}", show=ways.guide(step), path="/#learn") for step in GUIDE),
    Screen("learn-pick", show=ways.guide_pick, path="/#learn"),
    Screen("term", show=ways.term),
    *(
        Screen(f"phone-learn-{step}", show=ways.guide(step), path="/#learn", kind=PHONE)
        for step in ("start", "mistakes")
    ),
    Screen("phone-learn-pick", show=ways.guide_pick, path="/#learn", kind=PHONE),
    Screen("phone-empty", "empty", kind=PHONE),
    Screen("phone-form", show=ways.phone_form, kind=PHONE),
    Screen("phone-cut-link", show=ways.cut_link, live=False, kind=PHONE),
    Screen("phone-landscape", show=ways.curves, kind=LANDSCAPE),
    Screen("tablet", show=ways.curves, kind=TABLET),
]
