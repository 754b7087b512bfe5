"""Where installations are written down: in the environment, which describes one, or in the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from clients.intercom.settings import REGION_OF_HOST, IntercomSettings, Region
from sync.configuration import load_mapping, mapping_error
from sync.credentials import open_shop, open_token
from sync.environment import ConfigurationError, Problem
from sync.home import Home, home_of
from sync.mapping.faults import MappingError
from sync.mapping.reading import parse_sync_mapping
from sync.mapping.rules import SyncMapping
from sync.sealing import Seal, SealBroken
from sync.settings import PROJECT_KEY, SECRET_KEY, WORKSPACE_ID, InstallationSettings
from sync.storage.database import Database
from sync.storage.installations import InstallationRow, ensure_installation
from sync.storage.installed import InstalledRow, State, installed, revisions

MAPPING: Final = Path("mapping")  # what the text in the database is called where something is wrong with it


class Register(Protocol):
    """`is_fixed`: what it says holds until the process ends, so a fault in it is one of the process."""

    @property
    def is_fixed(self) -> bool: ...

    def revisions(self) -> Mapping[str, int]:
        """Which state of each installation is the newest, by id. Raises what the database raises."""
        ...

    def home(self, installation: str) -> Home | None:
        """To be closed; None for one that is not to be worked for.

        Raises ConfigurationError for what a person has to mend, and what the database raises.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OneInEnvironment:
    """Single-workspace mode."""

    one: InstallationSettings
    database: Database
    directory: Path
    now: Callable[[], datetime]
    is_fixed: bool = field(default=True, init=False)

    def revisions(self) -> Mapping[str, int]:
        return {self.one.id: 0}

    def home(self, installation: str) -> Home | None:
        if installation != self.one.id:
            return None
        row = installation_of(self.one, self.database, now=self.now())
        mapping = load_mapping(self.one, directory=self.directory, hash_key=row.hash_key)
        return home_of(self.one, row, mapping, self.database, directory=self.directory, now=self.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyInDatabase:
    """Workspaces that installed the app."""

    seal: Seal
    api_url: str | None
    database: Database
    now: Callable[[], datetime]
    is_fixed: bool = field(default=False, init=False)

    def revisions(self) -> Mapping[str, int]:
        with self.database.transaction() as connection:
            return revisions(connection)

    def home(self, installation: str) -> Home | None:
        with self.database.transaction() as connection:
            row = installed(connection, installation)
        if row is None or row.state is not State.CONNECTED:
            return None
        settings = settings_of(row, seal=self.seal, api_url=self.api_url)
        kept = installation_of(settings, self.database, now=self.now())
        mapping = mapping_of(row, hash_key=kept.hash_key)
        return home_of(settings, kept, mapping, self.database, now=self.now)


def installation_of(settings: InstallationSettings, database: Database, *, now: datetime) -> InstallationRow:
    """The installation's row. Raises ConfigurationError when the database is another shop's or workspace's."""
    with database.transaction() as connection:
        row = ensure_installation(
            connection,
            settings.id,
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


def settings_of(row: InstalledRow, *, seal: Seal, api_url: str | None) -> InstallationSettings:
    """What a connected workspace is joined to. `api_url`: of Intercom, instead of its region's.

    Raises ConfigurationError when its secrets cannot be used.
    """
    try:
        shop, token = open_shop(seal, row), open_token(seal, row)
    except SealBroken as error:
        fix = f"Put the key that was used before into {SECRET_KEY.name}, behind the newest, or connect the shop again"
        raise ConfigurationError([Problem(f"The secrets of {row.id}", str(error), fix)]) from error
    return InstallationSettings(
        id=row.id,
        shop=shop,
        intercom=IntercomSettings(access_token=token, api_url=api_url or region_url(row.region)),
        workspace_id=row.workspace_id,
        mapping_file=MAPPING,
    )


def region_url(region: str) -> str:
    """Intercom's API in a region, in whatever case it is written."""
    hosts = {held: host for host, held in REGION_OF_HOST.items()}
    return f"https://{hosts[Region(region.upper())]}"


def mapping_of(row: InstalledRow, *, hash_key: bytes) -> SyncMapping:
    """The sync's part of its mapping. Raises ConfigurationError."""
    try:
        return parse_sync_mapping(row.mapping, hash_key=hash_key)
    except MappingError as error:
        raise mapping_error(MAPPING, error.faults) from error
