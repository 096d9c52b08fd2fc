import typer


def commands(app: typer.Typer) -> None:
    pass
