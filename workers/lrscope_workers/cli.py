"""`lrscope worker`. Importing this imports no torch, so that `lrscope --help` stays quick."""

import asyncio
import logging
import os
import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from lrscope.address import DEFAULT_SERVER, SERVER_ENV
from lrscope.errors import LrscopeError
from lrscope_workers.supervisor import UNUSABLE, die_with, on_signals, supervise
from lrscope_workers.transcript import listen

if TYPE_CHECKING:
    from lrscope.wire import Device

RECIPES_ENV = "LRSCOPE_RECIPES"  # several: spaces between them
LogLevel = Literal["debug", "info", "warning", "error"]


def commands(app: typer.Typer) -> None:
    """Add the workers' commands to the one `lrscope` program."""
    app.command("worker")(worker)


def worker(
    server: Annotated[str, typer.Option(envvar=SERVER_ENV, help="Where the server is.")] = DEFAULT_SERVER,
    devices: Annotated[
        str | None, typer.Option(help="cuda:0,cuda:1 or cpu, one process each. Default: every GPU, else the CPU.")
    ] = None,
    recipes: Annotated[
        list[str] | None,
        typer.Option(envvar=RECIPES_ENV, help="A Python file or module with @lrscope.recipe functions. Repeatable."),
    ] = None,
    log_level: Annotated[LogLevel, typer.Option(help="How much to log.")] = "info",
    parent: Annotated[int | None, typer.Option(hidden=True, help="Leave when this process dies.")] = None,
) -> None:
    """Run sweeps: connect to the server, take what waits, train it on this machine's devices."""
    if parent is not None:
        die_with(parent)
    listen()
    logging.basicConfig(
        level=log_level.upper(), format="%(asctime)s %(levelname)-7s %(message)s", datefmt="%H:%M:%S", stream=sys.stderr
    )
    try:
        code = _work(server, devices, recipes or [], log_level, is_child=parent is not None)
    except LrscopeError as error:
        typer.echo(f"lrscope worker: {error}", err=True)
        code = UNUSABLE if parent is not None else 1
    _leave(code)


def _work(server: str, devices: str | None, recipes: list[str], log_level: str, *, is_child: bool) -> int:
    from lrscope_workers import devices as machine

    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        return _work_together(server, devices, recipes)
    found = machine.parse(devices)
    if len(found) == 1 and (is_child or found[0].kind == "cpu"):
        return asyncio.run(_run_here(server, found[0], recipes))
    command = [sys.executable, "-m", "lrscope", "worker", "--server", server, "--log-level", log_level]
    command += [part for source in recipes for part in ("--recipes", source)]
    command += ["--parent", str(os.getpid()), "--devices"]
    return asyncio.run(supervise([(device.name, [*command, device.name]) for device in found]))


async def _run_here(server: str, device: "Device", sources: list[str]) -> int:
    """One worker, in this process. Returns its exit code."""
    from lrscope.recipe import load_recipes
    from lrscope_workers.agent import Agent
    from lrscope_workers.recipes import BUILT_IN

    agent = Agent(server, load_recipes([*BUILT_IN, *sources]), device)
    on_signals(agent.stop)
    await agent.run()
    return 1 if agent.spoilt else 0


def _work_together(server: str, devices: str | None, sources: list[str]) -> int:
    """One of the processes that torchrun started: together they are one worker. Returns its exit code."""
    from lrscope.recipe import load_recipes
    from lrscope_workers import devices as machine
    from lrscope_workers.agent import Agent
    from lrscope_workers.party import Party, device_of_rank
    from lrscope_workers.recipes import BUILT_IN

    (device,) = machine.parse(device_of_rank(devices))
    recipes = load_recipes([*BUILT_IN, *sources])
    machine.use(device)
    party = Party(device)
    if party.rank > 0:
        return party.follow(recipes, device)
    labelled = device.model_copy(update={"label": f"{device.label} × {party.size} ranks"})

    async def lead() -> int:
        agent = Agent(server, recipes, labelled, party)
        on_signals(agent.stop)
        await agent.run()
        return 1 if agent.spoilt else 0

    return asyncio.run(lead())


def _leave(code: int) -> None:
    """Exit now. A training thread deep in user code would hold up a normal exit for as long as its step takes."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
