"""range_test(): the same test in a notebook or a script, on the user's own objects, handed back as they were."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, Literal

import torch
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from lrscope.curve import Curve, Point
from lrscope.errors import InvalidInput
from lrscope.problem import Problem
from lrscope.rangetest.keeping import kept
from lrscope.rangetest.loop import RangeTest, seed_everything
from lrscope.spec import Mode, SweepSpec
from lrscope.stages import NO_SECOND_STAGE, second_stage


def range_test(
    model: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
    loss_fn: Callable[..., Any] | None = None,
    batches: Iterable[Any] = (),
    *,
    start_lr: float = 1e-7,
    end_lr: float = 10.0,
    num_iter: int = 100,
    mode: Mode = "exp",
    diverge_ratio: float | None = 4.0,
    stages: Literal[1, 2] = 1,
    seed: int | None = None,
    device: str | torch.device | None = None,
    progress: bool | None = None,
    **more: Any,
) -> Curve:
    """Sweep the learning rate over this very model and optimizer; both are handed back exactly as they were.

    Args: model, optimizer, loss_fn, batches and `more` are fields of `lrscope.Problem`; the others those of a sweep.
    stages: 2 runs a second test, of as many steps, over the decades where the first one saw something happen, from the
    same initial state; the first one is the curve's `coarse`.
    seed: seeds every generator before the first step; None: they go on from where they are. Either way they are put
    back. device: where batches are moved; by default where the model is. progress: a bar on stderr; None: on a
    terminal only.

    Returns the curve up to its end or its divergence; what preflight found is in its `warnings`. On Ctrl-C, and on
    SIGTERM after the step that is being computed, everything is put back first, then the signal takes its course.

    Raises InvalidInput and pydantic.ValidationError for values out of bounds, RecipeError for what cannot be swept, and
    whatever the training raises.
    """
    if stages not in (1, 2):
        raise InvalidInput.of("stages", stages, "must be 1 or 2")
    spec = SweepSpec(
        recipe="range_test", start_lr=start_lr, end_lr=end_lr, num_iter=num_iter, mode=mode, diverge_ratio=diverge_ratio
    )
    problem = Problem(model, optimizer, loss_fn, batches, **more)
    where = str(device if device is not None else next(model.parameters()).device)
    shown = sys.stderr.isatty() if progress is None else progress
    with _sigterm() as ended, kept(problem) as put_back:

        def measure(spec: SweepSpec) -> Curve:
            if seed is not None:
                seed_everything(seed)
            test = RangeTest(problem, spec, where)
            warnings = test.prepare()
            with _bar(spec.num_iter) if shown else nullcontext(_quiet) as told:
                points = list(_told(test.run(ended), told))
            return Curve.of(points, problem.series).noted(optimizer=type(optimizer).__name__, warnings=warnings)

        coarse = measure(spec)
        if stages == 1 or ended():
            return coarse
        closer = second_stage(spec, coarse)
        if closer is None:
            return coarse.noted(optimizer=coarse.optimizer, warnings=[*coarse.warnings, NO_SECOND_STAGE])
        put_back()
        curve = measure(closer)
        return curve.noted(optimizer=curve.optimizer, warnings=curve.warnings, coarse=coarse)


def _told(points: Iterator[Point], tell: Callable[[Point], None]) -> Iterator[Point]:
    for point in points:
        tell(point)
        yield point


def _quiet(_: Point) -> None:
    """No bar."""


@contextmanager
def _bar(steps: int) -> Iterator[Callable[[Point], None]]:
    words = TextColumn("range test"), TextColumn("{task.fields[at]}")
    columns = (words[0], BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), words[1])
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=steps, at="")
        yield lambda point: bar.update(task, completed=point.step + 1, at=f"lr {point.lr:.1e}  loss {point.loss:.4g}")


@contextmanager
def _sigterm() -> Iterator[Callable[[], bool]]:
    """SIGTERM ends the test at its next step; once everything is put back it is sent again, to who had it before."""
    if threading.current_thread() is not threading.main_thread():  # only there can signals be taken
        yield lambda: False
        return
    came: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: came.append(number))
    try:
        yield lambda: bool(came)
    finally:
        signal.signal(signal.SIGTERM, before if before is not None else signal.SIG_DFL)
        if came:
            os.kill(os.getpid(), signal.SIGTERM)
