"""Picks: which of several customers a contact is, as an agent said in the panel.

A pick belongs to the contact. Where nothing speaks against it, the customer's subject is linked to that contact as
well, so that the sync keeps it true: never away from a contact that the subject has already, and not when the contact
carries the id of somebody else.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from psycopg import Connection

from sync.storage.facts import CUSTOMER_KEY
from sync.storage.statements import statement
from sync.storage.subjects import link_contact, load_subject, subjects_of_contact, wake_subjects

PICKED: Final = "picked"  # `linked_by` of a subject
WEAK: Final = frozenset({"email", PICKED})  # links that a pick may undo


def picked_customer(connection: Connection, installation: str, contact_id: str) -> str | None:
    """The id of the customer that was picked for this contact."""
    named = {"installation": installation, "contact_id": contact_id}
    row = connection.execute(statement("picks", "picked_customer"), named).fetchone()
    return None if row is None else str(row[0])


def pick_customer(
    connection: Connection, installation: str, contact_id: str, customer_id: str, *, now: datetime
) -> None:
    """An agent says that the contact is this customer. Subjects that this concerns are woken."""
    parameters = {"installation": installation, "contact_id": contact_id, "customer_id": customer_id, "now": now}
    connection.execute(statement("picks", "pick_customer"), parameters)
    chosen = f"{CUSTOMER_KEY}{customer_id}"
    others = _customers_linked_to(connection, installation, contact_id) - {chosen}
    if any(not _is_weak(connection, installation, key) for key in others):
        return
    for key in sorted(others):
        link_contact(connection, installation, key, None, linked_by=None)
    known = load_subject(connection, installation, chosen)
    if known is None or known.contact_id is None:
        link_contact(connection, installation, chosen, contact_id, linked_by=PICKED)
    wake_subjects(connection, installation, {chosen, *others})


def unpick_customer(connection: Connection, installation: str, contact_id: str) -> None:
    """The pick was wrong: nothing is said about the contact any more, and the sync looks for its people anew."""
    named = {"installation": installation, "contact_id": contact_id}
    row = connection.execute(statement("picks", "unpick_customer"), named).fetchone()
    if row is None:
        return
    key = f"{CUSTOMER_KEY}{row[0]}"
    known = load_subject(connection, installation, key)
    if known is not None and known.contact_id == contact_id and known.linked_by == PICKED:
        link_contact(connection, installation, key, None, linked_by=None)
        wake_subjects(connection, installation, {key})


def _customers_linked_to(connection: Connection, installation: str, contact_id: str) -> set[str]:
    keys = subjects_of_contact(connection, installation, contact_id)
    return {key for key in keys if key.startswith(CUSTOMER_KEY)}


def _is_weak(connection: Connection, installation: str, key: str) -> bool:
    known = load_subject(connection, installation, key)
    return known is None or known.linked_by in WEAK
