"""What the commands print for people: tables, readings, learning rates as they are written by hand."""

import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from lrscope.confirmation import Confirmation, Trained
from lrscope.curve import Point
from lrscope.feed import WorkerState
from lrscope.reading import Reading
from lrscope.recipe import RecipeInfo
from lrscope.sparkline import sparkline
from lrscope.spec import Status, Sweep

STYLES = {
    Status.QUEUED: "dim",
    Status.RUNNING: "cyan",
    Status.DONE: "green",
    Status.DIVERGED: "yellow",
    Status.FAILED: "red",
    Status.CANCELLED: "dim",
}
PIPE_WIDTH = 200  # characters of a line that no terminal limits


def console() -> Console:
    """Standard output; into a pipe lines are not cut to a terminal's width."""
    out = Console(highlight=False)
    return out if out.is_terminal else Console(highlight=False, width=PIPE_WIDTH)


def rate(lr: float | None) -> str:
    """A learning rate in two digits, as it is written by hand: 3.2e-4; from 0.1 to 1000 plainly: 0.32, 10."""
    if lr is None or not math.isfinite(lr):
        return "–"
    mantissa, _, exponent = f"{lr:.1e}".partition("e")
    if -1 <= int(exponent) < 3:
        return f"{float(f'{lr:.1e}'):g}"
    return f"{mantissa.removesuffix('.0')}e{int(exponent)}"


def sweeps_table(sweeps: Iterable[Sweep]) -> Table:
    table = _table("id", "name", "state", "steps", "rates", "pick", "owner", "created")
    for sweep in sweeps:
        table.add_row(
            Text(sweep.id),
            Text(sweep.name),
            _state(sweep),
            Text(f"{sweep.steps_done}/{sweep.num_iter}"),
            Text(_range(sweep)),
            Text(rate(sweep.pick.lr) if sweep.pick else ""),
            Text(sweep.owner),
            Text(f"{sweep.created_at.astimezone():%Y-%m-%d %H:%M}"),
        )
    return table


def sweep_card(sweep: Sweep) -> RenderableType:
    """Everything of one sweep that a person asks for."""
    facts: dict[str, Any] = {
        "name": sweep.name,
        "state": _state(sweep),
        "why": sweep.reason,
        "recipe": f"{sweep.recipe} {json.dumps(sweep.params) if sweep.params else ''}",
        "rates": f"{_range(sweep)}, {sweep.mode}, {sweep.steps_done} of {sweep.num_iter} steps, seed {sweep.seed}",
        "optimizer": sweep.optimizer,
        "on": f"{sweep.device} of {sweep.worker}, attempt {sweep.attempt}" if sweep.worker else None,
        "owner": sweep.owner,
        "tags": ", ".join(sweep.tags),
        "group": sweep.group,
        "pick": f"{rate(sweep.pick.lr)} by {sweep.pick.author}  {sweep.pick.note}" if sweep.pick else None,
    }
    return _facts({"sweep": sweep.id} | facts)


def reading_card(reading: Reading) -> RenderableType:
    """The suggestion, or why there is none, and what else the curve says."""
    found = reading.suggestion is not None
    facts: dict[str, Any] = {
        "suggestion": Text(rate(reading.suggestion) if found else "none", style="bold green" if found else "yellow"),
        "sweet spot": f"{rate(reading.low)} to {rate(reading.high)}" if reading.low and reading.high else None,
        "diverges at": rate(reading.diverges_at) if reading.diverges_at else None,
        "confidence": f"{reading.confidence:.2f}" if found else None,
        "rules": ", ".join(f"{name} {rate(lr)}" for name, lr in reading.rules.items() if lr is not None),
    }
    told = [Text(f"  {text}", style="yellow") for text in [r.text for r in reading.reasons] + reading.warnings]
    return Group(_facts(facts), *told)


def confirmation_card(found: Confirmation) -> RenderableType:
    """The trainings as a table, a column for each seed, and what they tell."""
    seeds = sorted({one.seed for one in found.trainings})
    table = _table("rate", *(f"seed {seed}" for seed in seeds))
    ended = {(one.lr, one.seed): one for one in found.trainings}
    for lr in sorted({one.lr for one in found.trainings}):
        table.add_row(Text(rate(lr)), *(_ended(ended.get((lr, seed))) for seed in seeds))
    facts: dict[str, Any] = {
        "best rate": Text(rate(found.best), style="bold green") if found.best else None,
        "95 % interval": _span(found.low, found.high) if found.best else None,
        "within 5 %": _span(found.band_low, found.band_high) if found.best else None,
        "trained": f"{found.steps} steps, {found.schedule}; what counts is the final {found.series}",
    }
    told = [Text(f"  {reason.text}", style="yellow") for reason in found.reasons]
    return Group(table, Text(""), _facts(facts), *told)


def confirmation_line(found: Confirmation) -> str:
    ended = sum(one.status.ended for one in found.trainings)
    return f"{ended} of {len(found.trainings)} trainings have ended"


def _ended(one: Trained | None) -> Text:
    if one is None:
        return Text("")
    return Text(one.status.value, style=STYLES[one.status]) if one.loss is None else Text(f"{one.loss:.4g}")


def _span(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return f"from {rate(low)}" if low else f"up to {rate(high)}" if high else "open"
    return f"{rate(low)} to {rate(high)}"


def recipes_table(recipes: Sequence[RecipeInfo]) -> Table:
    table = _table("recipe", "params", "description")
    for recipe in recipes:
        params = recipe.params_schema.get("properties", {})
        told = ", ".join(f"{name}={json.dumps(schema.get('default'))}" for name, schema in params.items())
        table.add_row(Text(recipe.name), Text(told), Text(recipe.description))
    return table


def workers_table(workers: Sequence[WorkerState]) -> Table:
    table = _table("worker", "device", "running", "recipes", "")
    for worker in workers:
        table.add_row(
            Text(worker.id),
            Text(f"{worker.device.name} ({worker.device.label})"),
            Text(", ".join(worker.running) or "–"),
            Text(", ".join(worker.recipes)),
            Text("" if worker.connected else "away", style="yellow"),
        )
    return table


def progress_line(sweep: Sweep, points: Sequence[Point]) -> Text:
    """A running sweep in one line: step, rate, loss, curve."""
    if not points:
        return Text(f"{sweep.name}  {sweep.status}  {sweep.reason or ''}")
    last = points[-1]
    curve = sparkline([point.loss for point in points])
    return Text(
        f"{sweep.name}  step {last.step + 1}/{sweep.num_iter}  lr {rate(last.lr):<7} loss {last.loss:<9.4g} {curve}"
    )


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in columns:
        table.add_column(column, no_wrap=column in ("id", "recipe", "worker"), overflow="fold")
    return table


def _facts(facts: dict[str, Any]) -> Table:
    table = Table.grid(padding=(0, 2))
    for name, value in facts.items():
        if value:
            table.add_row(Text(name, style="dim"), value if isinstance(value, Text) else Text(str(value)))
    return table


def _state(sweep: Sweep) -> Text:
    place = f" ({sweep.queue_position})" if sweep.queue_position else ""
    return Text(f"{sweep.status.value}{place}", style=STYLES[sweep.status])


def _range(sweep: Sweep) -> str:
    return f"{rate(sweep.start_lr)} to {rate(sweep.end_lr)}"
