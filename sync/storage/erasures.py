"""Erasures: which customers are erased, how far each erasure is, and what is removed for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import class_row

from sync.storage.documents import jsonb
from sync.storage.statements import statement
from sync.storage.waking import subject_lock

# Names of statements, in an order in which they can run, and what the receipt calls their rows.
_REMOVED: Final[Mapping[str, str]] = {
    "delete_orders": "orders",
    "delete_payment_links": "payment_links",
    "delete_customers": "customers",
    "delete_carts": "carts",
    "delete_subjects": "subjects",
    "delete_picks": "picks",
    "delete_suggestions": "suggestions",
    "delete_conversations": "conversations",
    "delete_hints": "hints",
    "delete_resources": "resources",
    "delete_traces": "traces",
    "delete_dead_letters": "dead_letters",
    "skip_intents": "ledger_rows_with_events_skipped",
    "blank_intents": "events_blanked",
    "blank_ledger": "ledger_rows_blanked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureRow:
    """`work` is what is left to do while it is not finished, `receipt` what was done once it is."""

    customer_id: str
    begun_at: datetime
    finished_at: datetime | None
    work: Mapping[str, Any] | None
    receipt: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remains:
    """What an erasure removes here: the subjects' keys and the orders' ids."""

    customer_id: str
    keys: tuple[str, ...]
    orders: tuple[str, ...]


def load_erasure(connection: Connection, installation: str, customer_id: str) -> ErasureRow | None:
    with connection.cursor(row_factory=class_row(ErasureRow)) as cursor:
        return cursor.execute(statement("erasures", "load_erasure"), _named(installation, customer_id)).fetchone()


def is_gone(connection: Connection, installation: str, customer_id: str) -> bool:
    """Whether the shop itself has said, to a question of ours, that there is no such customer any more."""
    row = connection.execute(statement("erasures", "is_gone"), _named(installation, customer_id)).fetchone()
    return row == (True,)


def email_of(connection: Connection, installation: str, customer_id: str) -> str | None:
    """The customer's address, unless another customer has it as well: then nothing says whose its guest orders are."""
    named = _named(installation, customer_id)
    row = connection.execute(statement("erasures", "email"), named).fetchone()
    if row is None or not row[0]:
        return None
    shared = connection.execute(statement("erasures", "has_namesake"), {**named, "email": row[0]}).fetchone()
    return None if shared == (True,) else str(row[0])


def orders_of(connection: Connection, installation: str, keys: Sequence[str]) -> tuple[str, ...]:
    """The ids of all orders that these subjects were ever known to have."""
    rows = connection.execute(statement("erasures", "orders"), {"installation": installation, "keys": list(keys)})
    return tuple(id_ for (id_,) in rows)


def begin_erasure(
    connection: Connection, installation: str, remains: Remains, work: Mapping[str, Any], *, now: datetime
) -> None:
    """From the commit on nothing of this is stored again, and the erasure will be finished."""
    named = _named(installation, remains.customer_id) | {"now": now}
    connection.execute(statement("erasures", "begin_erasure"), {**named, "work": jsonb(dict(work))})
    barred = [("customer", remains.customer_id), *(("order", id_) for id_ in remains.orders)]
    barred += [("guest", key.removeprefix("g:")) for key in remains.keys if key.startswith("g:")]
    types, ids = [type_ for type_, _ in barred], [id_ for _, id_ in barred]
    connection.execute(statement("erasures", "bar"), {**named, "types": types, "ids": ids})


def remove(connection: Connection, installation: str, remains: Remains, *, now: datetime) -> Mapping[str, int]:
    """Removes what is kept of them; how many rows, by kind. May be done again."""
    parameters = _named(installation, remains.customer_id) | {
        "keys": list(remains.keys),
        "orders": list(remains.orders),
        "now": now,
    }
    counts: Counter[str] = Counter()
    for name, what in _REMOVED.items():
        counts[what] += connection.execute(statement("erasures", name), parameters).rowcount
    return {what: count for what, count in counts.items() if count}


def note_work(connection: Connection, installation: str, customer_id: str, work: Mapping[str, Any]) -> None:
    parameters = _named(installation, customer_id) | {"work": jsonb(dict(work))}
    connection.execute(statement("erasures", "note_work"), parameters)


def finish_erasure(
    connection: Connection, installation: str, customer_id: str, receipt: Mapping[str, Any], *, now: datetime
) -> None:
    parameters = _named(installation, customer_id) | {"receipt": jsonb(dict(receipt)), "now": now}
    connection.execute(statement("erasures", "finish_erasure"), parameters)


def is_any_running(connection: Connection, installation: str, keys: Iterable[str]) -> bool:
    """Whether a job of one of these subjects is at work, and may still write to its contact."""
    locks = [subject_lock(installation, key) for key in keys]
    return connection.execute(statement("erasures", "is_running"), {"locks": locks}).fetchone() == (True,)


def _named(installation: str, customer_id: str) -> dict[str, Any]:
    return {"installation": installation, "customer_id": customer_id}
