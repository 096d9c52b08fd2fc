"""Every kind of training: how a batch becomes a loss, accumulation, precision, clipping, what is measured beside."""

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from lrscope import rangetest
from lrscope.curve import Curve
from lrscope.errors import InvalidInput, RecipeError
from lrscope.grid import extended, lr_at
from lrscope.problem import Problem
from lrscope.rangetest.rates import Rates
from lrscope.spec import SweepSpec

X = torch.randn(32, 4, generator=torch.Generator().manual_seed(1))
Y = (X.sum(1) > 0).long()
SPEC = SweepSpec(recipe="r", num_iter=12, start_lr=1e-4, end_lr=0.1, diverge_ratio=None)


class Two(nn.Module):
    """Takes one input or two, by position or by name."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(3)
        self.linear = nn.Linear(4, 2)

    def forward(self, a: torch.Tensor, b: torch.Tensor | None = None) -> torch.Tensor:
        out: torch.Tensor = self.linear(a if b is None else a + b)
        return out


class Returning(Two):
    """Returns its loss, in one of the ways models do."""

    def __init__(self, way: str) -> None:
        super().__init__()
        self.way = way

    def forward(self, a: Any, labels: Any) -> Any:  # type: ignore[override]
        loss = F.cross_entropy(self.linear(a), labels)
        ways = {
            "attribute": SimpleNamespace(loss=loss, logits=None),
            "key": {"loss": loss, "logits": self.linear(a)},
            "tuple": (loss, None),
            "bare": loss,
            "parts": {"one": loss / 2, "other": loss / 2},
        }
        return ways[self.way]


def swept(model: nn.Module, batches: Any, loss_fn: Any = None, *, optimizer: Any = None, **more: Any) -> Curve:
    sgd = optimizer or torch.optim.SGD(model.parameters(), lr=1.0)
    problem = Problem(model, sgd, loss_fn, batches, **more)
    return Curve.of(rangetest.run(problem, SPEC), problem.series)


PLAIN = [float(v) for v in swept(Two(), [(X, Y)], F.cross_entropy).loss]


@pytest.mark.parametrize(
    "batch",
    [(X, Y), [X, Y], ((X,), Y), ({"a": X}, Y), ((X - 1, torch.ones_like(X)), Y), (X - 1, torch.ones_like(X), Y)],
)
def test_inputs_are_tensors_tuples_dicts_or_several(batch: Any) -> None:
    assert swept(Two(), [batch], F.cross_entropy).loss.tolist() == pytest.approx(PLAIN, rel=1e-5)


@pytest.mark.parametrize("way", ["attribute", "key", "tuple", "bare", "parts"])
@pytest.mark.parametrize("batch", [(X, Y), {"a": X, "labels": Y}])
def test_a_model_may_return_its_loss(way: str, batch: Any) -> None:
    assert swept(Returning(way), [batch]).loss.tolist() == pytest.approx(PLAIN, rel=1e-5)


def test_losses_of_several_heads_are_summed() -> None:
    def heads(out: torch.Tensor, y: torch.Tensor) -> dict[str, torch.Tensor]:
        return {"a": 0.25 * F.cross_entropy(out, y), "b": 0.75 * F.cross_entropy(out, y)}

    assert swept(Two(), [(X, Y)], heads).loss.tolist() == pytest.approx(PLAIN, rel=1e-5)


def test_a_step_of_ones_own_takes_any_batch() -> None:
    def step(model: nn.Module, batch: Any) -> torch.Tensor:
        return F.cross_entropy(model(batch["picture"]), batch["truth"][0])

    batch = {"picture": X, "truth": [Y], "name": "kept as it is"}
    assert swept(Two(), [batch], step=step).loss.tolist() == PLAIN


def test_case_21_a_batch_that_the_step_skips_costs_no_point() -> None:
    def step(model: nn.Module, batch: Any) -> torch.Tensor | None:
        return None if batch == "broken" else F.cross_entropy(model(batch[0]), batch[1])

    curve = swept(Two(), [(X, Y), "broken", (X, Y), "broken", "broken"], step=step)
    assert len(curve) == SPEC.num_iter
    assert curve.loss.tolist() == PLAIN
    with pytest.raises(RecipeError, match="None"):
        swept(Two(), ["broken"], step=step)


@pytest.mark.parametrize(
    ("model", "batch", "loss_fn", "told"),
    [
        (Two(), X, F.cross_entropy, "step"),
        (Two(), {"a": X}, F.cross_entropy, "keys a"),
        (Two(), (X, Y), lambda out, y: [], "one number"),
        (nn.Flatten(), 3, None, "flatten|int"),
    ],
)
def test_what_gives_no_loss_is_told_with_the_way_out(model: Any, batch: Any, loss_fn: Any, told: str) -> None:
    sgd = torch.optim.SGD(nn.Linear(1, 1).parameters(), lr=1.0)
    with pytest.raises((RecipeError, AttributeError), match=told):
        list(rangetest.run(Problem(model, sgd, loss_fn, [batch]), SPEC))


def test_case_14_accumulation_takes_more_batches_and_gives_as_many_points() -> None:
    taken: list[int] = []

    class Batches:
        def __iter__(self) -> Any:
            for k in range(100):
                taken.append(k)
                half = slice(16 * (k % 2), 16 * (k % 2) + 16)
                yield X[half], Y[half]

    curve = swept(Two(), Batches(), F.cross_entropy, accumulate=2)
    assert len(taken) == 2 * SPEC.num_iter
    assert curve.loss.tolist() == pytest.approx(PLAIN, rel=1e-5)  # two halves are the whole


def test_gradients_are_clipped_before_the_update() -> None:
    model = Two()
    norms = []

    class Noting(torch.optim.SGD):
        def step(self, closure: Any = None) -> Any:
            norms.append(
                torch.nn.utils.get_total_norm([p.grad for p in model.parameters() if p.grad is not None]).item()
            )
            return super().step(closure)

    swept(model, [(X, Y)], F.cross_entropy, optimizer=Noting(model.parameters(), lr=1.0), clip_norm=0.01)
    assert max(norms) == pytest.approx(0.01, rel=1e-3)


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
def test_case_18_mixed_precision_gives_nearly_the_same_curve(precision: Any) -> None:
    curve = swept(Two(), [(X, Y)], F.cross_entropy, precision=precision)
    assert curve.loss.tolist() == pytest.approx(PLAIN, rel=0.03)
    assert list(curve.series) == (["skipped"] if precision == "fp16" else [])


def test_a_step_that_the_scaler_skipped_is_marked() -> None:
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**22, growth_interval=1000)
    curve = swept(Two(), [(X, Y)], F.cross_entropy, precision="fp16", scaler=scaler)
    assert curve.series["skipped"][0] == 1
    assert curve.series["skipped"][-1] == 0
    assert np_all_equal(curve.loss[: int(curve.series["skipped"].sum())])


def np_all_equal(values: Any) -> bool:
    return bool((values == values[0]).all())


def test_case_22_validation_loss_and_other_series_are_recorded_beside_the_loss() -> None:
    def accuracy(out: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return (out.argmax(1) == y).float().mean()

    held_out = [(X[:8], Y[:8]), (X[8:16], Y[8:16])]
    curve = swept(
        Two(), [(X, Y)], F.cross_entropy, metric=accuracy, norms=True, val_batches=held_out, val_every=5, accumulate=2
    )
    assert list(curve.series) == ["accuracy", "grad_norm", "update_ratio", "val_loss"]
    assert all(len(column) == SPEC.num_iter for column in curve.series.values())
    assert 0 < curve.series["accuracy"][0] < 1
    assert curve.series["grad_norm"][0] > 0
    ratio = curve.series["update_ratio"] / (curve.lr * curve.series["grad_norm"])
    assert ratio.tolist() == pytest.approx([ratio[0]] * len(ratio), rel=0.1)  # SGD: the update is lr times the gradient
    measured = [k for k, value in enumerate(curve.series["val_loss"]) if math.isfinite(value)]
    assert measured == [0, 5, 10]
    assert len({curve.series["val_loss"][k] for k in measured}) == 3  # case 22
    assert curve.loss.tolist() == pytest.approx(PLAIN, rel=1e-5)  # and nothing else moves


def test_validation_leaves_the_modes_and_the_statistics_alone() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4), nn.Dropout(0.5), nn.Linear(4, 2))
    model[2].eval()
    seen: list[tuple[bool, bool]] = []

    def loss_fn(out: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        seen.append((model[1].training, model[2].training))
        return F.cross_entropy(out, y)

    swept(model, [(X, Y)], loss_fn, val_batches=[(X, Y)], val_every=3)
    assert set(seen) == {(True, False), (False, False)}
    assert (model.training, model[1].training, model[2].training) == (True, True, False)
    assert int(model.state_dict()["1.num_batches_tracked"]) == SPEC.num_iter


def test_an_optimizer_with_a_closure_is_swept_by_its_first_loss() -> None:
    model = Two()
    optimizer = torch.optim.LBFGS(model.parameters(), lr=1.0, max_iter=2)
    curve = swept(model, [(X, Y)], F.cross_entropy, optimizer=optimizer)
    assert curve.loss[0] == PLAIN[0]
    assert curve.loss[-1] < PLAIN[-1]


def test_groups_may_have_ranges_of_their_own() -> None:
    model = Two()
    groups: list[dict[str, Any]] = [{"params": [model.linear.weight]}, {"params": [model.linear.bias]}]
    sgd = torch.optim.SGD(groups, lr=1.0)
    seen: list[tuple[float, float]] = []

    def loss_fn(out: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        seen.append((sgd.param_groups[0]["lr"], sgd.param_groups[1]["lr"]))
        return F.cross_entropy(out, y)

    swept(model, [(X, Y)], loss_fn, optimizer=sgd, group_ranges=[(1e-4, 0.1), (1e-6, 1e-5)])
    assert (seen[0], seen[-1]) == ((1e-4, 1e-6), (0.1, 1e-5))


def test_the_groups_of_an_extended_sweep_run_through_their_own_ranges_in_its_steps() -> None:
    """Its swept rates walk along the rungs of the sweep that it extends; a group's own range has none of those."""
    model = Two()
    groups: list[dict[str, Any]] = [{"params": [model.linear.weight]}, {"params": [model.linear.bias]}]
    sgd = torch.optim.SGD(groups, lr=1.0)
    problem = Problem(model, sgd, F.cross_entropy, [(X, Y)], group_ranges=[(1e-4, 0.1), (1e-6, 1e-5)])
    longer = extended(SPEC, 1e-5, 1.0)
    rates = Rates(problem, longer)
    walked = []
    for step in range(longer.num_iter):
        assert rates.set(step) == lr_at(longer, step)
        walked.append([group["lr"] for group in sgd.param_groups])
    for (start, end), column in zip(problem.group_ranges or (), np.array(walked).T, strict=True):
        np.testing.assert_allclose(column, np.geomspace(start, end, longer.num_iter), rtol=1e-9)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"accumulate": 0}, "accumulate"),
        ({"clip_norm": 0.0}, "clip_norm"),
        ({"precision": "fp8"}, "precision"),
        ({"val_every": 0}, "val_every"),
        ({"group_ranges": []}, "group_ranges"),
        ({"group_ranges": [(1.0, 0.1)]}, r"group_ranges\[0\]"),
        ({"step": lambda m, b: None}, "not both"),
        ({"batches": ()}, "batches"),
    ],
)
def test_a_problem_that_is_none_is_told_by_its_field(wrong: dict[str, Any], told: str) -> None:
    model = Two()
    sgd = torch.optim.SGD(model.parameters(), lr=1.0)
    with pytest.raises((InvalidInput, RecipeError), match=told):
        Problem(**{"model": model, "optimizer": sgd, "loss_fn": F.cross_entropy, "batches": [(X, Y)], **wrong})
