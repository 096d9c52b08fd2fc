"""What is asked for and what became of it: the sweep's specification, its states, the sweep itself, the pick.

All models are frozen; unknown fields are refused; numbers are finite. Learning rates carry the optimizer's own unit,
widths are in decades (log10).
"""

import unicodedata
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_serializer,
    model_validator,
)

MIN_LR, MAX_LR = 1e-12, 1e4
MIN_SPAN = 1.001  # end_lr / start_lr; below it neighbouring rungs of a long sweep would be the same float
MAX_STEPS = 20_000


def _plain_text(text: str) -> str:
    bad = next((c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t"), None)
    if bad is not None:
        raise ValueError(f"contains the control character {bad!r}; use printable text")
    return text


def _plain_line(text: str) -> str:
    if "\n" in text or "\t" in text:
        raise ValueError("must be one line")
    return _plain_text(text)


Lr = Annotated[float, Field(ge=MIN_LR, le=MAX_LR, allow_inf_nan=False)]
Note = Annotated[str, StringConstraints(max_length=10_240), AfterValidator(_plain_text)]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), AfterValidator(_plain_line)
]
Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50), AfterValidator(_plain_line)]
RecipeName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]
SweepId = Annotated[str, StringConstraints(pattern=r"^[0-9a-z]{16}$")]
Color = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
FiniteFloat = Annotated[float, Field(allow_inf_nan=False)]
Integer = Annotated[int, Field(ge=-(2**53), le=2**53)]  # what JSON numbers carry without loss
ParamValue = (
    bool | Integer | FiniteFloat | Annotated[str, StringConstraints(max_length=200), AfterValidator(_plain_text)] | None
)
Params = Annotated[dict[Annotated[str, StringConstraints(max_length=60)], ParamValue], Field(max_length=50)]
Tags = Annotated[list[Tag], Field(max_length=20)]
Seed = Annotated[int, Field(ge=0, le=2**32 - 1)]
Mode = Literal["exp", "linear"]
Smoothing = Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)]
DeviceWish = Literal["any", "cpu", "cuda"]
Schedule = Literal["constant", "onecycle"]
Kind = Literal["range_test", "training"]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Asked(Frozen):  # what a spec and a request share
    recipe: RecipeName = Field(description="What is swept: a recipe that some worker offers.")
    params: Params = Field(default={}, description="The recipe's own parameters; its schema is at GET /recipes.")
    start_lr: Lr = Field(default=1e-7, description="Learning rate of the first step.")
    end_lr: Lr = Field(default=10.0, description="Learning rate of the last step.")
    num_iter: int = Field(default=100, ge=2, le=MAX_STEPS, description="Optimizer steps, one point each.")
    mode: Mode = Field(default="exp", description="How the rate rises: by a constant factor, or by a constant.")
    seed: Seed = Field(default=0, description="Seeds the model, the data order and every generator.")
    diverge_ratio: Annotated[float, Field(gt=1, le=1e6, allow_inf_nan=False)] | None = Field(
        default=4.0, description="Stop once the smoothed loss is this many times its best; null: never stop."
    )

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if self.end_lr < self.start_lr * MIN_SPAN:
            raise ValueError(
                f"end_lr ({self.end_lr:g}) must be above start_lr ({self.start_lr:g}), at least {MIN_SPAN} times"
            )
        return self


class Rungs(Frozen):
    """The rates of a sweep that was extended: the longer one hits them again exactly, and goes on in that stride."""

    start_lr: Lr
    end_lr: Lr
    num_iter: int = Field(ge=2, le=MAX_STEPS)


class Training(Frozen):
    """A training at one rate of the range, instead of a test of the whole range."""

    lr: Lr = Field(description="Of every step, or with onecycle of its peak.")
    schedule: Schedule = "constant"


class SweepSpec(_Asked):
    """One range test: which recipe, over which learning rates, in how many steps. With `training`: at one of them.

    Raises pydantic.ValidationError (a ValueError) naming the field when a bound is broken.
    """

    rungs: Rungs | None = Field(default=None, description="Set when it extends another sweep.")
    training: Training | None = Field(default=None, description="Set when it is no range test.")

    @property
    def kind(self) -> Kind:
        return "range_test" if self.training is None else "training"


