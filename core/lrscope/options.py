"""Options that several commands share, and what they have in common when they print."""

import json
from typing import Annotated, Any

import typer
from pydantic_core import to_jsonable_python

from lrscope.address import SERVER_ENV

Server = Annotated[str | None, typer.Option("--server", envvar=SERVER_ENV, help="Where the server is.")]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON, for programs.")]
SweepId = Annotated[str, typer.Argument(metavar="ID", help="Of the sweep.")]


def print_json(what: Any) -> None:
    """Print `json_line(what)`."""
    typer.echo(json_line(what), nl=False)


def json_line(what: Any) -> str:
    """Models, or lists and dicts of them, as one line of JSON; what is not finite as null."""
    return json.dumps(to_jsonable_python(what, by_alias=True, inf_nan_mode="null"), allow_nan=False) + "\n"
