"""What the operator decides about the sync, and what the web side needs of the same: the environment, checked whole.

`SyncSettings.from_environ` reports every missing or malformed variable at once, by name and with the fix.

Adding a setting: one `Variable` here, its field in `SyncSettings`, its row in docs/operations.md (a test prints the
row).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from clients.amazon.settings import SqsSettings
from clients.commercetools.settings import ShopSettings, host_url_problem, project_key_problem
from clients.intercom.settings import DEFAULT_API_URL, IntercomSettings, access_token_problem, api_url_problem
from sync.environment import ConfigurationError, Problem, Variable, matching, one_of, optional, url, without
from sync.storage.installations import SINGLE

VAR: Final = Path("var")
"""What the product writes itself, the embedded database above all: in the working directory."""


SHORTEST_SECRET_KEY: Final = 32  # signs


def _secret_keys(text: str) -> tuple[str, ...]:
    keys = tuple(part.strip() for part in text.split(",") if part.strip())
    if not all(re.fullmatch(r"[!-~]+", key) for key in keys):
        raise ValueError("holds a key with a space or a sign outside ASCII in it")
    if not all(len(key) >= SHORTEST_SECRET_KEY for key in keys):
        raise ValueError(f"holds a key with fewer than {SHORTEST_SECRET_KEY} signs")
    if len(set(keys)) < len(keys):
        raise ValueError("holds a key twice")
    return keys


def _scopes(text: str) -> tuple[str, ...]:
    scopes = tuple(text.split())
    if not all(re.fullmatch(r"[a-z_]+(:[A-Za-z0-9_.-]+)*", scope) for scope in scopes):
        raise ValueError("is not a list of scopes such as view_orders:my-project, separated by spaces")
    return scopes


def _database_url(text: str) -> str:
    if _scheme(text) not in ("postgresql", "postgres"):
        raise ValueError("does not begin with postgresql://")
    try:
        conninfo_to_dict(text)
    except (ProgrammingError, ValueError) as error:
        raise ValueError("is not a usable address") from error  # the original repeats parts of the text
    return text


def _scheme(text: str) -> str:
    try:
        return urlsplit(text).scheme
    except ValueError:
        return ""


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
ACCESS_TOKEN = Variable(
    name="INTERCOM_ACCESS_TOKEN",
    meaning="lets us write to the workspace",
    fix="Copy the access token from the Intercom Developer Hub (your app, Authentication)",
    parse=without(access_token_problem),
)
WORKSPACE_ID = Variable(
    name="INTERCOM_WORKSPACE_ID",
    meaning="when set, requests of every other workspace are answered as not set up, and its token is not used",
    fix="Copy the workspace id from Intercom (Settings, General), or leave it unset",
    parse=optional(matching(r"[A-Za-z0-9_-]+", "may hold letters, digits, - and _ only")),
    default="",
)
INTERCOM_API_URL = Variable(
    name="INTERCOM_API_URL",
    meaning="Intercom's REST API; a workspace hosted in the EU or Australia has its own host",
    fix="Use https://api.intercom.io, https://api.eu.intercom.io or https://api.au.intercom.io",
    parse=without(api_url_problem),
    default=DEFAULT_API_URL,
)
DATABASE_URL = Variable(
    name="DATABASE_URL",
    meaning="a PostgreSQL database (14 or newer); without it, one of our own under `var/`, for one machine",
    fix="Use postgresql://user:password@host:5432/name, or leave it unset",
    parse=optional(_database_url),
    default="",
)
MAPPING_FILE = Variable(
    name="MAPPING_FILE",
    meaning="the file that names what agents may see and what goes to Intercom",
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
SQS_QUEUE_URL = Variable(
    name="SQS_QUEUE_URL",
    meaning="an Amazon SQS queue to read notifications of commercetools from; credentials as AWS' own tools take them",
    fix="Use https://sqs.eu-central-1.amazonaws.com/123456789012/commercetools, or leave it unset",
    parse=optional(url),
    default="",
)

APP_ID = Variable(
    name="INTERCOM_CLIENT_ID",
    meaning="the app's id in Intercom: with it many workspaces can install the app, and none is described here",
    fix="Copy the client id from the Intercom Developer Hub (your app, Basic information), or leave it unset",
    parse=optional(_CREDENTIAL),
    default="",
)
SECRET_KEY = Variable(
    name="SECRET_KEY",
    meaning="seals stored secrets, signs sessions and links; several while rotating, separated by commas, newest first",
    fix='Make one: python -c "import secrets; print(secrets.token_urlsafe(48))"',
    parse=_secret_keys,
    default="",
)
PUBLIC_URL = Variable(
    name="PUBLIC_URL",
    meaning="where the outside reaches this service",
    fix="Use the address that you gave Intercom, such as https://panel.example.com, or leave it unset",
    parse=optional(url),
    default="",
)

SHOP_VARIABLES: Final[tuple[Variable[object], ...]] = (
    PROJECT_KEY, CLIENT_ID, CLIENT_SECRET, AUTH_URL, API_URL, SCOPES,
)  # fmt: skip
VARIABLES: Final[tuple[Variable[object], ...]] = (
    *SHOP_VARIABLES, ACCESS_TOKEN, WORKSPACE_ID, INTERCOM_API_URL, DATABASE_URL, MAPPING_FILE, LOG_LEVEL, LOG_FORMAT,
    SQS_QUEUE_URL, APP_ID, SECRET_KEY, PUBLIC_URL,
)  # fmt: skip
"""Every variable that the sync reads, in the order in which docs/operations.md shows them."""


def foreign_scopes(environ: Mapping[str, str]) -> tuple[Problem, ...]:
    """A scope that names another project is a .env put together from two downloads."""
    try:
        project, scopes = PROJECT_KEY.read(environ), SCOPES.read(environ)
    except ValueError:
        return ()  # each variable's own problem says it better
    if all(scope.split(":")[1:2] in ([], [project]) for scope in scopes):
        return ()
    return (Problem(SCOPES.name, f"names a project other than {PROJECT_KEY.name}", SCOPES.fix),)


def shop_settings(environ: Mapping[str, str]) -> ShopSettings:
    """The shop as `environ` describes it, when there are no problems with that."""
    return ShopSettings(
        project_key=PROJECT_KEY.read(environ),
        client_id=CLIENT_ID.read(environ),
        client_secret=CLIENT_SECRET.read(environ),
        auth_url=AUTH_URL.read(environ),
        api_url=API_URL.read(environ),
        scopes=SCOPES.read(environ),
    )


_OF_ONE_WORKSPACE: Final[tuple[Variable[object], ...]] = (*SHOP_VARIABLES, ACCESS_TOKEN, WORKSPACE_ID, SQS_QUEUE_URL)
_OF_THE_PROCESS: Final[tuple[Variable[object], ...]] = tuple(
    each for each in VARIABLES if each not in _OF_ONE_WORKSPACE
)


def is_hosted(environ: Mapping[str, str]) -> bool:
    """Whether workspaces install the app by themselves; else the environment describes the one there is."""
    return bool(environ.get(APP_ID.name, "").strip())


def hosting_problems(environ: Mapping[str, str]) -> tuple[Problem, ...]:
    """What keeps many workspaces from being served, beside malformed values: what lacks, and what is of one alone."""
    lacks = [] if environ.get(SECRET_KEY.name, "").strip() else [Problem(SECRET_KEY.name, "not set", SECRET_KEY.fix)]
    fix = f"Unset it, or unset {APP_ID.name}"
    foreign = [each for each in _OF_ONE_WORKSPACE if environ.get(each.name, "").strip()]
    return (*lacks, *(Problem(each.name, "belongs to single-workspace mode", fix) for each in foreign))


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationSettings:
    """One Intercom workspace joined to one commercetools project, wherever that is written down.

    `mapping_file`: what the mapping is called where something is wrong with it. `sqs`: None when no queue is read.
    """

    id: str = SINGLE
    shop: ShopSettings
    intercom: IntercomSettings
    workspace_id: str | None
    mapping_file: Path
    sqs: SqsSettings | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncSettings:
    """What holds for the whole process. `single`: None when workspaces install the app by themselves.

    `database_url`: None for the embedded database. `api_url`: Intercom's for all workspaces; None for that of the
    region of each.
    """

    single: InstallationSettings | None
    database_url: str | None = field(repr=False)
    log_level: str
    log_format: str
    secret_keys: tuple[str, ...] = field(repr=False)
    public_url: str | None
    api_url: str | None

    @staticmethod
    def problems(environ: Mapping[str, str]) -> tuple[Problem, ...]:
        """Everything that keeps these settings from being made."""
        hosted = is_hosted(environ)
        asked = _OF_THE_PROCESS if hosted else VARIABLES
        own = (problem for each in asked for problem in each.problems(environ))
        return (*own, *(hosting_problems(environ) if hosted else foreign_scopes(environ)))

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> SyncSettings:
        """Raises ConfigurationError with every problem at once."""
        if problems := cls.problems(environ):
            raise ConfigurationError(problems)
        return cls(
            single=None if is_hosted(environ) else _single(environ),
            database_url=DATABASE_URL.read(environ),
            log_level=LOG_LEVEL.read(environ),
            log_format=LOG_FORMAT.read(environ),
            secret_keys=SECRET_KEY.read(environ),
            public_url=PUBLIC_URL.read(environ),
            api_url=INTERCOM_API_URL.read(environ) if environ.get(INTERCOM_API_URL.name, "").strip() else None,
        )


def _single(environ: Mapping[str, str]) -> InstallationSettings:
    return InstallationSettings(
        shop=shop_settings(environ),
        intercom=IntercomSettings(access_token=ACCESS_TOKEN.read(environ), api_url=INTERCOM_API_URL.read(environ)),
        workspace_id=WORKSPACE_ID.read(environ),
        mapping_file=MAPPING_FILE.read(environ),
        sqs=SqsSettings.of(queue, environ) if (queue := SQS_QUEUE_URL.read(environ)) else None,
    )
