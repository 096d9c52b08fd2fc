"""How fast the page is, in Chromium against a real server: points live, a full plot under the hand, the first load.

python -m benchmarks.page [--seconds 12] [--runs 5] [--moves 30] [--profile]

`wall` is what a person waits: until the frame is painted, which is known one frame late (an animation frame, then a
message). `main` is what the page's main thread works for it, layout and paint included (CDP's TaskDuration), without the
waits between: on a busy machine it is the steadier of the two. --profile adds where the scripts' own time goes.
"""

import argparse
import contextlib
import itertools
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
from benchmarks.feeder import RECIPE, Times, loss_at
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

ROOT = Path(__file__).parents[1]
RATE = 50.0
PROBE = (Path(__file__).parent / "probe.js").read_text(encoding="utf-8")
Row = tuple[str, str, str]


@contextlib.contextmanager
def server(folder: str) -> Iterator[httpx.Client]:
    """`lrscope server` with an empty record."""
    log = Path(folder) / "log"
    with log.open("w") as out:
        command = [sys.executable, "-m", "lrscope", "server", "--port", "0", "--data-dir", folder]
        process = subprocess.Popen(command, stdout=out, stderr=out, cwd=ROOT)
    try:
        while not (found := re.search(r"http://\S+", log.read_text())):
            assert process.poll() is None, log.read_text()
            time.sleep(0.02)
        client = httpx.Client(base_url=found[0], timeout=60)
        while client.get("/health").status_code != 200:
            time.sleep(0.02)
        yield client
    finally:
        process.terminate()
        process.wait(20)


class Visit:
    """The page in a tab of a new profile, with the probe in it and the browser's own counters beside it."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.context: BrowserContext = browser.new_context(viewport={"width": 1440, "height": 900})
        self.context.add_init_script(PROBE)
        self.address = address
        self.page: Page = self.context.new_page()
        self.cdp: CDPSession = self.context.new_cdp_session(self.page)
        self.cdp.send("Performance.enable", {"timeDomain": "threadTicks"})

    def open(self) -> "Visit":
        self.page.goto(self.address)
        self.until("() => window.probe.live()")
        return self

    def until(self, expression: str, argument: Any = None, timeout_s: float = 60) -> Any:
        end = time.monotonic() + timeout_s
        while not (value := self.page.evaluate(expression, argument)):
            assert time.monotonic() < end, f"never true: {expression}"
            self.page.wait_for_timeout(50)
        return value

    def show(self, sweeps: Sequence[str]) -> None:
        """Exactly these on the plot."""
        self.until("ids => ids.every(id => lrscope.app.store.sweeps.has(id))", sweeps)
        self.page.evaluate("ids => window.probe.show(ids)", sweeps)
        self.until("ids => ids.every(id => lrscope.app.store.visible.has(id))", sweeps)

    def settled(self, curves: int) -> None:
        """So many curves stand, and nothing has been drawn for half a second."""
        self.until("n => lrscope.app.chart.standing.length === n && window.probe.quiet(500)", curves)

    def metrics(self) -> dict[str, float]:
        """The browser's own counters; durations in seconds of the main thread's processor time."""
        return {one["name"]: float(one["value"]) for one in self.cdp.send("Performance.getMetrics")["metrics"]}

    def busy_ms(self) -> float:
        """What the main thread has worked so far."""
        return 1000 * self.metrics()["TaskDuration"]

    @contextlib.contextmanager
    def profiled(self, title: str, wanted: bool) -> Iterator[None]:
        """Prints where the scripts' own time went."""
        if not wanted:
            yield
            return
        for command in ("Profiler.enable", "Profiler.start"):
            self.cdp.send(command)
        before = self.metrics()
        yield
        after = self.metrics()
        told = self.cdp.send("Profiler.stop")["profile"]
        where = {node["id"]: node["callFrame"] for node in told["nodes"]}
        spent: Counter[str] = Counter()
        for id, delta in zip(told["samples"], told["timeDeltas"], strict=True):
            frame = where[id]
            place = f"{frame['url'].rsplit('/', 1)[-1].partition('?')[0]}:{frame['lineNumber'] + 1}"
            spent[f"{frame['functionName'] or '(anonymous)'} {place if frame['url'] else ''}"] += delta
        total = sum(spent.values())
        kinds = ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration", "TaskDuration")
        worked = ", ".join(
            f"{kind.removesuffix('Duration')} {1000 * (after[kind] - before[kind]):.0f} ms" for kind in kinds
        )
        counts = ", ".join(f"{name} {after[name] - before[name]:.0f}" for name in ("RecalcStyleCount", "LayoutCount"))
        print(f"\n{title}: {total / 1000:.0f} ms sampled; {worked}; {counts}")
        for name, micros in spent.most_common(25):
            print(f"  {micros / total:6.1%} {micros / 1000:8.1f} ms  {name}")


