"""The same sweep by the peers' own packages: same model, data, rates and steps, nothing stopped early.

Measured is what their loop costs; what they do before the first step and after the last is not counted.
"""

import contextlib
import io
import logging
import tempfile
import warnings
from collections.abc import Callable
from typing import Any

import lightning
import torch
from ignite.engine import create_supervised_trainer
from ignite.handlers import FastaiLRFinder
from lightning.pytorch.tuner.tuning import Tuner
from torch.nn import functional as F
from torch_lr_finder import LRFinder, TrainDataLoaderIter

from lrscope import Problem
from lrscope.spec import SweepSpec

NEVER = 1e9  # their thresholds of divergence

logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)


def torch_lr_finder(problem: Problem, spec: SweepSpec) -> None:
    """https://github.com/davidtvs/pytorch-lr-finder"""
    _start_at(problem, spec)
    finder = LRFinder(problem.model, problem.optimizer, F.cross_entropy, device="cpu")
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        batches = TrainDataLoaderIter(problem.batches)
        finder.range_test(batches, end_lr=spec.end_lr, num_iter=spec.num_iter, smooth_f=0, diverge_th=NEVER)


def ignite(problem: Problem, spec: SweepSpec) -> None:
    """https://pytorch.org/ignite/generated/ignite.handlers.lr_finder.FastaiLRFinder.html"""
    trainer = create_supervised_trainer(problem.model, problem.optimizer, F.cross_entropy)
    finder = FastaiLRFinder()
    swept: dict[str, Any] = {"num_iter": spec.num_iter, "start_lr": spec.start_lr, "end_lr": spec.end_lr}
    kept = {"model": problem.model, "optimizer": problem.optimizer}
    with warnings.catch_warnings(), finder.attach(trainer, to_save=kept, **swept, diverge_th=NEVER) as finding:
        warnings.simplefilter("ignore")
        finding.run(problem.batches, max_epochs=1000, epoch_length=len(problem.batches.batches))  # type: ignore[attr-defined]


class _Module(lightning.LightningModule):
    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.model, self.optimizer, self.lr = problem.model, problem.optimizer, 1.0

    def training_step(self, batch: Any, _: int) -> torch.Tensor:
        x, y = batch
        return F.cross_entropy(self.model(x), y)

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return self.optimizer


def lightning_tuner(problem: Problem, spec: SweepSpec) -> None:
    """https://lightning.ai/docs/pytorch/stable/api/lightning.pytorch.tuner.tuning.Tuner.html"""
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trainer = lightning.Trainer(
            accelerator="cpu", logger=False, enable_progress_bar=False, enable_model_summary=False, max_epochs=1000,
            default_root_dir=folder,
        )  # fmt: skip
        Tuner(trainer).lr_find(
            _Module(problem), problem.batches, min_lr=spec.start_lr, max_lr=spec.end_lr, num_training=spec.num_iter,
            early_stop_threshold=None,
        )  # fmt: skip


def _start_at(problem: Problem, spec: SweepSpec) -> None:
    for group in problem.optimizer.param_groups:
        group["lr"] = spec.start_lr


PEERS: dict[str, Callable[[Problem, SweepSpec], None]] = {
    "torch-lr-finder": torch_lr_finder,
    "ignite": ignite,
    "lightning": lightning_tuner,
}