class SweepRequest(_Asked):
    """The body of `POST /sweeps`: a spec, and how to file and queue it."""

    name: Name | None = Field(default=None, description="Shown in the list; by default the recipe's name.")
    tags: Tags = []
    seeds: Annotated[list[Seed], Field(min_length=1, max_length=50)] | None = Field(
        default=None, description="Several seeds: one sweep each, in one group. Instead of `seed`."
    )
    stages: Literal[1, 2] = Field(
        default=1, description="2: once it has ended, a second sweep over the decades where something happened."
    )
    priority: int = Field(default=0, ge=-100, le=100, description="Higher goes first; equal ones by age.")
    device: DeviceWish = "any"

    @model_validator(mode="after")
    def _one_way_to_seed(self) -> Self:
        if self.seeds is not None:
            if "seed" in self.model_fields_set:
                raise ValueError("give seed or seeds, not both")
            if len(set(self.seeds)) != len(self.seeds):
                raise ValueError(f"seeds must differ from each other (got {self.seeds})")
        return self

    def specs(self) -> list[SweepSpec]:
        """One spec for each seed."""
        common = self.model_dump(include=set(_Asked.model_fields))
        return [SweepSpec(**{**common, "seed": seed}) for seed in self.seeds or [self.seed]]


class Status(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    DIVERGED = "diverged"  # a result of the test, not an error
    FAILED = "failed"  # an error: the recipe raised, or its workers kept dying
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        return self not in (Status.QUEUED, Status.RUNNING)


TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.QUEUED: frozenset({Status.RUNNING, Status.CANCELLED, Status.FAILED}),
    Status.RUNNING: frozenset(set(Status) - {Status.RUNNING}),  # queued: its worker fell silent
    Status.FAILED: frozenset({Status.QUEUED}),  # retry
    Status.CANCELLED: frozenset({Status.QUEUED}),  # retry
    Status.DONE: frozenset(),
    Status.DIVERGED: frozenset(),
}


class Pick(Frozen):
    """A person's decision, kept: this rate, by whom, when and why. The machine suggests, a person picks."""

    id: int = Field(description="Grows from pick to pick.")
    lr: Lr
    author: str
    note: str
    created_at: datetime
    compared_with: list[str] = Field(description="Ids of the sweeps that were on the plot.")
    smoothing: Smoothing | None = Field(default=None, description="Of the line it was picked from, in decades.")
    withdrawn: bool = Field(default=False, description="Taken back: it stands no longer.")
    withdrawn_by: str | None = None

    @field_serializer("created_at")
    def _utc(self, when: datetime) -> str:
        return iso_utc(when)


class Origin(Frozen):
    """The sweep that this one goes on from: `extends` its range, `refines` it as its second stage, or `confirms` it."""

    sweep: str
    how: Literal["extends", "refines", "confirms"]


class Sweep(Frozen):
    """A sweep as the record has it: `GET /sweeps/{id}`."""

    id: str
    kind: Kind = "range_test"
    name: str
    recipe: str
    params: Params
    owner: str
    tags: list[str]
    color: str = Field(description="That of its slot, or what a person chose.")
    slot: int = Field(
        default=0, ge=0, description="Given at creation: colour is slot mod 8 in the palette, dash pattern slot div 8."
    )
    status: Status
    reason: str | None = Field(description="One line: why it failed, was cancelled, or waits.")
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    start_lr: float
    end_lr: float
    num_iter: int
    mode: Mode
    seed: int
    diverge_ratio: float | None
    training: Training | None = Field(default=None, description="Of a training: its rate and schedule.")
    group: str | None = Field(description="Shared by the sweeps of one request with several seeds.")
    origin: Origin | None = None
    stages: int = 1
    priority: int
    steps_done: int
    device_wish: DeviceWish = Field(default="any", description="What it may run on, as asked for.")
    first_nonfinite_step: int | None
    attempt: int
    worker: str | None
    device: str | None
    optimizer: str | None
    warnings: list[str] = Field(
        default=[], description="What was found before the first step, or by its end; a sentence each."
    )
    queue_position: int | None = Field(description="1 is next; null unless queued.")
    eta_s: float | None = Field(description="Seconds to go at the present speed; null unless running.")
    pick: Pick | None
    archived: bool
    starred: bool = False
    confirmed: bool = Field(default=False, description="Whether short trainings around a rate of it were asked for.")
    notes: str

    @field_serializer("created_at", "started_at", "finished_at")
    def _utc(self, when: datetime | None) -> str | None:
        return None if when is None else iso_utc(when)


def iso_utc(when: datetime) -> str:
    """ISO 8601 with milliseconds and `Z`; `when` is in UTC."""
    return when.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
