"""The `lrscope` program: the client's commands, and those that the other rooms hand in.

A room names its own in the entry-point group `lrscope.commands`: a function that takes the app and adds commands to it.
So core imports none of them.
"""

import sys
from collections.abc import Sequence
from importlib.metadata import entry_points
from typing import Annotated

import typer

import lrscope
from lrscope import asking, looking
from lrscope.errors import LrscopeError

GROUP = "lrscope.commands"
CLIENT_COMMANDS = (
    asking.submit,
    looking.ls,
    looking.show,
    looking.log,
    asking.cancel,
    asking.retry,
    asking.extend,
    asking.confirm,
    asking.pick,
    looking.export,
    asking.import_,
    looking.suggest,
    looking.recipes,
    looking.workers,
)


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0, or 1 with one line on stderr, or 2 when the line itself is wrong."""
    try:
        make_app()(args=args, prog_name="lrscope")
    except LrscopeError as error:
        typer.echo(f"lrscope: {error}", err=True)
        sys.exit(1)


def make_app() -> typer.Typer:
    """The program with every command that is installed."""
    app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
    app.callback()(_program)
    for command in CLIENT_COMMANDS:
        app.command(command.__name__.rstrip("_"))(command)
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        point.load()(app)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"lrscope {lrscope.__version__}")
        raise typer.Exit


def _program(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and leave.", callback=_version, is_eager=True),
    ] = False,
) -> None:
    """Which learning rate? Range tests of a whole team on one live page, and the rate you picked, kept."""
