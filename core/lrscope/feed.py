"""What flows over `/ws/view`: the page and `Client.stream` say what they watch, the server sends history, then live.

    viewer                               server
                                      ◀─ snapshot (sweeps, trainings, workers, queue)
    watch (sweeps, from which step)   ─▶
                                      ◀─ points (sweep, attempt, from, lr[], loss[], …)  in order, no gap, no repeat
                                      ◀─ sweep, deleted, workers, queue                   the newest state of each
                                      ◀─ ping (time, lag_ms)
    pong (time)                       ─▶
    here (user, sweep, lr)            ─▶
                                      ◀─ presence (who else points at what)
                                      ◀─ round (several of the above at once)

All frames are JSON text. A loss that is not finite is null. `watch` replaces what was watched before; a sweep whose
attempt is not the one named, where one is named, starts again at step 0.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, field_serializer

from lrscope.errors import WireError
from lrscope.spec import Frozen, Lr, Name, Sweep, SweepId, iso_utc
from lrscope.wire import Device, Step

MAX_WATCHED = 200
MAX_POINTERS = 32  # others that a viewer is told of


class WorkerState(Frozen):
    """A worker as `GET /workers` and the page see it."""

    id: str
    host: str
    pid: int
    device: Device
    recipes: list[str]
    running: list[str] = Field(description="Ids of the sweeps it holds.")
    connected: bool
    last_seen: datetime
    memory_used_bytes: int | None = Field(default=None, description="Of the device, by this worker; as it last said.")
    memory_total_bytes: int | None = None

    @field_serializer("last_seen")
    def _utc(self, when: datetime) -> str:
        return iso_utc(when)


class QueueState(Frozen):
    queued: int
    running: int


class Cursor(Frozen):
    """One watched sweep, and the next step the viewer wants of it."""

    model_config = ConfigDict(populate_by_name=True)

    sweep: str
    attempt: int | None = None
    start: Step = Field(default=0, alias="from")


class Watch(Frozen):
    type: Literal["watch"] = "watch"
    sweeps: Annotated[list[Cursor], Field(max_length=MAX_WATCHED)]


class Pong(Frozen):
    type: Literal["pong"] = "pong"
    time: str


class Here(Frozen):
    """What the person at this page points at: a sweep, a rate, or nothing. The newest is what others see."""

    type: Literal["here"] = "here"
    user: Name
    sweep: SweepId | None = None
    lr: Lr | None = None


class Snapshot(Frozen):
    """The list as it stands; sent first on every connection, so a reconnecting viewer misses nothing."""

    type: Literal["snapshot"] = "snapshot"
    sweeps: list[Sweep] = Field(description="The newest range tests.")
    trainings: list[Sweep] = Field(default=[], description="Those that confirm a rate and have not ended.")
    workers: list[WorkerState]
    queue: QueueState


class PointsFrame(Frozen):
    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    type: Literal["points"] = "points"
    sweep: str
    attempt: int
    start: int = Field(alias="from")
    lr: list[float]
    loss: list[float | None]
    series: dict[str, list[float | None]] = Field(default={}, description="Extra series by name, one number a point.")


class SweepChanged(Frozen):
    """A sweep is new, or anything of it but its points changed: state, progress, pick, name, colour."""

    type: Literal["sweep"] = "sweep"
    sweep: Sweep


class SweepDeleted(Frozen):
    type: Literal["deleted"] = "deleted"
    sweep: str


class WorkersChanged(Frozen):
    type: Literal["workers"] = "workers"
    workers: list[WorkerState]


class QueueChanged(Frozen):
    type: Literal["queue"] = "queue"
    queue: QueueState


class Ping(Frozen):
    """Sent every few seconds. Answer with pong and the same time; the next ping tells the lag, half the round trip."""

    type: Literal["ping"] = "ping"
    time: str
    lag_ms: float | None


class Pointer(Frozen):
    """What another viewer points at."""

    viewer: int = Field(description="New with each connection.")
    user: str
    sweep: str | None
    lr: float | None


class Presence(Frozen):
    """The other viewers, whole: who is missing has left."""

    type: Literal["presence"] = "presence"
    viewers: list[Pointer]


Told = Annotated[
    PointsFrame | SweepChanged | SweepDeleted | WorkersChanged | QueueChanged | Presence, Field(discriminator="type")
]


class Round(Frozen):
    """What there was to tell at one moment, in its order; a single message comes without it."""

    type: Literal["round"] = "round"
    messages: list[Told]


ViewerMessage = Annotated[Watch | Pong | Here, Field(discriminator="type")]
FeedMessage = Annotated[
    Snapshot | PointsFrame | SweepChanged | SweepDeleted | WorkersChanged | QueueChanged | Presence | Ping | Round,
    Field(discriminator="type"),
]

_from_viewer: TypeAdapter[Watch | Pong | Here] = TypeAdapter(ViewerMessage)


def parse_viewer(text: str) -> Watch | Pong | Here:
    """A viewer's message. Raises WireError."""
    try:
        return _from_viewer.validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        raise WireError(f"{'.'.join(map(str, first['loc'])) or 'message'}: {first['msg']}") from None
