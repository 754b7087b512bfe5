"""The audit log: what admins did, in words of ours, ids and counts. Nothing secret and nothing personal goes in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from sync.storage.documents import jsonb
from sync.storage.statements import statement


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """`admin_id`: of Intercom. `action`: such as `shop_connected`."""

    id: int
    at: datetime
    admin_id: str
    action: str
    detail: Mapping[str, Any]


def note(
    connection: Connection, installation: str, *, admin_id: str, action: str, detail: Mapping[str, Any], now: datetime
) -> None:
    """In the transaction of what was done, so that there is neither without the other."""
    parameters = {
        "installation": installation,
        "admin_id": admin_id,
        "action": action,
        "detail": jsonb(dict(detail)),
        "now": now,
    }
    connection.execute(statement("audit", "note"), parameters)


def recent(connection: Connection, installation: str, *, limit: int, before: int | None = None) -> tuple[AuditRow, ...]:
    """The newest first. `before`: the id of the last one on the page before."""
    parameters = {"installation": installation, "limit": limit, "before": before}
    with connection.cursor(row_factory=class_row(AuditRow)) as cursor:
        return tuple(cursor.execute(statement("audit", "recent"), parameters))