# ── points live ──────────────────────────────────────────────────────────────────────────────────────────────────────


def live(client: httpx.Client, browser: Browser, sweeps: int, asked: argparse.Namespace) -> list[Row]:
    """So many sweeps at 50 points a second each, all on the plot."""
    visit = Visit(browser, str(client.base_url)).open()
    command = [sys.executable, "-m", "benchmarks.feeder", str(client.base_url), "--workers", str(sweeps)]
    feeder = subprocess.Popen([*command, "--rate", str(RATE)], stdout=subprocess.PIPE, encoding="utf-8", cwd=ROOT)
    while sum(RECIPE in worker["recipes"] for worker in client.get("/workers").json() if worker["connected"]) < sweeps:
        assert feeder.poll() is None, "the feeder has ended"
        time.sleep(0.05)
    body = {"recipe": RECIPE, "num_iter": round(asked.seconds * RATE), "diverge_ratio": None}
    ids = [client.post("/sweeps", json={**body, "name": f"live {k}", "seed": k}).json()["id"] for k in range(sweeps)]
    visit.show(ids)
    visit.until("n => lrscope.app.chart.standing.length >= n", sweeps)
    since = 1000 * time.time()  # while they were queued one by one nobody looked at them
    visit.page.evaluate("() => window.probe.count()")
    busy, began = visit.busy_ms(), time.perf_counter()
    with visit.profiled(f"{sweeps} sweeps live", asked.profile):
        visit.page.wait_for_timeout(1000 * (asked.seconds - 3))
    share = (visit.busy_ms() - busy) / (time.perf_counter() - began) / 1000
    counted = visit.page.evaluate("() => window.probe.count()")
    told = feeder.communicate(timeout=120)[0]
    if feeder.returncode:
        sys.exit(
            f"the server does not keep up with {sweeps} workers of {RATE:.0f} points a second; try fewer: --live 5"
        )
    times: dict[str, Times] = json.loads(told)
    visit.until("([ids, count]) => window.probe.has(ids, count)", [ids, body["num_iter"]])
    painted: list[tuple[float, dict[str, int], int]] = visit.page.evaluate("() => window.probe.painted")
    visit.context.close()
    for id in ids:
        client.delete(f"/sweeps/{id}")
    stored, sent = (latencies(times, painted, column, since) for column in (2, 1))
    name = f"{sweeps} sweeps × {RATE:.0f} points/s"
    goal = (60, 150) if sweeps <= 10 else (None, 250)
    return [
        (
            f"{name}: point stored → painted, p50",
            f"{quantile(stored, 0.5):.0f} ms",
            f"≤ {goal[0]} ms" if goal[0] else "",
        ),
        ("the same, p95", f"{quantile(stored, 0.95):.0f} ms", f"≤ {goal[1]} ms"),
        ("the same, p99", f"{quantile(stored, 0.99):.0f} ms", ""),
        ("sent by the worker → painted, p50 / p95", f"{quantile(sent, 0.5):.0f} / {quantile(sent, 0.95):.0f} ms", ""),
        ("frames a second; draws a second", f"{counted['fps']:.0f}; {counted['draws']:.1f}", "≥ 40 fps"),
        ("main thread", f"{share:.0%}", ""),
    ]


def latencies(
    times: dict[str, Times], painted: list[tuple[float, dict[str, int], int]], column: int, since: float
) -> list[float]:
    """Of each batch stored since then, from its time in that column to the first painted frame that has its last point."""
    found = []
    for sweep, batches in times.items():
        frames = iter([(at, counts[sweep]) for at, counts, _ in painted if sweep in counts])
        at, has = next(frames, (0.0, 0))
        for batch in batches:
            while has < batch[0]:
                at, has = next(frames)  # every point is painted at last: that was waited for
            if batch[2] >= since:
                found.append(at - batch[column])
    return found


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


