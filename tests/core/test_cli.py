import csv
import functools
import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.core.fake_api import ID, POINTS, FakeApi, page, pick, problem, sweep

import lrscope
from lrscope import asking, cli, looking
from lrscope.client import Client
from lrscope.curve import Point
from lrscope.grid import lr_at
from lrscope.printing import rate
from lrscope.sparkline import sparkline
from lrscope.spec import Status, SweepSpec, Training
from lrscope.stages import NO_SECOND_STAGE


class Ran:
    """What a command line printed, and its exit code."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> FakeApi:
    api = FakeApi()
    connected = functools.partial(Client, transport=api.transport)
    monkeypatch.setattr(asking, "Client", connected)
    monkeypatch.setattr(looking, "Client", connected)
    return api


@pytest.fixture
def lrs(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*args: str) -> Ran:
        with pytest.raises(SystemExit) as left:
            cli.main(args)
        captured = capsys.readouterr()
        code = left.value.code
        return Ran(code if isinstance(code, int) else 0, captured.out, captured.err)

    return run


# ── the program ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_version_is_printed(lrs: Run) -> None:
    assert lrs("--version").out == f"lrscope {lrscope.__version__}\n"


def test_help_lists_the_commands_of_every_room(lrs: Run) -> None:
    told = lrs("--help").out
    for command in ("submit", "ls", "show", "pick", "suggest", "up", "server", "worker"):
        assert f" {command} " in told


def test_a_wrong_line_exits_2_and_an_error_1_in_one_line_without_a_traceback(lrs: Run, api: FakeApi) -> None:
    assert lrs("show").code == 2
    ran = lrs("show", "f" * 16)
    assert (ran.code, ran.err) == (1, "lrscope: there is no such sweep\n")


def test_an_address_that_is_none_is_told_in_one_line(lrs: Run) -> None:
    ran = lrs("ls", "--server", "here")
    assert ran.code == 1
    assert ran.err.startswith("lrscope: server: must be an address such as http://127.0.0.1:8000")
    assert ran.err.count("\n") == 1


def test_the_server_is_an_option_or_from_the_environment(
    lrs: Run, api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    lrs("show", ID, "--server", "http://127.0.0.1:9001")
    assert api.last.url.port == 9001
    monkeypatch.setenv("LRSCOPE_SERVER", "http://127.0.0.1:9002")
    lrs("show", ID)
    assert api.last.url.port == 9002


def test_log_prints_what_the_recipe_printed(lrs: Run, api: FakeApi) -> None:
    api.answers[f"GET /sweeps/{ID}/log"] = {"log": "50 000 images"}
    assert lrs("log", ID).out == "50 000 images\n"
    assert lrs("log", ID, "--json").json == {"log": "50 000 images"}


# ── asking ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_submit_sends_each_option_as_its_field(lrs: Run, api: FakeApi) -> None:
    api.answers["POST /sweeps"] = sweep(status=Status.QUEUED, queue_position=1)
    options = "--start-lr 1e-6 --end-lr 1 --num-iter 50 --mode linear --seed 3 --diverge-ratio none --name mine"
    more = "--tag a --tag b --priority 5 --device cpu --param width=64 --param kind=adam --param on=true"
    ran = lrs("submit", "digits-clean", *options.split(), *more.split())
    assert ran.code == 0
    assert api.body == {
        "recipe": "digits-clean",
        "params": {"width": 64, "kind": "adam", "on": True},
        "start_lr": 1e-6,
        "end_lr": 1.0,
        "num_iter": 50,
        "mode": "linear",
        "seed": 3,
        "diverge_ratio": None,
        "name": "mine",
        "tags": ["a", "b"],
        "priority": 5,
        "device": "cpu",
    }
    assert ID in ran.out
    assert "queued (1)" in ran.out


def test_submit_without_options_leaves_the_defaults_to_the_server(lrs: Run, api: FakeApi) -> None:
    api.answers["POST /sweeps"] = sweep()
    assert lrs("submit", "digits-clean", "--json").json["id"] == ID
    assert api.body == {"recipe": "digits-clean"}


def test_several_seeds_print_their_whole_group(lrs: Run, api: FakeApi) -> None:
    group = [sweep(id=f"{n:016d}", group="g" * 16, seed=n) for n in range(3)]
    api.answers["POST /sweeps"] = group[0]
    api.answers["GET /sweeps"] = page(*reversed(group))
    ran = lrs("submit", "digits-clean", "--seeds", "0,1,2", "--json")
    assert [made["seed"] for made in ran.json] == [0, 1, 2]


@pytest.mark.parametrize("wrong", ["--param width", "--param =3", "--seeds 0,x", "--diverge-ratio much", "--mode log"])
def test_an_option_that_cannot_be_read_exits_2_naming_it(lrs: Run, api: FakeApi, wrong: str) -> None:
    option, value = wrong.split()
    ran = lrs("submit", "digits-clean", option, value)
    assert ran.code == 2
    assert option in ran.err
    assert value in ran.err
    assert api.asked == []


def test_a_value_out_of_bounds_is_named(lrs: Run, api: FakeApi) -> None:
    ran = lrs("submit", "digits-clean", "--num-iter", "1")
    assert ran.code == 1
    assert ran.err.startswith("lrscope: num_iter: ")


@pytest.fixture
def points(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `--watch` sees: a sweep of three points."""

    def stream(_: Client, sweep: str) -> Iterator[Point]:
        yield from (Point(step, 10.0**-step, loss) for step, loss in enumerate([2.5, 0.5, math.nan]))

    monkeypatch.setattr(Client, "stream", stream)
    monkeypatch.setattr(Client, "wait", Client.sweep)


