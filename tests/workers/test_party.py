"""A worker of two processes, started by torchrun itself; gloo on the CPU stands for GPUs."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from lrscope.spec import SweepSpec
from tests.workers.fake_server import FakeServer

RECIPES = """
import os, time, torch, lrscope
import torch.distributed as dist
from torch.nn.functional import cross_entropy

def batches(pause=0.0):
    for k in range(10_000):
        time.sleep(pause)
        yield torch.randn(8, 4), torch.randint(0, 2, (8,))

def problem(loss_fn=cross_entropy, pause=0.0):
    model = torch.nn.Linear(4, 2)
    return lrscope.Problem(model, torch.optim.SGD(model.parameters(), lr=1), loss_fn, batches(pause))

@lrscope.recipe
def fine(pause: float = 0.0) -> lrscope.Problem:
    return problem(pause=pause)

@lrscope.recipe
def unready() -> lrscope.Problem:
    if dist.get_rank() == 1:
        raise FileNotFoundError("shard-1.tar is not there")
    return problem()

@lrscope.recipe
def breaking() -> lrscope.Problem:
    calls = iter(range(1000))
    def loss_fn(out, y):
        if next(calls) == 5 and dist.get_rank() == 1:
            raise ValueError("a label of rank 1 is out of range")
        return cross_entropy(out, y)
    return problem(loss_fn)
"""


pytestmark = pytest.mark.journey


@asynccontextmanager
async def party(server: FakeServer, recipes: str) -> AsyncIterator[asyncio.subprocess.Process]:
    torchrun = ["-m", "torch.distributed.run", "--nproc-per-node", "2", "--max-restarts", "5", "--standalone"]
    worker = ["-m", "lrscope", "worker", "--server", server.url, "--devices", "cpu", "--recipes", recipes]
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    process = await asyncio.create_subprocess_exec(sys.executable, *torchrun, *worker, env=env)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 30)


@pytest.fixture
def recipes(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("party") / "party_project.py"
    path.write_text(RECIPES)
    return str(path)


async def test_ranks_train_together_and_a_rank_that_is_not_ready_or_breaks_is_named(
    server: FakeServer, recipes: str
) -> None:
    """One party through it all: a sweep, one that a rank cannot build, one that a rank breaks in, and a sweep again."""
    fine = SweepSpec(recipe="fine", num_iter=20, end_lr=1e-2)
    first = await server.hand_out(fine)
    unready = await server.hand_out(SweepSpec(recipe="unready", num_iter=20))
    breaking = await server.hand_out(SweepSpec(recipe="breaking", num_iter=20))
    async with party(server, recipes):
        await server.until(lambda: len(server.hellos) == 2)  # torchrun has started it anew
        last = await server.hand_out(fine)
        await server.until(lambda: len(server.finished) == 4)
    ended = {message.lease: message for message in server.finished}
    assert (ended[first].status, server.stored(first)) == ("done", 20)
    assert ended[unready].status == "failed"
    assert "rank 1: FileNotFoundError: shard-1.tar" in str(ended[unready].reason)
    assert ended[breaking].status == "failed"
    assert "rank 1: ValueError: a label of rank 1" in str(ended[breaking].reason)
    assert (ended[last].status, server.stored(last)) == ("done", 20)
    assert "2 ranks" in server.hellos[0].device.label
    assert len({hello.pid for hello in server.hellos}) == 2  # started anew once, after the break


async def test_sigterm_gives_the_sweep_back(server: FakeServer, recipes: str) -> None:
    """Two processes train my sweep when the machine is wanted back: they give it up once, not once for each."""
    lease = await server.hand_out(SweepSpec(recipe="fine", params={"pause": 0.02}, num_iter=2000))
    async with party(server, recipes):
        await server.until(lambda: server.stored(lease) > 3)
    assert [message.status for message in server.finished] == ["released"]
