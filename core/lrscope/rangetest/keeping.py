"""A range test moves the weights and much else; here everything is put back exactly as it was.

Nothing goes to the disk: the copy lies beside the original, on its device.
"""

import copy
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

from lrscope.problem import Problem

PutBack = Callable[[], None]


@contextmanager
def kept(problem: Problem) -> Iterator[PutBack]:
    """Put everything back on leaving, however that happens, and whenever the yielded function is called.

    Kept are: parameters and buffers (the same tensor objects, with their values, requires_grad and grad), train or eval
    mode of every submodule, hooks, optimizer state and every field of its groups, the gradient scaler, the loader's
    position where it has one, the generators of Python, NumPy and torch on every device, determinism flags.
    """
    keepers = [
        _module(problem.model),
        _optimizer(problem.optimizer),
        _scaler(problem.scaler),
        _loader(problem.batches),
        _loader(problem.val_batches),
        generators(),
        _flags(),
    ]

    def put_back() -> None:
        for put in keepers:
            put()

    try:
        yield put_back
    finally:
        put_back()


def generators() -> PutBack:
    """The random generators of Python, NumPy and torch, on the CPU and on every device in use."""
    python, numpy, cpu = random.getstate(), np.random.get_state(), torch.get_rng_state()
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []
    mps = torch.mps.get_rng_state() if torch.backends.mps.is_available() else None

    def put() -> None:
        random.setstate(python)
        np.random.set_state(numpy)
        torch.set_rng_state(cpu)
        if cuda:
            torch.cuda.set_rng_state_all(cuda)
        if mps is not None:
            torch.mps.set_rng_state(mps)

    return put


def buffers(model: torch.nn.Module) -> PutBack:
    """The values of all buffers, such as the running statistics of BatchNorm: what a forward pass alone can change."""
    values = [(buffer, buffer.detach().clone()) for buffer in model.buffers()]
    return lambda: _copy_back(values)


def _module(model: torch.nn.Module) -> PutBack:
    tensors = [t for module in model.modules() for t in (*module._parameters.values(), *module._buffers.values())]
    values = [(t, t.detach().clone()) for t in dict.fromkeys(t for t in tensors if t is not None)]
    places = [(module, dict(module._parameters), dict(module._buffers)) for module in model.modules()]
    modes = [(module, module.training) for module in model.modules()]
    wants = [(p, p.requires_grad, p.grad, None if p.grad is None else p.grad.clone()) for p in model.parameters()]
    hooks = [
        (registry, registry.copy())
        for module in model.modules()
        for registry in vars(module).values()
        if isinstance(registry, dict) and registry is not module._parameters and _is_hooks(registry, module)
    ]

    def put() -> None:
        for module, parameters, buffers_ in places:
            _same(module._parameters, parameters)
            _same(module._buffers, buffers_)
        _copy_back(values)
        for module, mode in modes:
            module.training = mode
        for parameter, wanted, grad, value in wants:
            parameter.requires_grad_(wanted)
            parameter.grad = grad
            if grad is not None and value is not None:
                _copy_back([(grad, value)])
        for registry, entries in hooks:
            _same(registry, entries)

    return put


def _is_hooks(registry: Mapping[Any, Any], module: torch.nn.Module) -> bool:
    return any(registry is found for name, found in vars(module).items() if name.endswith("_hooks"))


def _optimizer(optimizer: torch.optim.Optimizer) -> PutBack:
    state = {key: _cloned(entry) for key, entry in optimizer.state.items()}
    groups = [
        (dict(group), {n: _cloned(v) for n, v in group.items() if n != "params"}) for group in optimizer.param_groups
    ]
    listed = list(optimizer.param_groups)

    def put() -> None:
        optimizer.state.clear()
        optimizer.state.update({key: _cloned(entry) for key, entry in state.items()})
        optimizer.param_groups[:] = listed
        for group, (objects, values) in zip(optimizer.param_groups, groups, strict=True):
            _same(group, objects)
            for name, value in values.items():
                if isinstance(value, torch.Tensor):
                    _copy_back([(objects[name], value)])  # a rate on the device: the same tensor, with its old value
                elif isinstance(value, list | dict | set):
                    group[name] = copy.deepcopy(value)

    return put


def _cloned(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    if isinstance(value, dict):
        return {key: _cloned(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_cloned(entry) for entry in value)
    return copy.deepcopy(value)


def _scaler(scaler: "torch.amp.GradScaler | None") -> PutBack:
    if scaler is None:
        return lambda: None
    state = scaler.state_dict()
    attributes = {k: v if isinstance(v, torch.Tensor) else copy.deepcopy(v) for k, v in vars(scaler).items()}

    def put() -> None:
        vars(scaler).update({k: v if isinstance(v, torch.Tensor) else copy.deepcopy(v) for k, v in attributes.items()})
        if scaler.is_enabled():
            scaler.load_state_dict(state)
            if attributes["_scale"] is None:  # not used before: the first use makes these anew
                vars(scaler).update(_scale=None, _growth_tracker=None)

    return put


def _loader(batches: Any) -> PutBack:
    """A loader that knows its position is put back there, and its own generators are wound back."""
    puts: list[PutBack] = []
    if hasattr(batches, "state_dict") and hasattr(batches, "load_state_dict"):
        position = copy.deepcopy(batches.state_dict())
        puts.append(lambda: batches.load_state_dict(position))
    inner = getattr(batches, "batch_sampler", None)
    owners = (batches, getattr(batches, "sampler", None), inner, getattr(inner, "sampler", None))
    generators_ = (getattr(owner, "generator", None) for owner in owners)
    found = {id(generator): generator for generator in generators_ if isinstance(generator, torch.Generator)}
    puts += [_generator(generator) for generator in found.values()]

    def put() -> None:
        for one in puts:
            one()

    return put


def _generator(generator: torch.Generator) -> PutBack:
    state = generator.get_state()

    def put() -> None:
        generator.set_state(state)

    return put


def _flags() -> PutBack:
    cudnn = torch.backends.cudnn
    benchmark, deterministic = cudnn.benchmark, cudnn.deterministic
    algorithms = torch.are_deterministic_algorithms_enabled()
    warn_only = torch.is_deterministic_algorithms_warn_only_enabled()
    grad = torch.is_grad_enabled()

    def put() -> None:
        cudnn.benchmark, cudnn.deterministic = benchmark, deterministic
        torch.use_deterministic_algorithms(algorithms, warn_only=warn_only)
        torch.set_grad_enabled(grad)

    return put


def _same(now: Any, before: Mapping[Any, Any]) -> None:
    """Make a dictionary hold the very objects it held, in their order."""
    if list(now.items()) != list(before.items()) if _plain(before) else True:
        now.clear()
        now.update(before)


def _plain(entries: Mapping[Any, Any]) -> bool:
    return not any(isinstance(value, torch.Tensor) for value in entries.values())


@torch.no_grad()
def _copy_back(values: list[tuple[torch.Tensor, torch.Tensor]]) -> None:
    for tensor, value in values:
        tensor.copy_(value)
