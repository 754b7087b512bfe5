"""Which commercetools project we read, and with which API client.

Values arrive as text from somewhere else (the environment); here is what makes them usable.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from clients.wire import hosts

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
    """What is wrong with the URL of a commercetools host, in words; None when nothing is."""
    return hosts.host_url_problem(value, example="https://api.europe-west1.gcp.commercetools.com")
