"""The search index, which lags behind: "can take a few minutes", says Intercom.

https://developers.intercom.com/docs/references/rest-api/api.intercom.io/contacts/searchcontacts
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from sandbox.intercom.contact import Contact
from sandbox.intercom.switches import Switches


class SearchIndex:
    """What search sees: the contacts as they were `search_lag_s` ago, without archived, merged and deleted ones."""

    def __init__(self, clock: Callable[[], float], switches: Callable[[], Switches]) -> None:
        self._clock = clock
        self._switches = switches
        self._seen: dict[str, Contact] = {}
        self._by_email: dict[str, dict[str, None]] = {}
        self._coming: deque[tuple[float, str, Contact | None]] = deque()  # written when, by whom, what

    def put(self, contact_id: str, contact: Contact | None) -> None:
        """Written now: seen later."""
        if self._coming or self._switches().search_lag_s:
            self._coming.append((self._clock(), contact_id, contact))
        else:
            self._show(contact_id, contact)

    def seen(self, email: str | None = None) -> Iterable[Contact]:
        """The contacts that are seen now; with `email`, only those with this one in any case."""
        seen_until = self._clock() - self._switches().search_lag_s
        while self._coming and self._coming[0][0] <= seen_until:
            _, contact_id, contact = self._coming.popleft()
            self._show(contact_id, contact)
        if email is None:
            return self._seen.values()
        return [self._seen[each] for each in self._by_email.get(email.lower(), ())]

    def _show(self, contact_id: str, contact: Contact | None) -> None:
        before = self._seen.pop(contact_id, None)
        if before is not None and before.email:
            self._by_email.get(before.email.lower(), {}).pop(contact_id, None)
        if contact is None or contact.archived:
            return
        self._seen[contact_id] = contact
        if contact.email:
            self._by_email.setdefault(contact.email.lower(), {})[contact_id] = None
