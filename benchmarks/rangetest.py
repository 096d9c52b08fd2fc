"""What a range test costs over the bare training loop it wraps: same model, data, seed and rates, interleaved runs.

python -m benchmarks.rangetest                 in process
python -m benchmarks.rangetest --peers         and by the peers' own packages
python -m benchmarks.rangetest --service       through server and worker processes, every point stored and streamed
"""

import argparse
import contextlib
import itertools
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from benchmarks.workloads import WORKLOADS
from torch.nn import functional as F

from lrscope import Problem, rangetest
from lrscope.client import Client
from lrscope.grid import grid
from lrscope.recipe import Recipe
from lrscope.spec import SweepRequest, SweepSpec

ROOT = Path(__file__).parents[1]
RANGE = {"start_lr": 1e-7, "end_lr": 1e-2, "diverge_ratio": None}  # a range in which nothing diverges: equal work


Measure = Callable[[Recipe, SweepSpec], float]  # → seconds from the first batch taken to the last


def bare(recipe: Recipe, spec: SweepSpec) -> float:
    """The loop that a person would write by hand, its loss read at every step."""
    problem = rangetest.build(recipe, spec, "cpu")
    model, optimizer, loss_fn = problem.model, problem.optimizer, F.cross_entropy
    batches = itertools.chain.from_iterable(itertools.repeat(problem.batches))
    losses = []
    for lr in grid(spec).tolist():
        for group in optimizer.param_groups:
            group["lr"] = lr
        x, y = next(batches)
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        torch.autograd.backward(loss)
        optimizer.step()
        losses.append(loss.item())
    return _seconds(problem.batches.taken, spec)  # type: ignore[attr-defined]


def ours(recipe: Recipe, spec: SweepSpec) -> float:
    problem = rangetest.build(recipe, spec, "cpu")
    for _ in rangetest.run(problem, spec):
        pass
    return _seconds(problem.batches.taken, spec)  # type: ignore[attr-defined]


def by_peer(sweep: Callable[[Problem, SweepSpec], None]) -> Measure:
    def measure(recipe: Recipe, spec: SweepSpec) -> float:
        problem = rangetest.build(recipe, spec, "cpu")
        sweep(problem, spec)
        taken = problem.batches.taken  # type: ignore[attr-defined]
        return _seconds(taken[: spec.num_iter], spec)  # some take one more

    return measure


def _seconds(taken: list[float], spec: SweepSpec) -> float:
    assert len(taken) == spec.num_iter, f"{len(taken)} batches of {spec.num_iter}"
    return taken[-1] - taken[0]


@contextlib.contextmanager
def service() -> Iterator[Measure]:
    """The same sweep asked of a running server, trained by its worker process, every point streamed and stored."""
    lrscope = [sys.executable, "-m", "lrscope"]
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("w+") as log:
        times = Path(folder) / "times.json"
        env = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT), "BENCH_TIMES": str(times)}
        server = subprocess.Popen([*lrscope, "server", "--port", "0", "--data-dir", folder], stdout=log, env=env)
        started = [server]
        try:
            url = _address(Path(folder) / "log")
            recipes = ["--recipes", "benchmarks.workloads"]
            started.append(
                subprocess.Popen([*lrscope, "worker", "--server", url, "--devices", "cpu", *recipes], env=env)
            )
            client = Client(url)
            while "mlp" not in [recipe.name for recipe in client.recipes()]:
                time.sleep(0.05)
            yield lambda recipe, spec: _through(client, times, spec)
        finally:
            for process in reversed(started):
                process.terminate()
                process.wait(15)


def _through(client: Client, times: Path, spec: SweepSpec) -> float:
    times.unlink(missing_ok=True)
    sweep = client.wait(client.submit(SweepRequest(**spec.model_dump())).id)
    assert sweep.status == "done", sweep.reason
    while not times.exists():
        time.sleep(0.01)
    return _seconds(json.loads(times.read_text()), spec)


def _address(log: Path) -> str:
    while not (found := re.search(r"http://\S+", log.read_text())):
        time.sleep(0.02)
    return found[0]


def compare(runs: int, steps: int, measures: dict[str, Measure]) -> Iterator[str]:
    """A row for each workload and measure: its time over the bare loop's, in rounds of all of them in changing order."""
    order = ["bare", *measures]
    for name, recipe in WORKLOADS.items():
        spec = SweepSpec(recipe=name, num_iter=steps, **RANGE)  # type: ignore[arg-type]
        rounds: list[dict[str, float]] = []
        for k in range(-1, runs):
            turned = order[k % len(order) :] + order[: k % len(order)]
            seconds = {one: {"bare": bare, **measures}[one](recipe, spec) for one in turned}
            rounds += [seconds] if k >= 0 else []  # the first one warms
        step_ms = 1000 * statistics.median(seconds["bare"] for seconds in rounds) / steps
        for one in measures:
            ratios = sorted(seconds[one] / seconds["bare"] for seconds in rounds)
            median = statistics.median(ratios)
            yield f"| {name} | {step_ms:.2f} ms | {one} | {median:.3f} | {ratios[0]:.3f} – {ratios[-1]:.3f} |"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--service", action="store_true", help="through a server and a worker process")
    options.add_argument("--peers", action="store_true", help="the peers' own packages too")
    options.add_argument("--runs", type=int, default=15)
    options.add_argument("--steps", type=int, default=200)
    asked = options.parse_args()
    torch.set_num_threads(1)
    measures: dict[str, Measure] = {"lrscope": ours}
    if asked.peers:
        from benchmarks.peers import PEERS

        measures |= {name: by_peer(sweep) for name, sweep in PEERS.items()}
    print(f"| {asked.steps} steps, {asked.runs} rounds | bare loop, per step | | median ratio | range |")
    print("|---|---|---|---|---|")
    with service() if asked.service else contextlib.nullcontext(ours) as measure:
        for row in compare(asked.runs, asked.steps, {**measures, "lrscope": measure}):
            print(row, flush=True)


if __name__ == "__main__":
    main()
