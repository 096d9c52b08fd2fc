import asyncio
import logging
import math
from collections.abc import Iterator
from typing import Any

import pytest
import torch

import lrscope
from lrscope.grid import lr_at
from lrscope.problem import Problem
from lrscope.spec import SweepSpec
from lrscope.wire import WIRE_VERSION, Ack, Lost
from lrscope_workers.agent import Agent
from tests.workers.conftest import working
from tests.workers.fake_server import FakeServer
from tests.workers.toys import RECIPES, Gate, gated, problem


def spec(recipe: str = "toy", **fields: Any) -> SweepSpec:
    return SweepSpec(**{"recipe": recipe, "num_iter": 50, "end_lr": 0.1, "diverge_ratio": None, **fields})


async def test_a_sweep_is_trained_and_every_point_is_delivered_with_its_rate(server: FakeServer) -> None:
    lease = await server.hand_out(spec())
    await Agent(server.url, RECIPES).run(until_idle=True)

    assert [message.status for message in server.finished] == ["done"]
    assert server.started[0].optimizer == "SGD"
    assert server.lrs[lease] == [lr_at(spec(), step) for step in range(50)]
    assert all(math.isfinite(loss) for loss in server.losses[lease])


async def test_the_hello_names_device_and_recipes(server: FakeServer) -> None:
    await Agent(server.url, RECIPES).run(until_idle=True)
    hello = server.hellos[0]
    assert hello.device.name == "cpu"
    assert {recipe.name for recipe in hello.recipes} == set(RECIPES)
    assert hello.running == []


async def test_each_worker_has_an_id_of_its_own(server: FakeServer) -> None:
    assert Agent(server.url, {}).worker != Agent(server.url, {}).worker


async def test_sweeps_are_run_one_after_the_other(server: FakeServer) -> None:
    leases = [await server.hand_out(spec(seed=seed)) for seed in range(3)]
    await Agent(server.url, RECIPES).run(until_idle=True)
    assert [message.lease for message in server.finished] == leases
    assert all(server.stored(lease) == 50 for lease in leases)


async def test_the_same_seed_gives_the_same_curve_and_another_seed_another(server: FakeServer) -> None:
    leases = [await server.hand_out(spec(seed=seed)) for seed in (7, 7, 8)]
    await Agent(server.url, RECIPES).run(until_idle=True)
    first, again, other = (server.losses[lease] for lease in leases)
    assert first == again
    assert first != other


async def test_finished_is_said_only_after_the_last_point_is_acked(server: FakeServer) -> None:
    server.acking = False
    lease = await server.hand_out(spec())
    async with working(server.url, RECIPES):
        await server.until(lambda: server.stored(lease) == 50)
        await server.say(Ack(lease=lease, next_step=49))
        await server.heard(lease)
        assert server.finished == []
        await server.say(Ack(lease=lease, next_step=50))
        await server.until(lambda: server.finished)


class Ending:
    """Three batches, and no length that says so."""

    def __iter__(self) -> Iterator[Any]:
        return iter([(torch.ones(4, 2), torch.ones(4, 1))] * 3)


async def test_a_stream_that_ended_and_was_seen_again_is_told_with_the_end(server: FakeServer) -> None:
    @lrscope.recipe(name="ending")
    def ending() -> Problem:
        return problem(Ending())

    await server.hand_out(spec("ending"))
    await Agent(server.url, {"ending": ending}).run(until_idle=True)
    assert server.started[0].warnings == []
    assert "3 batches and the test takes 50" in server.finished[0].warnings[0]


# ── the connection ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_cut_in_the_middle_loses_and_doubles_no_point(server: FakeServer) -> None:
    gate = Gate()
    lease = await server.hand_out(spec("gated"))
    async with working(server.url, gated(gate)):
        gate.let(20)
        await server.until(lambda: server.stored(lease) == 20)
        server.cut()
        gate.let(10)  # trained while nobody listens
        await server.until(lambda: len(server.hellos) == 2 and server.stored(lease) == 30)
        server.cut()
        gate.open()
        await server.until(lambda: server.finished)

    assert [hello.running for hello in server.hellos] == [[], [lease], [lease]]
    assert server.lrs[lease] == [lr_at(spec(), step) for step in range(50)]