def test_watch_ends_with_the_reading(lrs: Run, api: FakeApi, points: None) -> None:
    api.answers["POST /sweeps"] = sweep(status=Status.QUEUED, steps_done=0)
    ran = lrs("submit", "digits-clean", "--watch")
    assert ran.code == 0
    assert "step 3/3" in ran.out
    assert "suggestion   3.2e-4" in ran.out


def test_watch_with_json_prints_the_sweep_and_its_reading(lrs: Run, api: FakeApi, points: None) -> None:
    api.answers["POST /sweeps"] = sweep(status=Status.QUEUED, steps_done=0)
    told = lrs("submit", "digits-clean", "--watch", "--json").json
    assert told["status"] == "done"
    assert told["reading"]["regions"][0]["from"] == 1e-4


def test_watching_a_sweep_that_fails_says_why_and_exits_1(lrs: Run, api: FakeApi, points: None) -> None:
    api.answers["POST /sweeps"] = sweep(status=Status.QUEUED, steps_done=0)
    api.answers[f"GET /sweeps/{ID}"] = sweep(status=Status.FAILED, reason="ValueError: [no] labels")
    ran = lrs("submit", "digits-clean", "--watch")
    assert ran.code == 1
    assert "failed: ValueError: [no] labels" in ran.out


def test_pick_keeps_the_rate_with_its_note(lrs: Run, api: FakeApi) -> None:
    api.answers[f"PUT /sweeps/{ID}/pick"] = pick()
    ran = lrs("pick", ID, "3.2e-4", "--note", "well left", "--compared-with", ID)
    assert ran.out == f"{ID}: 3.2e-4 is kept, picked by ada\n"
    assert api.body == {"lr": 3.2e-4, "note": "well left", "compared_with": [ID]}


def test_a_pick_can_be_taken_back(lrs: Run, api: FakeApi) -> None:
    api.answers[f"DELETE /sweeps/{ID}/pick"] = sweep()
    assert lrs("pick", ID, "--undo").out == f"{ID}: the pick is taken back; none stands\n"
    api.answers[f"DELETE /sweeps/{ID}/pick"] = sweep(pick=pick())
    assert lrs("pick", ID, "--undo").out == f"{ID}: the pick is taken back; 3.2e-4 by ada stands again\n"
    for wrong in (("pick", ID), ("pick", ID, "1e-3", "--undo")):
        assert lrs(*wrong).code == 2


def test_cancel_and_retry_say_what_became_of_it(lrs: Run, api: FakeApi) -> None:
    api.answers[f"POST /sweeps/{ID}/cancel"] = sweep(status=Status.RUNNING, reason="ada asked to cancel it")
    api.answers[f"POST /sweeps/{ID}/retry"] = sweep(status=Status.QUEUED, queue_position=2)
    assert lrs("cancel", ID).out == f"{ID}: ada asked to cancel it\n"
    assert lrs("retry", ID).out == f"{ID}: queued, place 2\n"
    assert lrs("cancel", ID, "--json").json["id"] == ID
    assert lrs("retry", ID, "--json").json["id"] == ID


