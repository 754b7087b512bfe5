"""Puts the sync together: the settings, the database, and the installations that there are to work for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sync.configuration import load_settings
from sync.environment import ConfigurationError, Problem
from sync.estate import Estate
from sync.home import Home
from sync.registers import ManyInDatabase, OneInEnvironment
from sync.sealing import Seal
from sync.settings import DATABASE_URL, LOG_LEVEL, VAR, SyncSettings
from sync.storage.database import Database
from sync.storage.installed import OF_WORKSPACES
from sync.storage.schema import migrate

WORKSPACE: Final = "--workspace"
SHORT_PATIENCE: Final = 5.0  # of somebody who sits in front of it
LONG_PATIENCE: Final = 30.0  # of a worker that was started together with its database
IN_CONTAINER: Final = ".in-container"  # a file that the image has beside the code


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What an entry point hands over. `set_up_logs` is given level and form, as `logs.configure` takes them.

    `workspace`: which one is meant, where there are several.
    """

    environ: Mapping[str, str] = field(repr=False)
    directory: Path = Path()
    workspace: str | None = None
    now: Callable[[], datetime] = _utc_now
    set_up_logs: Callable[[str, str], None] | None = None

    def settings(self) -> SyncSettings:
        """Raises ConfigurationError with everything that is wrong, the mapping included."""
        return load_settings(self.environ, directory=self.directory)

    def begin_logs(self, settings: SyncSettings, *, for_people: bool) -> None:
        """`for_people`: somebody waits for the result, and hears of trouble alone unless `LOG_LEVEL` asks for more."""
        if self.set_up_logs is None:
            return
        if for_people and not self.environ.get(LOG_LEVEL.name, "").strip():
            self.set_up_logs("warning", "console")
        else:
            self.set_up_logs(settings.log_level, settings.log_format)


@contextmanager
def at_estate(surroundings: Surroundings, *, for_people: bool = True) -> Iterator[Estate]:
    """All installations. Raises ConfigurationError, and `StorageUnavailable` when the database cannot be reached."""
    settings = surroundings.settings()
    surroundings.begin_logs(settings, for_people=for_people)
    patience = SHORT_PATIENCE if for_people else LONG_PATIENCE
    with open_database(settings, directory=surroundings.directory, patience=patience) as database:
        register = register_of(settings, database, directory=surroundings.directory, now=surroundings.now)
        with closing(Estate(register, database, now=surroundings.now)) as estate:
            estate.look()
            yield estate


@contextmanager
def at_home(surroundings: Surroundings, *, for_people: bool = True) -> Iterator[Home]:
    """One installation, as `chosen` finds it. Raises what `at_estate` and `chosen` raise."""
    with at_estate(surroundings, for_people=for_people) as estate:
        yield chosen(estate, surroundings.workspace)


def chosen(estate: Estate, workspace: str | None) -> Home:
    """The one of this workspace; without a name the only one there is. Raises ConfigurationError, which lists them.

    What has to be mended before anything can be done for it is raised as it is.
    """
    homes = estate.homes
    for id_, fault in estate.faults.items():
        if workspace in (id_, id_.removeprefix(OF_WORKSPACES)) or (workspace is None and not homes):
            raise fault
    named = [home for home in homes if workspace in (None, home.row.workspace_id, home.row.id)]
    if len(named) == 1:
        return named[0]
    there = ", ".join(home.row.workspace_id or home.row.id for home in homes)
    if not homes:
        raise ConfigurationError([Problem(WORKSPACE, "no workspace is connected to a shop", "Install the app in one")])
    wrong = "not given, and there are several" if workspace is None else "names no workspace that is connected here"
    raise ConfigurationError([Problem(WORKSPACE, wrong, f"Give one of: {there}")])


def register_of(
    settings: SyncSettings, database: Database, *, directory: Path, now: Callable[[], datetime]
) -> OneInEnvironment | ManyInDatabase:
    """Where the installations are written down."""
    if settings.single is not None:
        return OneInEnvironment(one=settings.single, database=database, directory=directory, now=now)
    return ManyInDatabase(seal=Seal(settings.secret_keys), api_url=settings.api_url, database=database, now=now)


@contextmanager
def open_database(settings: SyncSettings, *, directory: Path, patience: float = LONG_PATIENCE) -> Iterator[Database]:
    """The database that `settings` name, brought up to date. Raises ConfigurationError, `StorageUnavailable`.

    `patience`: seconds to wait for it.
    """
    with reach_database(settings, directory=directory) as database:
        database.ping(timeout=patience)
        migrate(database)
        yield database


@contextmanager
def reach_database(settings: SyncSettings, *, directory: Path) -> Iterator[Database]:
    """The database as it is. Raises ConfigurationError, `StorageUnavailable`."""
    if settings.database_url is None and would_be_lost(directory):
        fix = f"Mount a volume at {(directory / VAR).absolute()}, or set DATABASE_URL"
        raise ConfigurationError([Problem(DATABASE_URL.name, "not set, and this container keeps nothing", fix)])
    with Database.open(settings.database_url, var=directory / VAR) as database:
        yield database


def would_be_lost(directory: Path) -> bool:
    """In a container, what is written outside of a volume is gone with it."""
    return (directory / IN_CONTAINER).exists() and not os.path.ismount(directory / VAR)
