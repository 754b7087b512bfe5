"""Which Intercom workspace we write to, where it lives, and with which token.

https://developers.intercom.com/docs/build-an-integration/learn-more/rest-apis
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from clients.wire.hosts import host_url_problem, is_loopback

API_VERSION: Final = "2.16"
DEFAULT_API_URL: Final = "https://api.intercom.io"


class Region(StrEnum):
    """Where a workspace is hosted, as `GET /me` names it. A token is worth nothing in another region."""

    US = "US"
    EU = "EU"
    AU = "AU"


REGION_OF_HOST: Final = {
    "api.intercom.io": Region.US,
    "api.eu.intercom.io": Region.EU,
    "api.au.intercom.io": Region.AU,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IntercomSettings:
    """One workspace. `api_url` has no path."""

    access_token: str = field(repr=False)
    api_url: str = DEFAULT_API_URL

    @property
    def region(self) -> Region | None:
        """Where `api_url` leads; None for a stand-in on this machine."""
        return REGION_OF_HOST.get(urlsplit(self.api_url).hostname or "")


def api_url_problem(value: str) -> str | None:
    """What is wrong with the URL of Intercom's API, in words; None when nothing is.

    The token of a workspace opens all its conversations, so it goes to Intercom's own hosts only, or to this machine.
    """
    if problem := host_url_problem(value, example=DEFAULT_API_URL):
        return problem
    host = urlsplit(value).hostname or ""
    if is_loopback(host):
        return None
    if host not in REGION_OF_HOST or urlsplit(value).port not in (None, 443):
        known = ", ".join(f"https://{name} ({region})" for name, region in REGION_OF_HOST.items())
        return f"must be one of {known}"
    return None


def access_token_problem(value: str) -> str | None:
    """What is wrong with an access token, in words that do not quote it; None when nothing is."""
    if value and value.isascii() and value.isprintable() and not any(character.isspace() for character in value):
        return None
    return "must be printable ASCII without spaces (the access token of the app's Authentication page)"
