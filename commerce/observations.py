"""What we saw last of an order, a customer or a cart: the memory that observed milestones need.

An observation holds no personal data (of the e-mail address only a keyed hash), and nothing but what
a later look has to be compared with. `to_json` and `from_json` are each other's inverse; `from_json` takes
what an older version of this program wrote, and what it does not find there counts as never seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from commerce.cart import Cart
from commerce.customer import Customer
from commerce.masks import Mask, mask
from commerce.order import Order
from commerce.shipments import is_return_label

Json: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderObservation:
    """`known` are the parts that were asked for and could be read: payments, shippings, returns, workflow_state."""

    version: int
    order_state: str
    payment_state: str | None = None
    shipment_state: str | None = None
    workflow_state: str | None = None
    known: frozenset[str] = frozenset()
    without_tracking: frozenset[str] = frozenset()  # ids of parcels, and of deliveries without parcels

    def to_json(self) -> dict[str, object]:
        return {
            "version": self.version,
            "order_state": self.order_state,
            "payment_state": self.payment_state,
            "shipment_state": self.shipment_state,
            "workflow_state": self.workflow_state,
            "known": sorted(self.known),
            "without_tracking": sorted(self.without_tracking),
        }

    @classmethod
    def from_json(cls, json: Json) -> OrderObservation:
        return cls(
            version=_integer(json, "version"),
            order_state=_text(json, "order_state") or "",
            payment_state=_text(json, "payment_state"),
            shipment_state=_text(json, "shipment_state"),
            workflow_state=_text(json, "workflow_state"),
            known=_texts(json, "known"),
            without_tracking=_texts(json, "without_tracking"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerObservation:
    """`email` is a keyed hash, None when the address was not asked for; `group` counts only if `knows_group`."""

    version: int
    email: str | None = None
    group: str | None = None
    knows_group: bool = False

    def to_json(self) -> dict[str, object]:
        return {
            "version": self.version,
            "email": self.email,
            "group": self.group,
            "knows_group": self.knows_group,
        }

    @classmethod
    def from_json(cls, json: Json) -> CustomerObservation:
        return cls(
            version=_integer(json, "version"),
            email=_text(json, "email"),
            group=_text(json, "group"),
            knows_group=json.get("knows_group") is True,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CartObservation:
    """The version that was looked at."""

    version: int

    def to_json(self) -> dict[str, object]:
        return {"version": self.version}

    @classmethod
    def from_json(cls, json: Json) -> CartObservation:
        return cls(version=_integer(json, "version"))


Observation: TypeAlias = OrderObservation | CustomerObservation | CartObservation


def observe_order(order: Order, *, knows_workflow_state: bool = True) -> OrderObservation:
    """What is to be remembered of an order. `knows_workflow_state`: whether its workflow state was asked for."""
    parts = {
        "payments": order.payments is not None,
        "shippings": order.shippings is not None,
        "returns": order.returns is not None,
        "workflow_state": knows_workflow_state,
    }
    return OrderObservation(
        version=order.version,
        order_state=order.order_state,
        payment_state=order.payment_state,
        shipment_state=order.shipment_state,
        workflow_state=order.workflow_state if knows_workflow_state else None,
        known=frozenset(part for part, is_known in parts.items() if is_known),
        without_tracking=_without_tracking(order),
    )


def observe_customer(customer: Customer, *, hash_key: bytes, knows_group: bool = True) -> CustomerObservation:
    """What is to be remembered of a customer; `hash_key` hides the e-mail address, `knows_group`: it was asked for."""
    email = mask(Mask.HASH, customer.email.lower(), key=hash_key) if customer.email else None
    return CustomerObservation(
        version=customer.version,
        email=email,
        group=customer.group if knows_group else None,
        knows_group=knows_group,
    )


def observe_cart(cart: Cart) -> CartObservation:
    return CartObservation(version=cart.version)


def _without_tracking(order: Order) -> frozenset[str]:
    deliveries = {delivery.id for delivery in order.deliveries if not delivery.parcels}
    parcels = {
        parcel.id
        for delivery in order.deliveries
        for parcel in delivery.parcels
        if not is_return_label(parcel) and not (parcel.tracking and parcel.tracking.tracking_id)
    }
    return frozenset(deliveries | parcels)


def _integer(json: Json, name: str) -> int:
    value = json.get(name)
    return value if isinstance(value, int) else 0


def _text(json: Json, name: str) -> str | None:
    value = json.get(name)
    return value if isinstance(value, str) else None


def _texts(json: Json, name: str) -> frozenset[str]:
    value = json.get(name)
    return frozenset(each for each in value if isinstance(each, str)) if isinstance(value, list) else frozenset()
