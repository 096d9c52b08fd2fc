"""The loop: rates, order, seeds, data, ends. Case numbers are those of the field's acceptance list."""

import functools
import gc
import itertools
import math
import multiprocessing
import subprocess
import sys
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, IterableDataset, TensorDataset

import lrscope
from lrscope import rangetest
from lrscope.curve import Point
from lrscope.errors import InvalidInput, RecipeError
from lrscope.grid import extended, grid
from lrscope.problem import Problem
from lrscope.rangetest import loop
from lrscope.rangetest.feeding import Feed, to_device
from lrscope.rangetest.pending import Pending
from lrscope.spec import SweepSpec
from lrscope_workers.recipes.digits import digits_clean

CPU = torch.device("cpu")


def data(n: int = 64) -> TensorDataset:
    generator = torch.Generator().manual_seed(7)
    x = torch.randn(n, 4, generator=generator)
    return TensorDataset(x, (x.sum(1) > 0).long())


def problem(batches: Iterable[Any] | None = None, loss_fn: Any = F.cross_entropy, **optimizer: Any) -> Problem:
    model = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.1), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 2))
    sgd = torch.optim.SGD(model.parameters(), **{"lr": 1.0, "momentum": 0.9, **optimizer})
    return Problem(model, sgd, loss_fn, DataLoader(data(), 16, shuffle=True) if batches is None else batches)


@lrscope.recipe
def toy() -> Problem:
    return problem()


def spec(**given: Any) -> SweepSpec:
    return SweepSpec(**{"recipe": "toy", "num_iter": 30, "diverge_ratio": None, **given})


def ended(sweep: Generator[Point, None, rangetest.Outcome]) -> tuple[int, rangetest.Outcome]:
    """How many points came, and how it ended."""
    count = 0
    while True:
        try:
            next(sweep)
        except StopIteration as end:
            return count, end.value
        count += 1


def swept(problem: Problem, **given: Any) -> tuple[list[Point], rangetest.Outcome]:
    points: list[Point] = []
    sweep = rangetest.run(problem, spec(**given))
    while True:
        try:
            points.append(next(sweep))
        except StopIteration as end:
            return points, end.value


def by_hand(steps: SweepSpec) -> list[tuple[float, float]]:
    """The same training as plain torch writes it."""
    rangetest.seed_everything(steps.seed)
    task = problem()
    batches = itertools.chain.from_iterable(itertools.repeat(task.batches))
    pairs = []
    for lr in grid(steps).tolist():
        task.optimizer.param_groups[0]["lr"] = lr
        x, y = next(batches)
        task.optimizer.zero_grad()
        loss = F.cross_entropy(task.model(x), y)
        torch.autograd.backward(loss)
        task.optimizer.step()
        pairs.append((lr, loss.item()))
    return pairs


def test_every_point_is_what_a_plain_training_loop_gives_bit_for_bit() -> None:
    points, outcome = swept(rangetest.build(toy, spec(), "cpu"))
    assert outcome == "done"
    assert [point.step for point in points] == list(range(30))
    assert [(point.lr, point.loss) for point in points] == by_hand(spec())


