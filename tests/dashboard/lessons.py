"""The curves that Learn shows: range tests of the demo's recipes. `python -m tests.dashboard.lessons` measures them anew.

With `read` it only reads the losses anew that are there, which takes no training.
"""

import json
import sys
from pathlib import Path
from typing import Any

from lrscope.curve import Curve
from lrscope.demo import DEMO_SWEEPS
from lrscope.grid import lr_at
from lrscope.rangetest import build, run
from lrscope.reading import read
from lrscope.recipe import Recipe
from lrscope.spec import SweepSpec, Training
from lrscope_workers.recipes import digits

FILE = Path(__file__).parents[2] / "dashboard" / "lrscope_dashboard" / "assets" / "08_lessons.js"
HEAD = "/* Measured range tests and how core reads them. Written by `python -m tests.dashboard.lessons`. */\n"
OPENS, CLOSES = "(function (lrscope) {\n  'use strict';\n\n", "})((window.lrscope = window.lrscope || {}));\n"
RECIPES = {found.name: found for found in vars(digits).values() if isinstance(found, Recipe)}
SPECS: dict[str, SweepSpec] = dict(
    zip(("clean", "noisy", "wide"), (one.specs()[0] for one in DEMO_SWEEPS), strict=True)
)
DIGITS = 4  # of a loss: it is a picture
READ = ("suggestion", "low", "high", "diverges_at", "confidence", "noise", "regions")


def measured() -> dict[str, Curve]:
    """The three demo sweeps, and the clean one once more with the weights of a finished training."""
    curves = {name: _swept(spec) for name, spec in SPECS.items()}
    return {**curves, "trained": _swept(SPECS["clean"], first=Training(lr=0.02, schedule="constant"))}


def _swept(spec: SweepSpec, first: Training | None = None) -> Curve:
    """As a worker does it; with `first`, after a training of 300 steps."""
    problem = build(RECIPES[spec.recipe], spec, "cpu")
    if first is not None:
        for _ in run(problem, spec.model_copy(update={"training": first, "num_iter": 300})):
            pass
    return Curve.of(run(problem, spec)).noted(optimizer=type(problem.optimizer).__name__)


def lesson(spec: SweepSpec, curve: Curve) -> dict[str, Any]:
    """One curve as the script has it: the sweep's fields that its rates follow from, the losses, the reading."""
    losses = [float(f"{loss:.{DIGITS}g}") for loss in curve.loss]
    shown = Curve([lr_at(spec, step) for step in range(len(losses))], losses).noted(optimizer=curve.optimizer)
    reading = read(shown).model_dump(mode="json", by_alias=True, include=set(READ))
    swept = spec.model_dump(mode="json", include={"recipe", "start_lr", "end_lr", "num_iter", "mode"})
    return {**swept, "optimizer": curve.optimizer, "loss": losses, "reading": _short(reading)}


def _short(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {name: _short(one) for name, one in value.items()}
    return [_short(one) for one in value] if isinstance(value, list) else value


def script(lessons: dict[str, dict[str, Any]]) -> str:
    lines = "".join(f"    {name}: {json.dumps(one)},\n" for name, one in lessons.items())
    return f"{HEAD}{OPENS}  lrscope.lessons = {{\n{lines}  }};\n{CLOSES}"


def kept() -> dict[str, dict[str, Any]]:
    """What the script has."""
    lines = [line.strip().removesuffix(",").partition(": ") for line in FILE.read_text("utf-8").splitlines()]
    return {name: json.loads(rest) for name, _, rest in lines if rest.startswith("{")}


def drawn(name: str) -> Curve:
    """A kept curve."""
    losses = kept()[name]["loss"]
    rates = [lr_at(spec_of(name), step) for step in range(len(losses))]
    return Curve(rates, losses).noted(optimizer=kept()[name]["optimizer"])


def spec_of(name: str) -> SweepSpec:
    return SPECS.get(name, SPECS["clean"])


if __name__ == "__main__":
    curves = {name: drawn(name) for name in kept()} if sys.argv[1:] == ["read"] else measured()
    FILE.write_text(script({name: lesson(spec_of(name), curve) for name, curve in curves.items()}), encoding="utf-8")
