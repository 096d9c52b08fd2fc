"""What a fresh interpreter loads: a user's notebook and the server stay free of what they do not need."""

import subprocess
import sys

import pytest


def loaded(*modules: str) -> set[str]:
    code = f"import sys, {', '.join(modules)}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    return set(subprocess.check_output([sys.executable, "-c", code], text=True).split())


@pytest.mark.parametrize(
    "modules", [("lrscope", "lrscope.client", "lrscope.wire", "lrscope.cli"), ("lrscope_workers.cli",)]
)
def test_the_library_and_the_commands_load_neither_torch_nor_the_server(modules: tuple[str, ...]) -> None:
    assert not loaded(*modules) & {"torch", "fastapi", "sqlalchemy", "dash", "plotly", "sklearn"}


def test_the_whole_server_loads_no_torch() -> None:
    assert not loaded("lrscope_server.main", "lrscope_server.cli", "lrscope_server.up") & {"torch", "sklearn", "pandas"}
