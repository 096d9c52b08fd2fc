"""range_test(): the same loop on the user's own objects, and what its curve can do."""

import math
import os
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.core.test_keeping import OPTIMIZERS, Stop, fingerprint, trained
from torch import nn
from torch.nn import functional as F

import lrscope
from lrscope.curve import Curve
from lrscope.errors import InvalidInput


def swept(**given: Any) -> tuple[Curve, str, str]:
    problem = trained(OPTIMIZERS["Adam"])
    before = fingerprint(problem)
    more: dict[str, Any] = {"precision": "fp16", "scaler": problem.scaler, **given}
    curve = lrscope.range_test(problem.model, problem.optimizer, F.cross_entropy, problem.batches, **more)
    return curve, before, fingerprint(problem)


def test_the_curve_is_there_and_model_optimizer_and_generators_are_as_before() -> None:
    curve, before, after = swept(num_iter=40, seed=3)
    assert 10 < len(curve) <= 40
    assert curve.lr[0] == 1e-7
    assert curve.optimizer == "Adam"
    assert before == after


def test_case_13_and_27_a_second_test_gives_the_same_curve_where_a_seed_is_given() -> None:
    curves = [swept(num_iter=20, seed=3)[0].loss.tolist() for _ in range(2)]
    assert curves[0] == curves[1]


def test_a_linear_sweep_may_be_asked_for_and_bounds_are_checked() -> None:
    curve, *_ = swept(mode="linear", start_lr=1e-4, end_lr=1e-3, num_iter=10)
    assert curve.lr[1] - curve.lr[0] == pytest.approx(1e-4)
    with pytest.raises(ValueError, match="num_iter"):
        swept(num_iter=1)


def test_an_error_in_the_training_leaves_everything_as_it_was() -> None:
    problem = trained(OPTIMIZERS["SGD"])
    before = fingerprint(problem)
    calls = iter(range(100))

    def loss_fn(out: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        if next(calls) == 7:
            raise Stop
        return F.cross_entropy(out, y)

    with pytest.raises(Stop):
        lrscope.range_test(problem.model, problem.optimizer, loss_fn, problem.batches, progress=True)
    assert fingerprint(problem) == before


SCRIPT = """
import os, signal, sys, time, torch, lrscope
from torch.nn import functional as F
model = torch.nn.Linear(4, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
before = model.weight.tolist()
def at_end(*_):
    print("as before" if model.weight.tolist() == before else "changed", optimizer.param_groups[0]["lr"], flush=True)
    os._exit(7)
signal.signal(signal.SIGTERM, at_end)
def slow():
    while True:
        print("step", flush=True)
        time.sleep(0.02)
        yield torch.ones(4, 4), torch.ones(4).long()
lrscope.range_test(model, optimizer, F.cross_entropy, slow(), num_iter=5000, diverge_ratio=None)
"""


def test_sigterm_puts_everything_back_before_it_takes_its_course() -> None:
    with subprocess.Popen([sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(5):
            assert process.stdout.readline() == "step\n"
        os.kill(process.pid, signal.SIGTERM)
        told = process.stdout.read().splitlines()
        assert process.wait(10) == 7
    assert told[-1] == "as before 0.1"


def test_a_curve_is_saved_and_loaded_as_it_was(tmp_path: Path) -> None:
    curve = Curve([1e-3, 1e-2], [1.0, math.nan], {"val_loss": [math.nan, 0.5]}).noted(optimizer="SGD", warnings=["w"])
    curve.save(tmp_path / "c.json")
    found = Curve.load(tmp_path / "c.json")
    assert found.lr.tolist() == [1e-3, 1e-2]
    assert math.isnan(found.loss[1])
    assert found.series["val_loss"][1] == 0.5
    assert (found.optimizer, found.warnings) == ("SGD", ("w",))
    (tmp_path / "c.json").write_text("[1]")
    with pytest.raises(InvalidInput, match=r"c\.json"):
        Curve.load(tmp_path / "c.json")


def test_a_curve_reads_and_draws_itself() -> None:
    torch.manual_seed(0)
    x = torch.randn(256, 4)
    model = nn.Linear(4, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    curve = lrscope.range_test(model, optimizer, F.cross_entropy, [(x, (x.sum(1) > 0).long())] * 2, end_lr=1e4)
    reading = curve.reading()
    assert any("batches" in warning for warning in reading.warnings)
    figure = curve.plot()
    assert figure.layout.xaxis.type == "log"
    assert len(figure.data) == 2
    assert Curve([1.0], [math.nan]).plot().data


def test_a_curve_becomes_a_dataframe_or_says_what_is_missing() -> None:
    curve = Curve([1.0, 2.0], [1.0, 0.5], {"grad_norm": [1.0, 1.0]})
    if find_spec("pandas") is None:
        with pytest.raises(ImportError, match="pip install pandas"):
            curve.to_dataframe()
    else:
        assert list(curve.to_dataframe()) == ["lr", "loss", "grad_norm"]


PARALLEL = """
import torch, lrscope
from torch.nn import functional as F
torch.manual_seed(0)
model = torch.nn.Linear(4, 2)
batches = [(torch.randn(8, 4), torch.randint(0, 2, (8,)))] * 4
curve = lrscope.range_test(model, torch.optim.Adam(model.parameters()), F.cross_entropy, batches, num_iter=200, seed=1)
print(curve.loss.tolist())
"""


def test_case_19_two_tests_at_once_from_one_folder_know_nothing_of_each_other(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARALLEL]
    both = [subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    one, other = (process.communicate(timeout=60)[0] for process in both)
    assert one == other
    assert one.count(",") > 100
    assert list(tmp_path.iterdir()) == []
