"""What a recipe prints is kept, the end of it, as a terminal would show it."""

import logging
import sys
import threading

import pytest

import lrscope
from lrscope.problem import Problem
from lrscope.spec import SweepSpec
from lrscope_workers.agent import Agent
from lrscope_workers.transcript import Transcript, kept_in, listen
from tests.workers.conftest import working
from tests.workers.fake_server import FakeServer
from tests.workers.toys import Gate, problem


def hear(monkeypatch: pytest.MonkeyPatch) -> None:
    """Called in the test itself: pytest puts streams of its own in place before it."""
    monkeypatch.setattr(sys, "stdout", sys.stdout)  # put back at the end, as is stderr
    monkeypatch.setattr(sys, "stderr", sys.stderr)
    listen()


def told(*texts: str, limit: int = 1000) -> str | None:
    transcript = Transcript(limit)
    for text in texts:
        transcript.write(text)
    return transcript.text


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        ((), None),
        (("\n",), None),
        (("one\ntwo\n",), "one\ntwo\n"),
        (("o", "ne\nt", "wo"), "one\ntwo"),
        (("\r 10%", "\r 20%", "\r100%\n", "done\n"), "100%\ndone\n"),
        ((" 10%\r", " 20%\r"), " 20%"),
        (("one\r\ntwo\r\n",), "one\ntwo\n"),
        (("\x1b[1;31mred\x1b[0m\n", "\x1b]0;title\x07up\x1b[A\n"), "red\nup\n"),
        (("\x1b[3", "1mred\n"), "red\n"),
        (("nul\0 bell\x07\ttab \udc80\n",), "nul bell\ttab ?\n"),
    ],
)
def test_a_text_is_kept_as_a_terminal_shows_it(texts: tuple[str, ...], shown: str | None) -> None:
    assert told(*texts) == shown


def test_only_the_end_of_a_long_text_is_kept() -> None:
    assert told(*(f"{n:03}\n" for n in range(1000)), limit=12) == "997\n998\n999\n"
    assert told("x" * 50 + "end", limit=10) == "x" * 7 + "end"
    assert told("x" * 50 + "end\n", limit=10) == "x" * 6 + "end\n"


def test_only_the_thread_that_trains_is_heard_and_all_is_still_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    transcript = Transcript()
    hear(monkeypatch)
    with kept_in(transcript):
        sys.stdout.write("mine\n")
        other = threading.Thread(target=sys.stdout.write, args=("of another\n",))
        other.start()
        other.join()
    sys.stdout.writelines(["after\n"])
    assert transcript.text == "mine\n"
    assert capsys.readouterr().out == "mine\nof another\nafter\n"


async def test_prints_and_logs_of_a_recipe_come_with_its_end(
    monkeypatch: pytest.MonkeyPatch, server: FakeServer
) -> None:
    hear(monkeypatch)

    @lrscope.recipe
    def talks() -> Problem:
        handler = logging.StreamHandler()
        logger = logging.getLogger("talks")
        logger.addHandler(handler)
        sys.stdout.write("50 000 images\n")
        logger.warning("slow disk")
        logger.removeHandler(handler)
        sys.stderr.write("the labels are floats\n")
        raise ValueError("no")

    await server.hand_out(SweepSpec(recipe="talks", num_iter=5))
    await server.hand_out(SweepSpec(recipe="quiet", num_iter=5))
    await Agent(server.url, {"talks": talks, "quiet": quiet}).run(until_idle=True)
    failed, silent = server.finished
    assert failed.log == "50 000 images\nslow disk\nthe labels are floats\n"
    assert silent.log is None


async def test_what_is_printed_comes_with_the_heartbeats_once(
    monkeypatch: pytest.MonkeyPatch, server: FakeServer
) -> None:
    hear(monkeypatch)
    gate = Gate()

    @lrscope.recipe
    def talks() -> Problem:
        sys.stdout.write("built\n")
        return problem(gate)

    server.lease_s = 0.03
    lease = await server.hand_out(SweepSpec(recipe="talks", num_iter=5, diverge_ratio=None))
    async with working(server.url, {"talks": talks}):
        await server.until(lambda: any(beat.printed for beat in server.heartbeats))
        beats = len(server.heartbeats)
        await server.until(lambda: len(server.heartbeats) > beats + 3)
        gate.open()
        await server.until(lambda: server.finished)
    printed = [said for beat in server.heartbeats for said in beat.printed]
    assert [(said.lease, said.text) for said in printed] == [(lease, "built\n")]
    assert server.finished[0].log == "built\n"


@lrscope.recipe
def quiet() -> Problem:
    gate = Gate()
    gate.open()
    return problem(gate)
