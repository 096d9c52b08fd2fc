"""From `POST /sweeps` to a kept pick, through a real server process and real worker processes."""

import signal
import subprocess
from pathlib import Path

import pytest

from tests.journeys.conftest import TEAM, Process, Team, until

pytestmark = pytest.mark.journey


def test_a_sweep_is_asked_for_run_read_and_picked_and_outlives_the_server(tmp_path: Path) -> None:
    """I am Zoë at a shell: I queue a sweep, fetch its points and its reading, and pick what is suggested. I stop
    everything; a new server on the same folder has my pick and every point."""
    server = Process(tmp_path / "server.log", "server", "--port", "0", "--data-dir", str(tmp_path / "data"))
    base = server.address()
    worker = Process(tmp_path / "worker.log", "worker", "--server", base, "--devices", "cpu")
    team = Team(base)
    team.offered("digits-clean")

    reply = team.http.post("/sweeps", json={"recipe": "digits-clean", "name": "première", "params": {"channels": 8}})
    sweep = reply.json()["id"]
    assert reply.headers["location"] == f"/sweeps/{sweep}"
    ended = team.ended(sweep)
    assert ended["status"] in ("done", "diverged"), ended
    assert ended["optimizer"] == "SGD"
    points = team.get(f"/sweeps/{sweep}/points")
    assert points["step"] == list(range(ended["steps_done"]))
    assert points["lr"][0] == 1e-7
    assert team.get(f"/sweeps/{sweep}/points?after={points['next']}")["step"] == []

    reading = team.get(f"/sweeps/{sweep}/reading")
    assert reading["low"] <= reading["suggestion"] <= reading["high"]
    pick = {"lr": reading["suggestion"], "note": "the machine's", "compared_with": [sweep]}
    kept = team.http.put(f"/sweeps/{sweep}/pick", json=pick, headers={"Lrscope-User": "Zo%C3%AB"}).json()
    assert kept["author"] == "Zoë"

    assert worker.end(signal.SIGTERM) == 0
    assert server.end(signal.SIGTERM) == 0
    again = Process(tmp_path / "again.log", "server", "--port", "0", "--data-dir", str(tmp_path / "data"))
    team = Team(again.address())
    assert team.get(f"/sweeps/{sweep}")["pick"] == kept
    assert team.get(f"/sweeps/{sweep}/points") == points
    again.end(signal.SIGTERM)


def test_a_killed_worker_loses_no_sweep(tmp_path: Path) -> None:
    """A worker dies in the middle of my sweep. I start another: it begins again, and all 60 points are there."""
    server = Process(
        tmp_path / "log", "server", "--port", "0", "--data-dir", str(tmp_path / "data"), LRSCOPE_LEASE_S="1"
    )
    base = server.address()
    team = Team(base)
    options = ("worker", "--server", base, "--devices", "cpu", "--recipes", TEAM)
    first = Process(tmp_path / "first.log", *options)
    team.offered("patient")
    sweep = team.submit("patient", num_iter=60, diverge_ratio=None)["id"]
    until(lambda: team.get(f"/sweeps/{sweep}")["steps_done"] > 5)
    first.end(signal.SIGKILL)
    second = Process(tmp_path / "second.log", *options)
    ended = team.ended(sweep)
    assert (ended["status"], ended["attempt"], ended["steps_done"]) == ("done", 2, 60)
    assert team.get(f"/sweeps/{sweep}/points")["step"] == list(range(60))
    second.end(signal.SIGTERM)
    server.end(signal.SIGTERM)


