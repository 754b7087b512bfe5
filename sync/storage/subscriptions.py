"""The subscriptions that tell this installation, how healthy they were last, and whether a reconcile is due for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from psycopg import Connection
from psycopg.rows import class_row

from clients.commercetools.subscription import Status
from sync.storage.documents import jsonb
from sync.storage.statements import statement

GONE: Final = "Gone"
"""commercetools has it no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSubscription:
    """`secrets`: a keyed hash. `looked_at`: when it was last heard how healthy it is, None before the first time."""

    key: str
    id: str
    destination: str
    secrets: str | None = field(repr=False)
    messages: tuple[str, ...]
    health: str
    health_since: datetime
    looked_at: datetime | None

    @property
    def is_healthy(self) -> bool:
        return self.health == Status.HEALTHY


def remember_subscription(
    connection: Connection,
    installation: str,
    *,
    key: str,
    id_: str,
    destination: str,
    secrets: str | None,
    messages: Iterable[str],
    health: str,
    now: datetime,
) -> None:
    """One that was made or changed. `health`: as it was before that; better is for whoever watches it to say."""
    parameters = {
        "installation": installation,
        "key": key,
        "id": id_,
        "destination": destination,
        "secrets": secrets,
        "messages": jsonb(sorted(messages)),
        "health": health,
        "healthy": Status.HEALTHY,
        "now": now,
    }
    connection.execute(statement("subscriptions", "remember"), parameters)


def known_subscriptions(connection: Connection, installation: str) -> tuple[KnownSubscription, ...]:
    with connection.cursor(row_factory=class_row(KnownSubscription)) as cursor:
        return tuple(cursor.execute(statement("subscriptions", "all"), {"installation": installation}))


def forget_subscription(connection: Connection, installation: str, key: str) -> bool:
    """It is not watched any more; whether it was."""
    parameters = {"installation": installation, "key": key}
    return connection.execute(statement("subscriptions", "forget"), parameters).rowcount > 0


def note_health(
    connection: Connection, installation: str, known: KnownSubscription, health: str, *, now: datetime
) -> tuple[str, datetime] | None:
    """What was noted before, and since when. From bad to good makes a reconcile due, in the same transaction.

    None, and nothing is noted, when another subscription has taken its place.
    """
    parameters = {"installation": installation, "key": known.key, "id": known.id, "health": health, "now": now}
    before = connection.execute(statement("subscriptions", "note_health"), parameters).fetchone()
    if before is None:
        return None
    if health == Status.HEALTHY != before[0]:
        make_reconcile_due(connection, installation, now=now)
    return before[0], before[1]


def make_reconcile_due(connection: Connection, installation: str, *, now: datetime) -> None:
    connection.execute(statement("subscriptions", "make_due"), {"installation": installation, "now": now})


def reconcile_due(connection: Connection, installation: str) -> datetime | None:
    """Since when, None when there is no need."""
    row = connection.execute(statement("subscriptions", "due"), {"installation": installation}).fetchone()
    return None if row is None else row[0]


def reconcile_done(connection: Connection, installation: str, *, since: datetime) -> None:
    """It stays due if it became so once more meanwhile."""
    connection.execute(statement("subscriptions", "done"), {"installation": installation, "since": since})
