"""What the operator decides: the environment, read once and checked whole.

`Settings.from_environ` reports every missing or malformed variable at once, by name and with the fix. The table
`VARIABLES` is what docs/operations.md prints, so the documentation cannot fall behind.

Adding a setting: one `Variable` here, its field in `Settings`, its row in docs/operations.md (a test prints the row).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from canvas_app.environment import (
    ConfigurationError,
    Problem,
    Variable,
    matching,
    one_of,
    optional,
    url,
    whole_number,
    without,
)
from clients.commercetools.settings import ShopSettings, host_url_problem, project_key_problem


def _secrets(text: str) -> tuple[str, ...]:
    secrets = tuple(part.strip() for part in text.split(",") if part.strip())
    if not secrets:
        raise ValueError("holds no secret")
    if not all(re.fullmatch(r"[!-~]+", secret) for secret in secrets):
        raise ValueError("holds a secret with a space or a sign outside ASCII in it")
    return secrets


def _scopes(text: str) -> tuple[str, ...]:
    scopes = tuple(text.split())
    if not all(re.fullmatch(r"[a-z_]+(:[A-Za-z0-9_.-]+)*", scope) for scope in scopes):
        raise ValueError("is not a list of scopes such as view_orders:my-project, separated by spaces")
    return scopes


_MERCHANT_CENTER = (
    "Create an API client in the Merchant Center (Settings, Developer settings) and download its .env file"
)
_CREDENTIAL = matching(r"[!-~]+", "may hold ASCII letters, digits and signs only")

PROJECT_KEY = Variable(
    name="CTP_PROJECT_KEY",
    meaning="commercetools project key",
    fix=_MERCHANT_CENTER,
    parse=without(project_key_problem),
)
CLIENT_ID = Variable(
    name="CTP_CLIENT_ID", meaning="id of the commercetools API client", fix=_MERCHANT_CENTER, parse=_CREDENTIAL
)
CLIENT_SECRET = Variable(
    name="CTP_CLIENT_SECRET",
    meaning="secret of the commercetools API client",
    fix=_MERCHANT_CENTER,
    parse=_CREDENTIAL,
)
AUTH_URL = Variable(
    name="CTP_AUTH_URL",
    meaning="where tokens are minted",
    fix="Use your region's address, such as https://auth.europe-west1.gcp.commercetools.com",
    parse=without(host_url_problem),
)
API_URL = Variable(
    name="CTP_API_URL",
    meaning="where the shop is read",
    fix="Use your region's address, such as https://api.europe-west1.gcp.commercetools.com",
    parse=without(host_url_problem),
)
SCOPES = Variable(
    name="CTP_SCOPES",
    meaning="scopes to ask for, separated by spaces; reading ones (`view_…`) are enough",
    fix="List the API client's scopes, such as view_customers:my-project view_orders:my-project",
    parse=_scopes,
)
INTERCOM_SECRETS = Variable(
    name="INTERCOM_CLIENT_SECRET",
    meaning="signs what Intercom sends us; several while rotating, separated by commas, newest first",
    fix="Copy the client secret from the Intercom Developer Hub (your app, Basic information)",
    parse=_secrets,
)
WORKSPACE_ID = Variable(
    name="INTERCOM_WORKSPACE_ID",
    meaning="when set, requests from every other workspace are answered as not set up",
    fix="Copy the workspace id from Intercom (Settings, General), or leave it unset",
    parse=optional(matching(r"[A-Za-z0-9_-]+", "may hold letters, digits, - and _ only")),
    default="",
)
INTERCOM_API_URL = Variable(
    name="INTERCOM_API_URL",
    meaning="Intercom's REST API; a workspace hosted in the EU or Australia has its own host",
    fix="Use https://api.intercom.io, https://api.eu.intercom.io or https://api.au.intercom.io",
    parse=url,
    default="https://api.intercom.io",
)
PUBLIC_URL = Variable(
    name="PUBLIC_URL",
    meaning="where the outside reaches this service",
    fix="Use the address that you gave Intercom, such as https://panel.example.com, or leave it unset",
    parse=optional(url),
    default="",
)
MAPPING_FILE = Variable(
    name="MAPPING_FILE",
    meaning="the file that names what agents may see",
    fix="Give the path of a TOML file",
    parse=Path,
    default="mapping.toml",
)
LOG_LEVEL = Variable(
    name="LOG_LEVEL",
    meaning="the least serious event that is logged",
    fix="Use debug, info, warning or error",
    parse=one_of("debug", "info", "warning", "error"),
    default="info",
)
LOG_FORMAT = Variable(
    name="LOG_FORMAT",
    meaning="`json` for machines, `console` for people",
    fix="Use json or console",
    parse=one_of("json", "console"),
    default="json",
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
    PROJECT_KEY, CLIENT_ID, CLIENT_SECRET, AUTH_URL, API_URL, SCOPES, INTERCOM_SECRETS, WORKSPACE_ID,
    INTERCOM_API_URL, PUBLIC_URL, MAPPING_FILE, LOG_LEVEL, LOG_FORMAT,
)  # fmt: skip
_SERVING: tuple[Variable[object], ...] = (PORT, THREADS, WORKERS)

VARIABLES = _SETTINGS + _SERVING
"""Every variable that the web side reads, in the order in which docs/operations.md shows them."""


def _foreign_scopes(environ: Mapping[str, str]) -> tuple[Problem, ...]:
    """A scope that names another project is a .env put together from two downloads."""
    try:
        project, scopes = PROJECT_KEY.read(environ), SCOPES.read(environ)
    except ValueError:
        return ()  # each variable's own problem says it better
    if all(scope.split(":")[1:2] in ([], [project]) for scope in scopes):
        return ()
    return (Problem(SCOPES.name, f"names a project other than {PROJECT_KEY.name}", SCOPES.fix),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One Intercom workspace joined to one commercetools project, as the environment describes it."""

    shop: ShopSettings
    intercom_secrets: tuple[str, ...] = field(repr=False)
    workspace_id: str | None
    intercom_api_url: str
    public_url: str | None
    mapping_file: Path
    log_level: str
    log_format: str

    @staticmethod
    def problems(environ: Mapping[str, str]) -> tuple[Problem, ...]:
        """Everything that keeps these settings from being made."""
        return (*(problem for each in _SETTINGS for problem in each.problems(environ)), *_foreign_scopes(environ))

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        """Raises ConfigurationError with every problem at once."""
        if problems := cls.problems(environ):
            raise ConfigurationError(problems)
        return cls(
            shop=ShopSettings(
                project_key=PROJECT_KEY.read(environ),
                client_id=CLIENT_ID.read(environ),
                client_secret=CLIENT_SECRET.read(environ),
                auth_url=AUTH_URL.read(environ),
                api_url=API_URL.read(environ),
                scopes=SCOPES.read(environ),
            ),
            intercom_secrets=INTERCOM_SECRETS.read(environ),
            workspace_id=WORKSPACE_ID.read(environ),
            intercom_api_url=INTERCOM_API_URL.read(environ),
            public_url=PUBLIC_URL.read(environ),
            mapping_file=MAPPING_FILE.read(environ),
            log_level=LOG_LEVEL.read(environ),
            log_format=LOG_FORMAT.read(environ),
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
