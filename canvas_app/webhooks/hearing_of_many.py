"""Notifications of all workspaces that installed the app: each is kept for its own, by its own mapping."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final

from cachetools import LRUCache
from psycopg import Connection

from canvas_app.mapping import MappingError, parse_mapping
from canvas_app.webhooks.hearing import Hearing
from canvas_app.writer import Writer
from clients.intercom.notifications import News, Notification
from sync.sources.webhooks import WebhookRules, hear
from sync.storage.installed import InstalledRow, State, installed_by_workspace

MOST: Final = 500  # mappings held at once


class HearingOfMany(Hearing):
    """Thread-safe. What is of nobody here is heard and forgotten: Intercom is not to bring it again."""

    def __init__(self, writer: Writer, *, now: Callable[[], datetime], patience: float = 1.0) -> None:
        super().__init__(writer, WebhookRules(), now=now, patience=patience)
        self._read: LRUCache[tuple[str, int], WebhookRules | None] = LRUCache(MOST)
        self._lock = threading.Lock()

    def hear(self, notification: Notification, news: News) -> tuple[str, ...]:
        def keep(connection: Connection) -> tuple[str, ...]:
            row = installed_by_workspace(connection, notification.app_id)
            if row is None or row.state is not State.CONNECTED:
                return ()
            rules = self._rules_of(row)
            if rules is None:
                return ()  # the whole installation waits for a person, and is brought up to date then
            return hear(connection, row.id, notification, news, rules=rules, now=self._now())

        return self._write(keep)

    def bury(self, body: bytes, reason: str) -> None:
        """There is no telling whose it was: the log has why."""

    def _rules_of(self, row: InstalledRow) -> WebhookRules | None:
        with self._lock:
            key = (row.id, row.revision)
            if key not in self._read:
                self._read[key] = _rules_in(row.mapping)
            return self._read[key]


def _rules_in(text: str) -> WebhookRules | None:
    try:
        mapping = parse_mapping(text)
    except MappingError:
        return None
    return WebhookRules(external_id=mapping.identity.external_id, conversations=mapping.conversations)
