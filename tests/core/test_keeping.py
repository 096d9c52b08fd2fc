"""Everything is put back as it was: proven by a fingerprint of the whole state, however the test ends."""

import copy
import hashlib
import os
import pickle
import random
import signal
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from lrscope import rangetest
from lrscope.problem import Problem
from lrscope.rangetest import kept
from lrscope.spec import SweepSpec

SPEC = SweepSpec(recipe="r", num_iter=30, diverge_ratio=4.0)
OPTIMIZERS: dict[str, Callable[[Any], torch.optim.Optimizer]] = {
    "SGD": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
    "Adam": lambda p: torch.optim.Adam(p, lr=1e-3, amsgrad=True),
    "tensor rate": lambda p: torch.optim.Adam(p, lr=torch.tensor(1e-3), foreach=False),
    "scheduled": lambda p: scheduled(torch.optim.SGD(p, lr=0.1, momentum=0.9)),
}


def scheduled(optimizer: torch.optim.Optimizer) -> torch.optim.Optimizer:
    torch.optim.lr_scheduler.StepLR(optimizer, 10)
    return optimizer


def trained(make: Callable[[Any], torch.optim.Optimizer]) -> Problem:
    """A problem in the middle of its training: weights moved, optimizer state there, gradients left over."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Dropout(0.2), nn.ReLU(), nn.Linear(8, 2))
    model[0].bias.requires_grad_(False)
    model[2].eval()
    x = torch.randn(64, 4)
    shuffle = torch.Generator().manual_seed(5)
    loader = DataLoader(TensorDataset(x, (x.sum(1) > 0).long()), 16, shuffle=True, generator=shuffle)
    optimizer = make([{"params": model[0].parameters(), "lr": 0.01}, {"params": model[4].parameters()}])
    problem = Problem(
        model, optimizer, F.cross_entropy, loader, precision="fp16", scaler=torch.amp.GradScaler("cpu"),
        val_batches=loader, norms=True,
    )  # fmt: skip
    for x, y in loader:
        optimizer.zero_grad()
        torch.autograd.backward(F.cross_entropy(model(x), y))
        optimizer.step()
    return problem


def fingerprint(problem: Problem) -> str:
    """Of everything that a later training could notice."""
    model, optimizer = problem.model, problem.optimizer
    assert problem.scaler is not None
    state: list[Any] = [
        [(name, tensor.tolist()) for name, tensor in model.state_dict().items()],
        [(p.requires_grad, None if p.grad is None else p.grad.tolist()) for p in model.parameters()],
        [module.training for module in model.modules()],
        [sorted(registry) for m in model.modules() for name, registry in vars(m).items() if name.endswith("_hooks")],
        optimizer.state_dict(),
        problem.scaler.state_dict(),
        random.getstate(),
        np.random.get_state()[1].tolist(),  # type: ignore[index]
        torch.get_rng_state().tolist(),
        problem.batches.generator.get_state().tolist(),  # type: ignore[attr-defined]
        torch.are_deterministic_algorithms_enabled(),
        torch.is_grad_enabled(),
    ]
    return hashlib.sha256(pickle.dumps(_bare(state))).hexdigest()


def _bare(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.tolist()
    if isinstance(value, dict):
        return [(key, _bare(entry)) for key, entry in value.items()]
    if isinstance(value, list | tuple):
        return [_bare(entry) for entry in value]
    return value


class Stop(Exception):
    pass


def interrupted(problem: Problem, at: int, error: type[BaseException]) -> None:
    for point in rangetest.run(problem, SPEC):
        if point.step == at:
            raise error


ENDS: dict[str, Callable[[Problem], Any]] = {
    "normal": lambda problem: list(rangetest.run(problem, SPEC.model_copy(update={"end_lr": 1e-3}))),
    "divergence": lambda problem: list(
        rangetest.run(problem, SPEC.model_copy(update={"start_lr": 1.0, "end_lr": 1e4}))
    ),
    "cancelled": lambda problem: list(rangetest.run(problem, SPEC, cancelled=lambda: True)),
    "preflight": lambda problem: rangetest.RangeTest(problem, SPEC).prepare(),
    "first step": lambda problem: interrupted(problem, 0, Stop),
    "step 20": lambda problem: interrupted(problem, 20, Stop),
    "interrupt": lambda problem: interrupted(problem, 3, KeyboardInterrupt),
    "exit": lambda problem: interrupted(problem, 3, SystemExit),
    "flags": lambda problem: torch.use_deterministic_algorithms(True),
    "frozen": lambda problem: problem.model.requires_grad_(False),
    "hook": lambda problem: problem.model.register_forward_hook(lambda *_: None),
    "group": lambda problem: problem.optimizer.add_param_group({"params": [torch.zeros(1)]}),
}


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("end", ENDS)
def test_case_12_the_state_after_is_the_state_before(optimizer: str, end: str) -> None:
    problem = trained(OPTIMIZERS[optimizer])
    before = fingerprint(problem)
    parameters = [id(p) for p in problem.model.parameters()]
    try:
        with kept(problem):
            ENDS[end](problem)
    except (Stop, KeyboardInterrupt, SystemExit):
        pass
    assert fingerprint(problem) == before
    assert [id(p) for p in problem.model.parameters()] == parameters


def test_training_goes_on_as_if_nothing_had_been() -> None:
    one, other = (trained(OPTIMIZERS["Adam"]) for _ in range(2))
    with kept(other):
        list(rangetest.run(other, SPEC))
    torch.manual_seed(1)
    first = [point.loss for point in rangetest.run(one, SPEC)]
    torch.manual_seed(1)
    assert [point.loss for point in rangetest.run(other, SPEC)] == first


def test_it_can_be_put_back_in_the_middle_too() -> None:
    problem = trained(OPTIMIZERS["SGD"])
    with kept(problem) as put_back:
        curves = []
        for _ in range(2):
            curves.append([point.loss for point in rangetest.run(problem, SPEC)])
            put_back()
    assert curves[0] == curves[1]


def test_a_signal_in_the_middle_of_a_step_leaves_no_trace(request: pytest.FixtureRequest) -> None:
    started_with = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background ignores it
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, started_with))
    problem = trained(OPTIMIZERS["Adam"])
    before = fingerprint(problem)
    timer = threading.Timer(0.05, lambda: os.kill(os.getpid(), signal.SIGINT))

    def forever() -> None:
        timer.start()
        while True:
            list(rangetest.run(problem, SPEC))

    with pytest.raises(KeyboardInterrupt), kept(problem):
        forever()
    assert fingerprint(problem) == before


def test_a_loader_that_knows_its_position_is_put_back_there() -> None:
    class Stateful(list[Any]):
        position = 3

        def state_dict(self) -> dict[str, int]:
            return {"position": self.position}

        def load_state_dict(self, state: dict[str, int]) -> None:
            self.position = state["position"]

    task = trained(OPTIMIZERS["SGD"])
    loader = Stateful([(torch.ones(4, 4), torch.ones(4).long())])
    problem = Problem(task.model, task.optimizer, F.cross_entropy, loader)
    with kept(problem):
        loader.position = 9
    assert loader.position == 3


def test_no_file_is_written(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    problem = copy.deepcopy(trained(OPTIMIZERS["SGD"]))
    with kept(problem):
        list(rangetest.run(problem, SPEC))
    assert list(tmp_path.iterdir()) == []
