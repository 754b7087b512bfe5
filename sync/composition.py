"""Puts the sync together for the one installation that the environment describes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from clients.commercetools.source import LIMITS, ShopSource
from clients.intercom.calls import Intercom
from clients.intercom.door import Door
from clients.intercom.spending import Allowance
from clients.wire.http import Exchange, Http, log_exchange
from sync.configuration import load_mapping, load_settings
from sync.environment import ConfigurationError, Problem
from sync.installation import Installation
from sync.mapping.rules import SyncMapping
from sync.settings import DATABASE_URL, LOG_LEVEL, PROJECT_KEY, VAR, WORKSPACE_ID, SyncSettings
from sync.storage.allowance import BATCH, DatabaseStore
from sync.storage.database import Database
from sync.storage.installations import SINGLE, InstallationRow, ensure_installation
from sync.storage.schema import migrate

SHORT_PATIENCE: Final = 5.0  # of somebody who sits in front of it
LONG_PATIENCE: Final = 30.0  # of a worker that was started together with its database
IN_CONTAINER: Final = ".in-container"  # a file that the image has beside the code


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What an entry point hands over. `set_up_logs` is given level and form, as `logs.configure` takes them."""

    environ: Mapping[str, str] = field(repr=False)
    directory: Path = Path()
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The installation with its database and both platforms, none of which was asked anything yet."""

    settings: SyncSettings
    database: Database
    row: InstallationRow
    mapping: SyncMapping
    shop: ShopSource
    intercom: Intercom
    allowance: Allowance
    http: Http
    mapping_path: Path
    now: Callable[[], datetime]

    @property
    def at(self) -> Installation:
        """As the stages and the sources know it."""
        return Installation(
            id=self.row.id,
            database=self.database,
            mapping=self.mapping,
            shop=self.shop,
            intercom=self.intercom,
            now=self.now,
        )


@contextmanager
def at_home(surroundings: Surroundings, *, for_people: bool = True) -> Iterator[Home]:
    """Raises ConfigurationError, and `StorageUnavailable` when the database cannot be reached."""
    settings = surroundings.settings()
    surroundings.begin_logs(settings, for_people=for_people)
    patience = SHORT_PATIENCE if for_people else LONG_PATIENCE
    with open_database(settings, directory=surroundings.directory, patience=patience) as database:
        row = installation_of(settings, database, now=surroundings.now())
        mapping = load_mapping(settings, directory=surroundings.directory, hash_key=row.hash_key)
        http = Http(LIMITS, observe=_observe)
        allowance = Allowance(DatabaseStore(database, row.id), batch=BATCH)
        try:
            yield Home(
                settings=settings,
                database=database,
                row=row,
                mapping=mapping,
                shop=ShopSource(settings.shop, needs=mapping.needs, http=http),
                intercom=Intercom(Door(settings.intercom, http=http, allowance=allowance)),
                allowance=allowance,
                http=http,
                mapping_path=surroundings.directory / settings.mapping_file,
                now=surroundings.now,
            )
        finally:
            http.close()


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


def installation_of(settings: SyncSettings, database: Database, *, now: datetime) -> InstallationRow:
    """The installation's row. Raises ConfigurationError when the database is another shop's or workspace's."""
    with database.transaction() as connection:
        row = ensure_installation(
            connection,
            SINGLE,
            workspace_id=settings.workspace_id,
            project_key=settings.shop.project_key,
            now=now,
        )
    problems = [
        Problem(
            name,
            f"is not what this database was filled for, which is {held}",
            "Use another database (DATABASE_URL, or another working directory), or put the variable back",
        )
        for name, held, wanted in (
            (PROJECT_KEY.name, row.project_key, settings.shop.project_key),
            (WORKSPACE_ID.name, row.workspace_id, settings.workspace_id),
        )
        if held is not None and wanted is not None and held != wanted
    ]
    if problems:
        raise ConfigurationError(problems)
    return row


def _observe(exchange: Exchange) -> None:
    """Every request is logged, but for the polls of each second that went well: what they find is told anyway."""
    if not (exchange.purpose.startswith("Changed") and exchange.outcome == "200"):
        log_exchange(exchange)


def would_be_lost(directory: Path) -> bool:
    """In a container, what is written outside of a volume is gone with it."""
    return (directory / IN_CONTAINER).exists() and not os.path.ismount(directory / VAR)
