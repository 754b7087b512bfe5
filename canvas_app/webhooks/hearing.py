"""Notifications of one workspace, kept in one transaction each, and quickly: Intercom serves quick listeners first.

https://developers.intercom.com/docs/webhooks/webhook-notifications
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from psycopg import Connection

from canvas_app.writer import Writer
from clients.intercom.notifications import News, Notification
from sync.sources.notifications import bury_unreadable
from sync.sources.webhooks import WebhookRules, hear
from sync.storage.database import Database
from sync.storage.installations import SINGLE

SOURCE: Final = "webhooks"
WAIT_SECONDS: Final = 0.15  # for a connection, and for a place
STATEMENT_MS: Final = 250
TRANSACTION_MS: Final = 350
_HAS_TRANSACTION_TIMEOUT: Final = 170_000  # PostgreSQL 17


class Hearing:
    """Thread-safe. Every method raises `PlatformError` when nothing was kept: Intercom must bring it again.

    `patience` stretches the time for each, where the machine is slower than Intercom would bear.
    """

    def __init__(
        self, writer: Writer, rules: WebhookRules, *, now: Callable[[], datetime], patience: float = 1.0
    ) -> None:
        self._writer = writer
        self._rules = rules
        self._now = now
        self._patience = patience

    def hear(self, notification: Notification, news: News) -> tuple[str, ...]:
        """The subjects that are brought up to date for it."""

        def keep(connection: Connection) -> tuple[str, ...]:
            return hear(connection, SINGLE, notification, news, rules=self._rules, now=self._now())

        return self._write(keep)

    def bury(self, body: bytes, reason: str) -> None:
        """Keeps what is no notification, masked."""

        def keep(connection: Connection) -> tuple[str, ...]:
            bury_unreadable(connection, SINGLE, body, reason, source=SOURCE, now=self._now())
            return ()

        self._write(keep)

    def _write(self, keep: Callable[[Connection], tuple[str, ...]]) -> tuple[str, ...]:
        def write(database: Database) -> tuple[str, ...]:
            with database.transaction(timeout=WAIT_SECONDS * self._patience) as connection:
                self._be_quick(connection)
                return keep(connection)

        return self._writer.write(write)

    def _be_quick(self, connection: Connection) -> None:
        """What takes longer is given up, and comes again; for this transaction alone."""
        limits = {"statement_timeout": STATEMENT_MS, "lock_timeout": STATEMENT_MS}
        if connection.info.server_version >= _HAS_TRANSACTION_TIMEOUT:
            limits["transaction_timeout"] = TRANSACTION_MS
        settings = [f"set_config('{name}', '{limit * self._patience:.0f}', true)" for name, limit in limits.items()]
        connection.execute(f"SELECT {', '.join(settings)}")
