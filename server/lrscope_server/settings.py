"""Settings, frozen: command line > `LRSCOPE_*` environment > `lrscope.toml` > default."""

import getpass
import json
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from lrscope.errors import FieldError, InvalidInput

LogLevel = Literal["debug", "info", "warning", "error"]


def _known_database(url: str) -> str:
    if url and not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValueError("must be sqlite:///PATH or postgresql://…")
    if url.startswith("postgresql://"):
        return url.replace("postgresql://", "postgresql+psycopg://", 1)
    return url


def _names(given: Any) -> Any:
    """A list, or what an environment variable can hold: JSON, or names between commas."""
    if not isinstance(given, str):
        return given
    return json.loads(given) if given.startswith('["') else [name.strip() for name in given.split(",") if name.strip()]


def _person() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's uid without a name
        return "anonymous"


class Settings(BaseSettings):
    """Everything the server can be told. Each field is also `LRSCOPE_<FIELD>` and a key of lrscope.toml."""

    model_config = SettingsConfigDict(
        env_prefix="LRSCOPE_", toml_file="lrscope.toml", frozen=True, extra="ignore", env_ignore_empty=True
    )

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on; 0 takes any free one.")
    data_dir: Path = Field(default=Path("lrscope-data"), description="Folder of the database; made when missing.")
    database_url: Annotated[str, AfterValidator(_known_database)] = Field(
        default="", description="SQLAlchemy URL; empty: SQLite, lrscope.db in the data folder."
    )
    allowed_hosts: Annotated[list[str], NoDecode, BeforeValidator(_names)] = Field(
        default=[],
        description="Names by which browsers and workers may call this server, beside localhost; others are refused.",
    )
    user: str = Field(default_factory=_person, description="Who acts when a request names nobody.")
    lease_s: float = Field(default=15, ge=0.2, le=3600, description="Silence of a worker that gives its sweep back.")
    max_attempts: int = Field(default=3, ge=1, le=100, description="Workers a sweep may lose before it fails.")
    log_level: LogLevel = Field(default="warning", description="debug, info, warning or error.")

    @classmethod
    def load(cls, **given: Any) -> Self:
        """Settings from all sources; `given` (the command line) wins, its Nones do not count. Raises InvalidInput."""
        try:
            return cls(**{name: value for name, value in given.items() if value is not None})
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InvalidInput(f"settings: lrscope.toml cannot be read: {error}") from None
        except ValidationError as error:
            fields = tuple(FieldError(".".join(map(str, e["loc"])), e["input"], e["msg"]) for e in error.errors())
            told = "; ".join(f"{f.field}: {f.reason} (got {f.value!r})" for f in fields)
            raise InvalidInput(f"settings: {told}", fields) from None

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{(self.data_dir / 'lrscope.db').absolute()}"

    @property
    def database_shown(self) -> str:
        """Without the password: for logs and terminals."""
        return re.sub(r"(://[^:/@]*):.*@", r"\1:***@", self.database)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
