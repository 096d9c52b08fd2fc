"""The page in a browser, over the fake server: watching, zooming, and what it says when something is wrong."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from lrscope.feed import Cursor, Watch
from lrscope.spec import Status
from tests.dashboard.conftest import Stage
from tests.dashboard.fake_server import ask
from tests.journeys.page_browser import Tab

pytestmark = pytest.mark.journey
Open = Callable[..., Tab]
CLEAN, NOISY, WIDE, FAILED, QUEUED = (f"{k:016d}" for k in range(1, 6))
ALL_ENDED = f"() => ['{CLEAN}', '{NOISY}', '{WIDE}'].every(id => lrscope.words.ended(lrscope.app.store.sweeps.get(id)))"
RANGE = "() => lrscope.app.chart.div._fullLayout.xaxis.range.map(v => Math.round(v * 1000) / 1000)"


def stored(stage: Stage, sweep: str) -> int:
    return len(stage.source.tracks[sweep].lr)


def cut_off(stage: Stage) -> None:
    stage.do(stage.fake.drop)


def test_three_curves_grow_live_and_every_point_arrives(open_tab: Open, stage: Stage) -> None:
    """I watch three sweeps to their end. The header says that I am live and how late I see things, the list how far a
    sweep ran, why one failed and what another waits for."""
    tab = open_tab("demo", rate=150)
    tab.until(ALL_ENDED)
    tab.wait(lambda: all(tab.points(id) == stored(stage, id) for id in (CLEAN, NOISY, WIDE)))
    assert tab.page.title() == "lrscope"
    expect(tab.page.locator("#live")).to_contain_text("live")
    expect(tab.page.locator("#live .live__lag")).to_contain_text("ms")
    expect(tab.row("fp16 transformer")).to_contain_text("expected scalar type Float")
    expect(tab.row("big batch")).to_contain_text("waits for a worker with cuda")
    expect(tab.row("clean")).to_contain_text("ran to")
    drawn = tab.until("() => lrscope.app.chart.scene.strokes.filter(s => !s.uid.startsWith('ghost')).length")
    assert drawn == 3


def test_the_focused_curve_lies_on_top_and_a_hidden_one_is_not_drawn(open_tab: Open, stage: Stage) -> None:
    """Ann looks at one curve after the other, and hides one that is in the way."""
    tab = open_tab("demo", rate=150)
    tab.until(ALL_ENDED)
    drawn = """() => [...document.querySelectorAll('#plot .curves path')]
        .map(path => [...lrscope.app.chart.curves.drawn].find(([, one]) => one.node === path)[0].split(' ')[0])"""
    for name, sweep in (("clean", CLEAN), ("wide", WIDE)):
        tab.focus(name)
        tab.until(f"() => ({drawn})().at(-1) === '{sweep}'")
    assert tab.js(drawn) == tab.js("() => lrscope.app.chart.scene.strokes.map(stroke => stroke.uid)")
    tab.js("id => lrscope.app.store.toggle(id)", NOISY)
    tab.until(f"() => !({drawn})().includes('{NOISY}')")


def test_a_lost_connection_is_shown_and_loses_no_point(open_tab: Open, stage: Stage) -> None:
    """My train goes into a tunnel: the header says that it reconnects, and the sweeps run on. Outside, the page goes on
    from the points it has, and each curve is complete."""
    stage.play("demo", 0)
    tab = open_tab()
    stage.pace(50)
    tab.wait(lambda: tab.points(CLEAN) > 5)
    stage.pace(0)
    stage.fake.refusing = True
    cut_off(stage)
    expect(tab.page.locator("#live")).to_contain_text("reconnecting")
    had = tab.points(CLEAN)
    stage.pace(50)
    tab.wait(lambda: stored(stage, CLEAN) > had + 10)
    stage.fake.refusing = False
    tab.until(ALL_ENDED)
    tab.wait(lambda: all(tab.points(id) == stored(stage, id) for id in (CLEAN, NOISY, WIDE)))
    kept = tab.js(f"() => lrscope.app.store.curves.get('{CLEAN}').lr")
    assert kept == stage.source.tracks[CLEAN].lr
    assert tab.js("() => lrscope.app.feed.connections") == 2
    assert any(cursor.start > 5 for message in stage.fake.log[1:] for cursor in getattr(message, "sweeps", []))


def test_what_was_deleted_while_the_page_was_away_is_gone_when_it_is_back(open_tab: Open, stage: Stage) -> None:
    """My laptop sleeps. A colleague deletes the newest sweep and the oldest, which I look at; awake, I see neither."""
    tab = open_tab("done", path=f"/?s={CLEAN},{NOISY}&f={CLEAN}&b={CLEAN}")
    tab.drawn(2)
    stage.fake.refusing = True
    cut_off(stage)
    expect(tab.page.locator("#live")).to_contain_text("reconnecting")
    for gone in (CLEAN, QUEUED):
        stage.do(stage.source.delete, gone)
    stage.fake.refusing = False
    expect(tab.page.locator("#live")).to_contain_text("live")
    expect(tab.row("big batch")).to_have_count(0)
    expect(tab.row("clean")).to_have_count(0)
    expect(tab.row("noisy")).to_have_count(1)
    expect(tab.page.locator("#focus h2")).to_have_text("No sweep chosen")
    tab.until("id => !location.search.includes(id) && !lrscope.app.store.curves.has(id)", CLEAN)


def test_a_frame_that_overlaps_is_cut_and_a_gap_is_asked_for_again(open_tab: Open, stage: Stage) -> None:
    """The line brings some points twice, then some from too far ahead: the page keeps each once, takes none past a gap,
    and asks for what is missing. A second attempt begins the curve anew."""
    tab = open_tab("done")
    tab.wait(lambda: tab.points(CLEAN) == stored(stage, CLEAN))
    push = f"frame => lrscope.app.store.points({{type: 'points', sweep: '{CLEAN}', attempt: 1, ...frame}})"
    n = tab.points(CLEAN)
    assert tab.js(push, {"from": n - 2, "lr": [1, 2, 3], "loss": [1, 1, None]}) is True
    assert tab.points(CLEAN) == n + 1
    gap = {"from": n + 9, "lr": [4], "loss": [1]}
    assert tab.js(push, gap) is False
    stage.do(stage.fake.log.clear)
    frame = {"type": "points", "sweep": CLEAN, "attempt": 1, **gap}
    tab.js("frame => lrscope.app.feed.handle(frame)", frame)
    wanted = Cursor(sweep=CLEAN, attempt=1, start=n + 1)
    tab.wait(lambda: any(isinstance(said, Watch) and wanted in said.sweeps for said in stage.fake.log))
    assert tab.js(push, {"from": 0, "attempt": 2, "lr": [1e-7], "loss": [2]}) is True
    assert tab.points(CLEAN) == 1


def test_zoom_survives_streaming_and_reset_undoes_it(open_tab: Open, stage: Stage) -> None:
    """I drag over the rates from 1e-5 to 0.1 while the curves grow: they end, and I still see just these rates."""
    tab = open_tab("demo", rate=40)
    tab.drawn(3)
    mouse, y = tab.page.mouse, tab.middle()
    mouse.move(tab.px(1e-5), y)
    mouse.down()
    mouse.move(tab.px(1e-3), y, steps=3)
    mouse.move(tab.px(1e-1), y, steps=3)
    mouse.up()
    zoomed = tab.until("() => lrscope.app.store.view.zoom && lrscope.app.store.view.zoom.x")
    assert zoomed == pytest.approx([-5, -1], abs=0.05)
    tab.until(ALL_ENDED)
    tab.page.wait_for_timeout(300)
    assert tab.js(RANGE) == pytest.approx(zoomed, abs=1e-3)
    tab.page.get_by_role("button", name="Reset zoom").click()
    tab.until(f"() => ({RANGE})()[0] < -7")


def test_hovering_reads_every_visible_curve_at_that_rate(open_tab: Open) -> None:
    """I hold the pointer over 1e-5 and read three curves beside it; I hide one, and read two."""
    tab = open_tab("done")
    tab.drawn(3)
    tab.page.mouse.move(tab.px(1e-5), tab.middle())
    expect(tab.page.locator(".tip")).to_contain_text("1e-5")
    expect(tab.page.locator(".tip__row:visible")).to_have_count(3)
    tab.row("noisy").locator(".eye").click()
    tab.page.mouse.move(tab.px(2e-5), tab.middle())
    expect(tab.page.locator(".tip__row:visible")).to_have_count(2)


def test_regions_suggestion_and_rules_of_the_focused_sweep_stand_on_the_plot(open_tab: Open) -> None:
    """I see where the rate is too low, where it is right and where it diverges. The other rules come when I ask for
    them; beside the plot I read their names, and that the confidence is high."""
    tab = open_tab("done")
    tab.focus("clean")
    for name in ("too low", "sweet spot", "diverged"):
        expect(tab.page.locator(".band__name", has_text=name)).to_be_visible()
    expect(tab.page.locator(".suggestion")).to_be_attached()
    assert tab.page.locator(".rule").count() == 0
    tab.page.get_by_text("What other rules say").click()
    expect(tab.page.locator(".rule").nth(7)).to_be_attached()
    expect(tab.page.locator("#reading")).to_contain_text("torch-lr-finder")
    expect(tab.page.locator("#reading")).to_contain_text("Sweet spot")
    expect(tab.page.locator("#reading")).to_contain_text("confidence high")


def test_an_abstaining_reading_gives_its_reasons_in_words(open_tab: Open, stage: Stage) -> None:
    """My sweep stopped too early: I read that the loss never falls clearly, and nothing is suggested to me."""

    def short() -> None:
        id = ask(stage.source, "too short", "digits-clean", end_lr=1e-5)
        stage.source.finish(id)

    stage.play("empty")
    stage.do(short)
    tab = open_tab()
    expect(tab.page.locator("#reading")).to_contain_text("The loss never falls clearly below its start")
    expect(tab.page.locator("#reading")).to_contain_text("none")
    assert tab.page.locator(".suggestion").count() == 0


def test_smoothing_is_recomputed_here_and_raw_losses_stay(open_tab: Open) -> None:
    """I move the slider to its start: it says “off”, and the line runs through the losses as they were measured."""
    tab = open_tab("done")
    tab.wait(lambda: tab.points(NOISY) > 0)
    middle = f"() => lrscope.app.store.curves.get('{NOISY}').line(lrscope.app.store.view.smoothing).y[30]"
    smooth = tab.js(middle)
    tab.page.get_by_role("slider", name="Smoothing, in decades").press("Home")
    expect(tab.page.locator("#smoothing-text")).to_have_text("off")
    tab.until(f"before => ({middle})() !== before", smooth)
    assert tab.js(middle) == tab.js(f"() => lrscope.app.store.curves.get('{NOISY}').loss[30]")


def test_log_loss_and_show_blow_up_change_the_axis(open_tab: Open) -> None:
    """The plot ends below the blow-up. I show all of it, then make the loss logarithmic."""
    tab = open_tab("done")
    top = "() => lrscope.app.chart.div._fullLayout.yaxis.range[1]"
    tab.until(f"() => ({top})() > 2 && ({top})() < 6")
    tab.page.get_by_role("button", name="Show all").click()
    tab.until(f"() => ({top})() > 8")
    tab.page.get_by_role("button", name="View").click()
    tab.page.get_by_role("switch", name="Log loss").check()
    tab.until("() => lrscope.app.chart.div._fullLayout.yaxis.type === 'log'")


def test_the_name_of_a_running_sweep_has_room_beside_what_can_be_done_with_it(open_tab: Open) -> None:
    """I look at a sweep with a long name that can be cancelled: nothing of the name is cut off."""
    tab = open_tab("busy", rate=0)
    tab.focus("run 29")
    expect(tab.page.locator("#focus").get_by_role("button", name="Cancel")).to_be_visible()
    assert tab.js(
        """() => [...document.querySelectorAll('#focus h2, #focus h2 *')].every(n => n.scrollWidth <= n.clientWidth + 1)"""
    )


def test_a_failed_sweep_says_why_shows_its_traceback_and_can_be_tried_again(open_tab: Open, stage: Stage) -> None:
    """I read its traceback and what it printed, and close them. I press Retry, then Cancel after all, and its row says
    that it was cancelled."""
    tab = open_tab("demo", rate=20)
    tab.focus("fp16 transformer")
    tab.page.get_by_role("button", name="Show error").click()
    dialog = tab.page.get_by_role("dialog", name="Why it failed")
    expect(dialog).to_contain_text("Traceback (most recent call last)")
    dialog.get_by_role("tab", name="Printed").click()
    expect(dialog.get_by_role("tabpanel", name="Printed")).to_contain_text("UserWarning: the labels are floats")
    tab.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    tab.page.get_by_role("button", name="Retry").click()
    tab.wait(lambda: stage.source.sweeps[FAILED].status in (Status.QUEUED, Status.RUNNING))
    tab.page.get_by_role("button", name="Cancel").click()
    tab.wait(lambda: stage.source.sweeps[FAILED].status is Status.CANCELLED)
    expect(tab.row("fp16 transformer")).to_contain_text("cancelled")


def test_a_new_sweep_is_shown_while_few_are(open_tab: Open, stage: Stage) -> None:
    """Three curves are shown when a colleague queues another sweep: it comes onto my plot by itself."""
    tab = open_tab("done")
    tab.drawn(3)
    new = stage.do(ask, stage.source, "the newest", "digits-clean")
    tab.until("id => lrscope.app.store.visible.has(id)", new)
    tab.drawn(4)


def test_beside_many_a_new_sweep_stays_off_the_plot_and_a_deleted_one_goes(open_tab: Open, stage: Stage) -> None:
    """Eight curves are shown when another sweep is queued: it comes into my list, not onto my plot. I show it; then
    somebody deletes it, and it leaves both."""
    tab = open_tab("busy")
    shown = "() => lrscope.app.store.visible.size"
    assert tab.js(shown) == 8
    new = stage.do(ask, stage.source, "the newest", "digits-clean")
    expect(tab.row("the newest")).to_be_visible()
    assert tab.js(shown) == 8
    tab.row("the newest").locator(".eye").click()
    tab.until(f"() => ({shown})() === 9")  # the grid hands the click on when it is ready
    stage.do(stage.source.delete, new)
    expect(tab.row("the newest")).to_have_count(0)
    assert tab.js(shown) == 8


def test_without_a_worker_the_page_says_what_to_do(open_tab: Open, stage: Stage) -> None:
    """My two sweeps wait. I read that no worker is connected and what starts one; one comes, and the notice goes."""
    tab = open_tab("starved")
    notice = tab.page.locator("#no-worker")
    expect(notice).to_contain_text("2 sweeps wait and no worker is connected")
    expect(notice).to_contain_text(f"lrscope worker --server {stage.base}")
    stage.do(stage.source.add_worker)
    expect(notice).to_be_hidden()
    expect(tab.page.locator("#queue")).to_contain_text("of 1 device busy")


def test_keys_reach_the_page_but_not_while_typing(open_tab: Open) -> None:
    """I walk through the sweeps with k and j, and search for “noisy”; an x that I type there hides no curve. Back at
    the plot it does, and I press ?, and read what the keys do."""
    tab = open_tab("done")
    tab.page.keyboard.press("k")
    first = tab.js("() => lrscope.app.store.focus")
    tab.page.keyboard.press("j")
    tab.until("before => lrscope.app.store.focus !== before", first)
    tab.page.get_by_label("Filter sweeps").fill("noisy")
    expect(tab.page.locator(".grid .ag-center-cols-container .ag-row")).to_have_count(1)
    shown = "() => lrscope.app.store.visible.size"
    before = tab.js(shown)
    tab.page.get_by_label("Filter sweeps").press("x")
    expect(tab.page.get_by_label("Filter sweeps")).to_have_value("noisyx")
    assert tab.js(shown) == before
    tab.page.keyboard.press("Escape")
    tab.page.locator("#plot-host").click(position={"x": 60, "y": 8})
    tab.page.keyboard.press("x")
    tab.until(f"n => ({shown})() === n", before - 1)
    tab.page.keyboard.press("?")
    expect(tab.page.get_by_role("dialog", name="Keys")).to_contain_text("save the pick")


def test_the_colour_scheme_is_chosen_and_remembered(open_tab: Open) -> None:
    """I press the button until it says dark: the page is, and the plot with it. I reload, and it is dark still."""
    tab = open_tab("done")
    scheme = "() => document.documentElement.dataset.mantineColorScheme"
    button = tab.page.locator("#theme")
    button.click()
    button.click()
    expect(button).to_have_attribute("aria-label", "Colour scheme: dark. Switch to auto")
    tab.until(f"() => ({scheme})() === 'dark'")
    tab.until("() => lrscope.app.chart.div._fullLayout.font.color === '#9aa2af'")
    tab.page.reload()
    tab.until(f"() => ({scheme})() === 'dark'")
    tab.until("() => lrscope.app")


def test_on_a_phone_nothing_is_wider_than_the_screen(open_tab: Open) -> None:
    """I go to the plot, the decision and the list and never scroll sideways; at the list, New sweep is in reach."""
    tab = open_tab("done", viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    for panel in ("Plot", "Decide", "Sweeps"):
        tab.panel(panel)
        assert tab.js("() => document.documentElement.scrollWidth") <= 390
    expect(tab.page.get_by_role("button", name="New sweep")).to_be_in_viewport()
