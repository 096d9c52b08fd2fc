"""`--watch`: a line that lives while sweeps run, and what they tell at the end."""

from collections.abc import Sequence
from contextlib import nullcontext

from rich.live import Live

from lrscope import printing
from lrscope.client import Client
from lrscope.confirmation import Confirmation
from lrscope.curve import Point
from lrscope.options import print_json
from lrscope.spec import Status, Sweep


def watch_live(client: Client, sweeps: Sequence[Sweep]) -> list[Sweep]:
    """Show each sweep as it grows, one after the other. Returns them as they ended."""
    return [_watch(client, sweep) for sweep in sweeps]


def watch_silently(client: Client, sweeps: Sequence[Sweep]) -> list[Sweep]:
    """Wait for the sweeps, then print each with its reading as a line of JSON. Returns them as they ended."""
    ended = []
    for sweep in sweeps:
        last = client.wait(sweep.id)
        print_json({**last.model_dump(mode="json"), "reading": client.reading(sweep.id)})
        ended.append(last)
    return ended


def watch_confirmation(client: Client, found: Confirmation, *, quiet: bool) -> Confirmation:
    """Wait for its trainings, one after the other, and tell how many have ended."""
    out = printing.console()
    with nullcontext() if quiet else out.status(printing.confirmation_line(found)) as line:
        for one in found.trainings:
            if not one.status.ended:
                client.wait(one.sweep)
                found = client.confirmation(found.sweep)
                if line is not None:
                    line.update(printing.confirmation_line(found))
    return found


def _watch(client: Client, sweep: Sweep) -> Sweep:
    out = printing.console()
    points: list[Point] = []
    with Live(printing.progress_line(sweep, points), console=out, refresh_per_second=10) as live:
        for point in client.stream(sweep.id):
            if point.step == 0:
                points.clear()  # it was tried again
            points.append(point)
            live.update(printing.progress_line(sweep, points))
        sweep = client.sweep(sweep.id)
        live.update(printing.progress_line(sweep, points))
    if not out.is_terminal:
        out.print()  # the live line of a pipe has no end
    if sweep.status is not Status.DONE:
        out.print(f"{sweep.status}: {sweep.reason}", markup=False)
    if points:
        out.print(printing.reading_card(client.reading(sweep.id)))
    return sweep
