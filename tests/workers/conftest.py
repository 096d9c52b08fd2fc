import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest

from lrscope.recipe import Recipe
from lrscope_workers import agent, line
from lrscope_workers.agent import Agent
from tests.workers.fake_server import FakeServer, fake_server


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers that come back sooner and leave sooner."""
    monkeypatch.setattr(line, "FIRST_DELAY_S", 0.02)
    monkeypatch.setattr(agent, "IDLE_S", 0.05)


@pytest.fixture
async def server() -> AsyncIterator[FakeServer]:
    async with fake_server() as server:
        yield server


@asynccontextmanager
async def working(url: str, recipes: Mapping[str, Recipe]) -> AsyncIterator[Agent]:
    """An agent at work; at the end it is stopped, and has left."""
    at_work = Agent(url, recipes)
    run = asyncio.create_task(at_work.run())
    try:
        yield at_work
    finally:
        at_work.stop()
        await run
