"""What a reconcile compares: the facts by their ids, and what subjects are believed to hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from psycopg import Connection

from sync.storage.documents import jsonb
from sync.storage.links import Link
from sync.storage.statements import statement


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFact:
    """`customer_id`: by whom a cart is read."""

    id: str
    version: int
    customer_id: str | None


def facts_between(
    connection: Connection, installation: str, kind: str, *, after: str | None, last: str | None
) -> tuple[KnownFact, ...]:
    """The orders, customers or carts that are believed to be there, with ids behind `after` and up to `last`."""
    parameters = {"installation": installation, "after": after or "", "last": last}
    rows = connection.execute(statement("reconcile", f"{kind}s_between"), parameters)
    return tuple(KnownFact(id=id_, version=version, customer_id=customer) for id_, version, customer in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCart:
    """An active cart as a list has it; `touched` as the shop writes times."""

    id: str
    version: int
    customer_id: str
    touched: str


def newer_carts(connection: Connection, installation: str, carts: Iterable[ListedCart]) -> frozenset[str]:
    """Those that have to be read: their customer's active cart is another than we think, or not as we think."""
    listed = tuple(carts)
    parameters = {
        "installation": installation,
        "ids": [cart.id for cart in listed],
        "versions": [cart.version for cart in listed],
        "customers": [cart.customer_id for cart in listed],
        "touched": [cart.touched for cart in listed],
    }
    return frozenset(str(id_) for (id_,) in connection.execute(statement("reconcile", "newer_carts"), parameters))


def older_payments(connection: Connection, installation: str, versions: Mapping[str, int]) -> frozenset[str]:
    """Those of the payments that we hold in an older version; one that no order names is not among them."""
    parameters = {"installation": installation, "ids": list(versions), "versions": list(versions.values())}
    return frozenset(str(id_) for (id_,) in connection.execute(statement("reconcile", "older_payments"), parameters))


def linked_after(connection: Connection, installation: str, after: str, *, limit: int) -> tuple[tuple[str, str], ...]:
    """The next subjects and their contacts in key order, those left out that are parked."""
    parameters = {"installation": installation, "after": after, "limit": limit}
    rows = connection.execute(statement("reconcile", "linked_after"), parameters)
    return tuple((str(key), str(contact)) for key, contact in rows)


def unlinked(connection: Connection, installation: str, keys: Iterable[str]) -> tuple[str, ...]:
    """Those of the subjects that are known, and have no contact."""
    parameters = {"installation": installation, "keys": list(keys)}
    return tuple(str(key) for (key,) in connection.execute(statement("reconcile", "unlinked"), parameters))


def correct(
    connection: Connection,
    installation: str,
    believed: Link,
    *,
    fingerprint: Mapping[str, Any],
    tags_added: Iterable[str],
) -> bool:
    """Puts what the contact holds in place of what was believed. False, and nothing is changed, when that is another
    by now: whatever is sent to a contact is on record before.
    """
    parameters = {
        "installation": installation,
        "key": believed.key,
        "contact_id": believed.contact_id,
        "fingerprint": jsonb(dict(fingerprint)),
        "tags": jsonb(sorted(tags_added)),
        "fingerprint_before": jsonb(dict(believed.fingerprint)),
        "tags_before": jsonb(sorted(believed.tags_added)),
    }
    return connection.execute(statement("reconcile", "correct"), parameters).rowcount > 0
