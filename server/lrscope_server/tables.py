"""Tables, engines and their pragmas, migrations."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from lrscope.spec import Status


def now() -> datetime:
    """The present in UTC, without a zone: what every DateTime column holds."""
    return datetime.now(UTC).replace(tzinfo=None)


class Base(DeclarativeBase):
    pass


class SweepRow(Base):
    __tablename__ = "sweeps"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)  # sorts by age
    kind: Mapped[str] = mapped_column(String(12), default="range_test")
    name: Mapped[str] = mapped_column(String(120))
    recipe: Mapped[str] = mapped_column(String(80))
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    owner: Mapped[str] = mapped_column(String(120))
    color: Mapped[str] = mapped_column(String(7))
    slot: Mapped[int] = mapped_column(default=0)  # colour and dash pattern, as given at creation
    status: Mapped[str] = mapped_column(String(12), default=Status.QUEUED.value)
    reason: Mapped[str | None] = mapped_column(Text)
    traceback: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    start_lr: Mapped[float]
    end_lr: Mapped[float]
    num_iter: Mapped[int]
    mode: Mapped[str] = mapped_column(String(8))
    seed: Mapped[int] = mapped_column(sa.BigInteger)
    diverge_ratio: Mapped[float | None]
    rungs: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    training: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    confirming: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # what was asked for last
    group_id: Mapped[str | None] = mapped_column(String(16), index=True)
    origin_id: Mapped[str | None] = mapped_column(String(16))
    origin_how: Mapped[str | None] = mapped_column(String(8))
    stages: Mapped[int] = mapped_column(default=1)
    stage_due: Mapped[bool] = mapped_column(default=False, index=True)  # its second stage is still to be queued
    priority: Mapped[int] = mapped_column(default=0)
    hurry: Mapped[int] = mapped_column(default=0)  # before priority: above 0 what was moved, and what it waits for
    device_wish: Mapped[str] = mapped_column(String(8), default="any")
    steps_done: Mapped[int] = mapped_column(default=0)
    first_nonfinite_step: Mapped[int | None]
    attempt: Mapped[int] = mapped_column(default=0)  # the fencing token: grows with each hand-out
    failures: Mapped[int] = mapped_column(default=0)  # workers lost on it since it was queued by a person
    worker: Mapped[str | None] = mapped_column(String(80))
    device: Mapped[str | None] = mapped_column(String(500))
    optimizer: Mapped[str | None] = mapped_column(String(500))
    warnings: Mapped[list[str]] = mapped_column(JSON, default=list)
    lease_until: Mapped[datetime | None]
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    archived: Mapped[bool] = mapped_column(default=False)
    starred: Mapped[bool] = mapped_column(default=False)
    deleted_at: Mapped[datetime | None]
    notes: Mapped[str] = mapped_column(Text, default="")

    tags: Mapped[list["TagRow"]] = relationship(order_by="TagRow.place", cascade="all, delete-orphan", lazy="selectin")

    __table_args__ = (
        Index("ix_sweeps_queue", "status", "hurry", "priority", "id"),
        Index("ix_sweeps_leases", "status", "lease_until"),
    )


class TagRow(Base):
    __tablename__ = "sweep_tags"

    sweep_id: Mapped[str] = mapped_column(ForeignKey("sweeps.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    tag: Mapped[str] = mapped_column(String(50), index=True)


class AttemptRow(Base):
    """Every hand-out of a sweep, and how it ended."""

    __tablename__ = "attempts"

    sweep_id: Mapped[str] = mapped_column(ForeignKey("sweeps.id", ondelete="CASCADE"), primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True)
    worker: Mapped[str] = mapped_column(String(80))
    device: Mapped[str] = mapped_column(String(500))
    started_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(12))
    log: Mapped[str | None] = mapped_column(Text, deferred=True)  # the end of what the recipe printed


class PointBatchRow(Base):
    """Consecutive points: `count` little-endian float64 in each of the columns. A batch sent twice is one row."""

    __tablename__ = "point_batches"

    sweep_id: Mapped[str] = mapped_column(ForeignKey("sweeps.id", ondelete="CASCADE"), primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True)
    first_step: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int]
    columns: Mapped[str] = mapped_column(String(500))
    data: Mapped[bytes] = mapped_column(LargeBinary)


class PickRow(Base):
    """Append only: the newest of a sweep that was not withdrawn stands, the others are its history."""

    __tablename__ = "picks"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    sweep_id: Mapped[str] = mapped_column(ForeignKey("sweeps.id", ondelete="CASCADE"), index=True)
    lr: Mapped[float]
    author: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    compared_with: Mapped[list[str]] = mapped_column(JSON)
    smoothing: Mapped[float | None]
    withdrawn_by: Mapped[str | None] = mapped_column(String(120))


class ViewRow(Base):
    """What a page showed and how, under a name."""

    __tablename__ = "views"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)  # sorts by age
    name: Mapped[str] = mapped_column(String(120))
    owner: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(default=now)
    deleted_at: Mapped[datetime | None]
    state: Mapped[dict[str, Any]] = mapped_column(JSON)


class RecipeRow(Base):
    """Recipes that workers have announced: kept, so that a sweep can be asked for while its worker is away."""

    __tablename__ = "recipes"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    description: Mapped[str] = mapped_column(Text)
    params_schema: Mapped[dict[str, Any]] = mapped_column(JSON)
    announced_at: Mapped[datetime]


class RequestRow(Base):
    """Idempotency-Key of a POST /sweeps, and the sweeps it made."""

    __tablename__ = "requests"

    owner: Mapped[str] = mapped_column(String(120), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    sweeps: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(default=now)


def make_engines(url: str) -> tuple[sa.Engine, sa.Engine]:
    """(the one that writes, the one that reads). On SQLite the writer has a single connection in WAL mode."""
    if not url.startswith("sqlite"):
        engine = sa.create_engine(url, pool_pre_ping=True)
        return engine, engine
    writer = sa.create_engine(url, pool_size=1, max_overflow=0, connect_args={"check_same_thread": False})
    reader = sa.create_engine(url, pool_size=4, max_overflow=8, connect_args={"check_same_thread": False})
    _pragmas(writer, "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=10000")
    _pragmas(reader, "busy_timeout=10000", "query_only=ON")
    # BEGIN IMMEDIATE, or a read that becomes a write fails at once with "database is locked", busy_timeout or not
    event.listen(writer, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    event.listen(reader, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return writer, reader


def _pragmas(engine: sa.Engine, *pragmas: str) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")


def migrate(engine: sa.Engine, revision: str = "head") -> None:
    """Bring the database to a schema, the newest by default."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
