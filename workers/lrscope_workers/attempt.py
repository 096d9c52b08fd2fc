"""One attempt at a sweep: the recipe built and trained in the training thread, and what is to be reported of it."""

import gc
import math
import traceback
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Literal

import torch

from lrscope import rangetest
from lrscope.curve import Point
from lrscope.errors import LrscopeError, RecipeError
from lrscope.problem import Problem
from lrscope.recipe import Recipe
from lrscope.spec import SweepSpec
from lrscope.wire import Assign, Finished, Preparing, Started
from lrscope_workers.outbox import Outbox

MAX_REASON = 500  # characters, as the wire takes them
MAX_TRACEBACK = 100_000
OURS = ("lrscope.", __name__)  # modules whose frames tell a recipe's author nothing


class Attempt:
    """`train` is for the training thread; the rest is for the event loop. `wake` is called when there is news."""

    def __init__(self, assign: Assign, recipes: Mapping[str, Recipe], device: str, wake: Callable[[], None]) -> None:
        self.lease = assign.lease
        self.spec: SweepSpec = assign.spec
        self.outbox = Outbox(assign.lease, wake)
        self.said: list[Preparing | Started] = []  # in the order to be told; append is atomic
        self.finished: Finished | None = None
        self.broke_device = False
        self._recipes = recipes
        self._device = device
        self._wake = wake
        self._stopped = False
        self._outcome: rangetest.Outcome = "cancelled"

    # ── the event loop ──────────────────────────────────────────────────────────────────────────────────────────────

    def stop(self) -> None:
        """Train no further than the step that is being computed."""
        self._stopped = True

    def release(self) -> None:
        """Stop, and give the sweep back, unless its training is over: then only the report is missing."""
        self.stop()
        self.close(self._report("released"))

    def close(self, finished: Finished) -> None:
        """The first word on how it ended stands."""
        self.finished = self.finished or finished

    @property
    def released(self) -> bool:
        """Given back: it starts anew elsewhere, and its points are waste."""
        return self.finished is not None and self.finished.status == "released"

    # ── the training thread ─────────────────────────────────────────────────────────────────────────────────────────

    def train(self) -> Finished:
        """Build the recipe and run it to its end. Never raises: whatever user code throws is the report."""
        if self._stopped:
            return self._report("cancelled")
        problem: Problem | None = None
        test: rangetest.RangeTest | None = None
        try:
            problem = rangetest.build(self._recipe(), self.spec, self._device)
            test = rangetest.RangeTest(problem, self.spec, self._device)
            if rangetest.compiled(problem.model):
                self._say(Preparing(lease=self.lease, what="compiling"))
            self.outbox.series = problem.series
            optimizer = type(problem.optimizer).__name__[:MAX_REASON]
            self._say(Started(lease=self.lease, optimizer=optimizer, warnings=test.prepare()))
            for point in self._measure(test):
                self.outbox.put(point)
        except BaseException as error:  # SystemExit and KeyboardInterrupt too: here only user code can raise them
            self.broke_device = not _device_works(self._device)
            return self._report("failed", reason_of(error), traceback_of(error))
        finally:
            problem = test = None  # model and data go before the next sweep comes
            if self._device != "cpu" and not self.broke_device:
                gc.collect()
                torch.cuda.empty_cache()  # the device is often shared
        return self._report(self._outcome, self._why_diverged() if self._outcome == "diverged" else None)

    def _say(self, message: Preparing | Started) -> None:
        self.said.append(message)
        self._wake()

    def _measure(self, test: rangetest.RangeTest) -> Iterator[Point]:
        self._outcome = yield from test.run(lambda: self._stopped)

    def _recipe(self) -> Recipe:
        try:
            return self._recipes[self.spec.recipe]
        except KeyError:
            offered = ", ".join(sorted(self._recipes)) or "none"
            raise RecipeError(f"this worker has no recipe {self.spec.recipe!r}; it offers {offered}") from None

    def _why_diverged(self) -> str:
        point = self.outbox.last
        assert point is not None  # a curve diverges with a point
        where = f"at step {point.step}, learning rate {point.lr:.3g}"
        if not math.isfinite(point.loss):
            return f"the loss was {point.loss} {where}"
        return f"the smoothed loss passed {self.spec.diverge_ratio:g} times its best {where}"

    def _report(
        self,
        status: Literal["done", "diverged", "failed", "cancelled", "released"],
        reason: str | None = None,
        text: str | None = None,
    ) -> Finished:
        return Finished(lease=self.lease, status=status, reason=reason, traceback=text)


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


def _device_works(device: str) -> bool:
    """False when an error inside a kernel has broken this process's hold on the GPU; only a new process gets one."""
    if device == "cpu":
        return True
    try:
        torch.zeros(1, device=device).item()
    except RuntimeError:
        return False
    return True
