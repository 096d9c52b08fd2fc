"""A view: what a page shows and how, kept under a name, so that a link brings it back."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, FiniteFloat, field_serializer, model_validator

from lrscope.feed import MAX_WATCHED
from lrscope.spec import Frozen, Lr, Name, Smoothing, SweepId, iso_utc
from lrscope.wire import Column


class ViewState(Frozen):
    """What is on the plot, and how it is drawn. What is left out or null is as on a page just opened.

    A sweep that is not there any more is passed over.
    """

    sweeps: Annotated[list[SweepId], Field(max_length=MAX_WATCHED)] | None = None
    focus: SweepId | None = None
    baseline: SweepId | None = None
    smoothing: Smoothing | None = None
    log_loss: bool | None = None
    normalise: bool | None = None
    align: Literal["lr", "pick"] | None = None
    show_all: bool | None = None
    layout: Literal["overlay", "multiples", "table"] | None = None
    x: Annotated[list[Lr], Field(min_length=2, max_length=2)] | None = None
    y: Annotated[list[FiniteFloat], Field(min_length=2, max_length=2)] | None = None
    pane: Column | None = None
    pane_y: Annotated[list[FiniteFloat], Field(min_length=2, max_length=2)] | None = None
    marker: Lr | None = None
    group: Literal["none", "seed", "owner", "recipe", "config", "tag"] | None = None

    @model_validator(mode="after")
    def _ends_rise(self) -> Self:
        for name, what, ends in (("x", "rate", self.x), ("y", "loss", self.y), ("pane_y", "value", self.pane_y)):
            if ends is not None and ends[0] >= ends[1]:
                raise ValueError(f"{name} must be a lower and a higher {what} (got {ends})")
        return self


class ViewRequest(Frozen):
    """The body of `POST /views`."""

    name: Name
    state: ViewState


class View(Frozen):
    """A kept view; its address is `/v/{id}`."""

    id: str
    name: str
    owner: str
    created_at: datetime
    state: ViewState

    @field_serializer("created_at")
    def _utc(self, when: datetime) -> str:
        return iso_utc(when)
