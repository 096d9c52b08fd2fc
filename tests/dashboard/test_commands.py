"""The shell lines of the form: read back by a shell, by curl's JSON and by the real command line."""

import json
import shlex
import subprocess
from typing import Annotated, Any, Self

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from lrscope import asking
from lrscope.cli import make_app
from lrscope.problem import Problem
from lrscope.recipe import recipe
from lrscope.spec import SweepRequest
from lrscope_dashboard.commands import body_of, curl_of, submit_of
from lrscope_dashboard.schema import fields_of

SERVER = "http://127.0.0.1:8123"


@recipe(name="resnet")
def resnet(
    batch_size: Annotated[int, Field(ge=1)] = 128, decay: float = 5e-4, note: str = "", on: bool = True
) -> Problem:
    """A residual net."""
    raise NotImplementedError


FIELDS = fields_of(resnet.info.params_schema)


class Recorder:
    """Stands in for the client of `lrscope submit`, and keeps what it would send."""

    asked: SweepRequest
    server: str | None

    def __init__(self, server: str | None) -> None:
        Recorder.server = server

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def submit(self, recipe: str, **given: Any) -> None:
        Recorder.asked = SweepRequest(recipe=recipe, **given)

    def group(self, _sweep: None) -> list[Any]:
        return []


def run_by_the_cli(line: str, monkeypatch: pytest.MonkeyPatch) -> SweepRequest:
    monkeypatch.setattr(asking, "Client", Recorder)
    program, *arguments = shlex.split(line)
    assert program == "lrscope"
    make_app()(args=arguments, standalone_mode=False)
    assert Recorder.server == SERVER
    return Recorder.asked


def sent_by_curl(line: str) -> SweepRequest:
    words = shlex.split(line)
    assert words[:2] == ["curl", f"{SERVER}/sweeps"]
    return SweepRequest.model_validate_json(words[words.index("-d") + 1])


def same(found: SweepRequest, wanted: SweepRequest) -> bool:
    """Equal where it counts: `seeds` of one and `seed` are no different, nor are parameters left at their default."""
    usual = {field.name: field.default for field in FIELDS}
    return [one.model_dump() for one in found.specs()] == [
        {**one.model_dump(), "params": {n: v for n, v in one.params.items() if n not in usual or v != usual[n]}}
        for one in wanted.specs()
    ] and all(
        getattr(found, name) == getattr(wanted, name) for name in ("name", "tags", "stages", "priority", "device")
    )


NASTY = [
    "it's",
    '"quoted"',
    "$(rm -rf /)",
    "`id`",
    "a\\b",
    "--watch",
    "-x",
    "64",
    "true",
    "null",
    "ü λ 🙂",
    "a=b",
    "!x",
]
REQUESTS = [
    SweepRequest(recipe="resnet"),
    SweepRequest(recipe="resnet", start_lr=1.25e-9, end_lr=0.3, num_iter=333, mode="linear", seed=7, stages=2),
    SweepRequest(recipe="resnet", seeds=[0, 1, 2], diverge_ratio=None, priority=-5, device="cuda"),
    SweepRequest(recipe="resnet", diverge_ratio=2.5, params={"batch_size": 64, "decay": 0.01, "on": False}),
    *(SweepRequest(recipe="resnet", name=text, tags=[text, "b"], params={"note": text}) for text in NASTY),
]


@pytest.mark.parametrize("request_", REQUESTS, ids=str)
def test_the_lines_ask_for_what_the_form_asks_for(request_: SweepRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    body = body_of(request_, FIELDS)
    assert same(run_by_the_cli(submit_of(body, SERVER), monkeypatch), request_)
    assert same(sent_by_curl(curl_of(body, SERVER, "ada")), request_)


def test_what_is_the_default_is_left_out() -> None:
    request = SweepRequest(recipe="resnet", params={"batch_size": 128, "decay": 5e-4, "note": "", "on": True})
    assert submit_of(body_of(request, FIELDS), SERVER) == f"lrscope submit resnet --server {SERVER}"
    assert json.loads(shlex.split(curl_of(body_of(request, FIELDS), SERVER, "ada"))[-1]) == {"recipe": "resnet"}


def test_a_name_from_anywhere_stands_in_the_header_as_the_server_reads_it() -> None:
    words = shlex.split(curl_of({"recipe": "resnet"}, SERVER, "Zoë O'Neil"))
    assert "lrscope-user: Zo%C3%AB%20O%27Neil" in words


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40))
@settings(max_examples=40, deadline=None)
def test_bash_reads_any_text_back_as_it_was(text: str) -> None:
    try:
        request = SweepRequest(recipe="resnet", name=text, params={"note": text})
    except ValidationError:
        return
    body = body_of(request, FIELDS)
    for line in (curl_of(body, SERVER, text), submit_of(body, SERVER)):
        printed = subprocess.run(["bash", "-c", f"printf '%s\\0' {line}"], capture_output=True, check=True).stdout
        assert printed.decode().split("\0")[:-1] == shlex.split(line)
