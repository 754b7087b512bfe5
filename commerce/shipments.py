"""Where an order's parcels are, as far as the shop knows.

The merchant's `shipmentState` counts when it is set; else the deliveries decide. The platform
keeps neither a tracking link nor the state of a parcel.
https://docs.commercetools.com/api/projects/orders#delivery

How quantities are counted:

- a delivery counts unless all of its parcels are return labels;
- it carries what its items say, else what the items of its parcels say; one that says nothing makes
  the shipped quantity unknown (unless the others account for everything): SHIPPED then means
  that something left, nobody having said how much;
- no item is shipped more often than it was ordered;
- custom line items are mostly fees and do not ship: one counts as ordered only if a delivery names it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from commerce.order import Delivery, DeliveryItem, LineItem, Order, Parcel


class ShipmentLabel(StrEnum):
    """How far an order's goods are, in one word."""

    SHIPPED = "shipped"
    PARTLY_SHIPPED = "partly_shipped"
    DELIVERED = "delivered"
    READY = "ready"
    PENDING = "pending"
    DELAYED = "delayed"
    BACKORDER = "backorder"
    CANCELLED = "cancelled"
    NOT_SHIPPED = "not_shipped"
    UNKNOWN = "unknown"


# https://docs.commercetools.com/api/projects/orders#shipmentstate ("Canceled" with one l)
_LABEL_OF_STATE: Final[Mapping[str, ShipmentLabel]] = {
    "Shipped": ShipmentLabel.SHIPPED,
    "Partial": ShipmentLabel.PARTLY_SHIPPED,
    "Delivered": ShipmentLabel.DELIVERED,
    "Ready": ShipmentLabel.READY,
    "Pending": ShipmentLabel.PENDING,
    "Delayed": ShipmentLabel.DELAYED,
    "Backorder": ShipmentLabel.BACKORDER,
    "Canceled": ShipmentLabel.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class DeliveredParcel:
    """A parcel, or a return label, with the delivery it belongs to."""

    parcel: Parcel
    delivery: Delivery

    @property
    def carrier(self) -> str | None:
        """Free text as the merchant's systems write it: DHL, dhl, DHL Paket."""
        return self.parcel.tracking.carrier if self.parcel.tracking else None

    @property
    def tracking_id(self) -> str | None:
        return self.parcel.tracking.tracking_id if self.parcel.tracking else None

    @property
    def content(self) -> tuple[DeliveryItem, ...]:
        """What the parcel says it holds; the only parcel of a delivery holds what the delivery says."""
        alone = len(self.delivery.parcels) == 1
        return self.parcel.items or (self.delivery.items if alone else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentSummary:
    """An order's shipping in short.

    `shipped` and `ordered` count single pieces and are None where that is not known.
    `parcels` went out, oldest first; `return_labels` are for the way back.
    The estimated window spans all shipping methods of the order.
    """

    label: ShipmentLabel
    unknown_state: str | None = None  # a `shipmentState` we do not know: to be shown as it is, in place of the label
    shipped: int | None = None
    ordered: int | None = None
    parcels: tuple[DeliveredParcel, ...] = ()
    return_labels: tuple[DeliveredParcel, ...] = ()
    without_parcels: tuple[Delivery, ...] = ()  # deliveries of which the shop keeps no parcels
    estimated_from: datetime | None = None
    estimated_until: datetime | None = None


def shipment_summary(order: Order) -> ShipmentSummary | None:
    """The label, quantities and parcels of an order; None when nothing is known about its shipping."""
    if order.shippings is None and not order.shipment_state:
        return None
    deliveries = sorted(order.deliveries, key=lambda delivery: (delivery.created_at, delivery.id))
    parcels = [DeliveredParcel(parcel, delivery) for delivery in deliveries for parcel in delivery.parcels]
    left = [delivery for delivery in deliveries if has_left(delivery)]
    shipped, ordered = _quantities(order, left)
    known = _LABEL_OF_STATE.get(order.shipment_state or "")
    return ShipmentSummary(
        label=_label_of_deliveries(left, shipped, ordered)
        if not order.shipment_state
        else known or ShipmentLabel.UNKNOWN,
        unknown_state=order.shipment_state if order.shipment_state and not known else None,
        shipped=shipped,
        ordered=ordered,
        parcels=tuple(each for each in parcels if not is_return_label(each.parcel)),
        return_labels=tuple(each for each in parcels if is_return_label(each.parcel)),
        without_parcels=tuple(delivery for delivery in deliveries if not delivery.parcels),
        estimated_from=min((s.estimated_from for s in order.shippings or () if s.estimated_from), default=None),
        estimated_until=max((s.estimated_until for s in order.shippings or () if s.estimated_until), default=None),
    )


def is_return_label(parcel: Parcel) -> bool:
    """Whether a parcel is a label for the way back."""
    return parcel.tracking is not None and parcel.tracking.is_return


def has_left(delivery: Delivery) -> bool:
    """Whether goods went out with a delivery: not so when all its parcels are return labels."""
    return not delivery.parcels or not all(is_return_label(parcel) for parcel in delivery.parcels)


def _content(delivery: Delivery) -> tuple[DeliveryItem, ...]:
    if delivery.items:
        return delivery.items
    return tuple(item for parcel in delivery.parcels if not is_return_label(parcel) for item in parcel.items)


def _quantities(order: Order, left: Iterable[Delivery]) -> tuple[int | None, int | None]:
    """Pieces shipped and ordered."""
    if order.items is None:
        return None, None
    sent: Counter[str] = Counter()
    for delivery in left:
        for item in _content(delivery):
            sent[item.line_item_id] += max(item.quantity, 0)
    goods = [item for item in order.items if _ships(item, sent)]
    ordered = sum(item.quantity for item in goods)
    shipped = sum(min(item.quantity, sent[item.id]) for item in goods)
    unsaid = order.shippings is None or (shipped < ordered and not all(_content(delivery) for delivery in left))
    return None if unsaid else shipped, ordered


def _ships(item: LineItem, sent: Counter[str]) -> bool:
    return not item.is_custom or item.id in sent


def _label_of_deliveries(left: list[Delivery], shipped: int | None, ordered: int | None) -> ShipmentLabel:
    if not left:
        return ShipmentLabel.NOT_SHIPPED
    if shipped is not None and ordered is not None and shipped < ordered:
        return ShipmentLabel.PARTLY_SHIPPED
    return ShipmentLabel.SHIPPED
