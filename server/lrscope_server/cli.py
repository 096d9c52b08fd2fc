"""The server's own commands: `lrscope up`, `lrscope server`, `lrscope db upgrade`, `lrscope config show`."""

import importlib.util
import json
import signal
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from lrscope.errors import LrscopeError
from lrscope_server.settings import LogLevel, Settings

Host = Annotated[str | None, typer.Option(help="Address to listen on (default 127.0.0.1).")]
Port = Annotated[int | None, typer.Option(help="Port to listen on (default 8000); 0 takes any free one.")]
DataDir = Annotated[Path | None, typer.Option(help="Folder of the database (default ./lrscope-data).")]
DatabaseUrl = Annotated[str | None, typer.Option(help="SQLAlchemy URL of SQLite or PostgreSQL.")]
Level = Annotated[LogLevel | None, typer.Option(help="How much to log (default warning).")]


def commands(app: typer.Typer) -> None:
    """Add the server's commands to the console script."""
    app.command()(server)
    app.command()(up)
    db = typer.Typer(no_args_is_help=True)
    db.command()(upgrade)
    app.add_typer(db, name="db", help="The database.")
    config = typer.Typer(no_args_is_help=True)
    config.command()(show)
    app.add_typer(config, name="config", help="The settings.")


def server(
    host: Host = None,
    port: Port = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    log_level: Level = None,
) -> None:
    """Serve REST, sockets and the page; workers connect from elsewhere."""
    settings = Settings.load(host=host, port=port, data_dir=data_dir, database_url=database_url, log_level=log_level)
    _serve(settings, _listen(settings))


def up(
    host: Host = None,
    port: Port = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    devices: Annotated[str | None, typer.Option(help="For the workers: cuda:0,cuda:1 or cpu (default: all).")] = None,
    recipes: Annotated[list[str] | None, typer.Option(help="Python file or module with recipes; repeatable.")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Queue the three demo sweeps when there are none.")] = False,
    log_level: Level = None,
) -> None:
    """Server, page and a worker process for every device, until Ctrl-C."""
    from lrscope_server.up import Workers, queue_demo

    settings = Settings.load(host=host, port=port, data_dir=data_dir, database_url=database_url, log_level=log_level)
    listening = _listen(settings)
    url = _url(settings, listening)
    workers = Workers(url, devices, recipes or [], settings.log_level)

    def ready() -> None:
        typer.echo(f"\n  lrscope is open at  {url}\n  Its data is in      {settings.database_shown}\n")
        if importlib.util.find_spec("torch") is None:
            typer.echo("  No worker: torch is not installed. For one: pip install 'lrscope[worker]'\n", err=True)
            return
        workers.start()
        if demo:
            threading.Thread(target=queue_demo, args=(url,), daemon=True).start()

    try:
        _serve(settings, listening, ready, workers.stop)
    finally:
        workers.stop()


def upgrade(data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Bring the database to the newest schema (the server does so at start)."""
    from lrscope_server.tables import make_engines, migrate

    settings = Settings.load(data_dir=data_dir, database_url=database_url)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    migrate(make_engines(settings.database)[0])
    typer.echo(f"{settings.database_shown} is at the newest schema")


def show(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Every setting as it stands, from lrscope.toml, LRSCOPE_* and the defaults."""
    settings = Settings.load()
    values = settings.model_dump(mode="json")
    if settings.database_url:
        values["database_url"] = settings.database_shown
    if as_json:
        typer.echo(json.dumps(values))
        return
    for name, field in Settings.model_fields.items():
        typer.echo(f"{name} = {json.dumps(values[name])}    # {field.description}")


def _listen(settings: Settings) -> socket.socket:
    """The socket, bound before anything slow is done, so that a taken port is said at once."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        reason = error.strerror or str(error)
        raise LrscopeError(f"cannot listen on {settings.host}:{settings.port}: {reason}; take another --port") from None
    return listening


def _url(settings: Settings, listening: socket.socket) -> str:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    return f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"


def _serve(
    settings: Settings,
    listening: socket.socket,
    ready: Callable[[], None] | None = None,
    leaving: Callable[[], None] = lambda: None,
) -> None:
    """Serve until SIGINT or SIGTERM, which end it well: uvicorn closes, then raises the signal once more for us."""
    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, lambda *_: sys.exit(0))
    import uvicorn

    from lrscope_server.main import create_app
    from lrscope_server.up import Server

    config = uvicorn.Config(
        create_app(settings),
        log_level=settings.log_level,
        access_log=settings.log_level == "debug",
        ws_max_size=1 << 21,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=3,
        proxy_headers=False,
        server_header=False,
    )
    told = Server(config, ready or (lambda: typer.echo(f"lrscope is open at {_url(settings, listening)}")), leaving)
    told.run(sockets=[listening])
    if not told.started:
        sys.exit(1)
