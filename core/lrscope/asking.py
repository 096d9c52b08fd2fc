"""Commands that ask for something: submit, extend, confirm, import, cancel, retry, pick."""

import json
from pathlib import Path
from time import monotonic, sleep
from typing import Annotated, Any

import typer

from lrscope import printing
from lrscope.client import Client
from lrscope.files import curves_of
from lrscope.options import AsJson, Server, SweepId, print_json
from lrscope.spec import DeviceWish, Mode, Schedule, Status, Sweep
from lrscope.stages import NO_SECOND_STAGE
from lrscope.watching import watch_confirmation, watch_live, watch_silently

SECOND_STAGE_S = 15.0  # for the server to queue it, once the first one has ended


def submit(
    recipe: Annotated[str, typer.Argument(help="What is swept; `lrscope recipes` lists them.")],
    param: Annotated[list[str] | None, typer.Option(help="Of the recipe, as NAME=VALUE. Repeatable.")] = None,
    start_lr: Annotated[float | None, typer.Option(help="Learning rate of the first step.")] = None,
    end_lr: Annotated[float | None, typer.Option(help="Learning rate of the last step.")] = None,
    num_iter: Annotated[int | None, typer.Option(help="Optimizer steps, one point each.")] = None,
    mode: Annotated[Mode | None, typer.Option(help="How the rate rises.")] = None,
    seed: Annotated[int | None, typer.Option(help="Of the model and the data order.")] = None,
    seeds: Annotated[str | None, typer.Option(help="Several, as 0,1,2: one sweep each, in one group.")] = None,
    diverge_ratio: Annotated[
        str | None, typer.Option(help="Stop when the smoothed loss is so many times its best; none: never.")
    ] = None,
    stages: Annotated[
        int | None, typer.Option(min=1, max=2, help="2: then a second sweep over the decades where something happened.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Shown in the list; by default the recipe's.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Repeatable.")] = None,
    priority: Annotated[int | None, typer.Option(help="Higher goes first.")] = None,
    device: Annotated[DeviceWish | None, typer.Option(help="What it may run on.")] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Stay, show the curve, end with the reading.")] = False,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Ask for a range test. What is not given is the server's default."""
    fields: dict[str, Any] = {
        "params": dict(_param(text) for text in param) if param else None,
        "start_lr": start_lr,
        "end_lr": end_lr,
        "num_iter": num_iter,
        "mode": mode,
        "seed": seed,
        "seeds": _seeds(seeds) if seeds is not None else None,
        "stages": stages,
        "name": name,
        "tags": tag,
        "priority": priority,
        "device": device,
    }
    given = {field: value for field, value in fields.items() if value is not None}
    if diverge_ratio is not None:
        given["diverge_ratio"] = _ratio(diverge_ratio)
    with Client(server) as client:
        sweeps = client.group(client.submit(recipe, **given))
        if watch:
            _watch(client, sweeps, as_json)
        elif as_json:
            print_json(sweeps if len(sweeps) > 1 else sweeps[0])
        else:
            printing.console().print(printing.sweeps_table(sweeps))


def extend(
    sweep: SweepId,
    start_lr: Annotated[float | None, typer.Option(help="At or below the sweep's own.")] = None,
    end_lr: Annotated[float | None, typer.Option(help="At or above the sweep's own.")] = None,
    diverge_ratio: Annotated[
        str | None, typer.Option(help="Stop when the smoothed loss is so many times its best; none: never.")
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Stay, show the curve, end with the reading.")] = False,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Queue a sweep again over a wider range, in the same stride; without a range, past where it stopped."""
    given: dict[str, Any] = {"start_lr": start_lr, "end_lr": end_lr}
    given = {field: value for field, value in given.items() if value is not None}
    if diverge_ratio is not None:
        given["diverge_ratio"] = _ratio(diverge_ratio)
    with Client(server) as client:
        longer = client.extend(sweep, **given)
        if watch:
            _watch(client, [longer], as_json)
        elif as_json:
            print_json(longer)
        else:
            printing.console().print(printing.sweeps_table([longer]))


def confirm(
    sweep: SweepId,
    lr: Annotated[
        list[float] | None, typer.Option(help="The rate to confirm; repeated, the rates to train at.")
    ] = None,
    steps: Annotated[int | None, typer.Option(help="Of each training; by default the sweep's own.")] = None,
    seeds: Annotated[str | None, typer.Option(help="As 0,1,2: a training at each rate for each of them.")] = None,
    schedule: Annotated[Schedule | None, typer.Option(help="The rate of every step, or the peak of one cycle.")] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Stay until the trainings have ended.")] = False,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Try a rate: short trainings around it, by default around the pick that stands, else the suggestion."""
    fields: dict[str, Any] = {
        "lr": lr[0] if lr and len(lr) == 1 else None,
        "lrs": lr if lr and len(lr) > 1 else None,
        "steps": steps,
        "seeds": _seeds(seeds) if seeds is not None else None,
        "schedule": schedule,
    }
    with Client(server) as client:
        found = client.confirm(sweep, **{field: value for field, value in fields.items() if value is not None})
        if watch:
            found = watch_confirmation(client, found, quiet=as_json)
    if as_json:
        print_json(found)
    else:
        printing.console().print(printing.confirmation_card(found))


def import_(
    file: Annotated[Path, typer.Argument(help="JSON or CSV with lr and loss, or curves; - is standard input.")],
    name: Annotated[str | None, typer.Option(help="Shown in the list; by default the file's.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Repeatable.")] = None,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Keep curves that were measured elsewhere, as sweeps that have ended."""
    curves = curves_of(file)
    with Client(server) as client:
        shown = name or (file.stem[:120] if str(file) != "-" else None)
        kept = [client.upload(curve, name=shown, tags=tag or []) for curve in curves]
    if as_json:
        print_json(kept if len(kept) > 1 else kept[0])
    else:
        printing.console().print(printing.sweeps_table(kept))


def _watch(client: Client, sweeps: list[Sweep], as_json: bool) -> None:
    """To the end of the sweeps, and of the second stages that follow from them."""
    ended = (watch_silently if as_json else watch_live)(client, sweeps)
    if any(sweep.status in (Status.FAILED, Status.CANCELLED) for sweep in ended):
        raise typer.Exit(1)
    waiting = any(sweep.stages == 2 for sweep in ended)
    until = monotonic() + SECOND_STAGE_S
    while waiting and monotonic() < until:
        closer = [found for sweep in ended for found in client.sweeps(origin=sweep.id) if found.status != "cancelled"]
        if closer:
            _watch(client, closer, as_json)
            return
        waiting = not any(NO_SECOND_STAGE in client.sweep(sweep.id).warnings for sweep in ended)
        sleep(0.1)


def cancel(sweep: SweepId, server: Server = None, as_json: AsJson = False) -> None:
    """Take a sweep out of the queue, or stop it before its next step."""
    with Client(server) as client:
        changed = client.cancel(sweep)
    if as_json:
        print_json(changed)
    else:
        typer.echo(f"{sweep}: {changed.reason or changed.status}")


def retry(sweep: SweepId, server: Server = None, as_json: AsJson = False) -> None:
    """Queue a failed or cancelled sweep again."""
    with Client(server) as client:
        changed = client.retry(sweep)
    if as_json:
        print_json(changed)
    else:
        typer.echo(f"{sweep}: queued, place {changed.queue_position}")


def pick(
    sweep: SweepId,
    lr: Annotated[float | None, typer.Argument(help="The learning rate you decide for.", show_default=False)] = None,
    note: Annotated[str, typer.Option(help="Why.")] = "",
    compared_with: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="A sweep it was weighed against. Repeatable.")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take back the pick that stands.")] = False,
    server: Server = None,
    as_json: AsJson = False,
) -> None:
    """Keep a decision: this learning rate, by you, now, and why."""
    if undo:
        if lr is not None:
            raise typer.BadParameter(f"--undo takes back what stands; leave out {lr:g}", param_hint="--undo")
        _withdraw(sweep, server, as_json)
        return
    if lr is None:
        raise typer.BadParameter("give a learning rate, such as 3e-4, or --undo", param_hint="LR")
    with Client(server) as client:
        kept = client.pick(sweep, lr, note, compared_with or ())
    if as_json:
        print_json(kept)
    else:
        typer.echo(f"{sweep}: {printing.rate(kept.lr)} is kept, picked by {kept.author}")


def _withdraw(sweep: str, server: str | None, as_json: bool) -> None:
    with Client(server) as client:
        changed = client.withdraw(sweep)
    if as_json:
        print_json(changed)
        return
    stands = (
        f"{printing.rate(changed.pick.lr)} by {changed.pick.author} stands again" if changed.pick else "none stands"
    )
    typer.echo(f"{sweep}: the pick is taken back; {stands}")


def _param(text: str) -> tuple[str, Any]:
    """`width=64` → a number, `on=true` → a boolean, `kind=adam` → text."""
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise typer.BadParameter(f"{text!r} must be NAME=VALUE, such as batch_size=64", param_hint="--param")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _seeds(text: str) -> list[int]:
    try:
        return [int(seed) for seed in text.split(",")]
    except ValueError:
        raise typer.BadParameter(f"{text!r} must be whole numbers, such as 0,1,2", param_hint="--seeds") from None


def _ratio(text: str) -> float | None:
    if text.lower() == "none":
        return None
    try:
        return float(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} must be a number or none", param_hint="--diverge-ratio") from None
