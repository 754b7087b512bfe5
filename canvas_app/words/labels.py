"""The words for what a platform, or our own enums, say in codes: one table for each.

Keys are the codes as they are spelled at their source. A code without an entry is shown as
it is: commercetools adds values without notice, and merchants name their own states.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

from canvas_app.canvas.found import MatchedBy, Relation, Trouble
from canvas_app.words import Words, msg
from clients.commercetools.readings import Section
from commerce.alerts import AlertKind
from commerce.milestones import MilestoneName
from commerce.payment import (
    AUTHORIZATION,
    CANCEL_AUTHORIZATION,
    CHARGE,
    CHARGEBACK,
    FAILURE,
    INITIAL,
    PENDING,
    REFUND,
    SUCCESS,
)
from commerce.payments import PaymentLabel
from commerce.returns import RefundLabel, ReturnLabel
from commerce.shipments import ShipmentLabel

Code = TypeVar("Code", bound=str)

# https://docs.commercetools.com/api/projects/orders#orderstate
ORDER_STATES: Final[Mapping[str, str]] = {
    "Open": msg("Open"),
    "Confirmed": msg("Confirmed"),
    "Complete": msg("Complete"),
    "Cancelled": msg("Cancelled"),
}

PAYMENT_LABELS: Final[Mapping[PaymentLabel, str]] = {
    PaymentLabel.PAID: msg("Paid"),
    PaymentLabel.PARTLY_PAID: msg("Partly paid"),
    PaymentLabel.AUTHORISED: msg("Authorised"),
    PaymentLabel.PENDING: msg("Payment pending"),
    PaymentLabel.FAILED: msg("Payment failed"),
    PaymentLabel.BALANCE_DUE: msg("Balance due"),
    PaymentLabel.CREDIT_OWED: msg("Credit owed"),
    PaymentLabel.REFUNDED: msg("Refunded"),
    PaymentLabel.PARTLY_REFUNDED: msg("Partly refunded"),
    PaymentLabel.CHARGED_BACK: msg("Charged back"),
    PaymentLabel.NOTHING_TO_PAY: msg("Nothing to pay"),
    PaymentLabel.UNKNOWN: msg("Payment not known"),
}

SHIPMENT_LABELS: Final[Mapping[ShipmentLabel, str]] = {
    ShipmentLabel.SHIPPED: msg("Shipped"),
    ShipmentLabel.PARTLY_SHIPPED: msg("Partly shipped"),
    ShipmentLabel.DELIVERED: msg("Delivered"),
    ShipmentLabel.READY: msg("Ready to ship"),
    ShipmentLabel.PENDING: msg("Shipment pending"),
    ShipmentLabel.DELAYED: msg("Delayed"),
    ShipmentLabel.BACKORDER: msg("On backorder"),
    ShipmentLabel.CANCELLED: msg("Shipment cancelled"),
    ShipmentLabel.NOT_SHIPPED: msg("Not shipped"),
    ShipmentLabel.UNKNOWN: msg("Shipment not known"),
}

RETURN_LABELS: Final[Mapping[ReturnLabel, str]] = {
    ReturnLabel.ADVISED: msg("announced, not back yet"),
    ReturnLabel.RECEIVED: msg("received"),
    ReturnLabel.BACK_IN_STOCK: msg("received, back in stock"),
    ReturnLabel.UNUSABLE: msg("received, unusable"),
    ReturnLabel.UNKNOWN: msg("state not known"),
}

REFUND_LABELS: Final[Mapping[RefundLabel, str]] = {
    RefundLabel.NONE_YET: msg("no refund yet"),
    RefundLabel.OPEN: msg("refund open"),
    RefundLabel.REFUNDED: msg("refunded"),
    RefundLabel.NOT_REFUNDED: msg("not refunded"),
    RefundLabel.UNKNOWN: msg("refund not known"),
}

ALERTS: Final[Mapping[AlertKind, str]] = {
    AlertKind.CHARGED_BACK: msg("Payment of {order} charged back"),
    AlertKind.PAYMENT_FAILED: msg("Payment failed for {order}"),
    AlertKind.DELAYED: msg("{order} is delayed"),
    AlertKind.BACKORDER: msg("{order} is on backorder"),
    AlertKind.RETURN_AWAITS_REFUND: msg("Return of {order} received, refund open"),
    AlertKind.REFUND_PENDING: msg("Refund for {order} not confirmed yet"),
    AlertKind.BALANCE_DUE: msg("Balance due on {order}"),
}

MILESTONES: Final[Mapping[MilestoneName, str]] = {
    MilestoneName.ORDER_PLACED: msg("Order placed"),
    MilestoneName.PAYMENT_AUTHORISED: msg("Payment authorised"),
    MilestoneName.PAYMENT_CAPTURED: msg("Payment captured"),
    MilestoneName.PAYMENT_FAILED: msg("Payment failed"),
    MilestoneName.REFUND_ISSUED: msg("Refund paid out"),
    MilestoneName.CHARGED_BACK: msg("Charged back"),
    MilestoneName.PARCEL_SHIPPED: msg("Parcel shipped"),
    MilestoneName.DELIVERY_SHIPPED: msg("Shipped"),
    MilestoneName.RETURN_REQUESTED: msg("Return announced"),
    MilestoneName.RETURN_RECEIVED: msg("Return received"),
    MilestoneName.RETURN_REFUNDED: msg("Return refunded"),
}

TRANSACTION_TYPES: Final[Mapping[str, str]] = {
    AUTHORIZATION: msg("Authorisation"),
    CANCEL_AUTHORIZATION: msg("Authorisation cancelled"),
    CHARGE: msg("Charge"),
    REFUND: msg("Refund"),
    CHARGEBACK: msg("Chargeback"),
}

TRANSACTION_STATES: Final[Mapping[str, str]] = {
    INITIAL: msg("not started"),
    PENDING: msg("in progress"),
    SUCCESS: msg("succeeded"),
    FAILURE: msg("failed"),
}

# https://docs.commercetools.com/api/projects/carts#cartorigin; Customer is the ordinary case and not worth a line
ORIGINS: Final[Mapping[str, str]] = {
    "Customer": msg("placed by the customer"),
    "Merchant": msg("placed by the shop"),
    "Quote": msg("from a quote"),
    "RecurringOrder": msg("recurring order"),
}

MATCHED_BY: Final[Mapping[MatchedBy, str]] = {
    MatchedBy.ID: msg("matched by id"),
    MatchedBy.EMAIL: msg("by e-mail, unverified"),
    MatchedBy.CHOICE: msg("picked by an agent"),
    MatchedBy.SEARCH: msg("found by search"),
}

RELATIONS: Final[Mapping[Relation, str]] = {
    Relation.OWN: msg("this customer's order"),
    Relation.SAME_EMAIL: msg("same e-mail, unverified"),
    Relation.OTHER: msg("another customer's order"),
}

TROUBLES: Final[Mapping[Trouble, str]] = {
    Trouble.UNREACHABLE: msg("The shop cannot be reached."),
    Trouble.TOO_SLOW: msg("The shop takes too long to answer."),
    Trouble.BUSY: msg("The shop is busy."),
    Trouble.CREDENTIALS: msg("The shop does not accept the API client."),
    Trouble.SCOPE: msg("The API client may not read this."),
    Trouble.UNEXPECTED: msg("The shop's answer could not be read."),
}

SECTIONS: Final[Mapping[Section, str]] = {
    Section.CUSTOMER: msg("Customer"),
    Section.ORDERS: msg("Orders"),
    Section.HISTORY: msg("Order history"),
    Section.CART: msg("Cart"),
    Section.PAYMENTS: msg("Payments"),
    Section.WORKFLOW_STATES: msg("Workflow states"),
    Section.CUSTOMER_GROUP: msg("Customer group"),
    Section.DISCOUNT_CODES: msg("Discount codes"),
    Section.CHANNELS: msg("Channels"),
    Section.NAMED_ORDERS: msg("Orders named in the conversation"),
    Section.GUEST_ORDERS: msg("Guest orders"),
}

# https://docs.commercetools.com/api/scopes; the names are the platform's and stay as they are
SCOPES: Final[Mapping[Section, str]] = {
    Section.CUSTOMER: "view_customers",
    Section.ORDERS: "view_orders",
    Section.HISTORY: "view_orders",
    Section.CART: "view_orders",
    Section.PAYMENTS: "view_payments",
    Section.WORKFLOW_STATES: "view_states",
    Section.CUSTOMER_GROUP: "view_customer_groups",
    Section.DISCOUNT_CODES: "view_discount_codes",
    Section.CHANNELS: "view_products",
    Section.NAMED_ORDERS: "view_orders",
    Section.GUEST_ORDERS: "view_orders",
}


def label(table: Mapping[Code, str], code: Code, words: Words) -> str:
    """The word for a code in the panel's language, or the code itself when it has none."""
    return words.t(table[code]) if code in table else code
