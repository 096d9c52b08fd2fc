"""What is looked at before the first step: what would make the curve mean something else than its reader thinks."""

import time
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from lrscope.errors import RecipeError
from lrscope.problem import Problem
from lrscope.rangetest.feeding import Feed
from lrscope.rangetest.keeping import buffers, generators
from lrscope.rangetest.stepping import autocast, loss_of, needs_closure
from lrscope.spec import SweepSpec

SETS_ITS_OWN_RATE = ("prodigy", "dadapt", "schedulefree", "dog", "mechanic", "adafactor")
STATES = {"SGD": 1, "Adagrad": 1, "RMSprop": 1, "Lion": 1}  # copies of the weights an optimizer keeps; others: two
SOME = 3  # names in a warning


def preflight(problem: Problem, spec: SweepSpec, feed: Feed, device: torch.device) -> list[str]:
    """Sentences of warning, most telling first; none is the common case.

    Runs one batch forward and backward, and puts back what that changes (buffers, generators, gradients); so a compiled
    model is compiled here, and not at a step.

    Raises RecipeError for what cannot work: nothing to train, an optimizer that cannot be stepped here, a loss that is
    no single number or does not depend on the weights.
    """
    _refuse(problem)
    found = list(_of_the_optimizer(problem))
    found += _of_the_model(problem)
    found += _of_the_data(problem, spec)
    found += _of_one_batch(problem, feed, device)
    found += _of_the_memory(problem, device)
    return found


def compiled(model: nn.Module) -> bool:
    """True for what torch.compile returned: its first batch takes long."""
    return any(
        hasattr(module, "_orig_mod") or hasattr(module, "_torchdynamo_orig_callable") for module in model.modules()
    )


def _refuse(problem: Problem) -> None:
    if not any(p.requires_grad for p in problem.model.parameters()):
        raise RecipeError(
            "the model is frozen: none of its parameters requires a gradient, so there is nothing to test"
        )
    if needs_closure(problem.optimizer):
        extras = problem.precision != "fp32" or problem.accumulate > 1 or problem.clip_norm is not None
        if extras or problem.series:
            raise RecipeError(
                f"{_name(problem.optimizer)} evaluates a batch several times at each step: without accumulation, "
                "clipping, mixed precision and extra series it can be swept"
            )


def _of_the_optimizer(problem: Problem) -> Iterator[str]:
    optimizer = problem.optimizer
    name = _name(optimizer).lower()
    if any(sign in name for sign in SETS_ITS_OWN_RATE) or any("d0" in group for group in optimizer.param_groups):
        yield (
            f"{_name(optimizer)} sets its own step size: lr is only a factor on it, and the curve says little about "
            "other optimizers. Its authors advise to leave lr at 1."
        )
    if hasattr(optimizer.step, "_wrapped_by_lr_sched") or any("initial_lr" in g for g in optimizer.param_groups):
        yield "A learning-rate scheduler is attached to the optimizer. It is not stepped here: the test sets the rates."
    listed = {id(p) for group in optimizer.param_groups for p in group["params"]}
    named = dict(problem.model.named_parameters())
    missing = [n for n, p in named.items() if p.requires_grad and id(p) not in listed]
    if missing and len(missing) == sum(p.requires_grad for p in named.values()):
        yield "The optimizer holds none of the model's trainable parameters: no rate can change the loss."
    elif missing:
        yield f"Not in the optimizer, and so not trained: {_some(missing)}."
    if all(not p.requires_grad for group in optimizer.param_groups for p in group["params"]):
        yield "No parameter in the optimizer requires a gradient: no rate can change the loss."


def _of_the_model(problem: Problem) -> Iterator[str]:
    model = problem.model
    if not model.training:
        yield "The model was in eval mode; the test trains it in train mode, as a training would."
    reduction = getattr(problem.loss_fn, "reduction", None)
    if reduction == "sum":
        yield "The loss is a sum over the batch: the right rate then shrinks as the batch grows. Use its mean."


