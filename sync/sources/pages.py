"""Whole resources in pages, and around those that cannot be read.

In the answer to a list one bad row takes everything with it. So the page is made smaller until the row is found; that
one is left to be read by its id, where it either succeeds or ends as a dead letter of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import uuid4

from clients.commercetools.source import Kind, ShopSource
from clients.deadline import Call, Deadline
from clients.errors import CredentialsRefused, PlatformError, ScopeMissing, TimedOut, TryAgain
from sync.installation import Installation

SECONDS: Final = 30.0  # for one page


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`unreadable`: an id that has to be read by itself. `last_id` leads to the next page; None = this was the last."""

    nodes: tuple[Mapping[str, object], ...] = field(default=(), repr=False)
    unreadable: str | None = None
    last_id: str | None


class Pages:
    """Of orders or customers, by id; not for several threads."""

    def __init__(self, installation: Installation, source: ShopSource, *, kind: Kind, size: int) -> None:
        self._at = installation
        self._source = source
        self._kind = kind
        self._largest = self._size = size

    def after(self, after_id: str | None, *, since: datetime | None) -> Page:
        """Raises what closes the door altogether: no connection, no credentials, no scope."""
        while True:
            try:
                page = self._read(after_id, since)
            except PlatformError as error:
                if _is_about_all(error):
                    raise
                if self._size == 1:
                    return self._around(after_id, since)
                self._size = max(1, self._size // 4)
            else:
                self._size = min(self._size * 2, self._largest)
                return page

    def _read(self, after_id: str | None, since: datetime | None) -> Page:
        read = self._source.orders_page if self._kind is Kind.ORDER else self._source.customers_page
        found = read(after_id=after_id, limit=self._size, since=since, call=self._call())
        return Page(nodes=found.nodes, last_id=found.last_id)

    def _around(self, after_id: str | None, since: datetime | None) -> Page:
        listed = self._source.listed(self._kind, after_id=after_id, since=since, limit=1, call=self._call())
        if not listed.changes:
            return Page(last_id=None)
        (row,) = listed.changes
        return Page(unreadable=row.id, last_id=row.id)

    def _call(self) -> Call:
        return Call(Deadline.after(SECONDS, clock=self._at.clock), uuid4().hex)


def _is_about_all(error: PlatformError) -> bool:
    """Whether a smaller page would fail as well. An error inside an answer (200), and time that ran out, may be about
    what was asked for.
    """
    if isinstance(error, CredentialsRefused | ScopeMissing):
        return True
    return isinstance(error, TryAgain) and error.status != 200 and not isinstance(error, TimedOut)
