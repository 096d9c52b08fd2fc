"""What the recipe prints while it trains: kept by the thread that prints it, and printed all the same."""

import re
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TextIO, cast

from lrscope.wire import MAX_LOG

ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])")  # colours, cursor, titles
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")  # all but tab and newline; NUL is what no database takes
OVERWRITTEN = re.compile(r".*\r(?=[^\r])", re.DOTALL)  # what a progress bar has gone back over

_here: ContextVar["Transcript | None"] = ContextVar("transcript", default=None)  # of this thread


class Transcript:
    """The end of a text that grows, as a terminal would show it: at most `limit` letters. For any thread."""

    def __init__(self, limit: int = MAX_LOG) -> None:
        self._limit = limit
        self._lines: deque[str] = deque()
        self._size = 0  # of the lines, with their newlines
        self._open = ""  # the line that is being written
        self._lock = threading.Lock()

    def write(self, text: str) -> None:
        with self._lock:
            *lines, rest = (self._open + text).split("\n")
            for line in lines:
                self._keep(_shown(line))
            self._open = OVERWRITTEN.sub("", rest)[-self._limit :]

    def _keep(self, line: str) -> None:
        self._lines.append(line[-self._limit :])
        self._size += len(self._lines[-1]) + 1
        while self._size > self._limit and len(self._lines) > 1:
            self._size -= len(self._lines.popleft()) + 1

    @property
    def text(self) -> str | None:
        """None when nothing was printed."""
        with self._lock:
            text = "\n".join([*self._lines, _shown(self._open)])[-self._limit :]
        return text if text.strip() else None


@contextmanager
def kept_in(transcript: Transcript) -> Iterator[None]:
    """What this thread prints goes into `transcript` too, once `listen` was called in this process."""
    token = _here.set(transcript)
    try:
        yield
    finally:
        _here.reset(token)


def listen() -> None:
    """Let this process's standard streams be heard. Before logging is set up: handlers keep the stream they get."""
    sys.stdout = cast(TextIO, Tee(sys.stdout))
    sys.stderr = cast(TextIO, Tee(sys.stderr))


class Tee:
    """A standard stream that also writes to the transcript of the thread; in all else it is that stream."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        transcript = _here.get()
        if transcript is not None:
            transcript.write(text)
        return self._stream.write(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _shown(line: str) -> str:
    """A line without what was overwritten, without escapes, and as JSON takes it: no lone surrogates."""
    seen = CONTROLS.sub("", ESCAPES.sub("", OVERWRITTEN.sub("", line)))
    return seen.encode("utf-8", "replace").decode()
