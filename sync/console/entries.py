"""What is on record, in one shape: hints, steps with the answers that they heard, events and dead letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, TypeAlias

Kind: TypeAlias = Literal["hint", "step", "event", "dead_letter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How one request ended: a status, or a reason code where there was no answer."""

    platform: str
    request: str
    outcome: str
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`name`: the source of a hint, a step's own, the event, or the part that failed. `id`: of its kind. `is_found`: it
    is what was looked for, rather than what led to it or came of it.
    """

    kind: Kind
    at: datetime
    id: int
    name: str
    subject: str | None = None
    resource_type: str | None = None
    resource_id: str | None = None
    order_number: str | None = None
    correlation_id: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    is_found: bool = True

    @property
    def answers(self) -> tuple[Answer, ...]:
        """To the requests that were made for this step."""
        return tuple(Answer(**each) for each in self.detail.get("answers", ()))


def with_hints(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Oldest first, each reading preceded by the hints that it answered, at the times at which they came."""
    hints = {key: hint for entry in entries for key, hint in hints_of(entry)}
    return tuple(sorted([*entries, *hints.values()], key=_order))


def hints_of(entry: Entry) -> list[tuple[tuple[object, ...], Entry]]:
    """The hints that a reading answered, each with what tells it apart."""
    if entry.kind != "step" or entry.name != "read":
        return []
    found: list[tuple[tuple[object, ...], Entry]] = []
    for hint in entry.detail.get("hints", ()):
        if "received_at" in hint:
            at = datetime.fromisoformat(hint["received_at"])
            key = (entry.resource_type, entry.resource_id, at, hint.get("source"), hint.get("message_type"))
            found.append((key, _hint(entry, hint, at)))
    return found


def _hint(entry: Entry, said: Mapping[str, Any], at: datetime) -> Entry:
    return replace(
        entry,
        kind="hint",
        at=at,
        name=said.get("source", "unknown"),
        correlation_id=said.get("correlation_id"),
        detail=said,
    )


def _order(entry: Entry) -> tuple[datetime, bool, int]:
    return entry.at, entry.kind != "hint", entry.id
