"""Readings are made once for the same points, and anew for more of them."""

import pytest

from lrscope.curve import Curve
from lrscope.reading import Reading, read
from lrscope_server import readings
from lrscope_server.readings import Readings
from tests.server.conftest import House
from tests.server.test_following import train

LR = [10 ** (-5 + k / 10) for k in range(50)]


def stored(house: House, **more: object) -> str:
    loss = [2.3 - k / 40 for k in range(40)] + [1.4 + k for k in range(10)]
    reply = house.client.post("/sweeps/import", json={"name": "kept", "lr": LR, "loss": loss, **more})
    assert reply.status_code == 201, reply.text
    sweep: str = reply.json()["id"]
    return sweep


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many curves each reading was made of."""
    found: list[int] = []

    def counting(curves: list[Curve], optimizer: str | None) -> Reading:
        found.append(len(curves))
        return read(curves, optimizer)

    monkeypatch.setattr(readings, "read", counting)
    return found


def test_the_same_points_are_read_once_however_many_ask(house: House, made: list[int]) -> None:
    sweep = stored(house)
    first = house.get(f"/sweeps/{sweep}/reading")
    assert house.get(f"/sweeps/{sweep}/reading") == first
    assert made == [1]


@pytest.mark.parametrize(
    ("steps", "status", "codes"), [(100, "cancelled", ["cut_short"]), (60, "done", ["min_at_edge", "no_divergence"])]
)
def test_only_a_sweep_that_ran_to_its_end_is_told_to_go_over_higher_rates(
    house: House, steps: int, status: str, codes: list[str]
) -> None:
    sweep = house.submit(num_iter=steps)["id"]
    with house.connect() as worker:
        worker.hello()
        train(worker, [2.3] * 30 + [2.3 - k / 20 for k in range(30)], status)
    assert [reason["code"] for reason in house.get(f"/sweeps/{sweep}/reading")["reasons"]] == codes


def test_another_curve_has_a_reading_of_its_own(house: House, made: list[int]) -> None:
    assert stored(house) != stored(house, name="other")
    for sweep in house.get("/sweeps")["items"]:
        house.get(f"/sweeps/{sweep['id']}/reading")
    assert made == [1, 1]


def test_only_the_newest_readings_are_kept(house: House, made: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readings, "KEPT", 1)
    sweeps = [stored(house, name=name) for name in ("a", "b")]
    for sweep in [*sweeps, sweeps[1], sweeps[0]]:
        house.get(f"/sweeps/{sweep}/reading")
    assert len(made) == 3
    assert isinstance(house.rooms.sweeps._readings, Readings)
    assert len(house.rooms.sweeps._readings._kept) == 1
