"""Losses on their way from the device: read a few steps late, the device never waits for the host."""

from collections import deque
from collections.abc import Iterator, Sequence

import torch

from lrscope.curve import Point

LAG = 4  # steps in flight on an accelerator: a divergence is known so late, and cut at its own step


class Pending:
    """Holds `width` numbers of each step until they have arrived, a few steps later.

    The lag is fixed, not "whatever has arrived": several ranks then learn of a divergence at the same step. On CUDA the
    copy goes to pinned memory without blocking, and only an event of `LAG` steps ago is ever waited for.
    """

    def __init__(self, device: torch.device, width: int, lag: int | None = None) -> None:
        self._dtype = torch.float32 if device.type == "mps" else torch.float64
        self._lag = lag if lag is not None else 0 if device.type == "cpu" else LAG
        self._at_hand = self._lag == 0 and width == 1
        self._flying: deque[tuple[int, float, torch.Tensor, torch.cuda.Event | None]] = deque()
        slots = self._lag + 1
        self._pinned = torch.empty(slots, width, dtype=self._dtype, pin_memory=True) if device.type == "cuda" else None

    def put(self, step: int, lr: float, values: Sequence[torch.Tensor | float]) -> Sequence[Point]:
        """Take a step's loss and extra series, scalars on the device or off it; give the points that have arrived."""
        loss = values[0]
        assert isinstance(loss, torch.Tensor)
        if self._at_hand:
            return (Point(step, lr, loss.item()),)
        if len(values) == 1:
            row = loss.detach().reshape(1)
        else:
            row = torch.stack([torch.as_tensor(v, dtype=self._dtype).to(loss.device).reshape(()) for v in values])
        arrived = None
        if self._pinned is not None:
            slot = self._pinned[step % len(self._pinned)]
            slot.copy_(row, non_blocking=True)
            arrived = torch.cuda.Event()  # type: ignore[no-untyped-call]
            arrived.record()
            row = slot
        self._flying.append((step, lr, row, arrived))
        return [self._land()] if len(self._flying) > self._lag else ()

    def drain(self) -> Iterator[Point]:
        """All that are still on their way, in order."""
        while self._flying:
            yield self._land()

    def _land(self) -> Point:
        step, lr, row, arrived = self._flying.popleft()
        if arrived is not None:
            arrived.synchronize()
        loss, *extra = row.tolist()
        return Point(step, lr, loss, tuple(extra))
