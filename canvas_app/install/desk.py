"""What settings pages work on: one installation, wherever it is written down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, cast

from flask import Flask, current_app

from canvas_app.pages.database import LateDatabase
from canvas_app.pages.site import Site
from canvas_app.pages.trouble import Trouble
from clients.commercetools.settings import ShopSettings
from clients.intercom.oauth import Hosts, OAuth
from clients.intercom.settings import Region
from sync.credentials import open_shop
from sync.environment import ConfigurationError
from sync.home import Home
from sync.registers import ManyInDatabase
from sync.sealing import Seal, SealBroken
from sync.storage.installed import InstalledRow, State, installed

_EXTENSION = "desk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """An installation as its settings show it. `shop`: None while none is connected, or when it cannot be opened.

    `source` says where settings come from that cannot be changed here; None when all of them can.
    """

    id: str
    workspace_name: str
    workspace_id: str | None
    region: Region
    mapping: str = field(repr=False)
    shop: ShopSettings | None
    installed_at: datetime | None
    source: str | None = None

    @property
    def is_connected(self) -> bool:
        return self.shop is not None


class Desk(Protocol):
    """Thread-safe."""

    @property
    def hosts(self) -> Hosts:
        """Where Intercom is."""
        ...

    @property
    def seal(self) -> Seal:
        """For what is stored."""
        ...

    @property
    def database(self) -> LateDatabase: ...

    def store_url(self, region: Region) -> str:
        """Where an installation that went well ends in Intercom."""
        ...

    def described(self, installation: str) -> Described | None:
        """None when it is not installed (any more). Raises what storage raises."""
        ...

    def home(self, installation: str) -> AbstractContextManager[Home]:
        """To read and write both platforms with. Raises `Trouble` while it cannot be worked for."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskOfMany:
    """For workspaces that installed the app."""

    site: Site
    database: LateDatabase
    seal: Seal
    oauth: OAuth

    @property
    def hosts(self) -> Hosts:
        return self.oauth.hosts

    def store_url(self, region: Region) -> str:
        return self.oauth.store_url(region)

    def described(self, installation: str) -> Described | None:
        with self.site.storage.transaction() as connection:
            row = installed(connection, installation)
        if row is None or row.state is State.UNINSTALLED:
            return None
        return Described(
            id=row.id,
            workspace_name=row.workspace_name,
            workspace_id=row.workspace_id,
            region=Region(row.region.upper()),
            mapping=row.mapping,
            shop=self._shop(row),
            installed_at=row.installed_at,
        )

    @contextmanager
    def home(self, installation: str) -> Iterator[Home]:
        with closing(self._home(installation)) as home:
            yield home

    def _home(self, installation: str) -> Home:
        register = ManyInDatabase(
            seal=self.seal, api_url=self.hosts.api, database=self.database.database(), now=self.site.now
        )
        try:
            home = register.home(installation)
        except ConfigurationError as error:
            raise not_usable(error) from error
        if home is None:
            raise Trouble(409, "No shop is connected yet", "Connect commercetools first, then come back to this page.")
        return home

    def _shop(self, row: InstalledRow) -> ShopSettings | None:
        try:
            return open_shop(self.seal, row) if row.state is State.CONNECTED else None
        except (SealBroken, ConfigurationError):
            return None  # to be connected again


@dataclass(frozen=True, slots=True, kw_only=True)
class NamesOfMany:
    """For the frame."""

    database: LateDatabase

    def name(self, installation: str, *, since: datetime | None = None) -> str | None:
        with self.database.transaction() as connection:
            row = installed(connection, installation)
        if row is None or row.state is State.UNINSTALLED:
            return None
        return None if since is not None and since < row.installed_at else row.workspace_name


def not_usable(error: ConfigurationError) -> Trouble:
    """What a person has to mend before anything can be asked."""
    return Trouble(409, "Something has to be mended first", " ".join(f"{each}." for each in error.problems))


def attach(app: Flask, desk: Desk) -> None:
    app.extensions[_EXTENSION] = desk


def desk() -> Desk:
    """Of the app that answers the present request."""
    return cast(Desk, current_app.extensions[_EXTENSION])
