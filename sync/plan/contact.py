"""Intercom's own fields of a contact, as far as they are ours to keep true.

They are ours on a contact that was made here, and where a contact had nothing before. The fingerprint says so: it has
an entry `@<field>` for each that is ours, with what Intercom holds by us: `""` for nothing, `UNSURE` where that is not
known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from commerce.customer import Customer
from commerce.order import Order
from sync.mapping.contact import ContactField
from sync.mapping.rules import SyncMapping
from sync.plan.subject import UNSURE, Value
from sync.plan.values import text

OURS: Final = "@"
EXTERNAL_ID: Final = "external_id"
STAYS: Final = frozenset({EXTERNAL_ID, ContactField.EMAIL.value})  # without them nobody knows who the contact is


def contact_fields(mapping: SyncMapping, customer: Customer | None, orders: Iterable[Order]) -> dict[str, Value]:
    """What a contact that is made here should have, by Intercom's names; `orders` with the newest first.

    The external id is always among them if the customer has one: it is what the contact is found by.
    """
    fields: dict[str, Value] = {EXTERNAL_ID: external_id(mapping, customer)}
    for field in mapping.contact.fields:
        fields[field.value] = _value(field, customer, orders)
    return {name: value for name, value in fields.items() if value not in (None, "")}


def external_id(mapping: SyncMapping, customer: Customer | None) -> str | None:
    """The customer's value of the field that the mapping chose; None for guests and where it is empty."""
    if customer is None:
        return None
    match mapping.identity.external_id:
        case "id":
            return customer.id
        case "key":
            return customer.key or None
        case "customerNumber":
            return customer.number or None
        case "externalId":
            return customer.external_id or None


def contact_difference(
    fingerprint: Mapping[str, Value], wanted: Mapping[str, Value], *, overwrite: bool = False
) -> dict[str, Value]:
    """What to send so that the fields that are ours are as wanted; None clears.

    `overwrite` makes all of them ours but the external id, which another system may rely on.
    """
    ours = {name.removeprefix(OURS): held for name, held in fingerprint.items() if name.startswith(OURS)}
    if overwrite:
        for name in wanted.keys() - {EXTERNAL_ID}:
            ours.setdefault(name, UNSURE)
    changed = {name: value for name, value in wanted.items() if name in ours and ours[name] != value}
    gone = [name for name, held in ours.items() if name not in wanted and name not in STAYS and held not in (None, "")]
    return changed | dict.fromkeys(gone)


def as_ours(fields: Mapping[str, Value]) -> dict[str, Value]:
    """Entries for a fingerprint: these fields are ours, and Intercom holds these values."""
    return {OURS + name: "" if value is None else value for name, value in fields.items()}


def doubtful(fingerprint: Mapping[str, Value]) -> dict[str, Value]:
    """The same entries, none of which is certain any more: everything is to be sent again, or cleared."""
    return dict.fromkeys(fingerprint, UNSURE)


def _value(field: ContactField, customer: Customer | None, orders: Iterable[Order]) -> Value:
    if customer is None:
        emails = (order.email for order in orders if order.email)
        return text(next(emails, None) or "") if field is ContactField.EMAIL else None
    match field:
        case ContactField.EMAIL:
            return text(customer.email or "")
        case ContactField.NAME:
            return text(customer.name or "")
        case ContactField.PHONE:
            return text(next((address.phone for address in customer.addresses if address.phone), None) or "")
        case ContactField.SIGNED_UP_AT:
            return int(customer.created_at.timestamp())
