"""The one way to the database: a pool of connections, transactions, and the driver's errors as ours."""

from __future__ import annotations

import select
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self

import psycopg
from psycopg import Connection
from psycopg_pool import ConnectionPool

from sync.storage.embedded import EmbeddedServer
from sync.storage.errors import translated

POOL_SIZE: Final = 10
CONNECT_SECONDS: Final = 3
WAIT_SECONDS: Final = 3.0  # for a connection from the pool
STATEMENT_SECONDS: Final = 30
LOCK_SECONDS: Final = 10
IDLE_SECONDS: Final = 60  # in an open transaction: its owner hangs
ASK_SECONDS: Final = 5.0  # between two questions to the server whether a connection still leads to it

CONNECT: Final[dict[str, object]] = {
    "application_name": "commercetools-for-intercom",
    "connect_timeout": CONNECT_SECONDS,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,  # milliseconds; without it, what was sent to a machine that vanished waits for minutes
}


class _Connection(Connection):
    """One of the pool."""

    asked_at = 0.0  # when the server last answered on it for no other reason, on the clock of this process


class Transactions(Protocol):
    """What most of us need of a database."""

    def transaction(self, *, timeout: float | None = None) -> AbstractContextManager[Connection]:
        """As `Database.transaction`."""
        ...


class Database:
    """Thread-safe. Open it after a fork, never before; close it in good order."""

    def __init__(self, url: str, *, server: EmbeddedServer | None = None, pool_size: int = POOL_SIZE) -> None:
        self.url = url
        self._server = server
        self._pool = ConnectionPool(
            url,
            connection_class=_Connection,
            kwargs=dict(CONNECT),
            min_size=1,
            max_size=pool_size,
            timeout=WAIT_SECONDS,
            max_idle=120.0,
            reconnect_timeout=5.0,
            check=_check,
            configure=_configure,
            open=False,
        )

    @classmethod
    def open(cls, url: str | None, *, var: Path, pool_size: int = POOL_SIZE) -> Self:
        """The database at `url`, or without one the embedded server under `var`.

        An external database may be down: whoever needs it is told by `StorageUnavailable` then. Raises
        `StorageUnavailable` when the embedded one cannot be started. `sync.storage.migrations.migrate` comes next.
        """
        server = None
        if url is None:
            server = EmbeddedServer(var)
            server.start()
            url = server.url
        database = cls(url, server=server, pool_size=pool_size)
        database._pool.open()
        return database

    @property
    def is_embedded(self) -> bool:
        return self._server is not None

    def __repr__(self) -> str:  # the url holds the password
        return f"Database({'embedded' if self.is_embedded else 'external'})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._pool.close()
        if self._server is not None:
            self._server.close()

    @contextmanager
    def transaction(self, *, timeout: float | None = None) -> Iterator[Connection]:
        """A connection whose work is committed at the end of the block and rolled back by any exception.

        `timeout`: seconds to wait for a connection. Raises `StorageUnavailable`, `StorageRefused` or `StorageFault`.
        When the connection breaks during the commit nobody knows whether it was kept: what is done here
        must bear being done again.
        """
        try:
            with self._pool.connection(timeout) as connection:
                yield connection
        except psycopg.Error as error:
            if self._server is not None and isinstance(error, psycopg.OperationalError):
                self._server.look()
            raise translated(error) from error

    def ping(self, *, timeout: float = 1.0) -> None:
        """Raises `StorageUnavailable` when the database does not answer."""
        with self.transaction(timeout=timeout) as connection:
            connection.execute("SELECT 1")


def _check(connection: _Connection) -> None:
    """Raises for a connection that leads nowhere.

    A server that ended has closed it, which is seen without asking. One whose machine vanished has not; to ask it
    before each transaction would be a sixth of all that it is asked.
    """
    now = time.monotonic()
    if now - connection.asked_at > ASK_SECONDS or _has_something_to_say(connection):
        ConnectionPool.check_connection(connection)
        connection.asked_at = now


def _has_something_to_say(connection: Connection) -> bool:
    """On an idle connection: that it is closed, or why it will be."""
    poll = select.poll()
    poll.register(connection.pgconn.socket, select.POLLIN)
    return bool(poll.poll(0))


def _configure(connection: Connection) -> None:
    connection.execute(
        "SELECT set_config('TimeZone', 'UTC', false), set_config('statement_timeout', %s, false),"
        " set_config('lock_timeout', %s, false), set_config('idle_in_transaction_session_timeout', %s, false)",
        (f"{STATEMENT_SECONDS}s", f"{LOCK_SECONDS}s", f"{IDLE_SECONDS}s"),
    )
    connection.commit()
