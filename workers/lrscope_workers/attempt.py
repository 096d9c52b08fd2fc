"""One attempt at a sweep: the recipe built and trained in the training thread, and what is to be reported of it."""

import gc
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Literal

import torch

from lrscope import rangetest
from lrscope.curve import Point
from lrscope.errors import RecipeError
from lrscope.recipe import Recipe
from lrscope.spec import SweepSpec
from lrscope.wire import Assign, Finished, Preparing, Started
from lrscope_workers.outbox import Outbox
from lrscope_workers.party import Alone
from lrscope_workers.reporting import MAX_REASON, reason_of, traceback_of
from lrscope_workers.transcript import Transcript, kept_in


class Attempt:
    """`train` is for the training thread; the rest is for the event loop. `wake` is called when there is news."""

    def __init__(
        self,
        assign: Assign,
        recipes: Mapping[str, Recipe],
        device: str,
        wake: Callable[[], None],
        party: Alone | None = None,
    ) -> None:
        self.lease = assign.lease
        self.spec: SweepSpec = assign.spec
        self.outbox = Outbox(assign.lease, wake)
        self.transcript = Transcript()
        self.said: list[Preparing | Started] = []  # in the order to be told; append is atomic
        self.finished: Finished | None = None
        self.spoilt: str | None = None  # why this process can take no other sweep
        self._recipes = recipes
        self._device = device
        self._wake = wake
        self._party = party or Alone()
        self._stopped = False
        self._outcome: rangetest.Outcome = "cancelled"
        self._learnt: list[str] = []

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

    def break_off(self, reason: str) -> None:
        """Another rank has broken: this one may hang in a step with it, and cannot be waited for."""
        self.stop()
        self.spoilt = "another rank has broken"
        self.close(self._report("failed", reason))

    @property
    def released(self) -> bool:
        """Given back: it starts anew elsewhere, and its points are waste."""
        return self.finished is not None and self.finished.status == "released"

    # ── the training thread ─────────────────────────────────────────────────────────────────────────────────────────

    def train(self) -> Finished:
        """Build the recipe and run it to its end. Never raises: whatever user code throws is the report."""
        if self._stopped:
            return self._report("cancelled")
        with kept_in(self.transcript):
            return self._train()

    def _train(self) -> Finished:
        test: rangetest.RangeTest | None = None
        training = False
        try:
            self._party.call(self.spec)
            with self._party.agreeing():
                test = self._prepared()
            training = True
            for point in self._measure(test):
                self.outbox.put(point)
        except BaseException as error:  # SystemExit and KeyboardInterrupt too: here only user code can raise them
            if not _device_works(self._device):
                self.spoilt = f"an error inside a kernel has broken {self._device} for this process"
            elif training and self._party.together:
                self.spoilt = "the other ranks wait in a step that this one has left"
            return self._report("failed", self._party.broken() or reason_of(error), traceback_of(error))
        finally:
            test = None  # model and data go before the next sweep comes
            if self._device != "cpu" and self.spoilt is None:
                gc.collect()
                torch.cuda.empty_cache()  # the device is often shared
        return self._report(self._outcome, self._why_diverged() if self._outcome == "diverged" else None)

    def _prepared(self) -> rangetest.RangeTest:
        problem = rangetest.build(self._recipe(), self.spec, self._device)
        test = rangetest.RangeTest(problem, self.spec, self._device)
        if rangetest.compiled(problem.model):
            self._say(Preparing(lease=self.lease, what="compiling"))
        self.outbox.series = problem.series
        optimizer = type(problem.optimizer).__name__[:MAX_REASON]
        self._say(Started(lease=self.lease, optimizer=optimizer, warnings=test.prepare()))
        return test

    def _say(self, message: Preparing | Started) -> None:
        self.said.append(message)
        self._wake()

    def _measure(self, test: rangetest.RangeTest) -> Iterator[Point]:
        self._outcome = yield from test.run(lambda: self._stopped)
        self._learnt = test.learnt()

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
        return f"the smoothed loss passed {self.spec.diverge_ratio:g} times its best or its noise {where}"

    def _report(
        self,
        status: Literal["done", "diverged", "failed", "cancelled", "released"],
        reason: str | None = None,
        text: str | None = None,
    ) -> Finished:
        log = self.transcript.text
        return Finished(lease=self.lease, status=status, reason=reason, traceback=text, log=log, warnings=self._learnt)


def _device_works(device: str) -> bool:
    """False when an error inside a kernel has broken this process's hold on the GPU; only a new process gets one."""
    if device == "cpu":
        return True
    try:
        torch.zeros(1, device=device).item()
    except RuntimeError:
        return False
    return True
