"""The sync's database for those who write to it from outside: doors for queues, and for Intercom's notifications.

Unlike the panel's way to it, this one starts the embedded database when nobody else has, and brings it up to date.
Panels share the process, so what comes in may not take all its threads while the database is away.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

import structlog

from canvas_app.canvas.lookup.breaker import Breaker
from clients.errors import PlatformError
from sync.composition import would_be_lost
from sync.storage.database import Database
from sync.storage.errors import StorageFault, StorageUnavailable
from sync.storage.installations import SINGLE, ensure_installation
from sync.storage.schema import migrate

PLACES: Final = 16  # at the database at the same time
WAIT_SECONDS: Final = 2.0  # for one of them, for a connection, and for the database to be opened
PAUSE_SECONDS: Final = 1.0  # after one that failed

log = structlog.get_logger(__name__)

T = TypeVar("T")


class Writer:
    """Thread-safe; nothing is opened before the first one, so it may be made before a fork.

    `url`: None for the embedded database under `var`. `project_key`, `workspace_id`: of the one workspace that the
    database is for; without a project, of any number. `wait`: seconds for a place. After so many `failures` in a row
    nothing is tried for a moment. `patience` stretches every wait, where the machine is slower than senders would bear.
    """

    def __init__(
        self,
        url: str | None,
        *,
        var: Path,
        project_key: str | None = None,
        workspace_id: str | None = None,
        now: Callable[[], datetime],
        places: int = PLACES,
        wait: float = WAIT_SECONDS,
        failures: int = 1,
        patience: float = 1.0,
    ) -> None:
        self._url = url
        self._var = var
        self._project_key = project_key
        self._workspace_id = workspace_id
        self._now = now
        self._pool_size = places
        self._wait = wait * patience
        self._wait_for_opening = WAIT_SECONDS * patience
        self._places = threading.BoundedSemaphore(places)
        self._breaker = Breaker(failures=failures, pause=PAUSE_SECONDS)
        self._lock = threading.Lock()
        self._opened: Database | None = None

    def write(self, work: Callable[[Database], T]) -> T:
        """What `work` returns, which keeps something. Raises `PlatformError`: nothing was kept."""
        if not self._breaker.allows():
            raise StorageUnavailable("the database was away a moment ago")
        if not self._places.acquire(timeout=self._wait):
            raise StorageUnavailable("too many at once")
        try:
            written = work(self._database())
        except PlatformError:
            self._breaker.failed()
            raise
        finally:
            self._places.release()
        self._breaker.succeeded()
        return written

    def close(self) -> None:
        with self._lock:
            opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()

    def _database(self) -> Database:
        if (opened := self._opened) is not None:
            return opened
        if not self._lock.acquire(timeout=self._wait_for_opening):
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
            database.ping(timeout=self._wait_for_opening)
            migrate(database)
            if self._project_key is not None:
                self._refuse_another_shops(database)
        except BaseException:
            with suppress(Exception):
                database.close()
            raise
        log.info("database.opened", database="embedded" if self._url is None else "external")
        return database

    def _refuse_another_shops(self, database: Database) -> None:
        with database.transaction() as connection:
            row = ensure_installation(
                connection, SINGLE, workspace_id=self._workspace_id, project_key=self._project_key, now=self._now()
            )
        if row.project_key not in (None, self._project_key):
            raise StorageFault(f"the database was filled for project {row.project_key}")
