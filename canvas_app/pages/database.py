"""The sync's database as pages use it: for reading and writing, opened when the first page needs it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from psycopg import Connection

from sync.composition import would_be_lost
from sync.storage.database import Database
from sync.storage.errors import StorageUnavailable
from sync.storage.schema import migrate

CONNECTIONS: Final = 6
WAIT_SECONDS: Final = 3.0  # for a connection; somebody looks at an empty page meanwhile


class LateDatabase:
    """Thread-safe. Nothing is opened before the first page, so it may be made before a fork.

    `url`: None for the embedded database under `var`, which is started when nobody else has.
    """

    def __init__(self, url: str | None, *, var: Path) -> None:
        self._url = url
        self._var = var
        self._lock = threading.Lock()
        self._opened: Database | None = None

    @contextmanager
    def transaction(self, *, timeout: float | None = None) -> Iterator[Connection]:
        """Raises what storage raises."""
        with self.database().transaction(timeout=WAIT_SECONDS if timeout is None else timeout) as connection:
            yield connection

    def database(self) -> Database:
        """With all its tables. Raises `StorageUnavailable`."""
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

    def close(self) -> None:
        with self._lock:
            opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()

    def _open(self) -> Database:
        if self._url is None and would_be_lost(self._var.parent):
            raise StorageUnavailable(
                f"this container keeps nothing: mount a volume at {self._var}, or set DATABASE_URL"
            )
        database = Database.open(self._url, var=self._var, pool_size=CONNECTIONS)
        try:
            database.ping(timeout=WAIT_SECONDS)
            migrate(database)
        except BaseException:
            with suppress(Exception):
                database.close()
            raise
        return database
