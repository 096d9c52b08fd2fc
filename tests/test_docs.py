"""Docs cannot lie: links, commands, routes, settings, messages and examples are held against the code."""

import ast
import json
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import dropwhile, pairwise
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, get_args
from urllib.parse import parse_qsl, urlsplit

import pytest
import typer
from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

import lrscope
from lrscope import feed, wire
from lrscope.address import SERVER_ENV
from lrscope.cli import make_app
from lrscope.client import USER_ENV
from lrscope.common import Common
from lrscope.confirmation import Confirmation
from lrscope.errors import STATUS, TOO_SLOW
from lrscope.feed import WorkerState
from lrscope.reading import Reading, ReasonCode
from lrscope.recipe import Recipe, RecipeInfo
from lrscope.rules import OURS, THEIRS
from lrscope.spec import TRANSITIONS, Pick, Sweep, SweepRequest, SweepSpec
from lrscope.views import View, ViewRequest, ViewState
from lrscope_server import hub, routes, sockets
from lrscope_server.confirming import ConfirmationRequest
from lrscope_server.following import Extension
from lrscope_server.importing import Measured
from lrscope_server.main import create_app
from lrscope_server.order import Forward
from lrscope_server.problems import Problem
from lrscope_server.settings import Settings
from lrscope_server.sweeps import PickRequest, SweepChange, SweepPage
from lrscope_server.tables import Base
from lrscope_workers.cli import RECIPES_ENV

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
ROOMS = ("core", "server", "dashboard", "workers", "tests", "benchmarks", "docs")
PAGES = sorted([*ROOT.glob("*.md"), *(page for room in ROOMS for page in (ROOT / room).rglob("*.md"))])

REST_MODELS: dict[str, type[BaseModel]] = {
    model.__name__: model
    for model in (
        *(
            SweepRequest,
            SweepChange,
            PickRequest,
            routes.ReadingRequest,
            Extension,
            Forward,
            Measured,
            ConfirmationRequest,
        ),
        *(routes.CommonRequest, Common, Confirmation),
        *(Sweep, SweepPage, routes.PointsPage, Reading, routes.Traceback, routes.Log, Pick, RecipeInfo, WorkerState),
        *(ViewRequest, ViewState, View),
        *(routes.Health, routes.Version, Problem),
    )
}
WIRE_PARTS: dict[str, type[BaseModel]] = {
    model.__name__: model
    for model in (wire.Lease, wire.Printed, wire.Device, wire.PointsHeader, SweepSpec, feed.Cursor, feed.Pointer)
} | {"QueueState": feed.QueueState}
UNIONS = (wire.WorkerMessage, wire.ServerMessage, feed.ViewerMessage, feed.FeedMessage)
MESSAGES: dict[str, type[BaseModel]] = {
    model.model_fields["type"].default: model for union in UNIONS for model in get_args(get_args(union)[0])
}
LIMITS = {
    "points in a frame of a worker": wire.MAX_BATCH,
    "points in a frame to a viewer": hub.MAX_FRAME_POINTS,
    "sweeps that a viewer watches": feed.MAX_WATCHED,
    "sweeps in a snapshot": hub.SNAPSHOT,
    "others in a presence": feed.MAX_POINTERS,
    "seconds to say `hello`": sockets.HELLO_S,
    "seconds in which a viewer takes a frame": sockets.SLOW_S,
}


# ── reading Markdown ─────────────────────────────────────────────────────────────────────────────────────────────────


class Block(NamedTuple):
    page: str
    info: str
    text: str


@cache
def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(*infos: str, pages: tuple[Path, ...] = tuple(PAGES)) -> list[Block]:
    """Fenced blocks whose language is one of `infos`."""
    found = []
    for page in pages:
        for info, text in re.findall(r"^```(\S+[^\n]*)\n(.*?)^```$", read(page), re.M | re.S):
            if info.split()[0] in infos:
                found.append(Block(page.name, info, text))
    return found


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", read(page), flags=re.M | re.S)


