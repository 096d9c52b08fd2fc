"""What a range test could measure beside the loss, and whether that would tell more of the best rate.

Every step is taken as in the ruler's curves, and measured further: the loss of the same batch after it, that of the
next batch before and after it (what the step did to other data, without the noise between batches), the gradient's
norm, and its products with the gradient of the batch before and with the step. Random trees move the suggestion by
what they are told, once of the loss curve alone and once of all, and are scored on workloads that they never saw.
"""

import multiprocessing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from benchmarks.suggestions.measure import DATA, SEEDS, STEPS
from benchmarks.suggestions.score import GOOD, SILENT, Array, Truth, curves, finite
from benchmarks.suggestions.workloads import WORKLOADS, Workload, training

from lrscope.belief import prior_of
from lrscope.curve import Curve
from lrscope.reading import read
from lrscope.shape import WIDTH, Shape

OFFSETS = np.arange(-1.5, 1.51, 0.1)  # decades by which the trees may move the suggestion
TREES, LEAF, FOLDS = 300, 10, 20
NEAR = 0.4  # decades around the suggestion
FAR_UP = 1e3
NO_SUGGESTION = -1.5  # log10 of the rate that the trees begin with where the reading has none


@dataclass(frozen=True)
class Row:
    """A curve: its workload's number, where the suggestion lies, what is told of it, and the regret by OFFSETS."""

    workload: int
    at: float
    regret: float
    of_curve: list[float]
    of_probe: list[float]
    regrets: Array


def report(processes: int = 2) -> None:
    wanted = [w for w in WORKLOADS if w.group != "frozen"]
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        rows = [row for some in pool.imap(_rows, enumerate(wanted)) for row in some]
    groups = np.array([wanted[row.workload].group for row in rows])
    of = np.array([row.workload for row in rows])
    print("| the suggestion | group | mean regret | in the good set | worst workload |\n|---|---|---|---|---|")
    told: dict[str, Array] = {
        "as it is": np.array([row.regret for row in rows]),
        "moved by the curve": _moved(rows, [row.of_curve for row in rows]),
        "moved by all that was measured": _moved(rows, [row.of_curve + row.of_probe for row in rows]),
    }
    for name, regret in told.items():
        for group in ("ordinary", "hard"):
            some = groups == group
            worst = max(regret[of == k].mean() for k in set(of[some]))
            print(
                f"| {name} | {group} | {regret[some].mean():.3f} | {(regret[some] <= GOOD).mean():.0%} | {worst:.2f} |"
            )


def _moved(rows: list[Row], told: list[list[float]]) -> Array:
    """Regret of each curve after the trees' move, learnt from the other nineteen twentieths of the workloads."""
    from sklearn.ensemble import ExtraTreesRegressor

    x = np.nan_to_num(np.array(told), nan=0.0, posinf=9.0, neginf=-9.0)
    y = np.minimum([row.regrets for row in rows], 1.0)
    of = np.array([row.workload for row in rows])
    folds = np.random.default_rng(1).permutation(np.arange(of.max() + 1) % FOLDS)[of]
    found = np.empty(len(rows))
    for fold in range(FOLDS):
        out = folds == fold
        trees = ExtraTreesRegressor(TREES, min_samples_leaf=LEAF, max_features=0.5, n_jobs=2, random_state=0)
        expected = trees.fit(x[~out], y[~out]).predict(x[out]) + 0.02 * np.abs(OFFSETS)
        found[out] = [rows[k].regrets[best] for k, best in zip(np.flatnonzero(out), expected.argmin(1), strict=True)]
    return found


def _rows(numbered: tuple[int, Workload]) -> list[Row]:
    torch.set_num_threads(1)
    number, workload = numbered
    kept: Mapping[str, Array] = np.load(DATA)
    truth = Truth.of(kept, workload.name)
    rows = []
    for steps in STEPS:
        for seed, curve in zip(range(SEEDS), curves(kept, workload.name, steps), strict=True):
            suggestion = read(curve, workload.named).suggestion
            at = NO_SUGGESTION if suggestion is None else float(np.log10(suggestion))
            probe = _of_probe(measured(workload, curve.lr, seed), at)
            regrets = np.array([truth.at(10.0 ** (at + offset)) for offset in OFFSETS])
            regret = SILENT if suggestion is None else truth.at(suggestion)
            rows.append(Row(number, at, regret, _of_curve(workload, finite(curve), at), probe, regrets))
    return rows


