"""The README's minute, in a real browser: three curves finish, a marker is dragged, a pick is saved and found again."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from playwright.sync_api import expect

import lrscope
from tests.journeys.conftest import Team
from tests.journeys.page_browser import Browsers, Tab

pytestmark = pytest.mark.journey
PICTURE = Path(__file__).parents[2] / "docs" / "img" / "page.png"
FINISHED = "n => [...lrscope.app.store.sweeps.values()].filter(s => s.finished_at).length >= n"


@pytest.fixture
def tab(up: Team, browsers: Browsers) -> Iterator[Tab]:
    tab = Tab(browsers.home, up.base).open()
    yield tab
    tab.page.close()
    assert tab.wrong == []


def test_the_demo_curves_are_watched_a_rate_is_dragged_saved_and_found_again(
    tab: Tab, up: Team, browsers: Browsers, tmp_path: Path
) -> None:
    """Three curves end before my eyes. I drag the marker, go on one step by key, and save with a reason; a colleague's
    page shows it. I reload, and my pick and its reason are there."""
    tab.until(FINISHED, 3, timeout_s=90)
    tab.drawn(3)
    tab.focus("clean")
    sweep = tab.js("() => lrscope.app.store.focus")
    tab.until("() => lrscope.app.store.readings.get(lrscope.app.store.focus)?.suggestion")
    colleague = Tab(browsers.stranger(), up.base).open()
    colleague.focus("clean")

    tab.drag(0.025)
    assert tab.lr == 0.025
    for name in ("clean", "noisy", "wide sweet spot"):
        expect(tab.page.locator("#readout tbody tr", has_text=name)).to_contain_text(".")
    tab.marker.press("ArrowRight")
    chosen = tab.lr
    assert chosen == pytest.approx(0.025 * 10**0.05, rel=0.03)
    tab.page.get_by_placeholder("Why this rate?").fill("highest rate with a margin to the rise")
    tab.page.locator("#save-pick").click()
    expect(tab.page.locator("#save-pick")).to_have_text("Saved")

    expect(colleague.page.locator("#picks")).to_contain_text("highest rate with a margin to the rise")
    expect(colleague.row("clean")).to_contain_text(tab.js("lr => lrscope.numbers.format(lr)", chosen))
    kept = up.get(f"/sweeps/{sweep}")["pick"]
    assert kept["lr"] == chosen
    assert len(kept["compared_with"]) == 2

    tab.page.reload()
    tab.until("() => lrscope.app && lrscope.app.store.connection.state === 'live'")
    tab.focus("clean")
    expect(tab.page.locator("#picks")).to_contain_text("highest rate with a margin to the rise")
    assert tab.lr == chosen
    tab.drawn(3)
    tab.page.wait_for_timeout(400)  # the last fade
    tab.page.mouse.move(5, 895)
    tab.page.screenshot(path=PICTURE if os.environ.get("PICTURE") else tmp_path / "page.png")
    colleague.page.context.close()
    assert colleague.wrong == []


def test_a_sweep_asked_for_in_the_form_runs_and_comes_into_focus(tab: Tab) -> None:
    """I fill in no more than a name and press Queue; I watch my sweep until it has ended."""
    tab.page.get_by_role("button", name="New sweep").click()
    form = tab.page.get_by_role("dialog")
    expect(form).to_be_visible()
    form.get_by_label("Name").fill("from the form")
    form.get_by_role("button", name="Queue").click()
    tab.page.locator("#focus h2", has_text="from the form").wait_for(timeout=15_000)
    tab.until("() => lrscope.words.ended(lrscope.app.store.focused())", timeout_s=60)


def test_a_broken_recipe_says_so_in_its_row_and_its_traceback_is_a_click_away(tab: Tab, up: Team) -> None:
    """A file of my data is missing: I read which in the list, and in the traceback where my own code asked for it. The
    worker is none the worse: the next sweep runs."""
    up.offered("broken")
    up.submit("broken", name="holes in the data")
    row = tab.row("holes in the data")
    expect(row.first).to_contain_text("shard-0007.tar is not there", timeout=20_000)
    tab.focus("holes in the data")
    tab.page.get_by_role("button", name="Show error").click()
    expect(tab.page.locator("#error-body")).to_contain_text("team_recipes.py")
    later = up.submit("digits-noisy", name="after the failure")["id"]
    assert up.ended(later)["status"] in ("done", "diverged")


def test_what_a_recipe_records_beside_its_loss_is_drawn_and_read_at_the_marker(
    tab: Tab, up: Team, tmp_path: Path
) -> None:
    """Validation loss, gradient norm and update ratio travel through worker, wire and record to the page."""
    up.offered("measured")
    sweep = up.ended(up.submit("measured", name="watched", start_lr=1e-5)["id"])
    points = up.get(f"/sweeps/{sweep['id']}/points")
    assert list(points["series"]) == ["grad_norm", "update_ratio", "val_loss"]
    tab.focus("watched")
    tab.until("id => lrscope.app.store.curves.get(id)?.series.size === 3", sweep["id"])
    tab.until(
        "id => lrscope.app.chart.scene.strokes.some(s => s.uid === `held-${id}` && s.parts[0].x.length > 5)",
        sweep["id"],
    )
    beside = tab.page.locator(".beside")
    for name in ("val_loss", "grad_norm", "update_ratio"):
        expect(beside).to_contain_text(name)
    tab.page.screenshot(path=tmp_path / "series.png")


def test_a_sweep_that_ended_too_early_goes_on_with_one_click(tab: Tab, up: Team) -> None:
    """The reading says that the curve never turned up; its button queues the same sweep over a wider range."""
    asked = {"name": "too short", "end_lr": 1e-2, "num_iter": 60}
    sweep = up.ended(up.submit("digits-wide", **asked)["id"])
    tab.focus("too short")
    tab.page.get_by_role("button", name="Go on to 0.1").click()
    tab.until("id => lrscope.app.store.focus !== id", sweep["id"])
    longer = up.ended(tab.js("() => lrscope.app.store.focus"))
    assert (longer["origin"]["sweep"], longer["end_lr"]) == (sweep["id"], 0.1)
    old, new = (up.get(f"/sweeps/{each['id']}/points")["loss"] for each in (sweep, longer))
    assert new[:60] == old
    assert not [said for said in longer["warnings"] if "trained again" in said]  # the replay came out the same
    expect(tab.page.locator("#focus")).to_contain_text("extends an earlier sweep")


def test_a_curve_from_a_notebook_is_uploaded_and_its_address_shows_it(tab: Tab, up: Team) -> None:
    """I run the test in a notebook and open the address that the upload gives me: the curve has its name, its optimiser
    and mine. The record has each loss, and the norms beside it."""
    torch.manual_seed(0)
    model = torch.nn.Linear(8, 3)
    batches = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]
    optimizer = torch.optim.AdamW(model.parameters())
    curve = lrscope.range_test(model, optimizer, torch.nn.functional.cross_entropy, batches, num_iter=50, norms=True)
    address = curve.upload(up.base, name="from a notebook", user="jürgen", tags=["mine"])
    tab.page.goto(address)
    tab.until("() => lrscope.app && lrscope.app.store.connection.state === 'live'")
    expect(tab.page.locator("#focus")).to_contain_text("from a notebook")
    expect(tab.page.locator("#focus")).to_contain_text("AdamW")
    expect(tab.page.locator("#focus")).to_contain_text("by jürgen")
    kept = up.get(f"/sweeps/{tab.js('() => lrscope.app.store.focus')}/points")
    assert kept["loss"] == pytest.approx(curve.loss.tolist())
    assert list(kept["series"]) == ["grad_norm", "update_ratio"]


def test_the_seeds_of_a_request_are_drawn_with_their_median_and_read_as_one(tab: Tab, up: Team) -> None:
    """I ask for three seeds at once and show them all: a band and a middle line are drawn, and the panel says that it
    reads 3 seeds."""
    first = up.submit("digits-noisy", name="three seeds", seeds=[0, 1, 2])
    seeds = up.get(f"/sweeps?group={first['group']}")["items"]
    for each in seeds:
        up.ended(each["id"])
    for each in seeds:
        tab.js("id => lrscope.app.store.visible.has(id) || lrscope.app.store.toggle(id)", each["id"])
    tab.focus("three seeds")
    for kind in ("band", "middle"):
        tab.until(
            "uid => lrscope.app.chart.scene.strokes.some(s => s.uid === uid && s.parts[0].x.length > 40)",
            f"{kind}-{first['group']}",
        )
    expect(tab.page.locator("#reading")).to_contain_text("Reading of 3 seeds")


def test_trainings_that_confirm_a_rate_wait_and_run_in_the_drawer(tab: Tab, up: Team) -> None:
    """A colleague confirms a rate and my sweep waits. I open the page: the drawer says that the worker trains, at which
    rate, and how many trainings wait; I stop them all, and the worker is idle."""
    up.offered("digits-clean")
    sweep = up.ended(up.submit("digits-clean", name="the long look")["id"])["id"]
    asked = {"lrs": [1e-3, 1e-2], "seeds": [0, 1], "steps": 20_000}
    assert up.http.post(f"/sweeps/{sweep}/confirm", json=asked).status_code == 201
    tab.open()
    tab.page.locator("#queue").click()
    drawer = tab.page.get_by_role("dialog", name="Queue and workers")
    expect(drawer.locator(".worker")).to_contain_text("at 1e-3: the long look")
    line = drawer.locator(".queued", has_text="Confirm the long look")
    expect(line).to_contain_text("3 trainings")
    drawer.get_by_role("button", name="Cancel: the long look").click()
    expect(line).to_contain_text("2 trainings")
    line.get_by_role("button", name="Stop confirming: the long look").click()
    expect(drawer).to_contain_text("Nothing waits.")
    expect(drawer.locator(".worker")).to_contain_text("idle")
