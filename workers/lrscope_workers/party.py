"""One worker made of several processes, as torchrun starts them: they train one sweep together.

Rank 0 is the agent: it alone talks to the server. It calls each sweep out to the others, which build the same recipe
from the same seed. Nobody takes a step before all say that they are ready. After that they meet in every step; so when
one of them breaks, the others could only wait for it: the whole party leaves, and torchrun starts it anew.

    torchrun --nproc-per-node 4 --max-restarts 100 -m lrscope worker --recipes my_project.py
"""

import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import torch
import torch.distributed as dist
from torch.distributed.rendezvous import rendezvous

from lrscope import rangetest
from lrscope.errors import RecipeError
from lrscope.recipe import Recipe
from lrscope.spec import SweepSpec
from lrscope.wire import Device
from lrscope_workers.reporting import reason_of

STEP_TIMEOUT = timedelta(minutes=10)  # for a rank to arrive in a step that the others are in
IDLE_TIMEOUT = timedelta(days=365)  # between two sweeps
LOOK_S = 0.3  # between two looks whether a rank has broken
TOLD_S = 5.0  # for rank 0 to report what another rank broke on, before that one leaves
BROKEN, TOLD = "lrscope/broken", "lrscope/told"

log = logging.getLogger(__name__)


class Alone:
    """A party of one: nobody to call, nobody to wait for."""

    together = False

    def call(self, spec: SweepSpec | None) -> None:
        """Tell the others what to train; None: that it is over."""

    @contextmanager
    def agreeing(self) -> Iterator[None]:
        """All come out of this together: when one of them raised in it, all do."""
        yield

    def broken(self) -> str | None:
        """What another rank broke on, while this one trained."""
        return None

    def watch(self, tell: Callable[[str], None]) -> None:
        """Have `tell` called, from a thread, when another rank breaks."""

    def told(self) -> None:
        """What another rank broke on is reported; it may leave."""


class Party(Alone):
    """The processes of one torchrun; joins them. Raises RuntimeError when they cannot find each other."""

    together = True

    def __init__(self, device: Device) -> None:
        if device.kind == "cuda":
            torch.cuda.set_device(device.name)
        shared, self.rank, self.size = next(rendezvous("env://"))
        # torchrun may keep its store across a restart: what the last party said in it must not be heard by this one
        store = dist.PrefixStore(f"lrscope/{os.environ.get('TORCHELASTIC_RESTART_COUNT', '0')}", shared)  # type: ignore[attr-defined]
        backend = "cpu:gloo,cuda:nccl" if device.kind == "cuda" else "gloo"
        dist.init_process_group(backend, store=store, rank=self.rank, world_size=self.size, timeout=STEP_TIMEOUT)
        self._store: Any = store
        self._control = dist.new_group(backend="gloo", timeout=IDLE_TIMEOUT)

    def call(self, spec: SweepSpec | None) -> None:
        dist.broadcast_object_list([spec.model_dump_json() if spec else None], src=0, group=self._control)

    def heard(self) -> SweepSpec | None:
        """What rank 0 calls out, once it does; None when it is over."""
        said: list[str | None] = [None]
        dist.broadcast_object_list(said, src=0, group=self._control)
        return SweepSpec.model_validate_json(said[0]) if said[0] else None

    @contextmanager
    def agreeing(self) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            self._gather(reason_of(error))
            raise
        for rank, reason in enumerate(self._gather(None)):
            if reason is not None:
                raise RecipeError(f"rank {rank}: {reason}")

    def _gather(self, reason: str | None) -> list[str | None]:
        reasons: list[str | None] = [None] * self.size
        dist.all_gather_object(reasons, reason, group=self._control)
        return reasons

    def broken(self) -> str | None:
        with suppress(RuntimeError):  # torchrun, which holds the store, is going
            if self._store.check([BROKEN]):
                return str(self._store.get(BROKEN).decode())
        return None

    def watch(self, tell: Callable[[str], None]) -> None:
        def look() -> None:
            pause = threading.Event()
            while (reason := self.broken()) is None:
                pause.wait(LOOK_S)
            tell(reason)

        threading.Thread(target=look, daemon=True, name="party").start()

    def told(self) -> None:
        with suppress(RuntimeError):  # torchrun is going, and the rank that waits for this with it
            self._store.set(TOLD, "1")

    # ── the other ranks ─────────────────────────────────────────────────────────────────────────────────────────────

    def follow(self, recipes: Mapping[str, Recipe], device: Device) -> int:
        """Train along until rank 0 says that it is over; the exit code."""
        while True:
            try:
                spec = self.heard()
            except RuntimeError:
                return 0  # rank 0 has left
            if spec is None:
                return 0
            try:
                with self.agreeing():
                    problem = rangetest.build(recipes[spec.recipe], spec, device.name)
                    test = rangetest.RangeTest(problem, spec, device.name)
                    test.prepare()
            except RecipeError as error:
                log.warning("rank %s: %s", self.rank, error.detail)
                continue
            except Exception as error:
                log.warning("rank %s: %s", self.rank, reason_of(error))
                continue
            try:
                for _ in test.run():
                    pass
            except BaseException as error:
                self._break(reason_of(error))
                return 1

    def _break(self, reason: str) -> None:
        """Say what this rank broke on, and give rank 0 the time to report it."""
        log.error("rank %s: %s", self.rank, reason)
        with suppress(RuntimeError):  # torchrun is going, or rank 0 took too long: the reason is in the log
            self._store.compare_set(BROKEN, "", f"rank {self.rank}: {reason}")  # the first to break tells why
            self._store.wait([TOLD], timedelta(seconds=TOLD_S))


def device_of_rank(wanted: str | None) -> str:
    """The device of this rank: its own GPU, or the CPU where there is none or it is asked for."""
    if wanted is not None:
        names = [name.strip() for name in wanted.split(",")]
        return names[int(os.environ.get("LOCAL_RANK", "0")) % len(names)]
    return f"cuda:{os.environ.get('LOCAL_RANK', '0')}" if torch.cuda.is_available() else "cpu"
