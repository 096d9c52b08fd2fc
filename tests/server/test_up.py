"""`lrscope up` keeps a worker process beside the server."""

import logging
import sys
from pathlib import Path

import pytest

from lrscope_server import up
from lrscope_server.up import Workers


def workers(monkeypatch: pytest.MonkeyPatch, code: str, pause_s: float) -> Workers:
    monkeypatch.setattr(up, "PAUSE_S", pause_s)
    made = Workers("http://127.0.0.1:1", None, [], "info")
    made._command = [sys.executable, "-c", code]
    return made


def test_a_worker_that_ends_just_before_the_server_does_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Ctrl-C in a terminal reaches both at once."""
    ended = workers(monkeypatch, "", pause_s=60)
    ended.start()
    while ended._process is None or ended._process.poll() is None:
        ended._keeper.join(0.01)
    ended.stop()
    ended._keeper.join(10)
    assert not ended._keeper.is_alive()
    assert caplog.records == []


def test_a_worker_that_dies_is_started_again_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    starts = tmp_path / "starts"
    dying = workers(monkeypatch, f"open({str(starts)!r}, 'a').write('x'); raise SystemExit(3)", pause_s=0.01)
    with caplog.at_level(logging.ERROR):
        dying.start()
        while not starts.exists() or len(starts.read_text()) < 2:
            dying._keeper.join(0.01)
        dying.stop()
    dying._keeper.join(10)
    assert caplog.messages[0] == "the worker ended with code 3; starting it again"
