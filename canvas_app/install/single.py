"""The pages of single-workspace mode: everything is shown, and what comes from the environment is changed there.

Imported only when there are pages to show.
"""

from __future__ import annotations

import atexit
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from flask import Flask

from canvas_app.console.blueprint import console_blueprint
from canvas_app.install import desk
from canvas_app.install.desk import Described, not_usable
from canvas_app.install.settings.blueprint import settings_blueprint
from canvas_app.pages.database import LateDatabase
from canvas_app.pages.limits import RateLimit
from canvas_app.pages.opening import open_pages
from canvas_app.pages.site import Site
from canvas_app.pages.trouble import Trouble
from canvas_app.settings import Settings
from clients.intercom.oauth import Hosts
from clients.intercom.settings import IntercomSettings, Region
from sync.environment import ConfigurationError
from sync.home import Home
from sync.mapping.faults import MappingError
from sync.mapping_file import mapping_text
from sync.registers import OneInEnvironment
from sync.sealing import Seal
from sync.settings import ACCESS_TOKEN, VAR, InstallationSettings
from sync.storage.installations import SINGLE

SOURCE: Final = "the environment"


def open_single_pages(app: Flask, settings: Settings) -> None:
    """Settings and console for the one workspace that the environment describes."""
    late = LateDatabase(settings.database_url, var=VAR)
    atexit.register(late.close)
    site = Site(
        public_url=str(settings.public_url),
        keys=settings.secret_keys,
        storage=late,
        workplaces=TheOne(settings),
        now=_utc_now,
        limit=RateLimit(),
        signs_in=False,
    )
    open_pages(app, site)
    desk.attach(app, DeskOfOne(settings=settings, database=late))
    app.register_blueprint(settings_blueprint())
    app.register_blueprint(console_blueprint())


@dataclass(frozen=True, slots=True)
class TheOne:
    """For the frame."""

    settings: Settings

    def name(self, installation: str, *, since: datetime | None = None) -> str | None:
        return name_of(self.settings) if installation == SINGLE else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskOfOne:
    """Reads the mapping anew for each page; the environment as it was at the start."""

    settings: Settings
    database: LateDatabase

    @property
    def hosts(self) -> Hosts:
        return Hosts()

    @property
    def seal(self) -> Seal:
        return Seal(self.settings.secret_keys)

    def store_url(self, region: Region) -> str:
        return self.hosts.consent_of(region)

    def described(self, installation: str) -> Described | None:
        if installation != SINGLE:
            return None
        return Described(
            id=SINGLE,
            workspace_name=name_of(self.settings),
            workspace_id=self.settings.workspace_id,
            region=self._intercom("unused").region or Region.US,
            mapping=self._mapping(),
            shop=self.settings.shop,
            installed_at=None,
            source=SOURCE,
        )

    @contextmanager
    def home(self, installation: str) -> Iterator[Home]:
        with closing(self._home(installation)) as home:
            yield home

    def _home(self, installation: str) -> Home:
        if self.settings.access_token is None:
            text = f"{ACCESS_TOKEN.name} is not set, so nothing can be asked of Intercom. {ACCESS_TOKEN.fix}."
            raise Trouble(409, "The sync is not set up", text)
        one = InstallationSettings(
            shop=self.settings.shop,
            intercom=self._intercom(self.settings.access_token),
            workspace_id=self.settings.workspace_id,
            mapping_file=self.settings.mapping_file,
        )
        register = OneInEnvironment(one=one, database=self.database.database(), directory=Path(), now=_utc_now)
        try:
            home = register.home(installation)
        except ConfigurationError as error:
            raise not_usable(error) from error
        assert home is not None
        return home

    def _intercom(self, token: str) -> IntercomSettings:
        return IntercomSettings(access_token=token, api_url=self.settings.intercom_api_url)

    def _mapping(self) -> str:
        try:
            return mapping_text(self.settings.mapping_file)
        except MappingError as error:
            raise Trouble(409, "The mapping cannot be read", str(error)) from error


def name_of(settings: Settings) -> str:
    return f"Workspace {settings.workspace_id}" if settings.workspace_id else settings.shop.project_key


def _utc_now() -> datetime:
    return datetime.now(UTC)
