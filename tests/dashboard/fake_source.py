"""A scripted record: sweeps whose curves are formulas, drawn live. Stands in for the server under the page."""

import asyncio
import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from lrscope.confirmation import Confirmation, Trained
from lrscope.confirmation import confirm as confirmed
from lrscope.curve import Curve, Divergence
from lrscope.errors import Conflict, InvalidInput, NotFound
from lrscope.feed import QueueState, Snapshot, SweepChanged, SweepDeleted, WorkersChanged, WorkerState
from lrscope.grid import lr_at
from lrscope.palette import color_of, free_slot
from lrscope.problem import Problem
from lrscope.reading import Reading, cut_short, read
from lrscope.recipe import Recipe, RecipeInfo, recipe
from lrscope.spec import Origin, Pick, Schedule, Status, Sweep, SweepRequest, SweepSpec
from lrscope.views import View, ViewRequest
from lrscope.wire import Device

LOG = "data: 50 000 images\nUserWarning: the labels are floats\n"
TRACEBACK = """Traceback (most recent call last):
  File "rangetest.py", line 88, in step
    loss = problem.loss_fn(problem.model(x), y)
  File "loss.py", line 12, in forward
    return F.cross_entropy(logits.half(), target)
RuntimeError: expected scalar type Float but found Half
"""
USUAL_RATE = 12.0  # points a second by which a held sweep says what is left
REASON = "RuntimeError: expected scalar type Float but found Half"


@dataclass(frozen=True)
class Shape:
    """A range-test curve as a formula of log10 lr."""

    falls_at: float
    rises_at: float
    floor: float
    noise: float
    start: float = 2.303

    def loss(self, lr: float, chance: random.Random) -> float:
        x = math.log10(lr)
        fallen = (self.start - self.floor) / (1 + math.exp(-4.2 * (x - self.falls_at)))
        blown = 0.35 * math.expm1(min(60.0, max(0.0, x - self.rises_at) * 3.4))
        value = self.start - fallen + blown + chance.gauss(0, self.noise)
        return value if x < self.rises_at + 5 else math.nan


SHAPES = {
    "digits-clean": Shape(falls_at=-2.1, rises_at=-0.6, floor=0.32, noise=0.02),
    "digits-noisy": Shape(falls_at=-2.6, rises_at=-1.0, floor=0.85, noise=0.16),
    "digits-wide": Shape(falls_at=-3.4, rises_at=-0.2, floor=0.52, noise=0.035),
    "fp16-transformer": Shape(falls_at=-3, rises_at=-1, floor=0.5, noise=0.05),
}


Hidden = Annotated[int, Field(ge=8, le=512, description="Units of the hidden layer.")]
Batch = Annotated[int, Field(ge=1, le=1024, description="Examples in one step.")]
Decay = Annotated[float, Field(ge=0, le=1, description="Weight decay.")]
Optimizer = Literal["sgd", "adam", "adamw"]


def _recipes() -> list[Recipe]:
    @recipe(name="digits-clean")
    def clean(batch_size: Batch = 128, hidden: Hidden = 64, optimizer: Optimizer = "sgd") -> Problem:
        """A two-layer net on handwritten digits, full batches: the curve of the textbooks."""
        raise NotImplementedError

    @recipe(name="digits-noisy")
    def noisy(batch_size: Batch = 8, weight_decay: Decay = 5e-4, augment: bool = True) -> Problem:
        """The same digits in batches of eight: as noisy as real life."""
        raise NotImplementedError

    @recipe(name="digits-wide")
    def wide(batch_size: Batch = 64, hidden: Hidden = 256, note: str = "") -> Problem:
        """Layer norm and Adam: a sweet spot more than two decades wide."""
        raise NotImplementedError

    return [clean, noisy, wide]


@dataclass
class Track:
    """One sweep's points of the present attempt, and the chance they come from."""

    chance: random.Random
    lr: list[float] = field(default_factory=list)
    loss: list[float | None] = field(default_factory=list)
    series: dict[str, list[float | None]] = field(default_factory=dict)
    divergence: Divergence = field(default_factory=lambda: Divergence(4.0))

    def curve(self) -> Curve:
        return Curve(self.lr, [math.nan if value is None else value for value in self.loss])


