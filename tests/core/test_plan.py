"""From a pick to a training: the rates that are drawn, and the code that sets them, run."""

import ast
import sys
from itertools import pairwise
from typing import Any, get_args

import pytest
import torch

from lrscope.errors import InvalidInput
from lrscope.plan import MEANING, NAMES, Plan, Schedule, example, rates, thinned
from lrscope.snippets import FRAMEWORKS, OPTIMIZERS, Framework, snippet

SCHEDULES: tuple[Schedule, ...] = get_args(Schedule)


def plan(schedule: Schedule, **fields: Any) -> Plan:
    return Plan(schedule=schedule, pick=0.03, **{"epochs": 20, "steps_per_epoch": 5, **fields})


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("optimizer", [*OPTIMIZERS, "Prodigy", None])
def test_the_pytorch_code_trains_at_the_rates_that_are_drawn(schedule: Schedule, optimizer: str | None) -> None:
    asked, seen = plan(schedule), []
    metrics = iter(example(asked.epochs))

    def loss_fn(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        seen.append(given["optimizer"].param_groups[0]["lr"])
        return 1e-6 * (output - target).square().mean()

    given: dict[str, Any] = {
        "model": torch.nn.Linear(2, 1),
        "train_loader": [(torch.ones(3, 2), torch.ones(3, 1))] * asked.steps_per_epoch,
        "loss_fn": loss_fn,
        "validate": lambda _model: next(metrics),
    }
    exec(snippet(asked, "pytorch", optimizer), given)
    assert seen == pytest.approx(rates(asked), rel=1e-6, abs=1e-12)
    assert type(given["optimizer"]).__name__ == (optimizer if optimizer in OPTIMIZERS else "AdamW")


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_lightning_code_makes_the_same_schedule(schedule: Schedule) -> None:
    asked, given = plan(schedule), dict[str, Any]()
    exec(snippet(asked, "lightning", "SGD"), given)
    model = given["Model"]()
    model.layer = torch.nn.Linear(2, 1)
    made = model.configure_optimizers()
    assert given["trainer"].max_epochs == asked.epochs
    if schedule == "constant":
        assert made.param_groups[0]["lr"] == rates(asked)[0]
        return
    told, optimizer = made["lr_scheduler"], made["optimizer"]
    each_step = told.get("interval") == "step"
    seen, metrics = [], iter(example(asked.epochs))
    for step in range(asked.steps):
        seen.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if each_step or (step + 1) % asked.steps_per_epoch == 0:
            told["scheduler"].step(*([next(metrics)] if told.get("monitor") == "val_loss" else []))
    assert seen == pytest.approx(rates(asked), rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_snippet_is_python_that_names_its_rate(schedule: Schedule, framework: Framework) -> None:
    code = snippet(plan(schedule), framework)
    found = [node.value for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant)]
    assert plan(schedule).lr in found
    assert max(map(len, code.splitlines())) <= 120


def test_fastais_stairs_go_down_where_torchs_do() -> None:
    asked, given = plan("step"), dict[str, Any]()
    tree = ast.parse(snippet(asked, "fastai"))
    stairs = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    exec(ast.unparse(stairs), given)
    assert [given["stairs"](step / asked.steps) for step in range(asked.steps)] == pytest.approx(rates(asked))


def test_huggingface_counts_the_stairs_in_steps() -> None:
    assert "step_size=35, gamma=0.1)  # in steps" in snippet(plan("step"), "huggingface")


def test_held_rates_are_a_third_of_the_pick_and_peaks_are_the_pick() -> None:
    peaks = {schedule: max(rates(plan(schedule))) for schedule in SCHEDULES}
    held = dict.fromkeys(("constant", "step", "plateau"), 0.01)
    assert peaks == pytest.approx({"one_cycle": 0.03, "warmup_cosine": 0.03, **held}, rel=0.02)


def test_the_example_of_a_plateau_lowers_the_rate() -> None:
    assert len(set(rates(plan("plateau")))) > 1


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_short_picture_keeps_the_ends_the_peak_and_the_jumps(schedule: Schedule) -> None:
    told = rates(plan(schedule, steps_per_epoch=500))
    points = dict(thinned(told))
    assert len(points) < 600
    assert points[0] == told[0]
    assert points[len(told) - 1] == told[-1]
    assert max(points.values()) == max(told)
    jumps = [at for at, (a, b) in enumerate(pairwise(told)) if b < a / 5 and schedule in ("step", "plateau")]
    assert all({at, at + 1} <= points.keys() for at in jumps)


def test_every_schedule_has_a_name_and_says_when_to_use_it() -> None:
    assert set(NAMES) == set(MEANING) == set(SCHEDULES)
    for name in ("one_cycle", "warmup_cosine"):
        assert "the pick" in MEANING[name]


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_shortest_training_is_drawn_or_refused_by_name(schedule: Schedule) -> None:
    short = plan(schedule, epochs=1, steps_per_epoch=1)
    if schedule == "warmup_cosine":
        with pytest.raises(InvalidInput, match="epochs: needs two steps"):
            rates(short)
    else:
        assert len(rates(short)) == 1


def test_a_training_too_long_to_draw_is_refused() -> None:
    with pytest.raises(InvalidInput, match="must be at most 1000000"):
        rates(plan("constant", epochs=10_000, steps_per_epoch=1_000))


def test_a_plan_needs_no_torch() -> None:
    for name in ("lrscope.plan", "lrscope.snippets"):
        assert "torch" not in vars(sys.modules[name])
