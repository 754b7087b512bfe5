"""Cursors: how far each source has read. Save one in the transaction that stores the hints it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg import Connection

from sync.storage.documents import jsonb
from sync.storage.statements import statement


def load_cursor(connection: Connection, installation: str, name: str) -> Mapping[str, Any] | None:
    """The position, None before the first; locked until the end of the transaction."""
    parameters = {"installation": installation, "name": name}
    row = connection.execute(statement("cursors", "load_cursor"), parameters).fetchone()
    return None if row is None else row[0]


def save_cursor(connection: Connection, installation: str, name: str, position: Mapping[str, Any]) -> None:
    parameters = {"installation": installation, "name": name, "position": jsonb(dict(position))}
    connection.execute(statement("cursors", "save_cursor"), parameters)
