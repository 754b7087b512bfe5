"""Suggestions: a contact that Intercom named to us may be a subject's, though its search does not show it yet.

Only where to look: whether it is theirs is decided when the contact is looked for (sync/identity).
"""

from __future__ import annotations

from collections.abc import Iterable

from psycopg import Connection

from sync.storage.statements import statement


def suggest_contact(connection: Connection, installation: str, keys: Iterable[str], contact_id: str) -> None:
    """These subjects have no contact, and may be this one."""
    parameters = {"installation": installation, "keys": list(keys), "contact_id": contact_id}
    connection.execute(statement("suggestions", "suggest"), parameters)


def suggested_contact(connection: Connection, installation: str, key: str) -> str | None:
    row = connection.execute(
        statement("suggestions", "suggested"), {"installation": installation, "key": key}
    ).fetchone()
    return None if row is None else str(row[0])


def forget_suggestion(connection: Connection, installation: str, key: str) -> None:
    """The subject has found a contact."""
    connection.execute(statement("suggestions", "forget"), {"installation": installation, "key": key})
