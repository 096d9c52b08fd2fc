"""One range test on several processes (torchrun, DDP): every rank trains, all see one loss, all stop at one step."""

from collections.abc import Callable
from dataclasses import replace

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel

from lrscope.problem import Problem


class Ranks:
    """The processes that train together; alone, everything is what it was.

    The loss of a step is the mean over the ranks, so a divergence, decided from it, falls on the same step everywhere
    and nobody waits for a rank that has stopped. Only a wish to cancel has to be told round: rank 0's counts.
    """

    def __init__(self, device: torch.device) -> None:
        self.together = dist.is_available() and dist.is_initialized() and dist.get_world_size() > 1
        self.rank = dist.get_rank() if self.together else 0
        self._device = device if self.together and dist.get_backend() == "nccl" else torch.device("cpu")

    def wrapped(self, problem: Problem) -> Problem:
        """The problem with its model's gradients averaged over the ranks, if the recipe has not seen to that."""
        if not self.together or isinstance(problem.model, DistributedDataParallel):
            return problem
        return replace(problem, model=DistributedDataParallel(problem.model))

    def mean(self, values: list[torch.Tensor | float]) -> list[torch.Tensor | float]:
        """Each scalar as its mean over the ranks."""
        row = torch.stack([torch.as_tensor(v, dtype=torch.float32).to(self._device).reshape(()) for v in values])
        dist.all_reduce(row)
        return list(row / dist.get_world_size())

    def agreed(self, cancelled: Callable[[], bool]) -> Callable[[], bool]:
        """The same question, answered by rank 0 for all."""
        if not self.together:
            return cancelled

        def ask() -> bool:
            said = torch.tensor([float(self.rank == 0 and cancelled())], device=self._device)
            dist.broadcast(said, 0)
            return bool(said.item())

        return ask