def headings(page: Path) -> list[str]:
    return re.findall(r"^#+ (.+)$", prose(page), re.M)


def section(page: Path, heading: str) -> str:
    """What stands below a heading, up to the next one."""
    parts = re.split(r"^#+ (.+)$", prose(page), flags=re.M)
    return parts[parts.index(heading) + 1]


def table(text: str) -> list[list[str]]:
    """The cells of the first table's rows, without its head."""
    lines = re.search(r"(?:^\|.*\|$\n?)+", text, re.M)
    assert lines, f"no table in: {text[:200]}"
    rows = [re.split(r"(?<!\\)\|", line.strip("|")) for line in lines[0].splitlines()]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def in_code(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text)


def coded_headings(page: Path) -> list[str]:
    """Headings that are one piece of code, without its ticks."""
    return [heading[1:-1] for heading in headings(page) if re.fullmatch(r"`[^`]+`", heading)]


def anchors(page: Path) -> set[str]:
    """As GitHub makes them."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings(page)}


def shell_lines() -> Iterator[tuple[str, list[str]]]:
    """(page, words) of every command in a shell block, without the variables set before it."""
    for block in blocks("sh", "bash", "console"):
        for line in block.text.replace("\\\n", " ").splitlines():
            for words in _commands(shlex.split(line, comments=True)):
                yield block.page, words


def _commands(words: list[str]) -> Iterator[list[str]]:
    """The commands of a line, cut at pipes, `&&` and redirections."""
    cuts = [-1, *(i for i, word in enumerate(words) if re.fullmatch(r"[|&;<>]+", word)), len(words)]
    for start, end in pairwise(cuts):
        command = list(dropwhile(re.compile(r"[A-Z_]+=").match, words[start + 1 : end]))
        if command and (start < 0 or words[start] not in ("<", ">", ">>")):
            yield command


# ── links, names, files ──────────────────────────────────────────────────────────────────────────────────────────────


def test_every_link_and_anchor_leads_somewhere() -> None:
    broken = []
    for page in PAGES:
        for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
            path, _, anchor = target.partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            to = (page.parent / path).resolve() if path else page
            if not to.exists() or (anchor and anchor not in anchors(to)):
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert not broken


def test_every_page_of_the_docs_can_be_found_from_the_map() -> None:
    reached, waiting = set[Path](), [DOCS / "index.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        for target in re.findall(r"\]\(([^)\s#]+\.md)[^)]*\)", prose(page)):
            to = (page.parent / target).resolve()
            if to.exists() and to not in reached:
                waiting.append(to)
    assert set(DOCS.rglob("*.md")) <= reached


def test_no_page_tells_of_the_machine_it_was_written_on() -> None:
    machine = re.compile(r"(?<![\w.:/-])/(?:work|home|root|Users|tmp|mnt|opt|var)/|\.\./shared")
    assert not [(page.name, found[0]) for page in PAGES if (found := machine.search(read(page)))]


def test_every_source_path_in_the_docs_exists() -> None:
    paths = {
        (page.name, code)
        for page in PAGES
        for code in in_code(prose(page))
        if re.fullmatch(rf"(?:{'|'.join(ROOMS)})/[\w./-]+", code)
    }
    assert len(paths) > 20
    assert not [path for path in paths if not (ROOT / path[1]).exists()]


def test_every_make_target_in_the_docs_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = {words[1] for _, words in shell_lines() if words[0] == "make"}
    spans = [code.split() for page in PAGES for code in in_code(prose(page))]
    named |= {words[1] for words in spans if words[0] == "make" and len(words) > 1}
    assert {"run", "test", "check"} <= named
    assert named <= targets


def test_every_environment_variable_in_the_docs_is_read_somewhere() -> None:
    named = {name for page in PAGES for name in re.findall(r"\bLRSCOPE_[A-Z_]+\b", read(page))}
    assert named - {f"LRSCOPE_{name.upper()}" for name in Settings.model_fields} <= {SERVER_ENV, USER_ENV, RECIPES_ENV}


def test_the_changelog_has_what_is_coming_or_this_version() -> None:
    versions = re.findall(r"^## \[([^]]+)\]", read(ROOT / "CHANGELOG.md"), re.M)
    assert versions
    assert versions[0] in ("Unreleased", lrscope.__version__)


def test_every_decision_is_listed_and_says_context_decision_and_consequences() -> None:
    decisions = sorted((DOCS / "decisions").glob("0*.md"))
    listed = re.findall(r"\]\((0[^)]+)\)", read(DOCS / "decisions" / "README.md"))
    assert listed == [page.name for page in decisions]
    for number, page in enumerate(decisions, start=1):
        assert page.name.startswith(f"{number:04d}-")
        assert headings(page)[0].startswith(f"{number:04d}: ")
        assert headings(page)[1:] == ["Context", "Decision", "Consequences"]


# ── Python ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("block", blocks("python"), ids=lambda block: block.page)
def test_every_python_block_compiles(block: Block) -> None:
    compile(block.text, block.page, "exec")


def test_every_recipe_in_the_docs_can_be_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("torch", "torch.nn", "torch.nn.functional"):  # only the signature is looked at
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    sys.modules["torch.nn"].__dict__["functional"] = sys.modules["torch.nn.functional"]
    found: dict[str, Recipe] = {}
    for block in blocks("python"):
        if "@lrscope.recipe" in block.text:
            names: dict[str, Any] = {}
            exec(block.text, names)
            found |= {recipe.name: recipe for recipe in names.values() if isinstance(recipe, Recipe)}
    assert {"my_resnet", "two_moons"} <= set(found)
    for recipe in found.values():
        assert recipe.check({})
        assert recipe.info.params_schema["properties"]


def test_the_built_in_recipes_are_listed_with_their_parameters() -> None:
    told = {
        name.strip("`"): in_code(params) for name, _, params in table(section(DOCS / "recipes.md", "Built-in ones"))
    }
    assert told == dict(_built_in())


def _built_in() -> Iterator[tuple[str, list[str]]]:
    """(name, parameters) of the functions marked @recipe(name=...), read without importing torch."""
    for source in (ROOT / "workers/lrscope_workers/recipes").glob("*.py"):
        for node in ast.parse(source.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                for mark in node.decorator_list:
                    if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) and mark.func.id == "recipe":
                        name = mark.keywords[0].value
                        assert isinstance(name, ast.Constant)
                        yield str(name.value), [arg.arg for arg in node.args.args]


def test_every_journey_tells_its_story() -> None:
    """In the docstring of each test that is marked, by itself or with its whole module."""
    untold = []
    for page in sorted((ROOT / "tests").rglob("test_*.py")):
        body = ast.parse(read(page)).body
        tests = [node for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        whole = any("mark.journey" in ast.unparse(node) for node in body if isinstance(node, ast.Assign))
        journeys = [one for one in tests if whole or "mark.journey" in " ".join(map(ast.unparse, one.decorator_list))]
        untold += [one.name for one in journeys if one.name.startswith("test_") and not ast.get_docstring(one)]
    assert untold == []


# ── the command line ─────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def program() -> Any:
    return typer.main.get_command(make_app())


def all_commands(command: Any = None, name: str = "lrscope") -> dict[str, Any]:
    """Every command that does something, by its whole name."""
    command = command or program()
    if not hasattr(command, "commands"):
        return {name: command}
    return {n: c for key, sub in command.commands.items() for n, c in all_commands(sub, f"{name} {key}").items()}


def options(command: Any) -> set[str]:
    """What it takes, without --help and what is hidden."""
    shown = [p for p in command.params if p.param_type_name == "option" and not p.hidden]
    return {option for parameter in shown for option in parameter.opts} - {"--help"}


def refusal(words: list[str]) -> str | None:
    """Why the program would not take this command line; None when it would."""
    command, rest = program(), words[1:]
    while hasattr(command, "commands"):
        if not rest or rest[0] in ("--help", "--version"):
            return None
        if rest[0] not in command.commands:
            return f"no command {rest[0]!r}"
        command, rest = command.commands[rest[0]], rest[1:]
    try:
        command.make_context(words[0], list(rest))
    except Exception as error:
        return f"{type(error).__name__}: {getattr(error, 'message', error)}"
    return None


def test_every_command_line_in_the_docs_is_one_that_the_program_takes() -> None:
    lines = [(page, words) for page, words in shell_lines() if words[0] == "lrscope"]
    assert len(lines) > 15
    assert not [(page, shlex.join(words), told) for page, words in lines if (told := refusal(words))]


def test_every_command_named_in_a_sentence_exists_with_its_options() -> None:
    known, wrong = all_commands(), []
    for page in PAGES:
        for code in in_code(prose(page)):
            if not code.startswith("lrscope ") or re.match(r"lrscope (COMMAND|--)", code):
                continue
            name = next((name for name in known if f"{code} ".startswith(f"{name} ")), None)
            given = {word for word in code.split() if word.startswith("--")}
            if name is None or not given <= options(known[name]):
                wrong.append((page.name, code))
    assert not wrong


def test_cli_md_has_every_command_with_every_option_and_no_other() -> None:
    page = DOCS / "cli.md"
    assert sorted(coded_headings(page)) == sorted(all_commands())
    for name, command in all_commands().items():
        told = {option for row in table(section(page, f"`{name}`")) for option in in_code(row[0])}
        assert told == options(command), name


# ── REST ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The paths of the app's OpenAPI."""
    found: dict[str, Any] = create_app(Settings(data_dir=tmp_path_factory.mktemp("data"))).openapi()["paths"]
    return found


