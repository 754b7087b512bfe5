"""What all pages have in common: their address, their keys, the database, and who may be shown what."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, cast

from flask import Flask, current_app
from psycopg import Connection

from canvas_app.pages.limits import RateLimit
from canvas_app.pages.places import Places
from sync.signing import Tokens

_EXTENSION = "pages"


class Storage(Protocol):
    """The sync's database, for reading and writing."""

    def transaction(self, *, timeout: float | None = None) -> AbstractContextManager[Connection]:
        """Committed at the end of the block. `timeout`: seconds for a connection. Raises what storage raises."""
        ...


class Workplaces(Protocol):
    """The installations whose pages may be shown."""

    def name(self, installation: str, *, since: datetime | None = None) -> str | None:
        """What people call it; None when it is not installed (any more), or was installed anew after `since`.

        Raises what storage raises.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Of one process. `signs_in`: people may come in with Intercom; else by a one-time link alone.

    `redirects_to`: other hosts that a form of ours may end at, which browsers must be told beforehand.
    """

    public_url: str
    keys: tuple[str, ...] = field(repr=False)
    storage: Storage
    workplaces: Workplaces
    now: Callable[[], datetime]
    limit: RateLimit
    signs_in: bool
    redirects_to: tuple[str, ...] = ()
    places: Places = field(default_factory=Places)

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    def tokens(self, purpose: str) -> Tokens:
        return Tokens(self.keys, purpose=purpose)

    def cookie(self, name: str) -> str:
        """The full name of a cookie. With https, browsers then see to it that no other host can set it.

        https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
        """
        return f"__Host-{name}" if self.is_https else name


def attach(app: Flask, site: Site) -> None:
    app.extensions[_EXTENSION] = site


def site() -> Site:
    """Of the app that answers the present request."""
    return cast(Site, current_app.extensions[_EXTENSION])