class FakeSource:
    """Keeps sweeps in memory and draws them at `rate` points a second. Everything runs on the app's loop."""

    def __init__(self, *, rate: float = 60.0, worker: bool = True) -> None:
        self.known = {recipe.name: recipe for recipe in _recipes()}
        self.tell: Callable[[str, Any], None] = lambda _key, _message: None
        self.sweeps: dict[str, Sweep] = {}
        self.tracks: dict[str, Track] = {}
        self.history: dict[str, list[Pick]] = {}
        self.confirmations: dict[str, Confirmation] = {}
        self.views: dict[str, View] = {}
        self.keys: dict[str | None, list[str]] = {}
        self.workers: list[WorkerState] = []
        self.rate = rate
        self.offering = True
        self.printed = LOG
        self._made = 0
        if worker:
            self.add_worker()

    def clear(self, rate: float) -> None:
        """Begin again, with one worker."""
        for kept in (self.sweeps, self.tracks, self.confirmations, self.history, self.views, self.keys):
            kept.clear()
        self.rate, self.offering, self.printed, self._made = rate, True, LOG, 0
        self.add_worker()

    # ── SweepSource ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def recipes(self) -> list[RecipeInfo]:
        return [recipe.info for recipe in self.known.values()] if self.offering else []

    async def submit(self, request: SweepRequest, owner: str, *, key: str | None = None) -> list[Sweep]:
        if key in self.keys:
            return [self.sweeps[id] for id in self.keys[key]]
        if request.recipe not in self.known or not self.offering:
            raise InvalidInput.of("recipe", request.recipe, "no worker offers it; start one with `lrscope worker`")
        params = self.known[request.recipe].check(request.params)
        made = [self.add(spec, owner, request, params) for spec in request.specs()]
        self._line_up()
        if key is not None:
            self.keys[key] = [sweep.id for sweep in made]
        return [self.sweeps[sweep.id] for sweep in made]

    # ── verbs ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def add(self, spec: SweepSpec, owner: str, request: SweepRequest, params: dict[str, Any]) -> Sweep:
        self._made += 1
        slot = free_slot(kept.slot for kept in self.sweeps.values() if not kept.archived)
        sweep = Sweep(
            id=f"{self._made:016d}",
            name=request.name or spec.recipe,
            recipe=spec.recipe,
            params=params,
            owner=owner,
            tags=request.tags,
            color=color_of(slot),
            slot=slot,
            status=Status.QUEUED,
            reason=None,
            created_at=now() + timedelta(milliseconds=self._made),
            started_at=None,
            finished_at=None,
            start_lr=spec.start_lr,
            end_lr=spec.end_lr,
            num_iter=spec.num_iter,
            mode=spec.mode,
            seed=spec.seed,
            diverge_ratio=spec.diverge_ratio,
            device_wish=request.device,
            group=None,
            priority=request.priority,
            steps_done=0,
            first_nonfinite_step=None,
            attempt=0,
            worker=None,
            device=None,
            optimizer=None,
            queue_position=None,
            eta_s=None,
            pick=None,
            archived=False,
            notes="",
        )
        self.history[sweep.id] = []
        self._keep(sweep)
        return sweep

    def sweep(self, id: str) -> Sweep:
        if id not in self.sweeps:
            raise NotFound(f"no sweep {id}")
        return self.sweeps[id]

    def change(self, id: str, **changes: Any) -> Sweep:
        return self._keep(self.sweep(id).model_copy(update=changes))

    def delete(self, id: str) -> None:
        del self.sweeps[id]
        self.tell(id, SweepDeleted(sweep=id))

    def bring_back(self, sweep: Sweep) -> Sweep:
        return self._keep(sweep)

    def front(self, id: str, by: int | None) -> Sweep:
        if self.sweep(id).status is not Status.QUEUED:
            raise Conflict(f"sweep {id} is {self.sweep(id).status}; only one that waits can be moved in the queue")
        waiting = [each for each, sweep in self.sweeps.items() if sweep.status is Status.QUEUED]
        waiting.sort(key=lambda each: self.sweeps[each].queue_position or 0)
        place = waiting.index(id)
        waiting.insert(0 if by is None else max(place - by, 0), waiting.pop(place))
        self.sweeps = {each: self.sweeps.pop(each) for each in waiting} | self.sweeps
        self._line_up()
        return self.sweeps[id]

    def reading(self, id: str) -> Reading:
        track, status = self.tracks.get(id), self.sweep(id).status
        reading = read(track.curve() if track else Curve([], []))
        return cut_short(reading) if status in (Status.CANCELLED, Status.FAILED) else reading

    def pick(
        self, id: str, lr: float, note: str, compared_with: list[str], author: str, smoothing: float | None = None
    ) -> Pick:
        pick = Pick(
            id=1 + sum(map(len, self.history.values())),
            lr=lr,
            author=author,
            note=note,
            created_at=now(),
            compared_with=compared_with,
            smoothing=smoothing,
        )
        self.history[id].insert(0, pick)
        self.change(id, pick=pick)
        return pick

    def withdraw(self, id: str, by: str) -> Sweep:
        stands = self.sweep(id).pick
        if stands is None:
            raise Conflict(f"sweep {id} has no pick that stands")
        taken = {"withdrawn": True, "withdrawn_by": by}
        self.history[id] = [p.model_copy(update=taken) if p.id == stands.id else p for p in self.history[id]]
        return self.change(id, pick=next((pick for pick in self.history[id] if not pick.withdrawn), None))

    def keep_view(self, asked: ViewRequest, owner: str) -> View:
        id = f"{len(self.views) + 1:016d}"
        self.views[id] = View(id=id, name=asked.name, owner=owner, created_at=now(), state=asked.state)
        return self.views[id]

    def view(self, id: str) -> View:
        if id not in self.views:
            raise NotFound(f"there is no view {id!r}")
        return self.views[id]

    def confirm(
        self, id: str, lr: float, steps: int, schedule: Schedule, lrs: list[float] | None = None, **_: Any
    ) -> Any:
        """Trainings that wait until `end_trainings`; the sweep's own shape says what they will end with."""
        rates = lrs or [lr * 10 ** (0.25 * k) for k in range(-2, 3)]
        before = self.confirmations[id].trainings if id in self.confirmations else []
        fresh = [
            Trained(sweep=f"{rate:016.10f}", lr=rate, seed=seed, status=Status.QUEUED, steps_done=0, loss=None)
            for rate in rates
            for seed in (0, 1)
        ]
        made = Confirmation(
            sweep=id,
            schedule=schedule,
            steps=steps,
            lr=lr,
            series="loss",
            trainings=sorted([*before, *fresh], key=_place),
        )
        self.confirmations[id] = made
        self.change(id, confirmed=True)
        return made

    def end_trainings(self, id: str, status: Status = Status.DONE, lowest_at: float = -1.7) -> Confirmation:
        """Those that wait end; viewers hear of one of them."""
        made = self.confirmations[id]
        trainings = [
            one
            if one.status.ended
            else one.model_copy(
                update={"status": status, "loss": 0.4 + (math.log10(one.lr) - lowest_at) ** 2 + 0.01 * one.seed}
            )
            for one in made.trainings
        ]
        if status is Status.CANCELLED:
            trainings = [
                one if one.status is Status.DONE else one.model_copy(update={"loss": None}) for one in trainings
            ]
        found = confirmed(trainings, 2.3)
        self.confirmations[id] = made.model_copy(update={"trainings": trainings, **dict(found)})
        origin = Origin(sweep=id, how="confirms")
        told = self.sweep(id).model_copy(update={"id": trainings[0].sweep, "kind": "training", "origin": origin})
        self.tell(told.id, SweepChanged(sweep=told))
        return self.confirmations[id]

    def cancel(self, id: str) -> Sweep:
        if self.sweep(id).status.ended:
            raise Conflict(f"sweep {id} is {self.sweep(id).status}: only what is queued or running can be cancelled")
        done = len(self.tracks[id].lr) if id in self.tracks else 0
        return self.change(
            id, status=Status.CANCELLED, steps_done=done, eta_s=None, queue_position=None, reason="cancelled"
        )

    def retry(self, id: str) -> Sweep:
        if self.sweep(id).status not in (Status.FAILED, Status.CANCELLED):
            raise Conflict(f"sweep {id} is {self.sweep(id).status}: only failed and cancelled sweeps can be retried")
        return self.change(id, status=Status.QUEUED, steps_done=0, reason=None)

    def add_worker(self) -> None:
        device = Device(name="cpu", kind="cpu", label="4-core CPU")
        worker = WorkerState(
            id="bench-1",
            host="bench",
            pid=4242,
            device=device,
            recipes=sorted(SHAPES),
            running=[],
            connected=True,
            last_seen=now(),
        )
        self.workers = [worker]
        self.tell("workers", WorkersChanged(workers=self.workers))

    def remove_workers(self) -> None:
        self.workers = []
        self.tell("workers", WorkersChanged(workers=[]))

    # ── running ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def start(self, id: str) -> None:
        sweep = self.sweep(id)
        attempt = sweep.attempt + 1
        self.tracks[id] = Track(random.Random(f"{sweep.recipe} {sweep.seed} {attempt}"))
        self.change(
            id,
            status=Status.RUNNING,
            attempt=attempt,
            started_at=now(),
            queue_position=None,
            worker="bench-1",
            device="cpu",
            optimizer="SGD",
        )

    def step(self, id: str) -> None:
        """One more point; at the end, or when it has diverged, the sweep ends."""
        sweep, track = self.sweeps[id], self.tracks[id]
        done = len(track.lr)
        spec = SweepSpec(**{name: getattr(sweep, name) for name in SweepSpec.model_fields if hasattr(sweep, name)})
        lr = lr_at(spec, done)
        loss = SHAPES[sweep.recipe].loss(lr, track.chance)
        track.lr.append(lr)
        track.loss.append(loss if math.isfinite(loss) else None)
        diverged = sweep.diverge_ratio is not None and track.divergence.update(loss)
        left = sweep.num_iter - done - 1
        status = Status.DIVERGED if diverged else Status.DONE if left == 0 else Status.RUNNING
        if status.ended or done % 5 == 0:
            eta = None if status.ended else round(left / (self.rate or USUAL_RATE), 1)
            self.change(id, steps_done=done + 1, status=status, eta_s=eta, finished_at=now() if status.ended else None)

    def finish(self, id: str) -> None:
        """All its points at once."""
        self.start(id)
        while not self.sweeps[id].status.ended:
            self.step(id)

    def advance(self, points: int) -> None:
        """All that need not wait run, up to so many points."""
        for id, sweep in list(self.sweeps.items()):
            if sweep.status is Status.QUEUED and not sweep.reason:
                self.start(id)
            while self.sweeps[id].status is Status.RUNNING and len(self.tracks[id].lr) < points:
                self.step(id)

    def draw(
        self, id: str, lr: list[float], loss: list[float | None], attempt: int = 1, **series: list[float | None]
    ) -> None:
        """Exactly these points, and it is done."""
        self.tracks[id] = Track(random.Random(0), lr, loss, series)
        self.change(id, status=Status.DONE, steps_done=len(lr), attempt=attempt, started_at=now(), finished_at=now())

    def measure(self, id: str) -> None:
        """What an ended sweep recorded beside its loss: a norm at each step, a validation loss at every tenth."""
        track = self.tracks[id]
        norms = [0.4 + 3 * lr**0.3 for lr in track.lr]
        held = [None if k % 10 or loss is None else 1.04 * loss for k, loss in enumerate(track.loss)]
        self.draw(id, track.lr, track.loss, grad_norm=list(norms), val_loss=held)

    def fail(self, id: str, reason: str = REASON) -> None:
        self.change(id, status=Status.FAILED, reason=reason, steps_done=0, eta_s=None, attempt=1, worker="bench-1")

    async def run(self) -> None:
        """What workers do: keep the queued ones going, two at a time, at `rate` points a second."""
        clock = asyncio.get_running_loop().time
        last, owed = clock(), 0.0
        while True:
            await asyncio.sleep(0.02)
            last, owed = clock(), owed + (clock() - last) * self.rate
            due, owed = int(owed), owed % 1
            running = [s.id for s in self.sweeps.values() if s.status is Status.RUNNING]
            for id in running:
                for _ in range(due):
                    if self.sweeps[id].status is Status.RUNNING:
                        self.step(id)
            waiting = [s for s in self.sweeps.values() if s.status is Status.QUEUED and not s.reason]
            if self.workers and len(running) < 3 and waiting:
                self.start(min(waiting, key=lambda s: (s.queue_position or 0, s.id)).id)

    # ── telling ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def snapshot(self) -> Snapshot:
        return Snapshot(sweeps=[*reversed(self.sweeps.values())], workers=self.workers, queue=self.queue())

    def queue(self) -> QueueState:
        states = [sweep.status for sweep in self.sweeps.values()]
        return QueueState(queued=states.count(Status.QUEUED), running=states.count(Status.RUNNING))

    def _keep(self, sweep: Sweep) -> Sweep:
        self.sweeps[sweep.id] = sweep
        self.tell(sweep.id, SweepChanged(sweep=sweep))
        return sweep

    def _line_up(self) -> None:
        waiting = [s for s in self.sweeps.values() if s.status is Status.QUEUED]
        for place, sweep in enumerate(waiting, 1):
            if sweep.queue_position != place:
                self.change(sweep.id, queue_position=place)


def _place(one: Trained) -> tuple[float, int]:
    return one.lr, one.seed


def now() -> datetime:
    return datetime.now(UTC)