def measured(workload: Workload, rates: Array, seed: int) -> dict[str, Array]:
    """The range test of `curve` again, over these rates; all of shape (steps,), up to where a loss is not finite."""
    made = training(workload, seed)
    weights = [p for p in made.model.parameters() if p.requires_grad]
    batches = made.batches(seed)
    rows: list[dict[str, float]] = []
    batch, past = next(batches), None
    for k, rate in enumerate(rates):
        following = next(batches)

        def loss(on: Any, step: int) -> torch.Tensor:
            torch.manual_seed(seed * 100_003 + step)  # whatever is dropped out is the same before and after
            return made.loss_fn(made.model(on[0]), on[1])

        def value(on: Any, step: int) -> float:
            with torch.no_grad():
                return loss(on, step).item()

        for group in made.optimizer.param_groups:
            group["lr"] = float(rate)
        made.optimizer.zero_grad()
        now = loss(batch, k)
        torch.autograd.backward(now)
        gradient = torch.cat([(torch.zeros_like(p) if p.grad is None else p.grad).flatten() for p in weights])
        old = torch.cat([p.detach().flatten() for p in weights])
        before = value(following, k + 1)
        made.optimizer.step()
        step = torch.cat([p.detach().flatten() for p in weights]) - old
        row = {
            "rate": float(np.log10(rate)),
            "same": value(batch, k) - now.item(),
            "next": value(following, k + 1) - before,
            "foretold": torch.dot(gradient, step).item(),
            "norm": gradient.norm().item(),
            "product": 0.0 if past is None else torch.dot(gradient, past).item(),
        }
        if not np.isfinite([*row.values()]).all():
            break
        rows.append(row)
        batch, past = following, gradient
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def _of_curve(workload: Workload, curve: Curve, at: float) -> list[float]:
    """What the reading itself goes by, as seen from the suggestion."""
    shape, prior = Shape.of(curve.lr, curve.loss), prior_of(workload.named)
    floor = shape.floor()
    marks = [None if prior is None else prior, float((floor * shape.x).sum() / floor.sum())]
    marks += [shape.rise(), shape.blown(), shape.onset()]
    scaled = [np.log(max(shape.depth, 0.1)), shape.sigma, shape.drop, float(shape.fit[-1]) - shape.start]
    return [(1.5 if mark is None else mark) - at for mark in marks] + [*scaled, float(len(shape.x)), float(at)]


def _of_probe(probe: dict[str, Array], at: float) -> list[float]:
    """Where steps begin to do less than foretold, and harm; how much of the gradient is signal; as seen from there."""
    x = probe["rate"]
    same, following, foretold = (
        _smooth(x, np.clip(probe[name], -FAR_UP, FAR_UP)) for name in ("same", "next", "foretold")
    )
    share = same / np.minimum(foretold, -1e-30)
    progress = np.cumsum(np.clip(probe["next"], -FAR_UP, FAR_UP))
    marks = [_for_good(x, share < level) for level in (0.8, 0.5, 0.0)]
    marks += [_for_good(x, following > 0), x[following.argmin()], x[same.argmin()], x[progress.argmin()]]
    early = np.arange(len(x)) < max(12, int((x < -4).sum()))
    near, below = np.abs(x - at) < NEAR, (x > at - 2.5) & (x < at - 1)
    shares = [
        _ratio(probe["product"], probe["norm"] ** 2, early),
        _ratio(probe["product"], probe["norm"] ** 2, near),
        _ratio(probe["next"], np.abs(probe["same"]), near),
        _ratio(probe["next"], np.abs(probe["foretold"]), below),
        _ratio(probe["norm"], np.full(len(x), probe["norm"][early].mean()), near),
    ]
    return [float(mark) - at for mark in marks] + shares


def _smooth(x: Array, y: Array) -> Array:
    near = np.exp(-0.5 * ((x[:, None] - x) / WIDTH) ** 2)
    return np.asarray(near @ y / near.sum(1))


def _for_good(x: Array, holds: Any) -> float:
    """From where it holds to the end; the end where it does not hold there."""
    stays = int(np.argmin(holds[::-1])) if not holds.all() else len(x)
    return float(x[len(x) - max(stays, 1)])


def _ratio(of: Array, to: Array, where: Any) -> float:
    """A ratio of two means, within -3 and 3."""
    return float(np.clip(of[where].mean() / max(to[where].mean(), 1e-30), -3, 3)) if where.any() else 0.0