def test_a_killed_server_loses_no_point(tmp_path: Path) -> None:
    """The server dies in the middle of my sweep, and I start it again on the same port. The worker goes on with the
    same attempt, and all 150 points are there."""
    options = ("server", "--data-dir", str(tmp_path / "data"), "--port")
    server = Process(tmp_path / "log", *options, "0")
    base = server.address()
    team = Team(base)
    worker = Process(tmp_path / "worker.log", "worker", "--server", base, "--devices", "cpu", "--recipes", TEAM)
    team.offered("patient")
    sweep = team.submit("patient", num_iter=150, diverge_ratio=None)["id"]
    until(lambda: team.get(f"/sweeps/{sweep}")["steps_done"] > 5)
    server.end(signal.SIGKILL)
    server = Process(tmp_path / "again.log", *options, base.rpartition(":")[2])
    server.address()
    ended = Team(base).ended(sweep)
    assert (ended["status"], ended["attempt"], ended["steps_done"]) == ("done", 1, 150)
    assert Team(base).get(f"/sweeps/{sweep}/points")["step"] == list(range(150))
    worker.end(signal.SIGTERM)
    server.end(signal.SIGTERM)


def test_a_running_sweep_is_cancelled_within_seconds(up: Team) -> None:
    """I have asked for 5,000 slow steps by mistake: I cancel, and five seconds later at most the sweep has ended."""
    up.offered("patient")
    sweep = up.submit("patient", num_iter=5000, diverge_ratio=None, priority=9)["id"]
    until(lambda: up.get(f"/sweeps/{sweep}")["steps_done"] > 0)
    up.http.post(f"/sweeps/{sweep}/cancel")
    assert up.ended(sweep, 5)["status"] == "cancelled"


def test_a_taken_port_is_told_in_one_line(up: Team, tmp_path: Path) -> None:
    """I start a server where one already listens: it ends, names the port and `--port`, and spares me a traceback."""
    port = up.base.rpartition(":")[2]
    second = Process(tmp_path / "log", "server", "--port", port, "--data-dir", str(tmp_path))
    assert second.end(signal.SIGCONT) == 1
    told = second.log.read_text()
    assert [port in line and "--port" in line for line in told.splitlines() if "127.0.0.1" in line or port in line] == [
        True
    ]
    assert "Traceback" not in told


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_up_ends_quietly_and_takes_its_worker_along(tmp_path: Path, sign: signal.Signals) -> None:
    """I press Ctrl-C, or the system asks it to stop: it ends as if all were well, warns of nothing, and nothing that it
    started still runs."""
    up = Process(tmp_path / "log", "up", "--port", "0", "--data-dir", str(tmp_path / "data"), "--devices", "cpu")
    Team(up.address()).offered("digits-clean")
    workers = subprocess.check_output(["pgrep", "-P", str(up.pid)], text=True).split()
    assert workers
    assert up.end(sign) == 0
    assert "WARNING" not in up.log.read_text()
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]


def test_a_rate_is_confirmed_by_trainings_that_outlive_a_killed_worker(tmp_path: Path) -> None:
    """Ada swept her model, picked a rate and wants to know whether it is a good one; a worker dies meanwhile."""
    server = Process(
        tmp_path / "log", "server", "--port", "0", "--data-dir", str(tmp_path / "data"), LRSCOPE_LEASE_S="1"
    )
    base = server.address()
    team = Team(base)
    options = ("worker", "--server", base, "--devices", "cpu", "--recipes", TEAM)
    first = Process(tmp_path / "first.log", *options)
    team.offered("measured")
    sweep = team.submit("measured")["id"]
    team.ended(sweep)
    asked = team.http.post(f"/sweeps/{sweep}/confirm", json={"lr": 0.05, "steps": 300})
    assert asked.status_code == 201, asked.text
    until(lambda: any(one["status"] == "running" for one in team.get(f"/sweeps/{sweep}/confirmation")["trainings"]))
    first.end(signal.SIGKILL)
    second = Process(tmp_path / "second.log", *options)
    for one in asked.json()["trainings"]:
        assert team.ended(one["sweep"])["status"] in ("done", "diverged")
    found = team.get(f"/sweeps/{sweep}/confirmation")
    assert found["series"] == "val_loss"
    assert 0.01 < found["best"] < 0.2
    assert [one["id"] for one in team.get("/sweeps")["items"]] == [sweep]
    points = team.get(f"/sweeps/{asked.json()['trainings'][0]['sweep']}/points")
    assert (points["step"], set(points["lr"])) == (list(range(300)), {asked.json()["trainings"][0]["lr"]})
    second.end(signal.SIGTERM)
    server.end(signal.SIGTERM)