def operations(paths: dict[str, Any]) -> dict[str, Any]:
    """`GET /sweeps` → the operation."""
    return {f"{verb.upper()} {path}": told for path, verbs in paths.items() for verb, told in verbs.items()}


def test_rest_md_has_every_route_and_no_other(paths: dict[str, Any]) -> None:
    told = [heading for heading in coded_headings(DOCS / "rest.md") if heading not in REST_MODELS]
    assert sorted(told) == sorted(operations(paths))


def test_rest_md_names_every_query_and_header_of_a_route(paths: dict[str, Any]) -> None:
    for name, operation in operations(paths).items():
        told = {code.lower() for code in in_code(section(DOCS / "rest.md", f"`{name}`"))}
        wanted = {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] != "path"}
        assert wanted <= told, name


def test_rest_md_shows_how_to_call_every_route(paths: dict[str, Any]) -> None:
    called = {name for page, words in shell_lines() if words[0] == "curl" for name in [_call(words, paths)[0]]}
    assert called == set(operations(paths))


def test_every_curl_in_the_docs_is_a_request_that_the_app_takes(paths: dict[str, Any]) -> None:
    for page, words in shell_lines():
        if words[0] != "curl":
            continue
        name, query, body = _call(words, paths)
        operation = operations(paths)[name]
        taken = {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "query"}
        assert query <= taken, (page, words)
        if name.endswith("/clone"):
            SweepRequest.model_validate({"recipe": "any", **(body or {})})
        elif body is not None:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            schema = schema.get("anyOf", [schema])[0]["$ref"]  # a body that may be left out is one of two
            REST_MODELS[schema.rsplit("/", 1)[-1]].model_validate(body)


