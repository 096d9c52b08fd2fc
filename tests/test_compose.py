"""docker-compose.yml and the Dockerfile, without Docker: what they say, and the very commands they name."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
TARGETS = dict(re.findall(r"(?ms)^FROM base AS (\w+)\n(.*?)(?=^FROM |\Z)", DOCKERFILE))


def test_a_server_and_workers_for_gpus_and_for_the_cpu() -> None:
    assert list(SERVICES) == ["server", "worker-gpu", "worker-cpu"]
    assert "profiles" not in SERVICES["server"]
    assert (SERVICES["worker-gpu"]["profiles"], SERVICES["worker-cpu"]["profiles"]) == (["gpu"], ["cpu"])
    (gpu,) = SERVICES["worker-gpu"]["deploy"]["resources"]["reservations"]["devices"]
    assert gpu == {"driver": "nvidia", "count": "all", "capabilities": ["gpu"]}
    assert not SERVICES["worker-cpu"]["deploy"]


def test_only_this_machine_reaches_the_port_and_nobody_is_root() -> None:
    assert SERVICES["server"]["ports"] == ["127.0.0.1:8000:8000"]
    for service in SERVICES.values():
        assert service["user"] == "lrscope"
        assert service["cap_drop"] == ["ALL"]
        assert service["restart"] == "unless-stopped"
    assert not any("ports" in SERVICES[name] for name in ("worker-gpu", "worker-cpu"))
    assert all("USER lrscope" in body for body in TARGETS.values())


def test_the_record_is_on_a_volume_and_workers_wait_for_a_healthy_server() -> None:
    assert SERVICES["server"]["volumes"] == ["record:/data"]
    assert "record" in COMPOSE["volumes"]
    assert "LRSCOPE_DATA_DIR=/data" in TARGETS["server"]
    for name in ("worker-gpu", "worker-cpu"):
        assert SERVICES[name]["depends_on"] == {"server": {"condition": "service_healthy"}}
        assert SERVICES[name]["environment"]["LRSCOPE_SERVER"] == "http://server:8000"
    assert SERVICES["server"]["environment"]["LRSCOPE_ALLOWED_HOSTS"] == "server"


def test_one_dockerfile_makes_a_server_without_torch_and_a_worker_with_it() -> None:
    assert {service["build"]["target"] for service in SERVICES.values()} == set(TARGETS) == {"server", "worker"}
    installs = {name: re.findall(r"pip install (.*)", body) for name, body in TARGETS.items()}
    assert installs["server"] == ["--constraint constraints.txt '.[postgres]'"]
    assert installs["worker"] == ["--constraint constraints.txt '.[worker]'"]
    for copied in re.findall(r"(?m)^COPY (.+) \S+$", DOCKERFILE):
        assert all((ROOT / part).exists() for part in copied.split())


@pytest.mark.parametrize("name", ["server", "worker"])
def test_compose_says_what_the_image_says(name: str) -> None:
    image, service = TARGETS[name], SERVICES["server" if name == "server" else "worker-gpu"]
    commands = [yaml.safe_load(command) for command in re.findall(r"CMD (\[.*\])", image)]
    assert [service["healthcheck"]["test"][1:], service["command"]] == commands


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
        return number


@pytest.fixture
def started(tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    processes: list[subprocess.Popen[bytes]] = []
    yield processes
    for process in processes:
        if process.poll() is None:
            process.kill()


@pytest.mark.journey
def test_the_very_commands_work(tmp_path: Path, port: int, started: list[subprocess.Popen[bytes]]) -> None:
    """The container's name for the server becomes this machine's, its port a free one, its volume a folder."""
    here = {"LRSCOPE_HOST": "127.0.0.1", "LRSCOPE_PORT": str(port), "LRSCOPE_DATA_DIR": str(tmp_path)}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    def environment(service: str) -> dict[str, str]:
        given = {key: str(value) for key, value in SERVICES[service]["environment"].items() if "$" not in str(value)}
        return os.environ | given | here | {"PATH": path, "LRSCOPE_SERVER": f"http://127.0.0.1:{port}"}

    def start(service: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(SERVICES[service]["command"], env=environment(service), cwd=tmp_path)
        started.append(process)
        return process

    def healthy(service: str) -> bool:
        check = [
            part.replace("127.0.0.1:8000", f"127.0.0.1:{port}") for part in SERVICES[service]["healthcheck"]["test"]
        ]
        assert check.pop(0) == "CMD"
        done = subprocess.run(check, env=environment(service), capture_output=True, timeout=20, check=False)
        return done.returncode == 0

    def becomes_healthy(service: str) -> bool:
        end = time.monotonic() + 40
        while time.monotonic() < end:
            if healthy(service):
                return True
            time.sleep(0.1)
        return False

    assert not healthy("server")
    server = start("server")
    assert becomes_healthy("server")
    assert not healthy("worker-cpu"), shlex.join(SERVICES["worker-cpu"]["command"])
    worker = start("worker-cpu")
    assert becomes_healthy("worker-cpu")
    for process in (worker, server):
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
