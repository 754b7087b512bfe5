"""Where all doors lead: into the sync's database, as hints. A queue is told "taken" only when they are durable.

Unlike the panel's, this is a writer: it starts the embedded database when nobody else has, and brings it up to date.
Panels share the process, so pushes may not take all its threads while the database is away.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog

from canvas_app.canvas.lookup.breaker import Breaker
from clients.errors import PlatformError
from sync.composition import would_be_lost
from sync.sources.notifications import Taken, take_notifications
from sync.storage.database import Database
from sync.storage.errors import StorageFault, StorageUnavailable
from sync.storage.installations import SINGLE, ensure_installation
from sync.storage.schema import migrate

PLACES: Final = 16  # pushes at the database at the same time
WAIT_SECONDS: Final = 2.0  # for one of them, and for a connection
PAUSE_SECONDS: Final = 1.0  # after one that failed

log = structlog.get_logger(__name__)


class Intake:
    """Of one workspace. Thread-safe; nothing is opened before the first push, so it may be made before a fork.

    `url`: None for the embedded database under `var`.
    """

    def __init__(
        self,
        url: str | None,
        *,
        var: Path,
        project_key: str,
        workspace_id: str | None,
        now: Callable[[], datetime],
        places: int = PLACES,
    ) -> None:
        self._url = url
        self._var = var
        self._project_key = project_key
        self._workspace_id = workspace_id
        self._now = now
        self._pool_size = places
        self._places = threading.BoundedSemaphore(places)
        self._breaker = Breaker(failures=1, pause=PAUSE_SECONDS)
        self._lock = threading.Lock()
        self._opened: Database | None = None

    def take(self, body: bytes | str, *, source: str) -> Taken:
        """When this returns, what `body` says is durable. Raises `PlatformError`: the queue must bring it again."""
        if not self._breaker.allows():
            raise StorageUnavailable("the database was away a moment ago")
        if not self._places.acquire(timeout=WAIT_SECONDS):
            raise StorageUnavailable("too many pushes at once")
        try:
            taken = take_notifications(
                self._database(),
                SINGLE,
                body,
                project_key=self._project_key,
                source=source,
                now=self._now(),
                wait=WAIT_SECONDS,
            )
        except PlatformError:
            self._breaker.failed()
            raise
        finally:
            self._places.release()
        self._breaker.succeeded()
        return taken

    def close(self) -> None:
        with self._lock:
            opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()

    def _database(self) -> Database:
        if (opened := self._opened) is not None:
            return opened
        if not self._lock.acquire(timeout=WAIT_SECONDS):
            raise StorageUnavailable("the database is being opened")
        try:
            if self._opened is None:
                self._opened = self._open()
            return self._opened
        finally:
            self._lock.release()

    def _open(self) -> Database:
        if self._url is None and would_be_lost(self._var.parent):
            raise StorageUnavailable(
                f"this container keeps nothing: mount a volume at {self._var}, or set DATABASE_URL"
            )
        database = Database.open(self._url, var=self._var, pool_size=self._pool_size)
        try:
            database.ping(timeout=WAIT_SECONDS)
            migrate(database)
            self._refuse_another_shops(database)
        except BaseException:
            with suppress(Exception):
                database.close()
            raise
        log.info("ingest.opened", database="embedded" if self._url is None else "external")
        return database

    def _refuse_another_shops(self, database: Database) -> None:
        with database.transaction() as connection:
            row = ensure_installation(
                connection, SINGLE, workspace_id=self._workspace_id, project_key=self._project_key, now=self._now()
            )
        if row.project_key not in (None, self._project_key):
            raise StorageFault(f"the database was filled for project {row.project_key}")
