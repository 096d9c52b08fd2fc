"""Every message between a worker and the server, and the packing of points.

    worker                               server
    hello (recipes, devices, running) ─▶
                                      ◀─ welcome (lease_s, what to resume)
                                      ◀─ assign (lease, spec)
    preparing (what)                  ─▶
    started (optimizer, warnings)     ─▶
    points (binary, numbered)         ─▶
                                      ◀─ ack (next_step, cancel)
    finished                          ─▶
                                      ◀─ ended
    heartbeat (running, printed)      ─▶
                                      ◀─ lost (that lease is not yours any more)

Control messages are JSON text frames. Points are binary frames: one line of JSON, a newline, then little-endian
float64 columns, so that NaN survives and what is stored is what was sent. Every message about a sweep carries its
lease; the attempt in it grows with each hand-out, so the frames of a worker that was given up are told apart.
"""

from collections.abc import Sequence
from typing import Annotated, Literal, Self, TypeVar

import numpy as np
from pydantic import Field, TypeAdapter, ValidationError, model_validator

from lrscope.curve import Point
from lrscope.errors import WireError
from lrscope.recipe import RecipeInfo
from lrscope.spec import Frozen, SweepSpec

WIRE_VERSION = 2
MAX_BATCH = 2_000  # points in one frame
MAX_FRAME = 1 << 20  # bytes
MAX_LOG = 1 << 16  # letters, of what a recipe printed

Step = Annotated[int, Field(ge=0)]
Short = Annotated[str, Field(max_length=500)]
Log = Annotated[str, Field(max_length=MAX_LOG)]
Warnings = Annotated[list[Annotated[str, Field(max_length=1000)]], Field(max_length=50)]
Column = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,39}$")]  # the name of an extra series


class Lease(Frozen):
    """The right to report on a sweep: this attempt at it, and no other."""

    sweep: str
    attempt: Annotated[int, Field(ge=1)]

    def __hash__(self) -> int:
        return hash((self.sweep, self.attempt))

    def __str__(self) -> str:
        return f"{self.sweep}#{self.attempt}"


class Device(Frozen):
    """One device of a worker, which runs one sweep at a time."""

    name: Short = Field(description="As torch names it: cpu, cuda:0.")
    kind: Literal["cpu", "cuda"]
    label: Short = Field(description="As a person knows it: NVIDIA A100, 4-core CPU.")
    memory_bytes: int | None = None


# ── worker → server ──────────────────────────────────────────────────────────────────────────────────────────────────


class Hello(Frozen):
    """First frame of every connection. `worker` is new with each process; `running` is all that this process holds."""

    type: Literal["hello"] = "hello"
    version: int = WIRE_VERSION
    worker: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,80}$")]
    host: Short
    pid: int
    device: Device
    recipes: list[RecipeInfo]
    running: list[Lease] = []


class Printed(Frozen):
    """The end of what the recipe has printed in this attempt, in place of what was sent before."""

    lease: Lease
    text: Log


class Heartbeat(Frozen):
    """The leases this worker runs, and so wants renewed; sent a few times per lease time."""

    type: Literal["heartbeat"] = "heartbeat"
    running: list[Lease]
    printed: list[Printed] = []  # only what is new since the last one
    memory_used_bytes: Annotated[int, Field(ge=0)] | None = None  # of the device, by this process


class Preparing(Frozen):
    """What goes on before the first step, where it may take long: "compiling"."""

    type: Literal["preparing"] = "preparing"
    lease: Lease
    what: Short


class Started(Frozen):
    """The recipe is built; the first step is next. `warnings`: what preflight found, a sentence each."""

    type: Literal["started"] = "started"
    lease: Lease
    optimizer: Short
    warnings: Warnings = []


class Finished(Frozen):
    """The attempt is over; sent after its last point was acked, and again until `ended` comes.

    `released`: the worker shuts down and gives the sweep back unharmed. `warnings`: what only the run could tell.
    """

    type: Literal["finished"] = "finished"
    lease: Lease
    status: Literal["done", "diverged", "failed", "cancelled", "released"]
    reason: Short | None = None
    traceback: Annotated[str, Field(max_length=100_000)] | None = None
    log: Log | None = None  # the end of what the recipe printed
    warnings: Warnings = []


WorkerMessage = Annotated[Hello | Heartbeat | Preparing | Started | Finished, Field(discriminator="type")]


# ── server → worker ──────────────────────────────────────────────────────────────────────────────────────────────────


class Welcome(Frozen):
    """Answers hello. `lost`: declared as running but given away meanwhile; stop it and forget it."""

    type: Literal["welcome"] = "welcome"
    version: int = WIRE_VERSION
    lease_s: float
    resume: list["Ack"]
    lost: list[Lease]