def test_extend_sends_what_is_wider_and_shows_the_longer_sweep(lrs: Run, api: FakeApi) -> None:
    api.answers[f"POST /sweeps/{ID}/extend"] = sweep(end_lr=100.0)
    assert lrs("extend", ID, "--end-lr", "100", "--diverge-ratio", "none", "--json").json["end_lr"] == 100
    assert api.body == {"end_lr": 100, "diverge_ratio": None}
    assert ID in lrs("extend", ID).out
    assert api.body == {}


def test_watching_two_stages_goes_on_with_the_second(lrs: Run, api: FakeApi, points: None) -> None:
    second = sweep(id="f" * 16, name="closer", stages=1)
    api.answers |= {
        "POST /sweeps": sweep(status=Status.QUEUED, stages=2),
        f"GET /sweeps/{ID}": sweep(stages=2),
        "GET /sweeps": page(second),
        f"GET /sweeps/{second.id}": second,
        f"GET /sweeps/{second.id}/reading": api.answers[f"GET /sweeps/{ID}/reading"],
    }
    ran = lrs("submit", "digits-clean", "--stages", "2", "--watch")
    assert ran.code == 0, ran.err
    assert ran.out.count("suggestion   3.2e-4") == 2


def test_watching_two_stages_ends_where_there_is_no_second_one(lrs: Run, api: FakeApi, points: None) -> None:
    api.answers |= {
        "POST /sweeps": sweep(status=Status.QUEUED, stages=2),
        f"GET /sweeps/{ID}": sweep(stages=2, warnings=[NO_SECOND_STAGE]),
        "GET /sweeps": page(),
    }
    assert lrs("submit", "digits-clean", "--stages", "2", "--watch").code == 0


def test_import_keeps_each_curve_of_a_file_under_the_files_name(lrs: Run, api: FakeApi, tmp_path: Path) -> None:
    api.answers["POST /sweeps/import"] = sweep(name="old")
    file = tmp_path / "old.json"
    file.write_text(json.dumps({"curves": [measured(num_iter=3), measured(num_iter=3)]}))
    assert lrs("import", str(file), "--tag", "a").code == 0
    posted = [request for request in api.asked if request.method == "POST"]
    assert len(posted) == 2
    assert (api.body["name"], api.body["tags"], api.body["lr"]) == ("old", ["a"], measured(num_iter=3)["lr"])


def test_what_the_state_forbids_is_told_as_the_server_says_it(lrs: Run, api: FakeApi) -> None:
    api.answers[f"POST /sweeps/{ID}/cancel"] = problem(409, "sweep is done; it cannot be cancelled")
    ran = lrs("cancel", ID)
    assert (ran.code, ran.err) == (1, "lrscope: sweep is done; it cannot be cancelled\n")


# ── looking ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_ls_lists_name_state_and_pick(lrs: Run, api: FakeApi) -> None:
    api.answers["GET /sweeps"] = page(sweep(name="a [b]", pick=pick()), sweep(id="f" * 16, status=Status.RUNNING))
    told = lrs("ls").out
    for text in (ID, "a [b]", "done", "running", "3/3", "1e-7 to 10", "3.2e-4"):
        assert text in told


def test_ls_asks_for_what_it_was_told_to_and_no_more_than_the_limit(lrs: Run, api: FakeApi) -> None:
    api.answers["GET /sweeps"] = page(*[sweep(id=f"{n:016d}") for n in range(5)], following="more")
    ran = lrs("ls", "--status", "done", "--owner", "ada", "-q", "x", "--limit", "2", "--json")
    assert len(ran.json) == 2
    asked = api.last.url.params
    assert (asked["status"], asked["owner"], asked["q"], asked["archived"]) == ("done", "ada", "x", "false")
    assert len(api.asked) == 1


def test_an_empty_list_says_so(lrs: Run, api: FakeApi) -> None:
    api.answers |= {"GET /sweeps": page(), "GET /recipes": [], "GET /workers": []}
    assert lrs("ls").out == "no sweeps\n"
    assert "lrscope worker" in lrs("recipes").out
    assert "lrscope worker" in lrs("workers").out


def test_show_gives_the_sweep_and_its_reading(lrs: Run, api: FakeApi) -> None:
    told = lrs("show", ID).out
    for text in ("clean", "done", "SGD", "suggestion", "3.2e-4", "1e-4 to 1e-2", "▁", "×"):
        assert text in told
    assert lrs("show", ID, "--json").json["reading"]["suggestion"] == 3.2e-4