def test_case_4_a_point_has_the_rate_that_was_in_the_optimizer_at_its_forward_pass() -> None:
    seen: list[float] = []

    def noting(out: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        seen.append(task.optimizer.param_groups[0]["lr"])
        return F.cross_entropy(out, y)

    task = problem(loss_fn=noting, lr=0.5)
    points, _ = swept(task, start_lr=1e-5)
    assert seen[0] == 1e-5
    assert [point.lr for point in points] == seen


def test_case_13_a_seed_is_a_curve_bit_for_bit_and_another_seed_another_one() -> None:
    curves = [swept(rangetest.build(toy, spec(seed=seed), "cpu"), seed=seed)[0] for seed in (0, 0, 0, 1)]
    assert curves[0] == curves[1] == curves[2]
    assert curves[0] != curves[3]


def test_case_17_the_groups_keep_their_ratio_at_every_rung() -> None:
    model = nn.Linear(4, 2)
    groups = [{"params": [model.weight], "lr": 0.1}, {"params": [model.bias], "lr": 1.0}]
    sgd = torch.optim.SGD(groups, lr=1.0)
    seen: list[tuple[float, float]] = []

    def noting(out: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        seen.append((sgd.param_groups[0]["lr"], sgd.param_groups[1]["lr"]))
        return F.cross_entropy(out, y)

    points, _ = swept(Problem(model, sgd, noting, DataLoader(data(), 16)))
    assert [first for first, _ in seen] == [point.lr for point in points]
    assert all(second == pytest.approx(10 * first) for first, second in seen)


def test_a_rate_that_is_a_tensor_stays_one() -> None:
    task = problem(lr=torch.tensor(1.0), foreach=False)
    points, _ = swept(task)
    (group,) = task.optimizer.param_groups
    assert isinstance(group["lr"], torch.Tensor)
    assert group["lr"].item() == pytest.approx(points[-1].lr)


class Stream(IterableDataset[Any]):
    def __iter__(self) -> Iterator[Any]:
        yield from iter(data(40))


@pytest.mark.parametrize(
    "batches",
    [
        DataLoader(data(40), 10, shuffle=True),
        DataLoader(Stream(), 10),
        [(torch.ones(4, 4), torch.ones(4).long())],
    ],
)
def test_case_16_a_short_loader_is_walked_again_whether_or_not_it_has_a_length(batches: Iterable[Any]) -> None:
    points, outcome = swept(problem(batches))
    assert (len(points), outcome) == (30, "done")


def test_a_shuffling_loader_shuffles_anew_each_time() -> None:
    loader = DataLoader(TensorDataset(torch.arange(8.0)), 8, shuffle=True)
    feed = Feed(loader, CPU)
    assert next(feed)[0].tolist() != next(feed)[0].tolist()


@pytest.mark.parametrize("batches", [iter([(torch.ones(4, 4), torch.ones(4).long())] * 3), []])
def test_data_that_can_be_walked_once_only_is_told_with_the_way_out(batches: Any) -> None:
    with pytest.raises(RecipeError, match="DataLoader"):
        swept(Problem((task := problem()).model, task.optimizer, F.cross_entropy, batches))


def rising(at: int, value: float) -> Any:
    """A loss function that is the true one until its call number `at`, and `value` from there on."""
    calls = itertools.count()

    def loss(out: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        true = F.cross_entropy(out, y)
        return true if next(calls) < at else true * 0 + value

    return loss


def test_case_10_a_loss_that_is_not_finite_ends_the_sweep_at_its_step() -> None:
    points, outcome = swept(problem(loss_fn=rising(21, math.nan)), num_iter=60)
    assert outcome == "diverged"
    assert len(points) == 22
    assert math.isnan(points[21].loss)


@pytest.mark.parametrize("lag", [0, 1, 4])
def test_case_15_a_divergence_ends_the_curve_at_the_step_that_showed_it(
    lag: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a lag losses are read late, as from a GPU: steps after the divergence have been trained already."""
    monkeypatch.setattr(loop, "Pending", functools.partial(Pending, lag=lag))
    calls = rising(33, 1000.0)
    sweep = rangetest.run(problem(loss_fn=calls), spec(num_iter=60, diverge_ratio=4.0))
    assert [point.step for point in sweep] == list(range(34))


@pytest.mark.parametrize("lag", [0, 1, 4, 99])
def test_no_point_is_lost_however_late_it_is_read(lag: int, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = swept(rangetest.build(toy, spec(), "cpu"))
    monkeypatch.setattr(loop, "Pending", functools.partial(Pending, lag=lag))
    assert swept(rangetest.build(toy, spec(), "cpu")) == expected


def test_case_15_without_a_ratio_there_are_exactly_as_many_points_as_asked_for() -> None:
    points, outcome = swept(problem(loss_fn=rising(10, 1e6)), num_iter=60)
    assert (len(points), outcome) == (60, "done")


def test_a_cancelled_sweep_stops_before_its_next_step() -> None:
    asked = itertools.count()
    sweep = rangetest.run(problem(), spec(), cancelled=lambda: next(asked) == 5)
    assert ended(sweep) == (5, "cancelled")


def test_every_tensor_of_a_nested_batch_is_moved_and_nothing_else() -> None:
    moved = to_device({"x": [torch.ones(2), (torch.ones(1), "text")], "n": 3}, torch.device("meta"))
    assert moved["x"][0].device.type == moved["x"][1][0].device.type == "meta"
    assert (moved["x"][1][1], moved["n"]) == ("text", 3)


def test_the_model_is_trained_in_train_mode() -> None:
    task = problem()
    task.model.eval()
    swept(task)
    assert task.model.training


@lrscope.recipe
def not_a_problem() -> Problem:
    return "a problem"  # type: ignore[return-value]


@lrscope.recipe
def no_rate() -> Problem:
    return problem(lr=0.0)


@pytest.mark.parametrize(("recipe", "told"), [(not_a_problem, "str"), (no_rate, "positive")])
def test_a_recipe_that_builds_no_usable_problem_is_told_why(recipe: Any, told: str) -> None:
    with pytest.raises(RecipeError, match=told):
        rangetest.build(recipe, spec(), "cpu")


def test_a_parameter_that_the_recipe_does_not_take_is_named() -> None:
    with pytest.raises(InvalidInput, match="width"):
        rangetest.build(toy, spec(params={"width": 3}), "cpu")


def test_the_processes_of_a_loader_are_gone_after_the_test() -> None:
    before = set(multiprocessing.active_children())
    loader = DataLoader(data(), 16, num_workers=2)
    assert len(swept(problem(loader), num_iter=6)[0]) == 6
    gc.collect()
    assert not [child for child in multiprocessing.active_children() if child not in before]


def test_the_same_seed_gives_the_same_curve_in_another_process() -> None:
    code = (
        "from tests.core.test_rangetest import *\n"
        "print([p.loss for p in swept(rangetest.build(toy, spec(), 'cpu'))[0]])"
    )
    there = subprocess.check_output([sys.executable, "-c", code], text=True, cwd=Path(__file__).parents[2])
    assert there.strip() == str([point.loss for point in swept(rangetest.build(toy, spec(), "cpu"))[0]])


def test_an_extended_sweep_trains_the_old_steps_again_bit_for_bit_and_goes_on() -> None:
    old = SweepSpec(recipe="digits-clean", num_iter=30, end_lr=1e-2, seed=4)
    longer = extended(old, old.start_lr, 1.0)
    curves = [
        [(p.lr, p.loss) for p in rangetest.run(rangetest.build(digits_clean, s, "cpu"), s)] for s in (old, longer)
    ]
    assert curves[1][:30] == curves[0]
    assert len(curves[1]) > 30
