"""Worker processes as they are started by hand: signals, and the children of a machine with several devices."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psutil
import pytest

from lrscope.spec import SweepSpec
from tests.workers.fake_server import FakeServer

SLOW_RECIPE = """
import time, torch, lrscope
from torch.nn.functional import mse_loss

def batches():
    while True:
        time.sleep(0.01)
        yield torch.ones(4, 2), torch.ones(4, 1)

@lrscope.recipe
def slow() -> lrscope.Problem:
    model = torch.nn.Linear(2, 1)
    return lrscope.Problem(model, torch.optim.SGD(model.parameters(), lr=1), mse_loss, batches())
"""


@pytest.fixture
def recipe_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("recipes") / "slow_project.py"
    path.write_text(SLOW_RECIPE)
    return str(path)


@asynccontextmanager
async def worker(*options: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "lrscope", "worker", *options, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()  # to the end of its output, and that of its children


async def test_sigterm_gives_the_sweep_back_and_leaves_with_0(server: FakeServer, recipe_file: str) -> None:
    lease = await server.hand_out(SweepSpec(recipe="slow", num_iter=20_000, diverge_ratio=None))
    async with worker("--server", server.url, "--devices", "cpu", "--recipes", recipe_file) as process:
        await server.until(lambda: server.stored(lease) > 0)
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    assert [message.status for message in server.finished] == ["released"]


async def test_each_device_has_a_process_started_again_when_it_dies_and_gone_with_its_parent(
    server: FakeServer, recipe_file: str
) -> None:
    async with worker("--server", server.url, "--devices", "cpu,cpu") as process:
        await server.until(lambda: len(server.hellos) == 2)
        first, second = (hello.pid for hello in server.hellos)
        assert {child.pid for child in psutil.Process(process.pid).children()} == {first, second}
        os.kill(first, signal.SIGKILL)
        await server.until(lambda: len(server.hellos) == 3)
        third = psutil.Process(server.hellos[2].pid)
        assert third.ppid() == process.pid

        process.kill()
        await server.until(lambda: server.closed.count(1001) == 2)  # both said goodbye


async def test_sigterm_ends_the_processes_of_every_device(server: FakeServer) -> None:
    async with worker("--server", server.url, "--devices", "cpu,cpu") as process:
        await server.until(lambda: len(server.hellos) == 2)
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
        assert server.closed == [1001, 1001]


async def test_a_recipe_file_that_is_not_there_is_said_in_one_line(server: FakeServer) -> None:
    async with worker("--server", server.url, "--devices", "cpu", "--recipes", "nowhere.py") as process:
        _, told = await process.communicate()
    assert process.returncode == 1
    assert told.decode().splitlines() == ["lrscope worker: nowhere.py: no such file"]
