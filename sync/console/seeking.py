"""From what somebody types to what there is a trace of. An e-mail address goes no further than here."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import Connection

from sync.console.trace import Key
from sync.people import customer_subject, guest_subject
from sync.storage.installations import load_installation
from sync.storage.statements import statement

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Match:
    """Something that there may be a trace of."""

    key: Key
    value: str


def sought(connection: Connection, installation: str, typed: str) -> tuple[Match, ...]:
    """Everything of that name: a customer (by id, number, key, external id, e-mail address or contact in Intercom), a
    guest by e-mail address, an order by its number, anything of the shop by its id, and what a correlation id led to.
    """
    text = " ".join(typed.split())
    if not text or len(text) > LONGEST or "\x00" in text:
        return ()
    rows = connection.execute(statement("console", "sought"), {"installation": installation, "value": text}).fetchall()
    found = [Match(Key(key), value) for key, value in rows if "@" not in value]
    by_email = _by_email(connection, installation, text) if "@" in text else ()
    return tuple(match for match in dict.fromkeys([*found, *by_email]) if not _is_told_better(match, found))


def _is_told_better(match: Match, found: list[Match]) -> bool:
    """All that is on record about a customer as a resource is on the customer's own page."""
    return match.key is Key.RESOURCE and Match(Key.SUBJECT, customer_subject(match.value)) in found


def _by_email(connection: Connection, installation: str, email: str) -> tuple[Match, ...]:
    row = load_installation(connection, installation)
    if row is None:
        return ()
    named = {
        "installation": installation,
        "email": email.lower(),
        "guest": guest_subject(email, hash_key=row.hash_key),
    }
    return tuple(
        Match(Key.SUBJECT, key) for (key,) in connection.execute(statement("console", "subjects_by_email"), named)
    )