# ── a full plot ──────────────────────────────────────────────────────────────────────────────────────────────────────


def full(client: httpx.Client, browser: Browser, asked: argparse.Namespace) -> list[Row]:
    """A hundred stored curves of five hundred points, all on the plot."""
    ids = keep(client, 100, 500)
    firsts = []
    for _ in range(asked.runs):
        visit = Visit(browser, str(client.base_url)).open()
        visit.show([])
        visit.settled(0)
        visit.page.evaluate("ids => window.probe.first(ids, 500)", ids)
        visit.show(ids)
        firsts.append(float(visit.until("() => window.probe.firstDrawn")))
        if len(firsts) < asked.runs:
            visit.context.close()
    visit.settled(len(ids))
    visit.page.evaluate("id => lrscope.app.store.setFocus(id)", ids[0])
    visit.settled(len(ids))
    point = action(visit, asked, "adding a point", lambda: visit.page.evaluate("id => window.probe.add(id)", ids[-1]))
    slider = visit.page.get_by_role("slider", name="Smoothing, in decades")
    slider.focus()
    keys = itertools.cycle(["ArrowRight", "ArrowLeft"])
    smooth = action(visit, asked, "smoothing", lambda: visit.page.keyboard.press(next(keys)))
    drags = [marker(visit, asked) for _ in range(asked.runs)]
    wall, main = (statistics.median(drag[k] for drag in drags) for k in (0, 1))
    visit.context.close()
    for id in ids:
        client.delete(f"/sweeps/{id}")
    return [
        ("100 sweeps × 500 points: data there → first draw painted", f"{statistics.median(firsts):.0f} ms", "≤ 400 ms"),
        ("one more point, main", f"{point[1]:.0f} ms (wall {point[0]:.0f})", "≤ 33 ms"),
        ("one move of the smoothing slider, main", f"{smooth[1]:.0f} ms (wall {smooth[0]:.0f})", "≤ 50 ms"),
        ("one move of the marker with all readouts, main", f"{main:.1f} ms (wall {wall:.0f})", "≤ 4 ms"),
    ]


def action(visit: Visit, asked: argparse.Namespace, title: str, act: Callable[[], object]) -> tuple[float, float]:
    """(wall, main) of one action that is followed by a draw: medians of so many."""
    walls, mains = [], []
    with visit.profiled(title, asked.profile):
        for _ in range(asked.moves):
            visit.page.wait_for_timeout(250)  # past the chart's own pause between two draws
            busy = visit.busy_ms()
            visit.page.evaluate("() => window.probe.expect()")
            act()
            walls.append(float(visit.until("() => window.probe.drawnAfter")))
            visit.page.wait_for_timeout(50)
            mains.append(visit.busy_ms() - busy - idle(visit))
    return statistics.median(walls), statistics.median(mains)


def idle(visit: Visit) -> float:
    """What the waiting and the asking alone cost the main thread."""
    busy = visit.busy_ms()
    visit.page.evaluate("() => window.probe.drawnAfter")
    visit.page.wait_for_timeout(50)
    return visit.busy_ms() - busy


def marker(visit: Visit, asked: argparse.Namespace) -> tuple[float, float]:
    """(wall, main) of a move of the marker under the mouse, a move a frame: the mean of one drag there and back.

    As of the other actions, what a held mouse costs that moves and changes nothing (up and down along the line) is taken
    off `main`: hearing it, and the probe's own frames.
    """
    visit.page.wait_for_timeout(500)
    box = visit.page.get_by_role("slider", name="Learning rate", exact=True).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def mouse(kind: str, dx: float = 0, dy: float = 0, pressed: int = 1) -> None:
        """Said to the browser itself: Playwright's mouse runs scripts of its own in the page with every move."""
        event = {"type": kind, "x": x + dx, "y": y + dy, "button": "left", "buttons": pressed, "clickCount": 1}
        visit.cdp.send("Input.dispatchMouseEvent", event)

    def there_and_back(dx: float, dy: float) -> tuple[float, float, int]:
        """(wall in ms, main in ms, moves of the marker) of a way of as many steps as asked for, twice."""
        visit.page.evaluate("() => window.probe.moves()")
        busy, began = visit.busy_ms(), time.perf_counter()
        for k in [*range(1, asked.moves + 1), *range(asked.moves - 1, -1, -1)]:
            mouse("mouseMoved", dx * k / asked.moves, dy * k / asked.moves)
        took, busy = 1000 * (time.perf_counter() - began), visit.busy_ms() - busy
        return took, busy, int(visit.page.evaluate("() => window.probe.moves()"))

    mouse("mouseMoved", pressed=0)
    mouse("mousePressed")
    mouse("mouseMoved", 3)
    mouse("mouseMoved")
    _, still, none = there_and_back(0, asked.moves)
    with visit.profiled("marker", asked.profile):
        took, busy, moves = there_and_back(-240, 0)
    mouse("mouseReleased", pressed=0)
    assert none == 0, "the marker moved under a mouse that goes up and down"
    assert moves, "the marker stood still"
    return took / moves, busy / moves - still / (2 * asked.moves)


