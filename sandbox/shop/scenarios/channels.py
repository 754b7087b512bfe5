"""Orders that came another way: imported, recurring, business to business, workflow states, odd or no numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from sandbox.shop.people import CustomerOf, address
from sandbox.shop.sales import OrderOf, Shipping
from sandbox.shop.scenario import Scenario
from sandbox.shop.scenarios.ordinary import BOOTS, BOTTLE, LAMP, MAT, TENT, charged, of, order_for, person

IMPORTED: Final = "imported-order"
RECURRING: Final = "recurring-order"
WORKFLOW: Final = "merchant-workflow-state-only"
B2B: Final = "business-unit"
UNKNOWN_VALUES: Final = "values-from-the-future"
UNNUMBERED: Final = "order-without-number"
NUMBER_SHAPES: Final = "order-numbers-of-every-shape"
NUMBER_IN_SEVERAL_PLACES: Final = "number-in-message-and-attribute"


def _one(customer: CustomerOf, *orders: OrderOf, **more: Any) -> Scenario:
    return Scenario(
        name=customer.name,
        customers=(customer,),
        orders=orders,
        payments=tuple(charged(o) for o in orders if o.payments),
        **more,
    )


def _imported() -> Scenario:
    """`createdAt` is when it was imported, `completedAt` when the customer ordered."""
    customer = person(IMPORTED, "Carl Dietz", created="2026-02-01")
    order = order_for(
        customer,
        "LEGACY-000815",
        "2026-02-01",
        MAT,
        completed="2024-06-30",
        order_state="Complete",
        payments=(),
        payment_state="Paid",
        shipment_state="Delivered",
        external_ids=("AS400-77120",),
        tax=None,
    )
    return _one(customer, order)


def _recurring() -> Scenario:
    customer = person(RECURRING, "Dora Falk")
    orders = (
        order_for(
            customer,
            f"DE-2060{month}",
            f"2026-{month + 7:02d}-01",
            of(BOTTLE, 2),
            origin="RecurringOrder",
            payment_state="Paid",
            shipment_state="Delivered" if month < 4 else "Pending",
        )
        for month in (2, 3, 4)
    )
    return _one(customer, *orders)


def _workflow() -> Scenario:
    """No payment or shipment state: the merchant's own state is the only one that means something."""
    customer = person(WORKFLOW, "Emil Graf")
    given: dict[str, Any] = {"order_state": "Open", "payments": ()}
    return _one(
        customer,
        order_for(
            customer,
            "DE-20610",
            "2026-11-17",
            replace(BOOTS, state="in-workshop"),
            workflow_state="in-workshop",
            **given,
        ),
        order_for(customer, "DE-20611", "2026-10-17", LAMP, workflow_state="nameless", **given),
    )


def _b2b() -> Scenario:
    customer = person(
        B2B,
        "Hedwig Brenner",
        email="einkauf@alpenverein.example",
        company="Alpenverein München e. V.",
        group="Wholesale",
        vat_id="DE811907980",
        number="B-00077",
        external_id="SAP-1000077",
        key="alpenverein-einkauf",
    )
    depot = address("Hedwig Brenner", "Isarweg", "100", "80331", "München", "DE", company="Alpenverein München e. V.")
    order = order_for(
        customer,
        "DE-20620",
        "2026-11-19",
        of(TENT, 12),
        of(MAT, 24),
        business_unit="alpenverein-muc",
        purchase_order_number="PO-2026-1187",
        shipping=(Shipping(price="49.00", method="Freight"),),
        shipping_address=depot,
        billing_address=depot,
        payments=(),
        payment_state="BalanceDue",
        shipment_state="Ready",
        order_state="Confirmed",
        external_ids=("SAP-4500990",),
        custom={"costCentre": "4711", "approvedBy": "H. Brenner"},
    )
    return _one(customer, order)


def _unknown_values() -> Scenario:
    """The API has no versions: enum values appear that nobody has heard of."""
    customer = person(UNKNOWN_VALUES, "Fritz Otte")
    order = order_for(
        customer,
        "DE-20630",
        "2026-11-20",
        LAMP,
        order_state="Preparing",
        payment_state="Disputed",
        shipment_state="WithRobot",
        origin="Marketplace",
    )
    return _one(customer, order)


def _unnumbered() -> Scenario:
    customer = person(UNNUMBERED, "Gerda Jung")
    order = order_for(
        customer,
        "order-without-number",
        "2026-11-18",
        MAT,
        has_number=False,
        payment_state="Paid",
        shipment_state="Ready",
    )
    return _one(customer, order)


def _number_shapes() -> Scenario:
    customer = person(NUMBER_SHAPES, "Horst Bauer")
    numbers = ("1001", "ACC-123456", "WEB_2026/0042", "de-77")
    days = ("2026-11-20", "2026-11-10", "2026-10-10", "2026-09-10")
    orders = (
        order_for(customer, number, day, LAMP, payment_state="Paid", shipment_state="Delivered")
        for number, day in zip(numbers, days, strict=True)
    )
    return _one(customer, *orders)


def _several_places() -> Scenario:
    """The message names one order, a later attribute another."""
    customer = person(NUMBER_IN_SEVERAL_PLACES, "Irma Lang")
    return _one(
        customer,
        order_for(customer, "DE-20640", "2026-11-12", BOTTLE, payment_state="Paid", shipment_state="Shipped"),
        order_for(customer, "DE-20641", "2026-10-02", MAT, payment_state="Paid", shipment_state="Delivered"),
        order_for(
            customer, "DE-20642", "2026-11-21", LAMP, payments=(), payment_state="Pending", shipment_state="Pending"
        ),
    )


SCENARIOS: Final = (
    _imported(),
    _recurring(),
    _workflow(),
    _b2b(),
    _unknown_values(),
    _unnumbered(),
    _number_shapes(),
    _several_places(),
)
