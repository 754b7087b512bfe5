"""Links: which subjects a contact belongs to. A contact is claimed under a lock, so that two never take it at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from sync.mapping.identity import CustomerField
from sync.storage.documents import jsonb
from sync.storage.statements import statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One subject of a contact, with what is on record of the contact by it."""

    key: str
    contact_id: str
    linked_by: str | None = None
    fingerprint: Mapping[str, Any] = field(default_factory=dict, repr=False)
    tags_added: frozenset[str] = frozenset()
    tags_unsure: frozenset[str] = frozenset()


def lock_contact(connection: Connection, installation: str, contact_id: str) -> None:
    """Until the end of the transaction nobody else claims this contact."""
    connection.execute(statement("links", "lock_contact"), {"name": f"{installation}/contact/{contact_id}"})


def links_of_contacts(connection: Connection, installation: str, contact_ids: Iterable[str]) -> tuple[Link, ...]:
    """All subjects that are linked to one of these contacts, in key order."""
    return _links(connection, "links_of_contacts", {"installation": installation, "ids": sorted(set(contact_ids))})


def links_by_email(connection: Connection, installation: str, email: str) -> tuple[Link, ...]:
    """The customers with this e-mail address, as far as they are linked to a contact."""
    return _links(connection, "links_by_email", {"installation": installation, "email": email.strip().lower()})


def picks_of_contacts(connection: Connection, installation: str, contact_ids: Iterable[str]) -> Mapping[str, str]:
    """The subject that an agent picked for a contact, by the contact's id."""
    parameters = {"installation": installation, "ids": sorted(set(contact_ids))}
    return {id_: f"c:{customer}" for id_, customer in connection.execute(statement("links", "picks"), parameters)}


def picked_contacts(connection: Connection, installation: str, customer_id: str) -> tuple[str, ...]:
    """The contacts for which agents picked this customer, the last pick first."""
    parameters = {"installation": installation, "customer_id": customer_id}
    return tuple(id_ for (id_,) in connection.execute(statement("links", "picked_contacts"), parameters))


def known_external_ids(
    connection: Connection, installation: str, field: CustomerField, values: Iterable[str]
) -> Mapping[str, str]:
    """Those of the values that customers have in this field: the subject of each."""
    parameters = {"installation": installation, "values": sorted(set(values))}
    rows = connection.execute(statement("links", f"known_{field}"), parameters)
    return {value: f"c:{customer}" for value, customer in rows}


def wanting_a_contact(
    connection: Connection, installation: str, keys: Iterable[str], *, contact_id: str, email: str | None
) -> tuple[str, ...]:
    """Those of the subjects, and of the customers with this address, who may be looking for this contact."""
    parameters = {"installation": installation, "keys": sorted(set(keys)), "contact_id": contact_id, "email": email}
    return tuple(key for (key,) in connection.execute(statement("links", "wanting_a_contact"), parameters))


def save_link(connection: Connection, installation: str, link: Link) -> None:
    """Puts the link on record with all of it, in place of whatever was there; nothing is parked any more."""
    parameters = {
        "installation": installation,
        "key": link.key,
        "contact_id": link.contact_id,
        "linked_by": link.linked_by,
        "fingerprint": jsonb(dict(link.fingerprint)),
        "tags_added": jsonb(sorted(link.tags_added)),
        "tags_unsure": jsonb(sorted(link.tags_unsure)),
    }
    connection.execute(statement("links", "save_link"), parameters)


def begin_creation(connection: Connection, installation: str, key: str) -> None:
    """A contact is about to be made for this subject: if it is found later without a link, it was made here."""
    connection.execute(statement("links", "begin_creation"), {"installation": installation, "key": key})


def _links(connection: Connection, name: str, parameters: Mapping[str, Any]) -> tuple[Link, ...]:
    with connection.cursor(row_factory=class_row(_Row)) as cursor:
        return tuple(row.link() for row in cursor.execute(statement("links", name), parameters))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    key: str
    contact_id: str
    linked_by: str | None
    fingerprint: Mapping[str, Any]
    tags_added: list[str]
    tags_unsure: list[str]

    def link(self) -> Link:
        return Link(
            key=self.key,
            contact_id=self.contact_id,
            linked_by=self.linked_by,
            fingerprint=self.fingerprint,
            tags_added=frozenset(self.tags_added),
            tags_unsure=frozenset(self.tags_unsure),
        )
