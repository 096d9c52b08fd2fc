"""What a range test trains: the user's model, optimizer and data, and how one loss comes from one batch.

This module imports no torch: a server can know recipes, only a worker builds problems.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any, Literal

from lrscope.errors import InvalidInput, RecipeError

if TYPE_CHECKING:
    import torch

Precision = Literal["fp32", "bf16", "fp16"]


@dataclass(frozen=True, eq=False)
class Problem:
    """A training, ready to be stepped.

    How a batch becomes a loss, one of three:
    - `loss_fn`: batches are (x, y) or (x1, …, xn, y); the loss is loss_fn(model(x), y). x may be a tensor, a dict
      (passed by keyword) or a tuple (passed by position). A list or dict of losses is summed.
    - neither `loss_fn` nor `step`: the model returns its loss, as `.loss`, `["loss"]`, the first of a tuple, or a dict
      of losses to sum. Batches are passed by keyword when they are dicts, else by position.
    - `step(model, batch)`: returns the loss, a scalar tensor that backward can be called on, or None to skip the batch;
      the next one is then taken at the same rate.

    model: the module; moved to the worker's device after it is built.
    optimizer: over the model's parameters. Its rates are overwritten at every step; their ratios are kept.
    batches: any iterable, started again when it runs out. Needs no length.
    accumulate: batches per optimizer step; the loss of a point is their mean.
    precision: fp32, or autocast to bf16 or fp16; fp16 scales its loss by `scaler`, made afresh when None.
    clip_norm: gradients are clipped to this norm; None: not at all.
    group_ranges: for each parameter group the (start_lr, end_lr) of its own; None: the groups keep their ratio to the
      first one, which runs through the sweep's rates.
    val_batches: the first `val_size` of them are kept; their mean loss is `val_loss`, every `val_every` steps.
    metric: metric(output, y), a scalar, recorded under the function's name; needs `loss_fn`.
    graph: capture forward and backward pass as one CUDA graph, for batches of one shape; where that cannot be done, a
      warning says why, and all is trained the usual way.
    norms: record `grad_norm` and `update_ratio`, the size of each update over the size of the weights.
    """

    model: "torch.nn.Module"
    optimizer: "torch.optim.Optimizer"
    loss_fn: "Callable[..., Any] | None" = None
    batches: Iterable[Any] = ()
    _: KW_ONLY
    step: "Callable[[torch.nn.Module, Any], torch.Tensor | None] | None" = None
    accumulate: int = 1
    precision: Precision = "fp32"
    scaler: "torch.amp.GradScaler | None" = None
    clip_norm: float | None = None
    group_ranges: Sequence[tuple[float, float]] | None = None
    val_batches: Iterable[Any] | None = None
    val_every: int = 10
    val_size: int = 4
    metric: "Callable[[Any, Any], torch.Tensor | float] | None" = None
    norms: bool = False
    graph: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.batches, tuple) and not self.batches:
            raise RecipeError("a problem needs batches: an iterable such as a DataLoader")
        if self.step is not None and self.loss_fn is not None:
            raise RecipeError("give loss_fn or step, not both")
        if self.metric is not None and self.loss_fn is None:
            raise RecipeError("metric(output, y) needs loss_fn: only there lrscope sees the output and y")
        if self.precision not in ("fp32", "bf16", "fp16"):
            raise InvalidInput.of("precision", self.precision, "must be fp32, bf16 or fp16")
        if self.scaler is not None and self.precision != "fp16":
            raise InvalidInput.of("scaler", self.precision, "a gradient scaler goes with precision fp16")
        for name in ("accumulate", "val_every", "val_size"):
            value = getattr(self, name)
            if not isinstance(value, int) or value < 1:
                raise InvalidInput.of(name, value, "must be a whole number, 1 or more")
        if self.clip_norm is not None and not 0 < self.clip_norm < math.inf:
            raise InvalidInput.of("clip_norm", self.clip_norm, "must be above 0")
        groups = len(self.optimizer.param_groups)
        if self.group_ranges is not None:
            if len(self.group_ranges) != groups:
                raise InvalidInput.of(
                    "group_ranges", len(self.group_ranges), f"must be one for each of {groups} parameter groups"
                )
            for k, (start, end) in enumerate(self.group_ranges):
                if not 0 < start < end < math.inf:
                    raise InvalidInput.of(f"group_ranges[{k}]", (start, end), "must rise from above 0")

    @property
    def series(self) -> tuple[str, ...]:
        """Names of what is recorded at every step beside lr and loss."""
        names = []
        if self.metric is not None:
            names.append(str(getattr(self.metric, "__name__", "metric"))[:40])
        if self.norms:
            names += ["grad_norm", "update_ratio"]
        if self.precision == "fp16":
            names.append("skipped")
        if self.val_batches is not None:
            names.append("val_loss")
        return tuple(names)
