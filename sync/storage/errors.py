"""What the database's trouble means for the caller; they belong to the tree of `clients.errors`.

* PlatformError
  x TryAgain
    + StorageUnavailable    no connection, restarting, deadlock, time ran out
  x Refused
    + StorageRefused        the values can never be stored
  x StorageFault          anything else the database says: a fault of ours, or a schema that is not there yet
"""

from __future__ import annotations

import psycopg

from clients.errors import PlatformError, Refused, TryAgain


class StorageUnavailable(TryAgain):
    """The database cannot be reached or gave up half-way; nothing of the transaction was kept, as far as we know."""

    reason_code = "storage_unavailable"


class StorageRefused(Refused):
    """The database will never store these values: out of range, or no text."""

    reason_code = "storage_refused"


class StorageFault(PlatformError):
    """The database objects to what we asked. Unknown, so worth a few more tries."""

    reason_code = "storage_fault"


def translated(error: psycopg.Error) -> PlatformError:
    """The driver's error as one of ours. The server's message may quote values, so only its name and code are kept."""
    reason = f"database: {type(error).__name__}" + (f" ({error.sqlstate})" if error.sqlstate else "")
    match error:
        case psycopg.OperationalError() | psycopg.InterfaceError():
            return StorageUnavailable(reason)
        case psycopg.DataError():
            return StorageRefused(reason)
        case _:
            return StorageFault(reason)
