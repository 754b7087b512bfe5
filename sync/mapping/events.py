"""The events that there are: which milestone each tells of, where it comes from, and its keys in their order.

Intercom keeps the first ten keys of an event's metadata and never forgets the names it has once seen, so every event
has a fixed list of at most ten, in a fixed order. A key that ends in `_date` is unix seconds, as Intercom wants it.
docs/events.md is this table for people; a test holds the two together.
https://developers.intercom.com/docs/references/rest-api/api.intercom.io/data-events
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from commerce.milestones import MilestoneName

MOST_KEYS: Final = 10

# What every event of an order says first.
ORDER_KEYS: Final = ("order_number", "status", "total", "currency", "store", "channel", "country", "locale")
CART_KEYS: Final = ("total", "currency", "store", "channel", "country", "locale")

KEYS: Final[Mapping[str, str]] = {
    "order_number": "the order's number",
    "status": "the order's state: `Open`, `Confirmed`, `Complete`, `Cancelled`",
    "total": "what the customer owes, tax included (of a cart: what it comes to)",
    "currency": "the currency's ISO code",
    "store": "the store's key",
    "channel": "the one distribution channel of the items, else the origin",
    "country": "country code of the order or cart",
    "locale": "language of the order or cart",
    "kind": "`ordinary`, `imported` or `recurring`",
    "items": "pieces ordered, or in the cart",
    "payment_status": "the panel's word: `paid`, `partly_refunded`, …",
    "shipment_status": "the panel's word: `shipped`, `partly_shipped`, …",
    "placed_date": "when the customer ordered",
    "expected_date": "when the goods should arrive at the latest",
    "amount": "what the transaction moved",
    "state": "the state that was entered, in the shop's words",
    "carrier": "the carrier, as the shop wrote it",
    "tracking_id": "the tracking number",
    "quantity": "how many pieces it is about",
    "item": "the returned item's name",
    "group": "the customer's new group",
    "created_date": "when the account was made",
    "changed_date": "when the cart was touched last",
}


class About(StrEnum):
    """What an event is about."""

    ORDER = "order"
    CUSTOMER = "customer"
    CART = "cart"


@dataclass(frozen=True, slots=True)
class EventKind:
    """One event: what has to change in commercetools, its default keys, and further ones that can be chosen.

    `messages` are the message types whose time counts where the thing keeps none itself.
    """

    change: str
    keys: tuple[str, ...]
    messages: tuple[str, ...] = ()
    about: About = About.ORDER
    needs: frozenset[str] = frozenset()
    own_keys: tuple[str, ...] = ()  # what only this event can say

    @property
    def choice(self) -> tuple[str, ...]:
        """All keys that the event can say without a path."""
        return tuple(dict.fromkeys((*self.keys, *self.own_keys, *_OF_ALL[self.about])))


_OF_ALL: Final[Mapping[About, tuple[str, ...]]] = {
    About.ORDER: (*ORDER_KEYS, "kind", "items", "payment_status", "shipment_status", "placed_date", "expected_date"),
    About.CUSTOMER: ("store", "created_date"),
    About.CART: (*CART_KEYS, "items", "changed_date"),
}

_TRANSACTION: Final = ("PaymentTransactionAdded", "PaymentTransactionStateChanged")
_STATE: Final = ("OrderStateChanged",)
_SHIPMENT: Final = ("OrderShipmentStateChanged",)


def _of_order(change: str, *keys: str, messages: tuple[str, ...] = (), own: tuple[str, ...] = ()) -> EventKind:
    return EventKind(change, (*ORDER_KEYS, *keys), messages, own_keys=own)


EVENTS: Final[Mapping[MilestoneName, EventKind]] = {
    MilestoneName.ACCOUNT_CREATED: EventKind(
        "a customer is there", ("store", "created_date"), ("CustomerCreated",), About.CUSTOMER
    ),
    MilestoneName.EMAIL_CHANGED: EventKind(
        "`email` is another", ("store",), ("CustomerEmailChanged",), About.CUSTOMER, frozenset({"customer.email"})
    ),
    MilestoneName.GROUP_CHANGED: EventKind(
        "`customerGroup` is another, or gone",
        ("store", "group"),
        ("CustomerGroupSet",),
        About.CUSTOMER,
        frozenset({"customer.group"}),
        ("group",),
    ),
    MilestoneName.ORDER_PLACED: _of_order(
        "an order is there (placed, imported, or made by a recurring order)",
        "kind",
        "items",
        messages=("OrderCreated", "OrderImported", "OrderCreatedFromRecurringOrder"),
    ),
    MilestoneName.ORDER_CONFIRMED: _of_order(
        "`orderState` becomes `Confirmed`", "payment_status", "shipment_status", messages=_STATE
    ),
    MilestoneName.ORDER_COMPLETED: _of_order(
        "`orderState` becomes `Complete`", "payment_status", "shipment_status", messages=_STATE
    ),
    MilestoneName.ORDER_CANCELLED: _of_order(
        "`orderState` becomes `Cancelled`", "payment_status", "shipment_status", messages=_STATE
    ),
    MilestoneName.WORKFLOW_STATE_ENTERED: EventKind(
        "`state` becomes another of the shop's own",
        (*ORDER_KEYS, "state", "payment_status"),
        ("OrderStateTransition",),
        needs=frozenset({"order.workflow_state"}),
        own_keys=("state",),
    ),
    MilestoneName.PAYMENT_STATE_ENTERED: _of_order(
        "`paymentState` becomes another",
        "state",
        "payment_status",
        messages=("OrderPaymentStateChanged",),
        own=("state",),
    ),
    MilestoneName.PAYMENT_AUTHORISED: _of_order(
        "an `Authorization` transaction succeeds", "amount", "payment_status", messages=_TRANSACTION, own=("amount",)
    ),
    MilestoneName.PAYMENT_CAPTURED: _of_order(
        "a `Charge` transaction succeeds", "amount", "payment_status", messages=_TRANSACTION, own=("amount",)
    ),
    MilestoneName.PAYMENT_FAILED: _of_order(
        "an `Authorization` or `Charge` transaction fails",
        "amount",
        "payment_status",
        messages=_TRANSACTION,
        own=("amount",),
    ),
    MilestoneName.REFUND_ISSUED: _of_order(
        "a `Refund` transaction succeeds", "amount", "payment_status", messages=_TRANSACTION, own=("amount",)
    ),
    MilestoneName.CHARGED_BACK: _of_order(
        "a `Chargeback` transaction succeeds", "amount", "payment_status", messages=_TRANSACTION, own=("amount",)
    ),
    MilestoneName.ORDER_SHIPPED: _of_order(
        "`shipmentState` becomes `Shipped`", "shipment_status", "expected_date", messages=_SHIPMENT
    ),
    MilestoneName.DELIVERY_SHIPPED: _of_order(
        "a delivery without parcels is there",
        "quantity",
        "shipment_status",
        messages=("DeliveryAdded",),
        own=("quantity",),
    ),
    MilestoneName.PARCEL_SHIPPED: _of_order(
        "a parcel is there that is no return label, of a delivery that was not told before",
        "carrier",
        "tracking_id",
        messages=("DeliveryAdded", "ParcelAddedToDelivery"),
        own=("carrier", "tracking_id", "quantity"),
    ),
    MilestoneName.TRACKING_ADDED: _of_order(
        "a parcel that was told without a tracking number has one",
        "carrier",
        "tracking_id",
        messages=("ParcelTrackingDataUpdated", "ParcelAddedToDelivery"),
        own=("carrier", "tracking_id"),
    ),
    MilestoneName.SHIPMENT_DELAYED: _of_order(
        "`shipmentState` becomes `Delayed`", "shipment_status", "expected_date", messages=_SHIPMENT
    ),
    MilestoneName.ORDER_DELIVERED: _of_order(
        "`shipmentState` becomes `Delivered`", "shipment_status", "payment_status", messages=_SHIPMENT
    ),
    MilestoneName.RETURN_REQUESTED: _of_order(
        "a return item is there", "item", "quantity", messages=("ReturnInfoAdded",), own=("item", "quantity")
    ),
    MilestoneName.RETURN_RECEIVED: _of_order(
        "a return item becomes `Returned`, `BackInStock` or `Unusable`",
        "item",
        "quantity",
        messages=("OrderReturnShipmentStateChanged",),
        own=("item", "quantity"),
    ),
    MilestoneName.RETURN_REFUNDED: _of_order(
        "a return item's `paymentState` becomes `Refunded` (no message tells it)",
        "item",
        "quantity",
        own=("item", "quantity"),
    ),
    MilestoneName.CART_ABANDONED: EventKind(
        "an active cart with items is not touched for the configured time",
        (*CART_KEYS, "items", "changed_date"),
        about=About.CART,
    ),
}


def default_name(milestone: MilestoneName) -> str:
    """An event's name in Intercom unless the mapping gives another: `order-placed`."""
    return milestone.replace("_", "-")
