"""What the sources remember: changes they told of already, whose turn it is to look, and what facts there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from psycopg import Connection

from sync.storage.statements import statement

Kind: TypeAlias = Literal["order", "customer", "cart", "payment", "message"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenChange:
    """A version of a resource, and when it came to be."""

    id: str
    version: int
    modified_at: datetime


def note_changes(
    connection: Connection, installation: str, kind: Kind, changes: Iterable[SeenChange]
) -> frozenset[str]:
    """Remembers the changes; the ids of those that nobody had seen before."""
    newest: dict[str, SeenChange] = {}
    for change in changes:
        if change.id not in newest or newest[change.id].version < change.version:
            newest[change.id] = change
    parameters = {
        "installation": installation,
        "kind": kind,
        "ids": list(newest),
        "versions": [change.version for change in newest.values()],
        "times": [change.modified_at for change in newest.values()],
    }
    return frozenset(id_ for (id_,) in connection.execute(statement("changes", "note_changes"), parameters))


def forget_changes(connection: Connection, installation: str, kind: Kind, *, before: datetime) -> None:
    """For good: only what no look can find again."""
    parameters = {"installation": installation, "kind": kind, "before": before}
    connection.execute(statement("changes", "forget_changes"), parameters)


def take_turn(connection: Connection, installation: str, name: str, holder: str, *, lease: timedelta) -> bool:
    """Whether `holder` alone may do `name` for as long as `lease`; again for longer, if it is its turn already."""
    parameters = {"installation": installation, "name": name, "holder": holder, "lease": lease}
    return connection.execute(statement("changes", "take_turn"), parameters).fetchone() is not None


def end_turn(connection: Connection, installation: str, name: str, holder: str) -> None:
    """Lets others have it at once."""
    parameters = {"installation": installation, "name": name, "holder": holder}
    connection.execute(statement("changes", "end_turn"), parameters)


def untouched_carts(
    connection: Connection, installation: str, *, after: tuple[str, str], until: str, limit: int
) -> tuple[tuple[str, str], ...]:
    """Carts touched after `after` and up to `until`, oldest first: the shop's text of that time, and the customer."""
    parameters = {
        "installation": installation,
        "after": after[0],
        "after_customer": after[1],
        "until": until,
        "limit": limit,
    }
    rows = connection.execute(statement("changes", "untouched_carts"), parameters)
    return tuple((str(touched), str(customer)) for touched, customer in rows)


def known_versions(connection: Connection, installation: str, kind: Kind, ids: Iterable[str]) -> Mapping[str, int]:
    """The versions of the facts with these ids (a cart's own); there are none of payments."""
    parameters = {"installation": installation, "kind": kind, "ids": list(ids)}
    return {
        str(id_): int(version)
        for id_, version in connection.execute(statement("changes", "known_versions"), parameters)
    }
