"""What the operator decides about the web side: the environment, read once and checked whole.

`Settings.from_environ` reports every missing or malformed variable at once, by name and with the fix. The table
`VARIABLES` is what docs/operations.md prints, so the documentation cannot fall behind.

Adding a setting: one `Variable` here, or in sync/settings.py when the sync needs it as well, its field in `Settings`,
its row in docs/operations.md (a test prints the row).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from canvas_app.ingest.settings import VARIABLES as INGEST_VARIABLES
from canvas_app.ingest.settings import IngestSettings, half_open
from canvas_app.pages.settings import OAUTH_URL
from clients.commercetools.settings import ShopSettings
from sync.environment import ConfigurationError, Problem, Variable, whole_number
from sync.settings import (
    ACCESS_TOKEN,
    APP_ID,
    DATABASE_URL,
    INTERCOM_API_URL,
    LOG_FORMAT,
    LOG_LEVEL,
    MAPPING_FILE,
    PUBLIC_URL,
    SECRET_KEY,
    SHOP_VARIABLES,
    WORKSPACE_ID,
    foreign_scopes,
    shop_settings,
)


def _secrets(text: str) -> tuple[str, ...]:
    secrets = tuple(part.strip() for part in text.split(",") if part.strip())
    if not secrets:
        raise ValueError("holds no secret")
    if not all(re.fullmatch(r"[!-~]+", secret) for secret in secrets):
        raise ValueError("holds a secret with a space or a sign outside ASCII in it")
    return secrets


INTERCOM_SECRETS = Variable(
    name="INTERCOM_CLIENT_SECRET",
    meaning="signs what Intercom sends us; several while rotating, separated by commas, newest first",
    fix="Copy the client secret from the Intercom Developer Hub (your app, Basic information)",
    parse=_secrets,
)
PORT = Variable(
    name="PORT",
    meaning="port that the web server listens on",
    fix="Use a free port, such as 8000",
    parse=whole_number(1, 65535),
    default="8000",
)
THREADS = Variable(
    name="GUNICORN_THREADS",
    meaning="requests that one web process can answer at the same time; two thirds of them may wait for the shop",
    fix="Use a number such as 96",
    parse=whole_number(1, 1000),
    default="96",
)
WORKERS = Variable(
    name="WEB_CONCURRENCY",
    meaning="web processes; cache, single flight and metrics are each process's own",
    fix="Leave it at 1 unless one processor core is not enough",
    parse=whole_number(1, 64),
    default="1",
)

_SETTINGS: tuple[Variable[object], ...] = (
    *SHOP_VARIABLES, INTERCOM_SECRETS, WORKSPACE_ID, INTERCOM_API_URL, DATABASE_URL, PUBLIC_URL,
    MAPPING_FILE, LOG_LEVEL, LOG_FORMAT, *INGEST_VARIABLES, APP_ID, SECRET_KEY, OAUTH_URL,
)  # fmt: skip
_SERVING: tuple[Variable[object], ...] = (PORT, THREADS, WORKERS)

VARIABLES = _SETTINGS + _SERVING
"""Every variable that the web side reads, in the order in which docs/operations.md shows them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One Intercom workspace joined to one commercetools project, as the environment describes it.

    `database_url`: None for the embedded database.
    """

    shop: ShopSettings
    intercom_secrets: tuple[str, ...] = field(repr=False)
    workspace_id: str | None
    intercom_api_url: str
    access_token: str | None = field(repr=False)
    database_url: str | None = field(repr=False)
    public_url: str | None
    secret_keys: tuple[str, ...] = field(repr=False)
    mapping_file: Path
    log_level: str
    log_format: str
    ingest: IngestSettings

    @property
    def has_sync(self) -> bool:
        """Whether this workspace is set up for more than the panel."""
        return self.access_token is not None

    @property
    def has_database(self) -> bool:
        """Whether there is more than the panel, which needs none."""
        return self.database_url is not None or self.has_sync

    @property
    def has_pages(self) -> bool:
        """Whether there are settings and a console to look at: they need an address, and a key to sign with,
        and a database."""
        return bool(self.public_url and self.secret_keys and self.has_database)

    @staticmethod
    def problems(environ: Mapping[str, str]) -> tuple[Problem, ...]:
        """Everything that keeps these settings from being made."""
        own = (problem for each in _SETTINGS for problem in each.problems(environ))
        return (*own, *foreign_scopes(environ), *half_open(environ))

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        """Raises ConfigurationError with every problem at once."""
        if problems := cls.problems(environ):
            raise ConfigurationError(problems)
        return cls(
            shop=shop_settings(environ),
            intercom_secrets=INTERCOM_SECRETS.read(environ),
            workspace_id=WORKSPACE_ID.read(environ),
            intercom_api_url=INTERCOM_API_URL.read(environ),
            access_token=None if ACCESS_TOKEN.problems(environ) else ACCESS_TOKEN.read(environ),
            database_url=DATABASE_URL.read(environ),
            public_url=PUBLIC_URL.read(environ),
            secret_keys=SECRET_KEY.read(environ),
            mapping_file=MAPPING_FILE.read(environ),
            log_level=LOG_LEVEL.read(environ),
            log_format=LOG_FORMAT.read(environ),
            ingest=IngestSettings.from_environ(environ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """How the web server itself runs: port, threads a process, processes."""

    port: int
    threads: int
    workers: int

    @staticmethod
    def problems(environ: Mapping[str, str]) -> tuple[Problem, ...]:
        """Everything that keeps these settings from being made."""
        return tuple(problem for each in _SERVING for problem in each.problems(environ))

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Serving:
        """Raises ConfigurationError with every problem at once."""
        if problems := cls.problems(environ):
            raise ConfigurationError(problems)
        return cls(port=PORT.read(environ), threads=THREADS.read(environ), workers=WORKERS.read(environ))
