"""What the operator decides where any number of workspaces install the app: the environment, checked whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from canvas_app.pages.settings import OAUTH_URL
from canvas_app.settings import INTERCOM_SECRETS
from sync.environment import ConfigurationError, Problem
from sync.settings import (
    APP_ID,
    DATABASE_URL,
    INTERCOM_API_URL,
    LOG_FORMAT,
    LOG_LEVEL,
    PUBLIC_URL,
    SECRET_KEY,
    hosting_problems,
)

_READ = (
    APP_ID, INTERCOM_SECRETS, SECRET_KEY, PUBLIC_URL, DATABASE_URL, INTERCOM_API_URL, OAUTH_URL, LOG_LEVEL, LOG_FORMAT,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class HostedSettings:
    """`api_url`, `oauth_url`: of a stand-in for Intercom, with one address for all regions; None: Intercom's own."""

    client_id: str
    intercom_secrets: tuple[str, ...] = field(repr=False)
    secret_keys: tuple[str, ...] = field(repr=False)
    public_url: str
    database_url: str | None = field(repr=False)
    api_url: str | None
    oauth_url: str | None
    log_level: str
    log_format: str

    @staticmethod
    def problems(environ: Mapping[str, str]) -> tuple[Problem, ...]:
        """Everything that keeps these settings from being made."""
        own = [problem for each in _READ for problem in each.problems(environ)]
        if not environ.get(PUBLIC_URL.name, "").strip():
            own.append(Problem(PUBLIC_URL.name, "not set", PUBLIC_URL.fix))
        return (*own, *hosting_problems(environ))

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> HostedSettings:
        """Raises ConfigurationError with every problem at once."""
        if problems := cls.problems(environ):
            raise ConfigurationError(problems)
        client_id, public_url = APP_ID.read(environ), PUBLIC_URL.read(environ)
        assert client_id is not None
        assert public_url is not None
        return cls(
            client_id=client_id,
            intercom_secrets=INTERCOM_SECRETS.read(environ),
            secret_keys=SECRET_KEY.read(environ),
            public_url=public_url,
            database_url=DATABASE_URL.read(environ),
            api_url=INTERCOM_API_URL.read(environ) if environ.get(INTERCOM_API_URL.name, "").strip() else None,
            oauth_url=OAUTH_URL.read(environ),
            log_level=LOG_LEVEL.read(environ),
            log_format=LOG_FORMAT.read(environ),
        )