async def test_a_server_that_restarts_gets_the_whole_curve(server: FakeServer) -> None:
    gate = Gate()
    lease = await server.hand_out(spec("gated"))
    async with working(server.url, gated(gate)):
        gate.let(5)
        await server.until(lambda: server.stored(lease) == 5)
        port = int(server.url.rpartition(":")[2])
        await server.go_away()
        gate.open()
        await server.come(port)
        await server.until(lambda: server.finished)
    assert server.lrs[lease] == [lr_at(spec(), step) for step in range(50)]
    assert server.finished[0].status == "done"


async def test_acks_lost_with_the_connection_are_made_good_by_the_welcome(server: FakeServer) -> None:
    server.acking = False
    lease = await server.hand_out(spec())
    async with working(server.url, RECIPES):
        await server.until(lambda: server.stored(lease) == 50)
        server.acking = True
        server.cut()
        await server.until(lambda: server.finished)
    assert sum(batch.count for batch in server.batches) == 50  # none was sent again


async def test_finished_is_repeated_after_a_cut_until_the_server_says_ended(server: FakeServer) -> None:
    server.ending = False
    lease = await server.hand_out(spec())
    async with working(server.url, RECIPES):
        await server.until(lambda: len(server.finished) == 1)
        server.ending = True
        server.cut()
        await server.until(lambda: len(server.finished) == 2)
    assert server.finished[0] == server.finished[1]
    assert server.finished[0].lease == lease


async def test_a_refused_batch_is_sent_again(server: FakeServer) -> None:
    gate = Gate()
    server.refuse_batches = 1
    lease = await server.hand_out(spec("gated"))
    async with working(server.url, gated(gate)):
        gate.open()
        await server.until(lambda: server.finished)
    assert server.lrs[lease] == [lr_at(spec(), step) for step in range(50)]


async def test_the_heartbeat_declares_what_is_held(server: FakeServer) -> None:
    gate = Gate()
    server.lease_s = 0.03
    lease = await server.hand_out(spec("gated"))
    async with working(server.url, gated(gate)):
        await server.until(lambda: any(beat.running == [lease] for beat in server.heartbeats))
        gate.open()
        await server.until(lambda: server.finished and server.heartbeats[-1].running == [])
    assert all((beat.memory_used_bytes or 0) > 1 << 20 for beat in server.heartbeats)


