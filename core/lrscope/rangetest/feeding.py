"""Batches without end, moved to the device ahead of their step."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import torch

from lrscope.errors import RecipeError

END = object()


class Feed:
    """Walks `batches` again and again; a loader that shuffles shuffles anew each time.

    `peek` shows the next batch without taking it. On CUDA the batch after is copied on a stream of its own while the
    present one trains (from pinned memory, where the loader pins it). `close` ends the loader's worker processes.

    `length` is how many batches there were, known once the first walk has ended; `taken`, how many were handed out.

    `next` raises RecipeError when there is no batch, or when a one-way iterator has run dry.
    """

    def __init__(self, batches: Iterable[Any], device: torch.device) -> None:
        self._batches = batches
        self._device = device
        self._walk: Iterator[Any] | None = None
        self._ahead: list[Any] = []
        self._plain = device.type == "cpu"  # nothing to move, nothing to gain from taking ahead
        self._side: Any = None
        if device.type == "cuda":
            self._side = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
        self.taken = 0
        self.length: int | None = None
        self._fetched = 0

    def __iter__(self) -> "Feed":
        return self

    def __next__(self) -> Any:
        self.taken += 1
        if self._plain and not self._ahead:
            return self._take()
        batch = self.peek()
        self._ahead.clear()
        if self._side is not None:
            torch.cuda.current_stream(self._device).wait_stream(self._side)
            _outlive(batch, torch.cuda.current_stream(self._device))
            self.peek()
        return batch

    def peek(self) -> Any:
        if not self._ahead:
            batch = self._take()
            if self._side is None:
                self._ahead.append(batch if self._plain else to_device(batch, self._device))
            else:
                with torch.cuda.stream(self._side):
                    self._ahead.append(to_device(batch, self._device))
        return self._ahead[0]

    def close(self) -> None:
        self._ahead.clear()
        self._walk = None

    def _take(self) -> Any:
        batch = END if self._walk is None else next(self._walk, END)
        if batch is not END:
            self._fetched += 1
            return batch
        if self._walk is not None and self.length is None:
            self.length = self._fetched
        self._walk = iter(self._batches)
        batch = next(self._walk, END)
        if batch is not END:
            self._fetched += 1
            return batch
        raise RecipeError(
            "batches ran out: empty, or an iterator that can be walked only once; give a DataLoader or a list"
        )


def to_device(batch: Any, device: torch.device) -> Any:
    """Every tensor in tuples, lists and mappings, moved to `device`; other objects by their own `.to`."""
    if isinstance(batch, torch.Tensor):
        return batch.to(device, non_blocking=True)
    if isinstance(batch, tuple | list):
        moved = [to_device(value, device) for value in batch]
        return type(batch)(*moved) if hasattr(batch, "_fields") else type(batch)(moved)
    if hasattr(batch, "to"):
        return batch.to(device)
    if isinstance(batch, Mapping):
        return {key: to_device(value, device) for key, value in batch.items()}
    return batch


def _outlive(batch: Any, stream: "torch.cuda.Stream") -> None:
    """Keep the memory of tensors that were made on another stream until this one is through with them."""
    if isinstance(batch, torch.Tensor):
        if batch.is_cuda:
            batch.record_stream(stream)
    elif isinstance(batch, Mapping):
        for value in batch.values():
            _outlive(value, stream)
    elif isinstance(batch, tuple | list):
        for value in batch:
            _outlive(value, stream)
