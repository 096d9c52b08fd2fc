"""Readings are made once for the same points, and anew for more of them."""

import pytest

from lrscope.curve import Curve
from lrscope.reading import Reading, read
from lrscope_server import readings
from lrscope_server.readings import Readings
from tests.server.conftest import House

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
