"""One optimizer step: batches to a loss, backward, clip, update, and what is measured beside the loss."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from itertools import islice
from typing import Any

import torch

from lrscope.errors import RecipeError
from lrscope.problem import Problem
from lrscope.rangetest.feeding import to_device

Value = torch.Tensor | float
SKIPS = 100  # batches in a row that `step` may skip before the sweep gives up

DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}


class Stepper:
    """Takes the steps of a problem, at whatever rates stand in its optimizer."""

    def __init__(self, problem: Problem, device: torch.device) -> None:
        self.problem = problem
        self.device = device
        self._parameters = [p for group in problem.optimizer.param_groups for p in group["params"]]
        self._scaler = scaler_of(problem, device)
        self._held_out: list[Any] | None = None
        self._steps = 0
        # step(batches): train one step; [loss, *extra series], scalars that are still on the device
        self.step: Callable[[Iterator[Any]], list[Value]] = self._kind_of_step()

    def _kind_of_step(self) -> Callable[[Iterator[Any]], list[Value]]:
        problem = self.problem
        if needs_closure(problem.optimizer):
            return self._closure_step
        plain = problem.accumulate == 1 and problem.clip_norm is None and problem.precision == "fp32"
        if problem.loss_fn is not None and plain and not problem.series:
            return _plain_step(problem)
        return self._full_step

    def _full_step(self, batches: Iterator[Any]) -> list[Value]:
        problem, scaler = self.problem, self._scaler
        problem.optimizer.zero_grad(set_to_none=True)
        loss, metric = self._accumulate(batches)
        if scaler is not None and (problem.clip_norm is not None or problem.norms):
            scaler.unscale_(problem.optimizer)
        extras: list[Value] = [] if problem.metric is None else [metric]
        norm = self._grad_norm()
        before = [p.detach().clone() for p in self._parameters] if problem.norms else []
        scale = scaler.get_scale() if scaler is not None else 0.0
        if scaler is None:
            problem.optimizer.step()
        else:
            scaler.step(problem.optimizer)
            scaler.update()
        if problem.norms:
            extras += [norm, self._update_ratio(before)]
        if problem.precision == "fp16":
            extras.append(float(scaler is not None and scaler.get_scale() < scale))
        if problem.val_batches is not None:
            extras.append(self._validate())
        self._steps += 1
        return [loss, *extras]

    def _accumulate(self, batches: Iterator[Any]) -> tuple[torch.Tensor, Value]:
        """Backward over `accumulate` batches; the mean of their losses, the mean of their metrics."""
        problem, share = self.problem, 1 / self.problem.accumulate
        losses, metrics = [], []
        for _ in range(problem.accumulate):
            with autocast(problem, self.device):
                loss, output, y = self._unskipped(batches)
            scaled = loss * share if problem.accumulate > 1 else loss
            torch.autograd.backward(scaled if self._scaler is None else self._scaler.scale(scaled))
            losses.append(loss.detach())
            if problem.metric is not None:
                with torch.no_grad():
                    metrics.append(torch.as_tensor(problem.metric(output, y), device=loss.device).float())
        mean = losses[0] if len(losses) == 1 else torch.stack(losses).mean()
        return mean, torch.stack(metrics).mean() if metrics else 0.0

    def _unskipped(self, batches: Iterator[Any]) -> tuple[torch.Tensor, Any, Any]:
        """The loss of the next batch that `step` does not skip."""
        for batch in islice(batches, SKIPS):
            loss, output = loss_of(self.problem, batch)
            if loss is not None:
                return loss, output, batch[-1] if self.problem.metric is not None else None
        raise RecipeError(f"step returned None for {SKIPS} batches in a row; it must return a loss for most of them")

    def _closure_step(self, batches: Iterator[Any]) -> list[Value]:
        """For optimizers like LBFGS, which evaluate the same batch again and again: the first loss is the step's."""
        batch = next(batches)
        first: list[torch.Tensor] = []

        def closure() -> Any:
            self.problem.optimizer.zero_grad(set_to_none=True)
            loss, _ = loss_of(self.problem, batch)
            torch.autograd.backward(loss)
            first.append(loss.detach())
            return loss

        self.problem.optimizer.step(closure)
        return [first[0]]

    def _grad_norm(self) -> Value:
        """Norm of all gradients, before they are clipped."""
        problem = self.problem
        if problem.clip_norm is not None:
            total: torch.Tensor = torch.nn.utils.clip_grad_norm_(self._parameters, problem.clip_norm)
            return total
        if problem.norms:
            return torch.nn.utils.get_total_norm([p.grad for p in self._parameters if p.grad is not None])
        return 0.0

    def _update_ratio(self, before: Sequence[torch.Tensor]) -> Value:
        moved = torch.nn.utils.get_total_norm([p.detach() - b for p, b in zip(self._parameters, before, strict=True)])
        return moved / torch.nn.utils.get_total_norm(before).clamp_min(torch.finfo(torch.float32).tiny)

    def _validate(self) -> Value:
        """Mean loss over the held-out batches, every `val_every` steps; not a number in between."""
        if self._steps % self.problem.val_every:
            return float("nan")
        if self._held_out is None:
            assert self.problem.val_batches is not None
            self._held_out = [
                to_device(batch, self.device) for batch in islice(self.problem.val_batches, self.problem.val_size)
            ]
            if not self._held_out:
                raise RecipeError("val_batches is empty")
        modes = [(module, module.training) for module in self.problem.model.modules()]
        self.problem.model.eval()
        try:
            with torch.no_grad(), autocast(self.problem, self.device):
                losses = [loss_of(self.problem, batch)[0] for batch in self._held_out]
        finally:
            for module, mode in modes:
                module.training = mode
        return torch.stack([loss.float() for loss in losses]).mean()


