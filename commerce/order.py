"""Orders, their items, parcels and returns: https://docs.commercetools.com/api/projects/orders

All states are kept as commercetools spells them, as plain strings (`orderState` has
"Cancelled" with two l, `shipmentState` "Canceled" with one). Times are UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from commerce.customer import Address
from commerce.money import Money
from commerce.payment import Payment


@dataclass(frozen=True, slots=True)
class LineItem:
    """One position of an order or cart, custom line items (fees, gift wrap, negative ones) included.

    `total` has the item's discounts applied and is missing where the platform has none
    (GraphQL types it nullable). `unit_price` is the price before cart discounts, the product
    discount applied; it may be of high precision.
    """

    id: str
    quantity: int
    unit_price: Money
    total: Money | None
    name: str | None = None
    sku: str | None = None
    is_custom: bool = False
    is_gift: bool = False
    state: str | None = None  # name of the workflow state that most of the quantity is in


@dataclass(frozen=True, slots=True)
class DeliveryItem:
    """How many of a line item a delivery, or a parcel, carries."""

    line_item_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Tracking:
    """What the carrier knows a parcel by. `is_return` marks a return label, not a shipment."""

    tracking_id: str | None = None
    carrier: str | None = None
    provider: str | None = None
    is_return: bool = False


@dataclass(frozen=True, slots=True)
class Parcel:
    """One box of a delivery."""

    id: str
    created_at: datetime
    tracking: Tracking | None = None
    items: tuple[DeliveryItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """A part of the order that was handed over for transport, in any number of parcels (or none)."""

    id: str
    created_at: datetime
    items: tuple[DeliveryItem, ...] = ()
    parcels: tuple[Parcel, ...] = ()


@dataclass(frozen=True, slots=True)
class Shipping:
    """One shipping method of an order with its deliveries; `shippingMode: Multiple` has several."""

    method: str | None = None
    price: Money | None = None  # what is charged, a shipping discount applied
    deliveries: tuple[Delivery, ...] = ()
    estimated_from: datetime | None = None
    estimated_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReturnItem:
    """One returned (or announced) item. Its states are independent of payment transactions."""

    id: str
    quantity: int
    shipment_state: str  # Advised, Returned, BackInStock, Unusable
    payment_state: str  # NonRefundable, Initial, Refunded, NotRefunded
    created_at: datetime
    last_modified_at: datetime
    line_item_id: str | None = None  # the line item or custom line item
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Return:
    """One return with its items: commercetools' `ReturnInfo`."""

    items: tuple[ReturnItem, ...] = ()
    tracking_id: str | None = None
    date: datetime | None = None


@dataclass(frozen=True, slots=True)
class TaxedPrice:
    """The order's totals with tax."""

    net: Money
    gross: Money


@dataclass(frozen=True, slots=True)
class Order:
    """An order as far as it was asked for and could be read.

    `items`, `payments`, `shippings` and `returns` are None when that part was not asked for or
    could not be read (a missing scope), and empty when the order has none: the difference
    between "nothing paid" and "we do not know".
    """

    id: str
    version: int
    created_at: datetime
    last_modified_at: datetime
    order_state: str  # Open, Confirmed, Complete, Cancelled
    total_price: Money
    number: str | None = None
    purchase_order_number: str | None = None
    completed_at: datetime | None = None
    customer_id: str | None = None
    email: str | None = None
    payment_state: str | None = None
    shipment_state: str | None = None
    workflow_state: str | None = None  # name (else key) of the merchant's own state
    knows_workflow_state: bool = True  # false when it was not asked for, or could not be read
    taxed_price: TaxedPrice | None = None
    discount_on_total: Money | None = None
    discount_codes: tuple[str, ...] = ()
    items: tuple[LineItem, ...] | None = None
    shippings: tuple[Shipping, ...] | None = None
    returns: tuple[Return, ...] | None = None
    payments: tuple[Payment, ...] | None = None
    shipping_address: Address | None = None
    billing_address: Address | None = None
    store: str | None = None  # store key
    business_unit: str | None = None  # business unit key (B2B)
    origin: str | None = None  # Customer, Merchant, Quote, RecurringOrder
    distribution_channels: tuple[str, ...] = ()  # keys of the different ones of its line items
    country: str | None = None
    locale: str | None = None
    external_ids: tuple[str, ...] = ()  # the numbers other systems know it by (syncInfo)
    custom: Mapping[str, object] = field(default_factory=dict)

    @property
    def gross(self) -> Money:
        """What the customer owes in all: with tax when the platform has computed it.

        `totalPrice` includes tax only where the rates are included in the price.
        """
        return self.taxed_price.gross if self.taxed_price else self.total_price

    @property
    def placed_at(self) -> datetime:
        """When the customer ordered.

        An imported order carries its real time in `completedAt`, before it was created here. A later
        `completedAt` can only be the completion: nothing is placed after it was created.
        """
        return min(self.completed_at or self.created_at, self.created_at)

    @property
    def channel(self) -> str | None:
        """Where it was sold: the one distribution channel of its items, else its origin."""
        return self.distribution_channels[0] if len(self.distribution_channels) == 1 else self.origin

    @property
    def is_cancelled(self) -> bool:
        return self.order_state == "Cancelled"

    @property
    def is_guest(self) -> bool:
        return self.customer_id is None

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """Every delivery of every shipping method."""
        return tuple(delivery for shipping in self.shippings or () for delivery in shipping.deliveries)
