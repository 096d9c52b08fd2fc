"""What user code raised, in words that travel."""

import traceback
from types import TracebackType

from lrscope.errors import LrscopeError

MAX_REASON = 500  # characters, as the wire takes them
MAX_TRACEBACK = 100_000
OURS = ("lrscope.", "lrscope_workers.")  # modules whose frames tell a recipe's author nothing


def reason_of(error: BaseException) -> str:
    """One line of at most 500 characters: what was raised and its message; of our own errors only the message."""
    lines = [error.detail] if isinstance(error, LrscopeError) else traceback.format_exception_only(error)
    line = _sendable(" ".join("".join(lines).split()))
    return line if len(line) <= MAX_REASON else line[: MAX_REASON - 1] + "…"


def traceback_of(error: BaseException) -> str | None:
    """The traceback from the user's first frame on; None when the user's code is not in it."""
    frames: TracebackType | None = error.__traceback__
    while frames is not None and frames.tb_frame.f_globals.get("__name__", "").startswith(OURS):
        frames = frames.tb_next
    if frames is None:
        return None
    text = _sendable("".join(traceback.format_exception(type(error), error, frames)))
    return text if len(text) <= MAX_TRACEBACK else "…" + text[1 - MAX_TRACEBACK :]


def _sendable(text: str) -> str:
    """Without what no JSON (a lone surrogate) or no database (NUL) takes."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")