def _plain_step(problem: Problem) -> Callable[[Iterator[Any]], list[Value]]:
    """The common step, with nothing looked up twice: next to a small model every microsecond shows."""
    model, loss_fn = problem.model, problem.loss_fn
    backward = torch.autograd.backward
    zero_grad, update = problem.optimizer.zero_grad, problem.optimizer.step

    def step(batches: Iterator[Any]) -> list[Value]:
        zero_grad()  # before the forward pass, which can then use their memory
        batch = next(batches)
        if type(batch) is tuple and len(batch) == 2 and isinstance(batch[0], torch.Tensor):
            loss = loss_fn(model(batch[0]), batch[1])  # type: ignore[misc]
        else:
            loss, _ = loss_of(problem, batch)
        if not isinstance(loss, torch.Tensor):
            loss = _summed(loss)
        backward(loss)
        update()
        return [loss]

    return step


def loss_of(problem: Problem, batch: Any) -> tuple[Any, Any]:
    """(loss, the model's output) of one batch; the loss is None where `step` skips it."""
    if problem.step is not None:
        return problem.step(problem.model, batch), None
    if problem.loss_fn is None:
        output = _called(problem.model, batch)
        return _returned_loss(output), output
    if not isinstance(batch, (tuple, list)) or len(batch) < 2:
        raise RecipeError(
            f"loss_fn needs batches of (x, y), these are {_described(batch)}; "
            "leave loss_fn out if the model returns its loss, or give step(model, batch)"
        )
    x, y = batch if len(batch) == 2 else (batch[:-1], batch[-1])
    output = problem.model(x) if isinstance(x, torch.Tensor) else _called(problem.model, x)
    loss = problem.loss_fn(output, y)
    return loss if isinstance(loss, torch.Tensor) else _summed(loss), output


def _called(model: Any, given: Any) -> Any:
    if isinstance(given, Mapping):
        return model(**given)
    return model(*given) if isinstance(given, tuple | list) else model(given)


def _returned_loss(output: Any) -> torch.Tensor:
    """The loss in what a model returned."""
    if isinstance(output, torch.Tensor):
        return output
    if getattr(output, "loss", None) is not None:
        found: torch.Tensor = output.loss
        return found
    if isinstance(output, Mapping):
        return output["loss"] if "loss" in output else _summed(output)
    if isinstance(output, tuple | list) and output and isinstance(output[0], torch.Tensor):
        return output[0]
    raise RecipeError(
        f"the model returned {_described(output)} and no loss; give loss_fn(output, y), or step(model, batch)"
    )


def _summed(losses: Any) -> torch.Tensor:
    parts = list(losses.values() if isinstance(losses, Mapping) else losses if isinstance(losses, Iterable) else [])
    if not parts or not all(isinstance(part, torch.Tensor) and part.numel() == 1 for part in parts):
        raise RecipeError(f"a loss must be one number, or a list or dict of them to sum; got {_described(losses)}")
    return torch.stack([part.reshape(()) for part in parts]).sum()


def _described(value: Any) -> str:
    if isinstance(value, torch.Tensor):
        return f"a tensor of shape {tuple(value.shape)}"
    if isinstance(value, Mapping):
        return f"a {type(value).__name__} with keys {', '.join(map(str, list(value)[:6]))}"
    return f"a {type(value).__name__}"


def needs_closure(optimizer: torch.optim.Optimizer) -> bool:
    return isinstance(optimizer, torch.optim.LBFGS)


def scaler_of(problem: Problem, device: torch.device) -> "torch.amp.GradScaler | None":
    if problem.precision != "fp16":
        return None
    return problem.scaler if problem.scaler is not None else torch.amp.GradScaler(device.type)


def autocast(problem: Problem, device: torch.device) -> Any:
    if problem.precision == "fp32":
        return nullcontext()
    return torch.autocast(device.type, DTYPES[problem.precision])