def _call(words: list[str], paths: dict[str, Any]) -> tuple[str, set[str], Any]:
    """(operation, names in the query, body) of a curl command."""
    url = urlsplit(next(word for word in words if word.startswith("http")))
    body = json.loads(words[words.index("-d") + 1]) if "-d" in words else None
    verb = words[words.index("-X") + 1] if "-X" in words else "GET" if body is None else "POST"
    fits = [path for path in paths if re.fullmatch(re.sub(r"\{\w+\}", "[0-9a-z]{16}", path), url.path)]
    assert len(fits) == 1, f"{url.path} is not a route"
    return f"{verb} {fits[0]}", {name for name, _ in parse_qsl(url.query)}, body


def test_every_field_in_a_table_of_rest_md_is_real_and_none_is_left_out() -> None:
    page = DOCS / "rest.md"
    assert set(REST_MODELS) <= set(coded_headings(page))
    for name, model in REST_MODELS.items():
        assert _told_fields(page, name) == _fields(model), name


def test_every_default_in_a_table_of_rest_md_is_the_one_of_the_model() -> None:
    for name in (
        "SweepRequest",
        "SweepChange",
        "PickRequest",
        "ReadingRequest",
        "Extension",
        "Forward",
        "ConfirmationRequest",
        "Measured",
        "CommonRequest",
        "ViewRequest",
        "ViewState",
    ):
        for field, default, _ in table(section(DOCS / "rest.md", f"`{name}`")):
            real = REST_MODELS[name].model_fields[field.strip("`")]
            told = "required" if real.is_required() else json.loads(default.strip("`"))
            assert told == ("required" if real.is_required() else real.default), (name, field)
            assert not real.is_required() or default == "required"


