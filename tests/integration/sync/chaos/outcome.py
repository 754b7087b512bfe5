"""What Intercom holds at the end, in words that two syncs of one shop have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sandbox.intercom.contact import Contact
from sandbox.intercom.events import Event
from sandbox.shop import SampleShop
from sync.storage.database import Database
from tests.integration.sync.chaos.changes import Changes, deliveries_of
from tests.integration.sync.chaos.side import Side

# What was so when the event was planned, which may be another moment for each sync.
_OF_THE_MOMENT: Final = frozenset({"status", "payment_status", "shipment_status", "locale"})
_OF_A_SHIPMENT: Final = ("delivery", "parcel")


@dataclass(frozen=True, slots=True, order=True)
class Told:
    """An event that must be the same whenever the shop was looked at.

    `what` is the thing that it tells of; a delivery and its parcel are one. `to` is None where that depends.
    """

    what: str
    name: str
    to: str | None
    facts: tuple[tuple[str, str], ...]


def people(side: Side) -> dict[str, Mapping[str, Any]]:
    """Everything that is kept true of each contact, by who it is. Raises AssertionError for two of one person."""
    found: dict[str, Mapping[str, Any]] = {}
    for contact in side.intercom.contacts:
        who = identity(contact)
        assert who not in found, f"{who} has two contacts"
        found[who] = {
            "email": contact.email,
            "name": contact.name,
            "role": contact.role,
            "tags": sorted(side.intercom.tags(contact.id)),
            **{name: value for name, value in contact.custom_attributes.items() if value is not None},
        }
    return found


def differences(left: Side, right: Side) -> dict[str, dict[str, tuple[object, object]]]:
    """By person and by what differs; a person whom only one of them knows differs in everything."""
    mine, theirs = people(left), people(right)
    return {
        who: {
            name: (held, other)
            for name in sorted({*mine.get(who, {}), *theirs.get(who, {})})
            if (held := mine.get(who, {}).get(name)) != (other := theirs.get(who, {}).get(name))
        }
        for who in sorted({*mine, *theirs})
        if mine.get(who) != theirs.get(who)
    }


def identity(contact: Contact) -> str:
    """The external id; that of a guest is made with a key which each database has its own of."""
    assert contact.external_id is not None
    return f"guest {contact.email}" if contact.external_id.startswith("guest:") else contact.external_id


def durable(side: Side, changes: Changes) -> Counter[Told]:
    """The events of durable milestones as Intercom keeps them."""
    milestones = _milestones(side.database)
    told = Counter[Told]()
    for event in side.intercom.events():
        milestone, order = milestones[event.contact_id, event.name, event.created_at]
        if "@" not in milestone:  # entries into a state carry the version in which they were seen
            told[_told(side, changes, event, milestone, order)] += 1
    return told


def due(changes: Changes) -> Counter[str]:
    """How many events of each name the shop as it is calls for, but for those of shipments: those are one name."""
    shop = changes.acts.shop
    counted = Counter(
        {"account-created": len(list(shop.all("customer"))), "order-placed": len(list(shop.all("order")))}
    )
    for payment in shop.all("payment"):
        for transaction in payment["transactions"]:
            counted[_OF_TRANSACTIONS[transaction["type"], transaction["state"]]] += 1
    for order in shop.all("order"):
        counted["shipped"] += len(deliveries_of(order))
        for item in (item for returned in order["returnInfo"] for item in returned["items"]):
            counted["return-requested"] += 1
            counted["return-received"] += item["shipmentState"] == "Returned"
            counted["return-refunded"] += item["paymentState"] == "Refunded"
    return counted


def by_name(told: Counter[Told]) -> Counter[str]:
    """Each once, however often it came."""
    return Counter("shipped" if each.name in ("parcel-shipped", "delivery-shipped") else each.name for each in told)


_OF_TRANSACTIONS: Final = {
    ("Authorization", "Success"): "payment-authorised",
    ("Charge", "Success"): "payment-captured",
    ("Charge", "Failure"): "payment-failed",
    ("Refund", "Success"): "refund-issued",
    ("Chargeback", "Success"): "charged-back",
}


def _milestones(database: Database) -> Mapping[tuple[str, str, int], tuple[str, str]]:
    """Milestone and resource by contact, name and second, which no two events have in common."""
    with database.transaction() as connection:
        rows = connection.execute(
            "SELECT contact_id, name, extract(epoch FROM second)::bigint, milestone_key, resource_id FROM intent"
        )
        return {(contact, name, second): (key, resource) for contact, name, second, key, resource in rows}


def _told(side: Side, changes: Changes, event: Event, milestone: str, order: str) -> Told:
    kind, id_, step = milestone.split("/")
    late = {"order_number"} if order in changes.numbered_late else set()
    is_shipment = kind in _OF_A_SHIPMENT
    if is_shipment:
        late |= {"quantity", "carrier", "tracking_id"}
    facts = {name: str(value) for name, value in event.metadata.items() if name not in _OF_THE_MOMENT | late}
    contact = side.intercom.contact(event.contact_id)
    assert contact is not None
    return Told(
        what=f"delivery/{delivery_of(changes.acts.shop, order, id_)}" if is_shipment else f"{kind}/{id_}/{step}",
        name="shipped" if is_shipment else event.name,
        to=None if order in changes.moved else identity(contact),
        facts=tuple(sorted(facts.items())),
    )


def delivery_of(shop: SampleShop, order: str, id_: str) -> str:
    """The delivery that has this id, or that has the parcel with this id."""
    document = shop.get("order", order)
    assert document is not None
    return next(
        str(delivery["id"])
        for delivery in deliveries_of(document)
        if id_ in (delivery["id"], *(parcel["id"] for parcel in delivery["parcels"]))
    )
