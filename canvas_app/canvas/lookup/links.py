"""Which customer a contact was joined to, remembered for a while, so that the next look-up is one by id."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from cachetools import TTLCache

from canvas_app.canvas.found import MatchedBy
from canvas_app.canvas.request import Contact


@dataclass(frozen=True, slots=True)
class Link:
    """`customer_id` None = the contact's external id is known to lead to nobody.

    `kept`: all processes know it, so that what they know now counts.
    """

    customer_id: str | None
    by: MatchedBy
    kept: bool = False


class Links:
    """Links of one process, by contact *and* its identifiers: a changed e-mail is a new question. Thread-safe."""

    def __init__(
        self, *, seconds: float = 900, entries: int = 20_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._links: TTLCache[tuple[str | None, ...], Link] = TTLCache(entries, seconds, timer=clock)
        self._lock = threading.Lock()

    def find(self, contact: Contact) -> Link | None:
        with self._lock:
            return self._links.get(_key(contact))

    def remember(self, contact: Contact, link: Link) -> None:
        with self._lock:
            self._links[_key(contact)] = link

    def forget(self, contact: Contact) -> None:
        with self._lock:
            self._links.pop(_key(contact), None)


def _key(contact: Contact) -> tuple[str | None, ...]:
    return (contact.id, contact.external_id, contact.email)