def test_rest_md_names_every_reason_and_every_rule() -> None:
    told = set(in_code(section(DOCS / "rest.md", "`Reading`")))
    assert {*get_args(ReasonCode), *OURS, *THEIRS} <= told


@pytest.mark.parametrize("block", blocks("json", pages=(DOCS / "rest.md",)), ids=lambda block: block.info)
def test_every_example_in_rest_md_is_what_the_models_take(block: Block) -> None:
    name = block.info.removeprefix("json ")
    inner = re.fullmatch(r"list\[(\w+)\]", name)
    for shown in json.loads(block.text) if inner else [json.loads(block.text)]:
        REST_MODELS[inner[1] if inner else name].model_validate_json(json.dumps(shown))


def test_the_reply_in_the_readme_is_part_of_a_sweep() -> None:
    for block in blocks("json", pages=(ROOT / "README.md",)):
        shown = json.loads(block.text)
        shown.pop("…", None)
        assert set(shown) <= set(Sweep.model_fields)
        for name, value in shown.items():
            kind: Any = Sweep.model_fields[name].annotation
            TypeAdapter(kind).validate_python(value)


# ── the wire ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _fields(model: type[BaseModel]) -> list[str]:
    """Names on the wire, sorted, without `type` where it only tells the messages apart."""
    fields: dict[str, FieldInfo] = model.model_fields
    is_message = model in MESSAGES.values()
    return sorted(field.alias or name for name, field in fields.items() if not (is_message and name == "type"))


def _told_fields(page: Path, heading: str) -> list[str]:
    return sorted(code for row in table(section(page, f"`{heading}`")) for code in in_code(row[0]))


def test_wire_md_has_every_message_and_part_with_its_fields_and_no_other() -> None:
    page = DOCS / "wire.md"
    models = MESSAGES | WIRE_PARTS
    assert sorted(coded_headings(page)) == sorted(models)
    for name, model in models.items():
        assert _told_fields(page, name) == _fields(model), name


def test_wire_md_shows_every_message_as_the_models_take_it() -> None:
    shown = set()
    for block in blocks("json", pages=(DOCS / "wire.md",)):
        _, _, part = block.info.partition(" ")
        name = part or json.loads(block.text)["type"]
        (MESSAGES | WIRE_PARTS)[name].model_validate_json(block.text)
        shown.add(name)
    assert shown == {*MESSAGES, "PointsHeader"}


