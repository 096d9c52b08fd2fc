"""The way to every screen of the page, as a person goes it; what stands there is the same each time."""

from collections.abc import Callable

from lrscope.spec import Status
from lrscope.views import ViewRequest, ViewState
from tests.dashboard.conftest import Stage
from tests.journeys.page_browser import Tab

CLEAN, NOISY, WIDE, FAILED, QUEUED = (f"{k:016d}" for k in range(1, 6))
Way = Callable[[Tab, Stage], None]


def curves(tab: Tab, stage: Stage) -> None:
    tab.drawn(3)
    tab.focus("clean")
    tab.until("() => lrscope.app.store.readings.get(lrscope.app.store.focus)?.suggestion")


def streaming(tab: Tab, stage: Stage) -> None:
    """Half of the way: the record stands still there."""
    stage.do(stage.source.advance, 61)
    tab.until(f"() => lrscope.app.store.curves.get('{NOISY}')?.lr.length === 61")
    tab.drawn(3)


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


def on_panel(name: str) -> Way:
    """A phone with one of its panels in front."""

    def go(tab: Tab, stage: Stage) -> None:
        curves(tab, stage)
        tab.panel(name)

    return go


def overflow(tab: Tab, stage: Stage) -> None:
    """A phone's menu of what has no room on its header."""
    tab.drawn(3)
    tab.page.get_by_role("button", name="More").click()


def from_overflow(item: str, dialog: str) -> Way:
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
    tab.until("() => window.lrscope && lrscope.app && !document.querySelector('.bones')", timeout_s=30)


def cut_link(tab: Tab, stage: Stage) -> None:
    """A saved view's link of which the end was lost: the page itself is what is missing."""
    tab.page.goto(f"{tab.base}/v/06h0n2kj8n")
    tab.wrong.remove(f"missing: 404 {tab.page.url}")
    tab.page.get_by_role("heading", name="This link leads to no saved view").wait_for()


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
    """Its second attempt: not one point that can be drawn."""
    stage.do(stage.source.draw, CLEAN, [1e-7], [None], 2)
    stage.do(lambda: stage.source.change(CLEAN, status=Status.DIVERGED, first_nonfinite_step=0, pick=None))
    tab.focus("clean")
    tab.page.get_by_text("not a number from the first step").first.wait_for()
    tab.until(f"() => lrscope.app.store.curves.get('{CLEAN}')?.attempt === 2")


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


def guide(step: str) -> Way:
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


# ── the list ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def menu_of_row(tab: Tab, stage: Stage) -> None:
    curves(tab, stage)
    tab.row("clean").click(button="right")
    tab.page.get_by_role("menu", name="clean").wait_for()


def item(label: str, then: str) -> Way:
    """One of the menu of "clean", and the dialog it opens."""

    def go(tab: Tab, stage: Stage) -> None:
        stage.do(lambda: stage.source.change(CLEAN, notes=NOTES, tags=["demo", "before Friday"], starred=True))
        menu_of_row(tab, stage)
        tab.page.get_by_role("menuitem", name=label, exact=True).click()
        tab.page.get_by_role("dialog", name=then).wait_for()
        tab.page.wait_for_timeout(SETTLED_MS)

    return go


SETTLED_MS = 200  # the dialog of a sweep gives the focus to its first field a moment after it opens
NOTES = """## Why so high

The **drop** ends at 0.12; `batch_size` 256 moved it by a factor of two:

- 64: 0.05
- 256: 0.1
"""


def to_list(tab: Tab) -> None:
    if tab.one_panel:
        tab.panel("Sweeps")


def list_options(tab: Tab, stage: Stage) -> None:
    curves(tab, stage)
    to_list(tab)
    tab.page.get_by_role("button", name="Group, filter, columns").click()
    tab.page.get_by_role("dialog", name="List options").wait_for()


def list_wide(tab: Tab, stage: Stage) -> None:
    """With the columns that there is room for, beside a baseline."""
    list_options(tab, stage)
    tab.page.get_by_role("button", name="Widen the list").click()
    tab.page.locator(".ag-header-cell", has_text="Lowest loss").wait_for()
    tab.page.keyboard.press("b")
    tab.page.locator(".mini--base").wait_for()


def choosing(tab: Tab, stage: Stage) -> None:
    curves(tab, stage)
    tab.page.get_by_role("button", name="Choose", exact=True).click()
    for name in ("noisy", "wide sweet spot"):
        tab.row(name).locator(".cell--name .cell__main").first.click()
    tab.until("() => document.querySelectorAll('.tick.is-on').length === 2")