class Assign(Frozen):
    """Run this range test, or this training, under this lease."""

    type: Literal["assign"] = "assign"
    lease: Lease
    spec: SweepSpec


class Ack(Frozen):
    """Everything before `next_step` is stored; send from there on. `cancel`: stop, somebody asked for it."""

    type: Literal["ack"] = "ack"
    lease: Lease
    next_step: Step
    cancel: bool = False


class Ended(Frozen):
    """`finished` is stored; the lease is closed."""

    type: Literal["ended"] = "ended"
    lease: Lease


class Lost(Frozen):
    """This lease is not yours: given away, or closed. Stop, and send nothing more of it."""

    type: Literal["lost"] = "lost"
    lease: Lease


ServerMessage = Annotated[Welcome | Assign | Ack | Ended | Lost, Field(discriminator="type")]

_from_worker: TypeAdapter[Hello | Heartbeat | Preparing | Started | Finished] = TypeAdapter(WorkerMessage)
_from_server: TypeAdapter[Welcome | Assign | Ack | Ended | Lost] = TypeAdapter(ServerMessage)


def parse_worker(text: str) -> Hello | Heartbeat | Preparing | Started | Finished:
    """A worker's control message. Raises WireError."""
    return _parse(_from_worker, text)


def parse_server(text: str) -> Welcome | Assign | Ack | Ended | Lost:
    """A server's control message. Raises WireError."""
    return _parse(_from_server, text)


T = TypeVar("T")


def _parse(adapter: TypeAdapter[T], text: str) -> T:
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "message"
        raise WireError(f"{where}: {first['msg']} (got {str(first['input'])[:200]})") from None


# ── points ───────────────────────────────────────────────────────────────────────────────────────────────────────────

COLUMNS = ("lr", "loss")


class PointsHeader(Frozen):
    lease: Lease
    first_step: Step
    count: Annotated[int, Field(ge=1, le=MAX_BATCH)]
    columns: Annotated[list[Column], Field(max_length=16)] = list(COLUMNS)

    @model_validator(mode="after")
    def _begins_with_lr_and_loss(self) -> Self:
        if tuple(self.columns[:2]) != COLUMNS:
            raise ValueError(f"columns must begin with {list(COLUMNS)}")
        if len(set(self.columns)) != len(self.columns):
            raise ValueError("columns must differ from each other")
        return self


class Batch(Frozen):
    """Consecutive points of one attempt. `data` is len(columns) columns of `count` little-endian float64."""

    lease: Lease
    first_step: Step
    count: int
    data: bytes
    columns: tuple[str, ...] = COLUMNS

    @property
    def next_step(self) -> int:
        return self.first_step + self.count

    @property
    def lr(self) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        return self._column(0)

    @property
    def loss(self) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        return self._column(1)

    def _column(self, k: int) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        return np.frombuffer(self.data, "<f8", count=self.count, offset=8 * self.count * k)

    @property
    def series(self) -> "dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]":
        """The extra columns by name."""
        return {name: self._column(k) for k, name in enumerate(self.columns) if k >= len(COLUMNS)}

    @classmethod
    def of(cls, lease: Lease, points: list[Point], series: Sequence[str] = ()) -> Self:
        """Pack consecutive points, with an `extra` for each of `series`; the first one's step numbers the batch."""
        table = [[p.lr for p in points], [p.loss for p in points]]
        table += [[p.extra[k] for p in points] for k in range(len(series))]
        data = np.array(table, dtype="<f8").tobytes()
        columns = (*COLUMNS, *series)
        return cls(lease=lease, first_step=points[0].step, count=len(points), data=data, columns=columns)

    def from_step(self, step: int) -> Self:
        """The part of this batch from `step` on."""
        skip = step - self.first_step
        table = np.frombuffer(self.data, "<f8").reshape(len(self.columns), self.count)[:, skip:]
        return self.model_copy(update={"first_step": step, "count": self.count - skip, "data": table.tobytes()})

    def pack(self) -> bytes:
        header = PointsHeader(
            lease=self.lease, first_step=self.first_step, count=self.count, columns=list(self.columns)
        )
        return header.model_dump_json().encode() + b"\n" + self.data

    @classmethod
    def unpack(cls, frame: bytes) -> Self:
        """Raises WireError when the frame is not a header and exactly the columns it announces."""
        head, _, data = frame.partition(b"\n")
        try:
            header = PointsHeader.model_validate_json(head)
        except ValidationError as error:
            raise WireError(f"points: {error.errors()[0]['msg']} (header {head[:200]!r})") from None
        expected = 8 * header.count * len(header.columns)
        if len(data) != expected:
            raise WireError(f"points: {expected} bytes announced, {len(data)} came")
        return cls(
            lease=header.lease,
            first_step=header.first_step,
            count=header.count,
            columns=tuple(header.columns),
            data=data,
        )