def test_recipes_are_listed_with_their_params_and_workers_with_their_device(lrs: Run, api: FakeApi) -> None:
    schema = {"properties": {"width": {"type": "integer", "default": 64}}}
    api.answers["GET /recipes"] = [{"name": "toy", "description": "A line.", "params_schema": schema}]
    device = {"name": "cuda:0", "kind": "cuda", "label": "NVIDIA H100", "memory_bytes": 1}
    state = {"id": "w-1", "host": "h", "pid": 1, "device": device, "recipes": ["toy"], "running": [ID]}
    api.answers["GET /workers"] = [{**state, "connected": False, "last_seen": "2026-11-23T12:00:00.000Z"}]
    assert "width=64" in lrs("recipes").out
    assert lrs("recipes", "--json").json[0]["name"] == "toy"
    told = lrs("workers").out
    for text in ("w-1", "cuda:0 (NVIDIA H100)", ID, "away"):
        assert text in told
    assert lrs("workers", "--json").json[0]["device"]["label"] == "NVIDIA H100"


def test_export_writes_every_point_as_csv(lrs: Run) -> None:
    rows = list(csv.reader(lrs("export", ID).out.splitlines()))
    assert rows == [["step", "lr", "loss"], ["0", "1e-07", "2.5"], ["1", "0.001", "0.5"], ["2", "10.0", ""]]


def test_export_as_json_holds_sweep_points_and_reading(lrs: Run, tmp_path: Path) -> None:
    file = tmp_path / "out.json"
    assert lrs("export", ID, "--format", "json", "-o", str(file)).code == 0
    whole = json.loads(file.read_text())
    assert whole["points"]["loss"] == [2.5, 0.5, None]
    assert whole["sweep"]["id"] == ID
    assert whole["reading"]["regions"][0]["to"] == 1e-2


def test_a_training_is_exported_and_shown_without_a_reading(lrs: Run, api: FakeApi) -> None:
    """Of one-cycle, whose rates fall again; the server reads no training."""
    api.answers[f"GET /sweeps/{ID}"] = sweep(training=Training(lr=1e-2, schedule="onecycle"))
    api.answers[f"GET /sweeps/{ID}/points"] = {**POINTS, "lr": [1e-4, 1e-2, 1e-6]}
    del api.answers[f"GET /sweeps/{ID}/reading"]
    assert lrs("export", ID).out.splitlines()[3] == "2,1e-06,"
    whole = lrs("export", ID, "--format", "json").json
    assert (whole["points"]["lr"], whole["reading"]) == ([1e-4, 1e-2, 1e-6], None)
    assert lrs("show", ID).code == 0
    assert lrs("show", ID, "--json").json["reading"] is None


def test_a_file_that_cannot_be_written_is_named(lrs: Run, tmp_path: Path) -> None:
    ran = lrs("export", ID, "-o", str(tmp_path / "nowhere" / "out.csv"))
    assert ran.code == 1
    assert "out.csv: cannot be written (No such file or directory)" in ran.err


# ── suggest ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def measured(**fields: Any) -> dict[str, Any]:
    """A textbook curve: flat, down, up."""
    spec = SweepSpec(recipe="any", **fields)
    lr = [lr_at(spec, step) for step in range(spec.num_iter)]
    return {"lr": lr, "loss": [2.3 - 2 / (1 + (1e-2 / x) ** 2) + (x / 0.5) ** 4 for x in lr]}


@pytest.mark.parametrize(
    "form", [measured(), {"curves": [measured(), measured(start_lr=2e-7, end_lr=9)]}, {"points": measured()}]
)
def test_suggest_reads_a_curve_without_a_server(lrs: Run, api: FakeApi, tmp_path: Path, form: Any) -> None:
    file = tmp_path / "curve.json"
    file.write_text(json.dumps(form))
    assert 1e-3 < lrs("suggest", str(file), "--json").json["suggestion"] < 0.5
    out = lrs("suggest", str(file)).out
    assert "suggestion" in out
    assert "▁" in out  # the curve in one line
    assert api.asked == []


def test_suggest_reads_standard_input(lrs: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps({"lr": [1e-3, 1e-2], "loss": [1.0, None]})))
    ran = lrs("suggest")
    assert ran.code == 0
    assert "none" in ran.out
    assert "too few to read" in ran.out