def _of_the_data(problem: Problem, spec: SweepSpec) -> Iterator[str]:
    length = length_of(problem.batches)
    steps = spec.num_iter * problem.accumulate
    if length == 1:
        dropout = any(isinstance(m, nn.modules.dropout._DropoutNd) and m.p > 0 for m in problem.model.modules())
        if dropout:
            yield "There is one batch, so the noise of the curve is that of dropout alone."
    if length is not None and 0 < length < steps:
        yield seen_again(length, steps)


def _of_one_batch(problem: Problem, feed: Feed, device: torch.device) -> Iterator[str]:
    batch = feed.peek()
    put_back = (buffers(problem.model), generators())
    model, training = problem.model, problem.model.training
    grads = [(p, p.grad) for p in model.parameters()]
    for parameter, _ in grads:
        parameter.grad = None
    began = time.perf_counter()
    try:
        if not training:
            model.train()
        with autocast(problem, device):
            loss, _ = loss_of(problem, batch)
        if loss is None:
            return
        _check_loss(loss)
        torch.autograd.backward(loss)
        value = float(loss.detach())
        untouched = [n for n, p in model.named_parameters() if p.requires_grad and p.grad is None]
        trainable = sum(p.requires_grad for p in model.parameters())
        took = time.perf_counter() - began
    finally:
        for parameter, grad in grads:
            parameter.grad = grad
        for put in put_back:
            put()
        if not training:
            model.eval()
    if value < 0:
        yield (
            f"The loss is negative ({value:.3g}): it has no ratio to its best, "
            "so divergence is judged by how far it has come down."
        )
    if untouched and len(untouched) < trainable:
        yield f"The loss does not depend on {_some(untouched)}."
    if compiled(model):
        yield f"The model is compiled; compiling took {took:.1f} s, before the first step."


def _check_loss(loss: Any) -> None:
    if not isinstance(loss, torch.Tensor) or loss.numel() != 1:
        shape = tuple(loss.shape) if isinstance(loss, torch.Tensor) else type(loss).__name__
        raise RecipeError(f"a loss must be a single number, this one is {shape}; take its mean")
    if not loss.requires_grad:
        raise RecipeError(
            "the loss does not depend on any trainable parameter: it was detached, computed under no_grad, "
            "or made from something else than the model's output"
        )


def _of_the_memory(problem: Problem, device: torch.device) -> Iterator[str]:
    """Weights are there already; gradients and the optimizer's state will come."""
    if device.type != "cuda":
        return
    trained = [p for group in problem.optimizer.param_groups for p in group["params"] if p.requires_grad]
    size = sum(p.numel() * p.element_size() for p in trained)
    needed = size * (1 + STATES.get(_name(problem.optimizer), 2))
    free, _ = torch.cuda.mem_get_info(device)
    if needed > free:
        yield (
            f"Gradients and optimizer state need about {needed / 2**30:.1f} GiB, the device has {free / 2**30:.1f} GiB "
            "free: the first step may run out of memory."
        )


def seen_again(length: int, steps: int) -> str:
    return (
        f"The data has {length} batches and the test takes {steps}: each is seen {-(-steps // length)} times, "
        "and the loss falls by memorising as well."
    )


def length_of(batches: Any) -> int | None:
    """How many batches there are; None for a stream, of which only the run itself can tell whether it ends.

    A stream says so in three ways: it has no `__len__` (TypeError), it has one that refuses (NotImplementedError), or
    it gives a number that no machine counts to (OverflowError).
    """
    try:
        return len(batches)
    except (TypeError, NotImplementedError, OverflowError):
        return None


def _name(optimizer: torch.optim.Optimizer) -> str:
    return type(optimizer).__name__


def _some(names: list[str]) -> str:
    more = len(names) - SOME
    return ", ".join(names[:SOME]) + (f" and {more} more" if more > 0 else "")