async def test_another_wire_version_is_said_once_and_tried_again(
    server: FakeServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.version = WIRE_VERSION + 1
    with caplog.at_level(logging.WARNING):
        async with working(server.url, RECIPES):
            await server.until(lambda: len(server.hellos) == 3)
            assert len(caplog.messages) == 1
            assert f"the server speaks wire version {WIRE_VERSION + 1}" in caplog.messages[0]
            assert f"this worker speaks wire version {WIRE_VERSION}" in caplog.messages[0]
            server.version = WIRE_VERSION
            await server.until(lambda: len(server.hellos) == 4)
            await server.hand_out(spec())
            await server.until(lambda: server.finished)


# ── how a sweep ends ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_cancelled_sweep_stops_before_its_next_step(server: FakeServer) -> None:
    gate = Gate()
    lease = await server.hand_out(spec("gated", num_iter=10_000))
    async with working(server.url, gated(gate)):
        gate.let(5)
        await server.until(lambda: server.stored(lease) == 5)
        await server.say(Ack(lease=lease, next_step=5, cancel=True))
        await server.heard(lease)
        gate.open()
        await server.until(lambda: server.finished)
    assert server.finished[0].status == "cancelled"
    assert server.stored(lease) == 6  # the one whose batch was waited for


async def test_a_lost_sweep_is_stopped_in_silence_and_the_next_one_runs(server: FakeServer) -> None:
    gate = Gate()
    lease = await server.hand_out(spec("gated", num_iter=10_000))
    async with working(server.url, gated(gate) | RECIPES):
        gate.let(5)
        await server.until(lambda: server.stored(lease) == 5)
        server.give_away(lease)
        await server.say(Lost(lease=lease))
        gate.open()
        following = await server.hand_out(spec())
        await server.until(lambda: server.finished)
    assert [message.lease for message in server.finished] == [following]
    assert server.stored(lease) == 5


async def test_a_sweep_given_away_during_a_cut_is_forgotten(server: FakeServer) -> None:
    gate = Gate()
    lease = await server.hand_out(spec("gated", num_iter=10_000))
    async with working(server.url, gated(gate) | RECIPES):
        gate.let(1)
        await server.until(lambda: server.stored(lease) == 1)
        server.give_away(lease)
        server.cut()
        await server.until(lambda: len(server.hellos) == 2)
        gate.open()
        following = await server.hand_out(spec())
        await server.until(lambda: server.finished)
    assert [message.lease for message in server.finished] == [following]


async def test_an_error_in_the_recipe_is_reported_from_the_users_frames_on(server: FakeServer) -> None:
    await server.hand_out(spec("raises"))
    await server.hand_out(spec())
    await Agent(server.url, RECIPES).run(until_idle=True)

    failed, done = server.finished
    assert (failed.status, failed.reason) == ("failed", "ValueError: the labels are wrong")
    assert failed.traceback is not None
    frames = [text for text in failed.traceback.splitlines() if text.lstrip().startswith("File")]
    assert "toys.py" in frames[0]
    assert done.status == "done"  # the worker lives on


async def test_a_recipe_that_exits_fails_and_the_worker_lives_on(server: FakeServer) -> None:
    await server.hand_out(spec("exits"))
    await server.hand_out(spec())
    await Agent(server.url, RECIPES).run(until_idle=True)
    assert [(message.status, message.reason) for message in server.finished] == [
        ("failed", "SystemExit: 3"),
        ("done", None),
    ]


async def test_an_unknown_recipe_fails_naming_what_is_offered(server: FakeServer) -> None:
    await server.hand_out(spec("elsewhere"))
    await Agent(server.url, RECIPES).run(until_idle=True)
    assert server.finished[0].status == "failed"
    assert "'elsewhere'" in str(server.finished[0].reason)
    assert "toy" in str(server.finished[0].reason)
    assert server.finished[0].traceback is None


async def test_a_param_the_recipe_does_not_take_fails_naming_it(server: FakeServer) -> None:
    await server.hand_out(spec(params={"width": "wide"}))
    await Agent(server.url, RECIPES).run(until_idle=True)
    assert server.finished[0].status == "failed"
    assert "params.width" in str(server.finished[0].reason)
    assert "'wide'" in str(server.finished[0].reason)


async def test_a_loss_that_is_no_number_is_delivered_and_ends_the_sweep_as_diverged(server: FakeServer) -> None:
    lease = await server.hand_out(spec("blows_up"))
    await Agent(server.url, RECIPES).run(until_idle=True)
    assert server.finished[0].status == "diverged"
    assert "nan at step 2" in str(server.finished[0].reason)
    assert server.stored(lease) == 3
    assert math.isnan(server.losses[lease][2])


async def test_a_worker_that_is_stopped_gives_its_sweep_back(server: FakeServer) -> None:
    gate = Gate()
    lease = await server.hand_out(spec("gated"))
    async with working(server.url, gated(gate)) as agent:
        gate.let(3)
        await server.until(lambda: server.stored(lease) == 3)
        agent.stop()
        await server.until(lambda: server.finished)
        gate.open()
    await server.until(lambda: server.closed)
    assert server.finished[0].status == "released"
    assert server.closed == [1001]


async def test_a_worker_that_leaves_unheard_says_what_becomes_of_its_sweep(
    server: FakeServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lrscope_workers.agent.GRACE_S", 0.05)
    server.ending = False
    gate = Gate()
    lease = await server.hand_out(spec("gated"))
    async with working(server.url, gated(gate)) as agent:
        gate.let(3)
        await server.until(lambda: server.stored(lease) == 3)
        agent.stop()
        await server.until(lambda: server.closed)
        gate.open()
    assert any(f"took sweep {lease.sweep} back" in message for message in caplog.messages)


async def test_a_worker_whose_server_is_gone_still_stops() -> None:
    async with asyncio.timeout(5), working("http://127.0.0.1:9", RECIPES):
        pass