NO_CURVES = ["", "[]", "{}", '{"lr": [1]}', '{"lr": [1], "loss": 3}', '{"curves": [1]}', '{"curves": []}', "\xff"]


@pytest.mark.parametrize("text", NO_CURVES)
def test_what_is_no_curve_is_refused_in_one_line_naming_the_file(lrs: Run, tmp_path: Path, text: str) -> None:
    file = tmp_path / "curve.json"
    file.write_bytes(text.encode("latin-1"))
    ran = lrs("suggest", str(file))
    assert ran.code == 1
    assert ran.err.startswith("lrscope: ")
    assert ran.err.count("\n") == 1


def test_a_file_that_is_not_there_is_named(lrs: Run) -> None:
    assert "nowhere.json: cannot be read" in lrs("suggest", "nowhere.json").err


# ── how things are written ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("lr", "text"),
    [
        (3.2e-4, "3.2e-4"),
        (1e-7, "1e-7"),
        (0.0996, "0.1"),
        (0.032, "3.2e-2"),
        (0.324, "0.32"),
        (10.0, "10"),
        (123.0, "120"),
        (1e4, "1e4"),
        (None, "–"),
        (math.nan, "–"),
    ],
)
def test_a_rate_is_written_in_two_digits_as_by_hand(lr: float | None, text: str) -> None:
    assert rate(lr) == text


def test_a_blow_up_does_not_flatten_the_fall_before_it() -> None:
    line = sparkline([2.3, 2.3, 2.2, 1.5, 0.5, 0.4, 900.0, math.inf])
    assert len(line) == 8
    assert line[0] in "▆▇"
    assert line[5] == "▁"
    assert line[6:] == "█×"


def test_a_long_curve_is_cut_to_the_width_and_a_short_one_is_not_stretched() -> None:
    assert len(sparkline([1.0] * 1000, 40)) == 40
    assert sparkline([1.0, 2.0]) == "▁█"
    assert sparkline([]) == ""
    assert sparkline([math.nan]) == "×"


# ── confirming ──────────────────────────────────────────────────────────────────────────────────────────────────────

CONFIRMATION: dict[str, Any] = {
    "sweep": ID, "schedule": "onecycle", "steps": 50, "lr": 0.01, "series": "loss", "best": 0.0118, "low": 0.0102,
    "high": None, "band_low": 0.0066, "band_high": 0.021, "curve": {"a": 6.31, "b": 5.98, "c": 1.55},
    "reasons": [{"code": "diverged_above", "text": "Trainings at higher rates diverged."}],
    "trainings": [
        {"sweep": ID, "lr": 0.01, "seed": 0, "status": "done", "steps_done": 50, "loss": 0.5612},
        {"sweep": ID, "lr": 0.01, "seed": 1, "status": "done", "steps_done": 50, "loss": 0.5710},
        {"sweep": ID, "lr": 0.03, "seed": 0, "status": "diverged", "steps_done": 9, "loss": None},
    ],
}  # fmt: skip


def test_confirm_asks_for_trainings_and_prints_what_they_tell(lrs: Run, api: FakeApi) -> None:
    api.answers[f"POST /sweeps/{ID}/confirm"] = CONFIRMATION
    ran = lrs("confirm", ID, "--lr", "0.01", "--steps", "50", "--seeds", "0,1", "--schedule", "onecycle")
    assert ran.code == 0
    assert api.body == {"lr": 0.01, "steps": 50, "seeds": [0, 1], "schedule": "onecycle"}
    for told in ("0.5612", "0.571", "diverged", "1.2e-2", "from 1e-2", "6.6e-3 to 2.1e-2", "higher rates diverged"):
        assert told in ran.out


def test_confirm_takes_several_rates_and_waits_for_them(
    lrs: Run, api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = {**CONFIRMATION["trainings"][0], "status": "running", "loss": None}
    api.answers[f"POST /sweeps/{ID}/confirm"] = {**CONFIRMATION, "trainings": [running], "best": None}
    api.answers[f"GET /sweeps/{ID}/confirmation"] = CONFIRMATION
    waited: list[str] = []
    monkeypatch.setattr(Client, "wait", lambda _, sweep: waited.append(sweep))
    found = lrs("confirm", ID, "--lr", "0.01", "--lr", "0.03", "--watch", "--json").json
    assert waited == [ID]
    assert found["best"] == 0.0118
    asked = next(request for request in api.asked if request.method == "POST")
    assert json.loads(asked.content) == {"lrs": [0.01, 0.03]}
