"""Batches of tensors that are in memory already."""

from collections.abc import Iterator

import torch


class Shuffled:
    """Batches of rows of (x, y), in a new order for each walk, drawn from torch's own generator. Ragged ends are left
    out, unless one batch is all there is."""

    def __init__(self, tensors: tuple[torch.Tensor, torch.Tensor], batch_size: int) -> None:
        self.x, self.y = tensors
        self.batch_size = min(batch_size, len(self.x))

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        order = torch.randperm(len(self.x))
        for start in range(0, len(order) - self.batch_size + 1, self.batch_size):
            rows = order[start : start + self.batch_size]
            yield self.x[rows], self.y[rows]
