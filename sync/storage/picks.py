"""Picks: which of several customers a contact is, as an agent said in the panel.

A pick belongs to the contact; what it means for the links of subjects is decided when the contact is looked for
(sync/identity), which the subjects that it concerns are woken for.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from psycopg import Connection

from sync.storage.facts import CUSTOMER_KEY
from sync.storage.statements import statement
from sync.storage.subjects import link_contact, load_subject, subjects_of_contact, wake_subjects

PICKED: Final = "picked"  # `linked_by` of a subject, as sync.identity has it


def picked_customer(connection: Connection, installation: str, contact_id: str) -> str | None:
    """The id of the customer that was picked for this contact."""
    named = {"installation": installation, "contact_id": contact_id}
    row = connection.execute(statement("picks", "picked_customer"), named).fetchone()
    return None if row is None else str(row[0])


def pick_customer(
    connection: Connection, installation: str, contact_id: str, customer_id: str, *, now: datetime
) -> None:
    """An agent says that the contact is this customer; whoever had it until now is woken as well."""
    parameters = {"installation": installation, "contact_id": contact_id, "customer_id": customer_id, "now": now}
    connection.execute(statement("picks", "pick_customer"), parameters)
    linked = subjects_of_contact(connection, installation, contact_id)
    wake_subjects(connection, installation, {f"{CUSTOMER_KEY}{customer_id}", *linked})


def unpick_customer(connection: Connection, installation: str, contact_id: str) -> None:
    """The pick was wrong: a link that rests on it goes as well, and the contact is looked for anew."""
    named = {"installation": installation, "contact_id": contact_id}
    row = connection.execute(statement("picks", "unpick_customer"), named).fetchone()
    if row is None:
        return
    key = f"{CUSTOMER_KEY}{row[0]}"
    known = load_subject(connection, installation, key)
    if known is not None and known.contact_id == contact_id and known.linked_by == PICKED:
        link_contact(connection, installation, key, None, linked_by=None)
        wake_subjects(connection, installation, {key})
