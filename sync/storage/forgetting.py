"""Forgets an installation: everything that is kept of a shop and a workspace for whom nobody works any more."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from psycopg import Connection, sql

from sync.storage.database import Database
from sync.storage.statements import statement

MOST_AT_ONCE: Final = 5_000  # rows in one transaction
AUDIT: Final = "audit"


def start_over(database: Database, installation: str) -> bool:
    """Forgets what came from its shop, so that another one can be connected; what admins did stays on record.

    False, and nothing more is forgotten, when its shop is connected: disconnect it first.
    """
    return _emptied(database, installation, without=frozenset({AUDIT}))


def forget_long_gone(database: Database, *, before: datetime) -> int:
    """Forgets wholly who uninstalled the app before then; how many. Who comes back meanwhile is left alone."""
    with database.transaction() as connection:
        gone = [str(id_) for (id_,) in connection.execute(statement("forgetting", "long_gone"), {"before": before})]
    forgotten = 0
    for id_ in gone:
        if _emptied(database, id_, without=frozenset()):
            with database.transaction() as connection:
                forgotten += connection.execute(statement("forgetting", "row"), {"id": id_}).rowcount
    return forgotten


def _emptied(database: Database, installation: str, *, without: frozenset[str]) -> bool:
    with database.transaction() as connection:
        tables = [str(name) for (name,) in connection.execute(statement("forgetting", "tables"))]
    for table in tables:
        while table not in without:
            with database.transaction() as connection:
                if not _is_held(connection, installation):
                    return False
                if _some_of(connection, table, installation) < MOST_AT_ONCE:
                    break
    with database.transaction() as connection:
        if not _is_held(connection, installation):
            return False
        connection.execute(statement("forgetting", "remains"), {"id": installation})
    return True


def _is_held(connection: Connection, installation: str) -> bool:
    return connection.execute(statement("forgetting", "hold"), {"id": installation}).fetchone() is not None


def _some_of(connection: Connection, table: str, installation: str) -> int:
    some = sql.SQL(
        "DELETE FROM {table} WHERE ctid = ANY(ARRAY("
        "SELECT ctid FROM {table} WHERE installation = %(id)s LIMIT %(most)s FOR UPDATE SKIP LOCKED))"
    ).format(table=sql.Identifier(table))
    return connection.execute(some, {"id": installation, "most": MOST_AT_ONCE}).rowcount
