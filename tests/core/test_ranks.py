"""One range test on several processes: gloo on the CPU stands for what torchrun starts on GPUs."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = """
import json, math, sys, torch, torch.distributed as dist
from torch import nn
from torch.nn import functional as F
from torch.nn.parallel import DistributedDataParallel
from lrscope import rangetest
from lrscope.problem import Problem
from lrscope.spec import SweepSpec
rank, world, store, case = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
dist.init_process_group("gloo", init_method="file://" + store, rank=rank, world_size=world)
torch.manual_seed(0)
model = DistributedDataParallel(nn.Linear(4, 2))
torch.manual_seed(rank)
batches = [(torch.randn(8, 4), torch.randint(0, 2, (8,))) for _ in range(50)]
own, calls = [], 0
def loss_fn(out, y):
    global calls
    calls += 1
    loss = F.cross_entropy(out, y)
    if case == "nan" and rank == 1 and calls == 7:
        loss = loss * math.nan
    own.append(loss.item())
    return loss
problem = Problem(model, torch.optim.SGD(model.parameters(), lr=1.0), loss_fn, batches)
spec = SweepSpec(recipe="r", num_iter=20, start_lr=1e-4, end_lr=0.1)
cancelled = lambda: case == "cancel" and rank == 0 and len(own) == 5
points, sweep = [], rangetest.RangeTest(problem, spec).run(cancelled)
while True:
    try:
        points.append(next(sweep))
    except StopIteration as end:
        outcome = end.value
        break
print(json.dumps({"loss": [p.loss for p in points], "own": own, "outcome": outcome}))
dist.destroy_process_group()
"""


def together(tmp_path: Path, case: str, world: int = 2) -> list[dict[str, Any]]:
    """What every rank measured. A deadlock is a timeout."""
    command = [sys.executable, "-c", SCRIPT]
    ranks = [
        subprocess.Popen([*command, str(rank), str(world), str(tmp_path / "store"), case], stdout=subprocess.PIPE)
        for rank in range(world)
    ]
    try:
        return [json.loads(rank.communicate(timeout=60)[0]) for rank in ranks]
    finally:
        for rank in ranks:
            rank.kill()


def test_the_loss_of_a_step_is_the_mean_over_the_ranks_and_the_same_on_each(tmp_path: Path) -> None:
    one, other = together(tmp_path, "plain")
    assert one["loss"] == other["loss"]
    assert len(one["loss"]) == 20
    assert one["own"] != other["own"]
    means = [(a + b) / 2 for a, b in zip(one["own"], other["own"], strict=True)]
    assert one["loss"] == pytest.approx(means, rel=1e-6)


def test_when_one_rank_breaks_all_stop_at_that_step_and_nobody_waits(tmp_path: Path) -> None:
    found = together(tmp_path, "nan")
    assert [one["outcome"] for one in found] == ["diverged", "diverged"]
    assert [len(one["loss"]) for one in found] == [7, 7]


def test_a_wish_to_cancel_at_the_first_rank_stops_all(tmp_path: Path) -> None:
    found = together(tmp_path, "cancel")
    assert [one["outcome"] for one in found] == ["cancelled", "cancelled"]
    assert [len(one["loss"]) for one in found] == [5, 5]
