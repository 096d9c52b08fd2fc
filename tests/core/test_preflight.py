"""What is looked at before the first step."""

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, IterableDataset, TensorDataset

from lrscope.errors import RecipeError
from lrscope.problem import Problem
from lrscope.rangetest import RangeTest
from lrscope.spec import SweepSpec

DATA = [(torch.ones(8, 4), torch.ones(8).long())] * 200
SPEC = SweepSpec(recipe="r", num_iter=100)


def net(dropout: float = 0.0) -> nn.Sequential:
    return nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4), nn.Dropout(dropout), nn.Linear(4, 2))


def warnings(model: nn.Module | None = None, optimizer: Any = None, loss_fn: Any = F.cross_entropy, **more: Any) -> str:
    model = model or net()
    optimizer = optimizer or torch.optim.SGD(model.parameters(), lr=1.0)
    problem = Problem(**{"model": model, "optimizer": optimizer, "loss_fn": loss_fn, "batches": DATA, **more})
    return " ".join(RangeTest(problem, SPEC).prepare())


def test_a_healthy_training_gets_no_warning_and_is_not_touched() -> None:
    model = net(0.5)
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    state = torch.get_rng_state()
    assert warnings(model) == ""
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())
    assert torch.equal(torch.get_rng_state(), state)
    assert all(p.grad is None for p in model.parameters())


def test_a_scheduler_at_the_optimizer_is_noticed() -> None:
    model = net()
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    torch.optim.lr_scheduler.StepLR(optimizer, 10)
    assert "scheduler" in warnings(model, optimizer)


class Prodigy(torch.optim.SGD):
    pass


class AdamWScheduleFree(torch.optim.SGD):
    pass


@pytest.mark.parametrize("kind", [Prodigy, AdamWScheduleFree])
def test_an_optimizer_that_sets_its_own_rate_is_named(kind: Any) -> None:
    model = net()
    assert f"{kind.__name__} sets its own" in warnings(model, kind(model.parameters(), lr=1.0))


def test_parameters_that_are_not_trained_are_named() -> None:
    model = net()
    assert "1.weight, 1.bias, 3.weight and 1 more" in warnings(model, torch.optim.SGD(model[0].parameters(), lr=1.0))
    assert "none of the model's" in warnings(model, torch.optim.SGD(net().parameters(), lr=1.0))
    frozen = net()
    frozen[0].requires_grad_(False)
    assert "requires a gradient" in warnings(frozen, torch.optim.SGD(frozen[0].parameters(), lr=1.0))


def test_parameters_that_the_loss_does_not_depend_on_are_named() -> None:
    model = net()
    unused = nn.Linear(3, 3)
    model.unused = unused
    sequence = list(model)[:4]

    def step(_: nn.Module, batch: Any) -> torch.Tensor:
        out = batch[0]
        for layer in sequence:
            out = layer(out)
        return F.cross_entropy(out, batch[1])

    assert "does not depend on unused.weight, unused.bias" in warnings(model, loss_fn=None, step=step)


@pytest.mark.parametrize(
    ("loss_fn", "told"),
    [
        (nn.CrossEntropyLoss(reduction="sum"), "sum over the batch"),
        (lambda out, y: F.cross_entropy(out, y) - 100, "negative"),
    ],
)
def test_a_loss_of_an_odd_kind_is_noticed(loss_fn: Any, told: str) -> None:
    assert told in warnings(loss_fn=loss_fn)


def test_data_that_is_seen_again_and_again_is_noticed() -> None:
    assert "10 batches and the test takes 100" in warnings(batches=DATA[:10])
    assert "takes 200" in warnings(batches=DATA[:10], accumulate=2)
    assert "dropout alone" in warnings(net(0.5), batches=DATA[:1])


class Stream(IterableDataset[tuple[torch.Tensor, torch.Tensor]]):
    """Never ends, and has no length."""

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        while True:
            yield DATA[0]


class Refusing(Stream):
    def __len__(self) -> int:
        raise NotImplementedError


class BeyondCounting(Stream):
    def __len__(self) -> int:
        return 2**70


@pytest.mark.parametrize("stream", [Stream, Refusing, BeyondCounting])
def test_a_stream_does_not_repeat_itself_and_is_not_warned_of(stream: type[Stream]) -> None:
    assert warnings(batches=stream()) == ""


class Ending(IterableDataset[tuple[torch.Tensor, torch.Tensor]]):
    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        yield from DATA[:10]


def learnt(batches: Any) -> str:
    model = net()
    problem = Problem(model, torch.optim.SGD(model.parameters(), lr=0.1), F.cross_entropy, batches)
    test = RangeTest(problem, SweepSpec(recipe="r", num_iter=30, end_lr=1e-3))
    test.prepare()
    assert len(list(test.run())) == 30
    return " ".join(test.learnt())


def test_that_a_stream_ended_and_was_seen_again_is_told_by_the_run() -> None:
    assert "10 batches and the test takes 30: each is seen 3 times" in learnt(Ending())
    assert learnt(Stream()) == ""
    assert learnt(DATA[:10]) == ""  # which was told before the first step


def test_a_model_in_eval_mode_is_noticed_and_left_so() -> None:
    model = net().eval()
    assert "eval mode" in warnings(model)
    assert not model.training


def test_a_compiled_model_is_compiled_before_the_first_step() -> None:
    compiled: Any = torch.compile(net(), backend="eager")
    assert "compiled" in warnings(compiled)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"model": net().requires_grad_(False)}, "frozen"),
        ({"loss_fn": lambda out, y: F.cross_entropy(out, y).detach()}, "does not depend on any"),
        ({"loss_fn": lambda out, y: F.cross_entropy(out, y, reduction="none")}, r"\(8,\)"),
    ],
)
def test_what_cannot_work_is_refused_before_the_first_step(given: dict[str, Any], told: str) -> None:
    with pytest.raises(RecipeError, match=told):
        warnings(**given)


def test_an_optimizer_with_a_closure_is_refused_where_it_cannot_be_stepped() -> None:
    model = net()
    with pytest.raises(RecipeError, match="LBFGS"):
        warnings(model, torch.optim.LBFGS(model.parameters()), accumulate=2)


def test_looking_first_changes_no_curve_and_takes_no_batch() -> None:
    def curve(look: bool) -> list[float]:
        torch.manual_seed(0)
        model = net(0.3)
        x = torch.randn(40, 4)
        loader = DataLoader(TensorDataset(x, (x.sum(1) > 0).long()), 8, shuffle=True)
        optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
        test = RangeTest(
            Problem(model, optimizer, F.cross_entropy, iter(loader)), SPEC.model_copy(update={"num_iter": 5})
        )
        if look:
            test.prepare()
        return [point.loss for point in test.run()]

    assert curve(look=True) == curve(look=False)
