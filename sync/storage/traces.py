"""Traces: what was decided, asked and answered, masked by whoever writes it, kept for a while, and found again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from sync.storage.documents import jsonb
from sync.storage.statements import statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One step. `detail` holds no secret and no personal data that the mapping does not allow."""

    at: datetime
    step: str
    subject: str | None = None
    resource_type: str | None = None
    resource_id: str | None = None
    order_number: str | None = None
    correlation_id: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceRow(Trace):
    """A step as found."""

    id: int
    installation: str


class TraceKey(StrEnum):
    """What traces are found by."""

    CUSTOMER = "customer"
    SUBJECT = "subject"
    ORDER_NUMBER = "order_number"
    RESOURCE = "resource"
    CORRELATION_ID = "correlation_id"


def add_traces(connection: Connection, installation: str, traces: Iterable[Trace]) -> None:
    """Stores the steps in the caller's transaction."""
    rows = [
        {**asdict(trace), "at": trace.at.isoformat(), "detail": dict(trace.detail), "installation": installation}
        for trace in traces
    ]
    if rows:
        connection.execute(statement("traces", "add_traces"), {"rows": jsonb(rows)})


def find_traces(
    connection: Connection, installation: str, key: TraceKey, value: str, *, limit: int = 200
) -> tuple[TraceRow, ...]:
    """The newest steps of a customer id, subject key, order number, resource id or correlation id, newest first."""
    parameters = {"installation": installation, "value": value, "limit": limit}
    with connection.cursor(row_factory=class_row(TraceRow)) as cursor:
        return tuple(cursor.execute(statement("traces", f"by_{key}"), parameters))