def keep(client: httpx.Client, sweeps: int, points: int) -> list[str]:
    """Stored curves, each a little different."""
    found = []
    for k in range(sweeps):
        chance = random.Random(k)
        lr = [10 ** (-7 + 8 * i / (points - 1)) for i in range(points)]
        body = {
            "name": f"resnet18 bs{2 ** (3 + k % 6)} {k:03d}",
            "lr": lr,
            "loss": [loss_at(rate, chance) for rate in lr],
        }
        reply = client.post("/sweeps/import", json=body)
        assert reply.status_code == 201, reply.text
        found.append(reply.json()["id"])
    return found


# ── the first load ───────────────────────────────────────────────────────────────────────────────────────────────────


def load(client: httpx.Client, browser: Browser, asked: argparse.Namespace) -> list[Row]:
    """Twenty on the plot of a thousand stored: by somebody who was here before, and bytes for somebody who was not."""
    ids = keep(client, asked.stored, 100)[-20:]
    visit = Visit(browser, str(client.base_url))
    taken: list[float] = []
    visit.cdp.send("Network.enable")
    visit.cdp.on("Network.loadingFinished", lambda event: taken.append(event["encodedDataLength"]))
    cold, warm = [], []
    visit.open()
    visit.page.wait_for_timeout(1500)
    transferred = sum(taken)
    visit.show(ids)
    visit.settled(len(ids))
    for _ in range(asked.runs):
        visit.page.goto("about:blank")
        visit.cdp.send("Network.clearBrowserCache")
        cold.append(interactive(visit, len(ids)))
        visit.page.goto("about:blank")
        warm.append(interactive(visit, len(ids)))
    visit.context.close()
    return [
        (
            f"navigation → interactive, 20 on the plot of {asked.stored} stored",
            f"{statistics.median(warm):.0f} ms",
            "≤ 1500 ms",
        ),
        ("the same with an empty cache", f"{statistics.median(cold):.0f} ms", "≤ 1500 ms"),
        ("first load, transferred", f"{transferred / 1e6:.2f} MB", "≤ 2.5 MB"),
    ]


def interactive(visit: Visit, curves: int) -> float:
    """Until the feed is live, rows are in the list and so many curves are painted."""
    visit.page.goto(visit.address, wait_until="commit")
    return float(visit.until("n => window.probe.ready(n)", curves))


# ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=12.0, help="how long points are streamed")
    options.add_argument("--live", type=int, nargs="*", default=[10, 50], help="how many sweeps at once")
    options.add_argument("--runs", type=int, default=5, help="loads of the page")
    options.add_argument("--moves", type=int, default=30, help="points, moves of the slider, moves of the marker")
    options.add_argument("--stored", type=int, default=1000, help="sweeps in the record of the first load")
    options.add_argument("--only", choices=["live", "full", "load"], help="one part")
    options.add_argument("--profile", action="store_true")
    asked = options.parse_args()
    rows: list[Row] = []
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    arguments = ["--no-sandbox", "--headless=new", "--disable-gpu"]
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder, server(folder) as client:
        browser = playwright.chromium.launch(executable_path=executable, headless=False, args=arguments)
        if asked.only in (None, "live"):
            rows += [row for sweeps in asked.live for row in live(client, browser, sweeps, asked)]
        if asked.only in (None, "full"):
            rows += full(client, browser, asked)
        if asked.only in (None, "load"):
            rows += load(client, browser, asked)
        browser.close()
    print("\n| | measured | wanted |\n|---|---|---|")
    for row in rows:
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
