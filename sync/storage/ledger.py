"""The ledger: what was seen of each resource, and what became of each of its milestones. It only ever grows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from sync.storage.documents import jsonb
from sync.storage.statements import statement


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One resource. `milestones`: `planned`, `confirmed`, `skipped` or `baseline`, by milestone key."""

    resource_type: str
    resource_id: str
    subject: str
    observation: Mapping[str, Any] | None = field(repr=False)
    milestones: Mapping[str, str]


def load_ledger(
    connection: Connection, installation: str, resources: Iterable[tuple[str, str]]
) -> tuple[LedgerEntry, ...]:
    """The entries of these resources (type, id); those never seen have none."""
    pairs = sorted(set(resources))
    parameters = {
        "installation": installation,
        "types": [type_ for type_, _ in pairs],
        "ids": [id_ for _, id_ in pairs],
    }
    with connection.cursor(row_factory=class_row(LedgerEntry)) as cursor:
        return tuple(cursor.execute(statement("ledger", "load_ledger"), parameters))


def save_ledger(connection: Connection, installation: str, subject: str, entries: Sequence[LedgerEntry]) -> None:
    """Stores the entries as this subject's. A milestone that is confirmed or skipped stays so."""
    rows = [
        {
            "type": entry.resource_type,
            "id": entry.resource_id,
            "observation": entry.observation,
            "milestones": dict(entry.milestones),
        }
        for entry in entries
    ]
    parameters = {"installation": installation, "subject": subject, "rows": jsonb(rows)}
    connection.execute(statement("ledger", "save_ledger"), parameters)


def ledger_is_empty(connection: Connection, installation: str) -> bool:
    """Whether nothing was ever seen: on an installation that had seen much, events stop then."""
    return connection.execute(statement("ledger", "ledger_is_empty"), {"installation": installation}).fetchone() == (
        True,
    )
