"""Commands that look: ls, show, export, suggest, recipes, workers."""

import csv
import io
import math
from itertools import islice
from pathlib import Path
from socket import gethostname
from typing import Annotated, Any, Literal

import typer

from lrscope import printing
from lrscope.client import Client
from lrscope.curve import Points, pool
from lrscope.errors import LrscopeError
from lrscope.files import curves_of
from lrscope.options import AsJson, Server, SweepId, json_line, print_json
from lrscope.reading import read
from lrscope.sparkline import sparkline
from lrscope.spec import Status


def ls(
    status: Annotated[Status | None, typer.Option(help="Only these.")] = None,
    owner: Annotated[str | None, typer.Option(help="Only theirs.")] = None,
    recipe: Annotated[str | None, typer.Option(help="Only of this recipe.")] = None,
    tag: Annotated[str | None, typer.Option(help="Only with this tag.")] = None,
    text: Annotated[str | None, typer.Option("--text", "-q", help="In name, recipe, owner or notes.")] = None,
    archived: Annotated[bool, typer.Option("--archived", help="The archived ones.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 30,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """List sweeps, the newest first."""
    with Client(server) as client:
        wanted = {"status": status, "owner": owner, "recipe": recipe, "tag": tag, "q": text, "archived": archived}
        found = list(islice(client.sweeps(**wanted), limit))
    if as_json:
        print_json(found)
    else:
        printing.console().print(printing.sweeps_table(found) if found else "no sweeps")


def show(sweep: SweepId, server: Server = None, as_json: AsJson = False) -> None:
    """Show one sweep, its curve, and what can be read from it."""
    with Client(server) as client:
        found, points = client.sweep(sweep), client.points(sweep)
        reading = client.reading(sweep) if found.training is None else None
    if as_json:
        print_json({**found.model_dump(mode="json"), "reading": reading})
        return
    out = printing.console()
    out.print(printing.sweep_card(found))
    if len(points):
        out.print(f"\n{sparkline(points.loss.tolist(), 60)}\n")
        if reading is not None:
            out.print(printing.reading_card(reading))


def log(sweep: SweepId, server: Server = None, as_json: AsJson = False) -> None:
    """Print what a sweep's recipe printed, also while it runs."""
    with Client(server) as client:
        text = client.log(sweep)
    typer.echo(json_line({"log": text}) if as_json else text)


def export(
    sweep: SweepId,
    form: Annotated[Literal["csv", "json"], typer.Option("--format", help="csv: the points; json: all.")] = "csv",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file; else standard output.")] = None,
    server: Server = None,
) -> None:
    """Write a sweep's points, every one of them; as JSON with the sweep and its reading, which a training has not."""
    with Client(server) as client:
        points = client.points(sweep)
        if form == "csv":
            text = _csv(points)
        else:
            found = client.sweep(sweep)
            reading = client.reading(sweep) if found.training is None else None
            whole = {"sweep": found, "points": _columns(points), "reading": reading}
            text = json_line(whole)
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise LrscopeError(f"{output}: cannot be written ({error.strerror})") from None


def suggest(
    file: Annotated[Path, typer.Argument(help="JSON or CSV with lr and loss, or curves; - is standard input.")] = Path(
        "-"
    ),
    as_json: AsJson = False,
) -> None:
    """Read a curve that was measured elsewhere, or several of different seeds as one. Needs no server."""
    curves = curves_of(file)
    reading = read(curves)
    if as_json:
        print_json(reading)
        return
    out = printing.console()
    out.print(f"\n{sparkline(pool(curves).loss.tolist(), 60)}\n")
    out.print(printing.reading_card(reading))


def recipes(server: Server = None, as_json: AsJson = False) -> None:
    """List what can be swept: the recipes that workers have offered, with their params."""
    with Client(server) as client:
        found = client.recipes()
    if as_json:
        print_json(found)
    else:
        printing.console().print(printing.recipes_table(found) if found else "no recipes; start one: lrscope worker")


def workers(
    server: Server = None,
    here: Annotated[bool, typer.Option("--here", help="Only those of this machine; exit code 1 if none is.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the workers that are connected, and what they run."""
    with Client(server) as client:
        found = [one for one in client.workers() if not here or (one.connected and one.host == gethostname())]
    if as_json:
        print_json(found)
    else:
        printing.console().print(printing.workers_table(found) if found else "no workers; start one: lrscope worker")
    if here and not found:
        raise typer.Exit(1)


def _columns(points: Points) -> dict[str, list[Any]]:
    measured = {"loss": points.loss, **points.series}
    nullable = {name: [v if math.isfinite(v) else None for v in column.tolist()] for name, column in measured.items()}
    return {"step": list(range(len(points))), "lr": points.lr.tolist(), **nullable}


def _csv(points: Points) -> str:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    columns = _columns(points)
    rows.writerow(columns)
    rows.writerows(zip(*columns.values(), strict=True))
    return text.getvalue()
