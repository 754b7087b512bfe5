"""Which commercetools project we read, and with which API client.

Values arrive as text from somewhere else (the environment); here is what makes them usable.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

_PROJECT_KEY: Final = re.compile(r"[a-z0-9_-]{2,36}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopSettings:
    """The `.env` that the Merchant Center offers for download, checked. The URLs have no trailing slash."""

    project_key: str
    client_id: str
    client_secret: str = field(repr=False)
    auth_url: str
    api_url: str
    scopes: tuple[str, ...] = ()  # empty = all that the API client has

    @property
    def graphql_url(self) -> str:
        return f"{self.api_url.rstrip('/')}/{self.project_key}/graphql"

    @property
    def token_url(self) -> str:
        return f"{self.auth_url.rstrip('/')}/oauth/token"


def project_key_problem(value: str) -> str | None:
    """What is wrong with a project key, in words; None when nothing is."""
    if _PROJECT_KEY.fullmatch(value):
        return None
    return "must be 2 to 36 characters of a-z, 0-9, _ and - (the project key of the Merchant Center)"


def host_url_problem(value: str) -> str | None:
    """What is wrong with the URL of a commercetools host, in words; None when nothing is.

    The host comes from configuration and requests carry credentials: https only, except to
    this machine itself, and nothing in the URL that would send them elsewhere.
    """
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "is not a URL"
    if parts.scheme not in ("https", "http") or not host or not value.isascii() or re.search(r"[\s\\]", value):
        return "must be a URL like https://api.europe-west1.gcp.commercetools.com"
    if parts.username is not None or parts.password is not None:
        return "must not hold a user name or password"
    if parts.query or parts.fragment or "?" in value or "#" in value or parts.path not in ("", "/"):
        return "must end after the host: no path, no query"
    if parts.scheme == "http" and not is_loopback(host):
        return "must begin with https://"
    return None


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine: `localhost`, 127.0.0.0/8 or ::1."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