def test_the_bytes_in_wire_md_are_a_frame_of_points() -> None:
    (dump,) = blocks("hexdump")
    lines = [re.match(r"([0-9a-f]{8})  ((?:[0-9a-f]{2} ?)+) *\|(.*)\|$", line) for line in dump.text.splitlines()]
    frame = b"".join(bytes.fromhex(line[2]) for line in lines if line)
    assert [int(line[1], 16) for line in lines if line] == list(range(0, len(frame), 16))
    assert "".join(line[3] for line in lines if line) == "".join(chr(c) if 32 <= c < 127 else "." for c in frame)
    batch = wire.Batch.unpack(frame)
    assert (batch.lr.tolist(), batch.loss.tolist()[0]) == ([1e-7, 10.0], 2.25)
    assert batch.loss[1] != batch.loss[1]
    assert batch.pack() == frame
    assert f"newline is at byte {frame.index(10)}" in prose(DOCS / "wire.md")


def test_the_unpacking_in_wire_md_reads_what_a_worker_packs() -> None:
    names: dict[str, Any] = {}
    for block in blocks("python", pages=(DOCS / "wire.md",)):
        exec(block.text, names)
    points = [lrscope.Point(step, 10.0**-step, 1.0 / (1 + step)) for step in range(3)]
    batch = wire.Batch.of(wire.Lease(sweep="a", attempt=1), points)
    header, columns = names["unpack"](batch.pack())
    assert header["count"] == 3
    assert columns.tolist() == [batch.lr.tolist(), batch.loss.tolist()]


def test_the_limits_and_the_version_in_wire_md_are_those_of_the_code() -> None:
    page = DOCS / "wire.md"
    told = {row[0]: row[1] for row in table(section(page, "Limits"))}
    assert {what: told[what] for what in LIMITS} == {what: f"{limit:g}" for what, limit in LIMITS.items()}
    assert f"version of the worker's wire is {wire.WIRE_VERSION};" in prose(page)
    assert {route.path for route in sockets.router.routes if hasattr(route, "path")} == set(
        re.findall(r"^## \w+: `(/ws/\w+)`$", prose(page), re.M)
    )


def test_the_close_codes_in_wire_md_are_those_of_the_code() -> None:
    told = {int(row[0]) for row in table(section(DOCS / "wire.md", "Close codes"))}
    known = {code for _, code in STATUS.values()} | {TOO_SLOW}
    assert {code for code in told if code >= 4000} <= known
    assert TOO_SLOW in told


# ── the rest of the nouns ────────────────────────────────────────────────────────────────────────────────────────────


def test_settings_md_has_every_setting_with_its_default_variable_and_option() -> None:
    page = DOCS / "settings.md"
    rows = {in_code(name)[0]: (default, env, flag) for name, default, env, flag in table(prose(page))}
    flags = options(all_commands()["lrscope server"])
    assert list(rows) == list(Settings.model_fields) == coded_headings(page)
    for name, (default, env, flag) in rows.items():
        field = Settings.model_fields[name]
        assert env == f"`LRSCOPE_{name.upper()}`"
        assert (flag == "none") == (f"--{name.replace('_', '-')}" not in flags)
        assert flag == "none" or flag.strip("`") in flags
        if field.default_factory is None:
            real = str(field.default) if isinstance(field.default, Path) else field.default
            assert json.loads(default.strip("`")) == real, name
        else:
            assert not in_code(default), name


def test_the_toml_in_settings_md_is_settings() -> None:
    (block,) = blocks("toml", pages=(DOCS / "settings.md",))
    given = tomllib.loads(block.text)
    assert set(given) <= set(Settings.model_fields)
    assert Settings(**given).host == given["host"]


def test_architecture_md_has_every_status_and_where_it_may_go() -> None:
    told = {
        status.strip("`"): set(in_code(to))
        for status, _, to in table(section(DOCS / "architecture.md", "Life of a sweep"))
    }
    assert told == {status.value: {to.value for to in after} for status, after in TRANSITIONS.items()}


def test_architecture_md_has_every_table_of_the_record() -> None:
    told = {row[0].strip("`") for row in table(section(DOCS / "architecture.md", "The record"))}
    assert told == set(Base.metadata.tables)
