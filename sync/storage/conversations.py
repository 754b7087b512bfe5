"""Conversations: whose they are, which order numbers they name, and what they were told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import class_row

from sync.storage.documents import jsonb
from sync.storage.statements import statement

MOST: Final = 50  # open conversations of one contact that are kept true; the newest


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationRow:
    """`pins`: order numbers that others wrote into attributes; `said`: those in messages; `numbers`: both, by weight.

    `fingerprint` and tags are as of a subject. `read_version`: Intercom's `updated_at` when it was read whole.
    """

    id: str
    contact_id: str
    subject: str | None = None
    order_id: str | None = None
    open: bool = True
    pins: Sequence[str] = ()
    said: Sequence[str] = ()
    numbers: Sequence[str] = ()
    held: Mapping[str, Any] = field(default_factory=dict, repr=False)
    fingerprint: Mapping[str, Any] = field(default_factory=dict, repr=False)
    tags_added: Sequence[str] = ()
    tags_unsure: Sequence[str] = ()
    read_version: int | None = None


def lock_conversation(connection: Connection, installation: str, id_: str) -> ConversationRow | None:
    """Nobody else changes it until the commit."""
    with connection.cursor(row_factory=class_row(ConversationRow)) as cursor:
        return cursor.execute(statement("conversations", "lock_conversation"), _named(installation, id_)).fetchone()


def save_noted(
    connection: Connection, installation: str, row: ConversationRow, *, doubts: Mapping[str, Any] | None = None
) -> None:
    """What `row` says, but for what it was told; `doubts` are entries of its fingerprint."""
    parameters = _named(installation, row.id) | {
        "contact_id": row.contact_id,
        "pins": jsonb(list(row.pins)),
        "said": jsonb(list(row.said)),
        "numbers": jsonb(list(row.numbers)),
        "held": jsonb(dict(row.held)),
        "doubts": jsonb(dict(doubts or {})),
        "read_version": row.read_version,
    }
    connection.execute(statement("conversations", "note_conversation"), parameters)


def close_conversations(connection: Connection, installation: str, ids: Iterable[str]) -> int:
    """How many of them were open until now."""
    parameters = {"installation": installation, "ids": list(ids)}
    return connection.execute(statement("conversations", "close_conversations"), parameters).rowcount


def drop_conversation(connection: Connection, installation: str, id_: str) -> None:
    """Intercom has it no more."""
    connection.execute(statement("conversations", "drop_conversation"), _named(installation, id_))


def read_versions(connection: Connection, installation: str, ids: Iterable[str]) -> dict[str, int | None]:
    """Of those that are known; None for one that is closed, or was never read whole."""
    parameters = {"installation": installation, "ids": list(ids)}
    return dict(connection.execute(statement("conversations", "read_versions"), parameters).fetchall())


def open_conversations(connection: Connection, installation: str, contact_id: str) -> tuple[ConversationRow, ...]:
    """Of a contact; locked until the commit."""
    parameters = {"installation": installation, "contact_id": contact_id, "most": MOST}
    with connection.cursor(row_factory=class_row(ConversationRow)) as cursor:
        return tuple(cursor.execute(statement("conversations", "open_of_contact"), parameters))


def save_told(connection: Connection, installation: str, row: ConversationRow) -> None:
    """What `row` was told, by whom, and of which order."""
    parameters = _named(installation, row.id) | {
        "subject": row.subject,
        "order_id": row.order_id,
        "fingerprint": jsonb(dict(row.fingerprint)),
        "tags": jsonb(sorted(set(row.tags_added))),
        "unsure": jsonb(sorted(set(row.tags_unsure))),
    }
    connection.execute(statement("conversations", "save_told"), parameters)


def subjects_of_order(
    connection: Connection, installation: str, order_id: str, *, number: str | None
) -> frozenset[str]:
    """Whose open conversations are about an order, or name it, whoever's order it is."""
    parameters = {"installation": installation, "order_id": order_id, "number": number}
    return frozenset(key for (key,) in connection.execute(statement("conversations", "subjects_of_order"), parameters))


def told_by_subjects(connection: Connection, installation: str, keys: Iterable[str]) -> tuple[ConversationRow, ...]:
    """All that were told something of them, closed ones among them."""
    parameters = {"installation": installation, "keys": list(keys)}
    with connection.cursor(row_factory=class_row(ConversationRow)) as cursor:
        return tuple(cursor.execute(statement("conversations", "told_by_subjects"), parameters))


def move_conversations(connection: Connection, installation: str, contact_id: str, *, into: str) -> None:
    """A contact was merged into another one."""
    parameters = {"installation": installation, "contact_id": contact_id, "into": into}
    connection.execute(statement("conversations", "move_conversations"), parameters)


def hold_alone(connection: Connection, name: str) -> None:
    """Until the end of the transaction nobody else holds this name."""
    connection.execute(statement("conversations", "hold_alone"), {"name": name})


def _named(installation: str, id_: str) -> dict[str, Any]:
    return {"installation": installation, "id": id_}
