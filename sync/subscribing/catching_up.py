"""Compares both sides by itself when notifications may have been lost.

That it is due was on record before; it is struck off when the last page was compared. A process that ends in between
leaves it to the next one, which begins anew: what was compared already is found as it should be.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

import structlog

from clients.commercetools.source import ShopSource
from sync.installation import Installation
from sync.sources.reconcile import Reconcile, ReconcileSettings
from sync.storage.changes import end_turn, take_turn
from sync.storage.subscriptions import reconcile_done, reconcile_due

TURN: Final = "reconcile"
EVERY: Final = 2.0  # seconds between two looks whether it is due
LEASE: Final = timedelta(minutes=5)  # longer than a page may take, with all its tries

log = structlog.get_logger(__name__)


class CatchingUp:
    """Of one installation, in one process; not for several threads. Every process may have one: they take turns."""

    def __init__(
        self,
        installation: Installation,
        source: ShopSource,
        *,
        stopping: threading.Event,
        settings: ReconcileSettings | None = None,
        holder: str | None = None,
    ) -> None:
        self._at = installation
        self._source = source
        self._stopping = stopping
        self._settings = settings
        self._holder = holder or uuid4().hex

    def run_if_due(self) -> bool:
        """Whether it was due, and done to the end. Raises what the database and, after tries, the platforms raise."""
        since = self._due()
        if since is None:
            return False
        try:
            log.info("sync.reconcile_begun", due_since=since.isoformat())
            is_finished = self._run()
        finally:
            self._end_turn()
        if is_finished:
            with self._at.database.transaction() as connection:
                reconcile_done(connection, self._at.id, since=since)
        return is_finished

    def _due(self) -> datetime | None:
        with self._at.database.transaction() as connection:
            since = reconcile_due(connection, self._at.id)
            is_ours = since is not None and take_turn(connection, self._at.id, TURN, self._holder, lease=LEASE)
        return since if is_ours else None

    def _run(self) -> bool:
        """Whether the end was reached: neither stopped, nor overtaken by a process that took us for dead."""
        for found in Reconcile(self._at, self._source, settings=self._settings).run(self._stopping):
            if found.is_finished:
                return True
            if not self._still_ours():
                return False
        return False

    def _still_ours(self) -> bool:
        with self._at.database.transaction() as connection:
            return take_turn(connection, self._at.id, TURN, self._holder, lease=LEASE)

    def _end_turn(self) -> None:
        with self._at.database.transaction() as connection:
            end_turn(connection, self._at.id, TURN, self._holder)