def phone_edit(tab: Tab, stage: Stage) -> None:
    row_menu(tab, stage)
    tab.page.get_by_role("menuitem", name="Rename, tag, colour…").click()
    tab.page.get_by_role("dialog", name="Edit sweep").wait_for()
    tab.page.wait_for_timeout(SETTLED_MS)


def grouped(by: str, heads: int) -> Way:
    """The list under heads; what belongs together is drawn together too."""

    def go(tab: Tab, stage: Stage) -> None:
        tab.drawn(3)
        to_list(tab)
        tab.page.get_by_role("button", name="Group, filter, columns").click()
        tab.page.get_by_label("Group by").select_option(label=by)
        tab.page.keyboard.press("Escape")
        tab.until("n => document.querySelectorAll('.group').length === n", heads)

    return go


# ── the plot ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def view_menu(tab: Tab, stage: Stage) -> None:
    curves(tab, stage)
    tab.page.get_by_role("button", name="View", exact=True).click()
    tab.page.locator("#view-menu").wait_for()


def export_menu(tab: Tab, stage: Stage) -> None:
    curves(tab, stage)
    tab.page.get_by_role("button", name="Export", exact=True).click()


def second_pane(tab: Tab, stage: Stage) -> None:
    curves(tab, stage)
    tab.page.get_by_role("button", name="View", exact=True).click()
    tab.page.locator("#view-menu").get_by_label("Second pane").select_option("grad_norm")
    tab.page.keyboard.press("Escape")
    tab.until("() => lrscope.app.chart.frame().pane")


def layout(name: str) -> Way:
    def go(tab: Tab, stage: Stage) -> None:
        curves(tab, stage)
        tab.page.get_by_role("radiogroup", name="Layout").get_by_title(name).click()
        tab.page.locator("#multiples .multiple, #points tbody tr").first.wait_for()

    return go


def many(name: str) -> Way:
    """Eight sweeps of thirty, so that they fill rows."""

    def go(tab: Tab, stage: Stage) -> None:
        tab.drawn(5)
        tab.page.get_by_role("radiogroup", name="Layout").get_by_title(name).click()
        tab.until("() => document.querySelectorAll('.multiple').length > 4")

    return go


# ── what opens over the page ─────────────────────────────────────────────────────────────────────────────────────────


def share(tab: Tab, stage: Stage) -> None:
    """With views that others have saved."""
    for name, owner in (("only the wide one", "grace"), ("batch sizes, before Friday", "lin")):
        asked = ViewRequest(name=name, state=ViewState(sweeps=[WIDE]))
        stage.do(stage.source.keep_view, asked, owner)
    curves(tab, stage)
    if tab.one_panel:
        from_overflow("Share", "Share")(tab, stage)
    else:
        tab.page.get_by_role("button", name="Share").click()
    tab.page.get_by_role("dialog", name="Share").get_by_role("link").first.wait_for()


def compare(tab: Tab, stage: Stage) -> None:
    tab.drawn(3)
    to_list(tab)
    tab.page.get_by_role("button", name="Compare").click()
    tab.page.get_by_role("dialog", name="What differs").get_by_role("table").wait_for()


def queue(tab: Tab, stage: Stage) -> None:
    tab.page.locator("#queue").click()
    tab.page.get_by_role("dialog", name="Queue and workers").get_by_text("Failed").wait_for()


# ── deciding ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def confirming(tab: Tab, stage: Stage) -> None:
    curves(tab, stage)
    if tab.one_panel:
        tab.panel("Decide")
    tab.page.get_by_role("textbox", name="Learning rate").fill("2e-2")
    panel = tab.page.locator("#confirmation")
    panel.get_by_role("button", name="Confirm 2e-2").click()
    panel.get_by_text("0 of 10 trainings").wait_for()
    panel.evaluate("node => node.scrollIntoView({block: 'center'})")


def confirmed(tab: Tab, stage: Stage) -> None:
    """The trainings are over: the parabola through their final losses, and the rate at its floor."""
    confirming(tab, stage)
    stage.do(stage.source.end_trainings, CLEAN)
    panel = tab.page.locator("#confirmation")
    panel.get_by_role("button", name="Use the best rate").wait_for()
    panel.evaluate("node => node.scrollIntoView({block: 'center'})")


def saved(tab: Tab, stage: Stage) -> None:
    """A second pick, just saved, beside that of somebody else."""
    curves(tab, stage)
    tab.page.get_by_role("textbox", name="Learning rate").fill("8e-2")
    tab.page.get_by_label("Note to the pick").fill("A little below the suggestion.")
    tab.page.get_by_role("button", name="Save pick").click()
    tab.page.get_by_role("button", name="Saved").wait_for()
    tab.page.get_by_text("A little below the suggestion.").wait_for()
    tab.page.locator(".toast__close").click()  # it would go by itself, between two pictures
