"""What a person waits for, and what the server takes: start, memory, and the time from POST to the first painted point.

python -m benchmarks.service
"""

import argparse
import contextlib
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
LIVE = """() => new Promise(resolve => {
  const look = () => {
    const live = globalThis.lrscope && lrscope.app && lrscope.app.store.connection.state === 'live';
    live ? resolve(true) : setTimeout(look, 50);
  };
  look();
})"""
PAINTED = """sweep => new Promise(resolve => {
  const look = () => {
    const curve = lrscope.app.store.curves.get(sweep);
    const drawn = curve && curve.lr.length && lrscope.app.chart.standing.some(one => one.sweep.id === sweep);
    drawn ? requestAnimationFrame(() => resolve(true)) : requestAnimationFrame(look);
  };
  look();
})"""


@contextlib.contextmanager
def up(folder: str) -> Iterator[tuple[str, int, float]]:
    """`lrscope up` with an empty record: (address, process id, seconds until /health answered)."""
    env = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "lrscope", "up", "--port", "0", "--data-dir", folder, "--devices", "cpu"]
    log = Path(folder) / "log"
    began = time.perf_counter()
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=env)
    try:
        while not (found := re.search(r"open at\s+(http://\S+)", log.read_text())):
            assert process.poll() is None, log.read_text()
            time.sleep(0.01)
        while httpx.get(f"{found[1]}/health").status_code != 200:
            time.sleep(0.01)
        yield found[1], process.pid, time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(15)


def megabytes(pid: int) -> float:
    """Resident memory, as the kernel has it."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


def has_torch(pid: int) -> bool:
    return "torch" in Path(f"/proc/{pid}/maps").read_text()


def first_paint_ms(page: Page, client: httpx.Client) -> float:
    """From the POST of a sweep to the first of its points on the open page."""
    began = time.perf_counter()
    sweep = client.post("/sweeps", json={"recipe": "digits-clean", "num_iter": 30}).json()["id"]
    page.evaluate(PAINTED, sweep)
    took = 1000 * (time.perf_counter() - began)
    while client.get(f"/sweeps/{sweep}").json()["finished_at"] is None:
        time.sleep(0.02)
    client.delete(f"/sweeps/{sweep}")  # a page shows the newest few by itself: leave room for the next
    return took


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--starts", type=int, default=5)
    options.add_argument("--posts", type=int, default=20)
    asked = options.parse_args()
    starts = []
    for _ in range(asked.starts):
        with tempfile.TemporaryDirectory() as folder, up(folder) as (_, _, seconds):
            starts.append(seconds)
    with tempfile.TemporaryDirectory() as folder, up(folder) as (address, pid, _), sync_playwright() as playwright:
        client = httpx.Client(base_url=address, timeout=30)
        while not client.get("/workers").json():
            time.sleep(0.05)
        launch: dict[str, Any] = {"executable_path": shutil.which("chromium"), "args": ["--no-sandbox"]}
        browser = playwright.chromium.launch(**launch)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(address)
        page.evaluate(LIVE)
        first_paint_ms(page, client)  # the worker's first sweep loads the data
        paints = sorted(first_paint_ms(page, client) for _ in range(asked.posts))
        browser.close()
        memory, torch = megabytes(pid), has_torch(pid)
    print("| | measured | wanted |\n|---|---|---|")
    print(f"| `lrscope up` → `/health` answers, median of {len(starts)} | {statistics.median(starts):.2f} s | ≤ 4 s |")
    print(f"| server process, resident, after {asked.posts} sweeps and a page | {memory:.0f} MB | ≤ 150 MB |")
    print(f"| torch in the server process | {'yes' if torch else 'no'} | no |")
    print(f"| POST → first point painted, median of {len(paints)} | {statistics.median(paints):.0f} ms | ≤ 500 ms |")
    print(f"| the same, slowest | {paints[-1]:.0f} ms | |")


if __name__ == "__main__":
    main()
