"""The rates of every parameter group, at every step."""

import torch

from lrscope.errors import RecipeError
from lrscope.grid import grid, over
from lrscope.problem import Problem
from lrscope.spec import SweepSpec


class Rates:
    """Sets the rates by hand: the first group runs through the sweep's, the others keep their ratio to it, or run
    through ranges of their own.

    Raises RecipeError when the first group's rate is not above 0: there is no ratio to zero.
    """

    def __init__(self, problem: Problem, spec: SweepSpec) -> None:
        self.swept: list[float] = grid(spec).tolist()
        self._groups = problem.optimizer.param_groups
        self._of_each = list(zip(self._groups, self._of_groups(problem, spec), strict=True))

    def set(self, step: int) -> float:
        """Put the rates of a 0-based step into the optimizer; returns the swept one."""
        for group, column in self._of_each:
            if isinstance(group["lr"], torch.Tensor):  # capturable optimizers keep theirs on the device
                group["lr"].fill_(column[step])
            else:
                group["lr"] = column[step]
        return self.swept[step]

    def _of_groups(self, problem: Problem, spec: SweepSpec) -> list[list[float]]:
        if problem.group_ranges is not None:
            ranges = [over(spec, a, b) for a, b in problem.group_ranges]
            return [grid(one).tolist() for one in ranges]
        rates = [float(group["lr"]) for group in self._groups]
        if not rates[0] > 0:
            raise RecipeError(
                f"the first parameter group has lr {rates[0]:g}; give it any positive one, "
                "the other groups keep their ratio to it"
            )
        return [[lr * (rate / rates[0]) for lr in self.swept] for rate in rates]
