"""Histories of customers, order by order, with the events that each step must bring: written by hand, not computed.

A step is a look at the shop: the time in hours after noon, what the shop has then, and the events that are due. An
event is written as `<hours> <name> <order number>`: when it happened, by the same clock (`-` without a number).
We came a day before noon unless a history says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from commerce.cart import Cart
from commerce.customer import Customer
from commerce.order import Delivery, Order
from tests.builders import (
    a_cart,
    a_charge,
    a_chargeback,
    a_customer,
    a_delivery,
    a_line_item,
    a_parcel,
    a_payment,
    a_refund,
    a_return,
    a_return_item,
    a_return_label,
    a_shipping,
    an_authorization,
    an_order,
    at,
)

LONG_AGO = -2000.0


@dataclass(frozen=True, kw_only=True)
class Step:
    """One look at the shop, and what is told of it."""

    hours: float
    orders: tuple[Order, ...] = ()
    customer: Customer | None = None
    cart: Cart | None = None
    subject: str = "c:customer-1"
    told: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class History:
    """`grows`: nothing is ever taken away in it, so that the last look shows all that was there."""

    name: str
    steps: tuple[Step, ...]
    live_since: float = -24
    grows: bool = True
    mapping: str = ""


def look(hours: float, *orders: Order, told: tuple[str, ...] = (), **others: Any) -> Step:
    return Step(hours=hours, orders=orders, told=told, **others)


def order(version: int = 1, modified: float = 0, **fields: Any) -> Order:
    """An order of which everything could be read; nothing is paid, shipped or returned unless said."""
    readable: dict[str, Any] = {"items": (a_line_item(),), "payments": (), "shippings": (), "returns": ()}
    return an_order(version=version, last_modified_at=at(modified), **readable | fields)


def old_order(version: int = 9, modified: float = LONG_AGO, **fields: Any) -> Order:
    """An order from long before we came."""
    return order(version, modified, **{"number": "0007", "created_at": at(LONG_AGO), **fields})


def sent(*deliveries: Delivery) -> dict[str, Any]:
    return {"shippings": (a_shipping(*deliveries),)}


def paid(*transactions: Any) -> dict[str, Any]:
    return {"payments": (a_payment(*transactions),)}


def came_back(*items: Any) -> dict[str, Any]:
    return {"returns": (a_return(*items),)}


PLACED = look(0.1, order(), told=("0 order-placed 1001",))

HISTORIES: tuple[History, ...] = (
    History(name="an order is placed, and looked at twice", steps=(PLACED, look(0.2, order()))),
    History(
        name="an order is placed, authorised, captured",
        steps=(
            PLACED,
            look(1.1, order(**paid(an_authorization())), told=("1 payment-authorised 1001",)),
            look(
                2.1,
                order(**paid(an_authorization(), a_charge(timestamp=at(2)))),
                told=("2 payment-captured 1001",),
            ),
        ),
    ),
    History(
        name="an order is seen for the first time when it is paid already",
        steps=(look(1.5, order(**paid(a_charge())), told=("0 order-placed 1001", "1 payment-captured 1001")),),
    ),
    History(
        name="the payment provider keeps no times: a new order's payment counts from when we saw it",
        steps=(
            look(
                0.5,
                order(2, 0.25, **paid(a_charge(timestamp=None))),
                told=("0 order-placed 1001", "0.25 payment-captured 1001"),
            ),
        ),
    ),
    History(
        name="the payment provider keeps no times: an old order's payment is history",
        steps=(look(0.5, old_order(**paid(a_charge(timestamp=None)))),),
    ),
    History(
        name="an old order's payment that appears while we watch is told, time or not",
        steps=(
            look(0, old_order()),
            look(3, old_order(10, 2, **paid(a_charge(timestamp=None))), told=("2 payment-captured 0007",)),
        ),
    ),
    History(
        name="the next shipment of an old order is told, and nothing else of it",
        steps=(
            look(
                0,
                old_order(
                    order_state="Confirmed",
                    **paid(a_charge(timestamp=at(LONG_AGO + 1))),
                    **sent(a_delivery("d1", a_parcel("p1", created_at=at(LONG_AGO + 9)))),
                ),
            ),
            look(
                30,
                old_order(
                    10,
                    29,
                    order_state="Confirmed",
                    **paid(a_charge(timestamp=at(LONG_AGO + 1))),
                    **sent(
                        a_delivery("d1", a_parcel("p1", created_at=at(LONG_AGO + 9))),
                        a_delivery("d2", a_parcel("p2", created_at=at(29))),
                    ),
                ),
                told=("29 parcel-shipped 0007",),
            ),
        ),
    ),
    History(
        name="a finished order from before is never told",
        steps=(
            look(
                0,
                old_order(
                    order_state="Complete",
                    shipment_state="Delivered",
                    payment_state="Paid",
                    **came_back(a_return_item(created_at=at(LONG_AGO + 90), last_modified_at=at(LONG_AGO + 90))),
                ),
            ),
        ),
    ),
    History(
        name="an old order is refunded",
        steps=(
            look(0, old_order(**paid(a_charge(timestamp=at(LONG_AGO))))),
            look(
                5,
                old_order(**paid(a_charge(timestamp=at(LONG_AGO)), a_refund(timestamp=at(4)))),
                told=("4 refund-issued 0007",),
            ),
        ),
    ),
    History(
        name="an old order that is first seen after its refund: only what happened since we came",
        steps=(
            look(
                5,
                old_order(**paid(a_charge(timestamp=at(LONG_AGO)), a_refund(timestamp=at(4)))),
                told=("4 refund-issued 0007",),
            ),
        ),
    ),
    History(
        name="two parcels leave on different days",
        steps=(
            PLACED,
            look(
                24.5,
                order(2, 24, **sent(a_delivery("d1", a_parcel("p1")))),
                told=("24 parcel-shipped 1001",),
            ),
            look(
                49,
                order(
                    3, 48, **sent(a_delivery("d1", a_parcel("p1")), a_delivery("d2", a_parcel("p2", created_at=at(48))))
                ),
                told=("48 parcel-shipped 1001",),
            ),
        ),
    ),
    History(
        name="two parcels of one delivery leave at once, in the same second",
        steps=(
            look(
                25,
                order(2, 24, **sent(a_delivery("d1", a_parcel("p1"), a_parcel("p2")))),
                told=("0 order-placed 1001", "24 parcel-shipped 1001", "24+1s parcel-shipped 1001"),
            ),
        ),
    ),
    History(
        name="a delivery without parcels gets its parcel later: one shipment, and then its tracking number",
        steps=(
            PLACED,
            look(25, order(2, 24, **sent(a_delivery("d1"))), told=("24 delivery-shipped 1001",)),
            look(
                27,
                order(3, 26, **sent(a_delivery("d1", a_parcel("p1", created_at=at(26))))),
                told=("26 tracking-added 1001",),
            ),
        ),
    ),
    History(
        name="a delivery without parcels gets a parcel without a number, and the number last",
        steps=(
            look(25, order(2, 24, **sent(a_delivery("d1"))), told=("0 order-placed 1001", "24 delivery-shipped 1001")),
            look(27, order(3, 26, **sent(a_delivery("d1", a_parcel("p1", tracking=None))))),
            look(29, order(4, 28, **sent(a_delivery("d1", a_parcel("p1")))), told=("28 tracking-added 1001",)),
        ),
    ),
    History(
        name="a parcel leaves without a tracking number, which comes later",
        steps=(
            look(
                25,
                order(2, 24, **sent(a_delivery("d1", a_parcel("p1", tracking=None)))),
                told=("0 order-placed 1001", "24 parcel-shipped 1001"),
            ),
            look(27, order(3, 26, **sent(a_delivery("d1", a_parcel("p1")))), told=("26 tracking-added 1001",)),
            look(28, order(3, 26, **sent(a_delivery("d1", a_parcel("p1"))))),
        ),
    ),
    History(
        name="a return label is no shipment",
        steps=(PLACED, look(30, order(2, 29, **sent(a_delivery("d1", a_return_label()))))),
    ),
    History(
        name="a shop that keeps only the state of a shipment",
        steps=(
            PLACED,
            look(10, order(2, 9, shipment_state="Ready")),
            look(20, order(3, 19, shipment_state="Shipped"), told=("19 order-shipped 1001",)),
            look(50, order(4, 49, shipment_state="Delivered"), told=("49 order-delivered 1001",)),
        ),
    ),
    History(
        name="delivered at once: that it was shipped is not told afterwards",
        steps=(
            PLACED,
            look(50, order(4, 49, shipment_state="Delivered"), told=("49 order-delivered 1001",)),
            look(51, order(5, 50, shipment_state="Delivered")),
        ),
    ),
    History(
        name="delayed, shipped, and delayed once more: every entry is told",
        steps=(
            PLACED,
            look(5, order(2, 4, shipment_state="Delayed"), told=("4 shipment-delayed 1001",)),
            look(7, order(3, 6, shipment_state="Shipped"), told=("6 order-shipped 1001",)),
            look(9, order(4, 8, shipment_state="Delayed"), told=("8 shipment-delayed 1001",)),
        ),
    ),
    History(
        name="confirmed and completed",
        steps=(
            PLACED,
            look(2, order(2, 1, order_state="Confirmed"), told=("1 order-confirmed 1001",)),
            look(9, order(3, 8, order_state="Complete"), told=("8 order-completed 1001",)),
        ),
    ),
    History(
        name="completed at once: that it was confirmed is not told",
        steps=(PLACED, look(9, order(3, 8, order_state="Complete"), told=("8 order-completed 1001",))),
    ),
    History(
        name="sold over the counter: placed, paid and complete in one moment",
        steps=(
            look(
                0.1,
                order(1, 0, order_state="Complete", **paid(a_charge(timestamp=at(0)))),
                told=("0 order-placed 1001", "0 payment-captured 1001", "0 order-completed 1001"),
            ),
        ),
    ),
    History(
        name="confirmed, opened again, and confirmed again",
        steps=(
            PLACED,
            look(2, order(2, 1, order_state="Confirmed"), told=("1 order-confirmed 1001",)),
            look(4, order(3, 3, order_state="Open")),
            look(6, order(4, 5, order_state="Confirmed"), told=("5 order-confirmed 1001",)),
        ),
    ),
    History(
        name="cancelled and paid back",
        steps=(
            look(1.5, order(**paid(a_charge())), told=("0 order-placed 1001", "1 payment-captured 1001")),
            look(
                4,
                order(2, 3, order_state="Cancelled", **paid(a_charge(), a_refund(timestamp=at(2)))),
                told=("2 refund-issued 1001", "3 order-cancelled 1001"),
            ),
        ),
    ),
    History(
        name="two refunds in the same second are two events",
        steps=(
            look(
                4,
                order(**paid(a_refund("10.00", id="r1"), a_refund("20.00", id="r2"))),
                told=("0 order-placed 1001", "1 refund-issued 1001", "1+1s refund-issued 1001"),
            ),
        ),
    ),
    History(
        name="a third refund of that second, seen much later, takes the nearest second that is free",
        steps=(
            look(
                4,
                order(**paid(a_refund("10.00", id="r1"), a_refund("20.00", id="r2"))),
                told=("0 order-placed 1001", "1 refund-issued 1001", "1+1s refund-issued 1001"),
            ),
            look(
                9,
                order(**paid(a_refund("10.00", id="r1"), a_refund("20.00", id="r2"), a_refund("5.00", id="r3"))),
                told=("1-1s refund-issued 1001",),
            ),
        ),
    ),
    History(
        name="a refund is asked for, and succeeds",
        steps=(
            PLACED,
            look(2, order(**paid(a_refund(id="r", state="Pending")))),
            look(3, order(**paid(a_refund(id="r", timestamp=at(2.5)))), told=("2.5 refund-issued 1001",)),
        ),
    ),
    History(
        name="charged back by the bank",
        steps=(
            look(2, order(**paid(a_charge())), told=("0 order-placed 1001", "1 payment-captured 1001")),
            look(
                700,
                order(**paid(a_charge(), a_chargeback(timestamp=at(699)))),
                told=("699 charged-back 1001",),
            ),
        ),
    ),
    History(
        name="the first try fails, the second works",
        steps=(
            PLACED,
            look(2, order(**paid(a_charge(id="a", state="Failure"))), told=("1 payment-failed 1001",)),
            look(
                4,
                order(**paid(a_charge(id="a", state="Failure"), a_charge(id="b", timestamp=at(3)))),
                told=("3 payment-captured 1001",),
            ),
        ),
    ),
    History(
        name="the provider's clock is ahead of ours: nothing happens in the future",
        steps=(
            look(
                1,
                order(**paid(a_charge(timestamp=at(8)))),
                told=("0 order-placed 1001", "1 payment-captured 1001"),
            ),
        ),
    ),
    History(
        name="a return is announced, comes in, and is refunded, which no message tells",
        steps=(
            PLACED,
            look(73, order(2, 72, **came_back(a_return_item())), told=("72 return-requested 1001",)),
            look(
                97,
                order(3, 96, **came_back(a_return_item(shipment_state="Returned", last_modified_at=at(96)))),
                told=("96 return-received 1001",),
            ),
            look(
                121,
                order(
                    4,
                    120,
                    **came_back(
                        a_return_item(shipment_state="BackInStock", payment_state="Refunded", last_modified_at=at(120))
                    ),
                ),
                told=("120 return-refunded 1001",),
            ),
        ),
    ),
    History(
        name="a return of two items is announced in one second",
        steps=(
            look(
                73,
                order(2, 72, **came_back(a_return_item("r1"), a_return_item("r2"))),
                told=("0 order-placed 1001", "72 return-requested 1001", "72+1s return-requested 1001"),
            ),
        ),
    ),
    History(
        name="an order is imported with its history: it is old, however new it is here",
        steps=(look(1, order(completed_at=at(LONG_AGO), **paid(a_charge(timestamp=at(LONG_AGO))))),),
    ),
    History(
        name="an order of this morning is imported: it is told with its real time",
        steps=(look(1, order(completed_at=at(-3)), told=("-3 order-placed 1001",)),),
    ),
    History(
        name="a recurring order comes again",
        steps=(look(1, order(origin="RecurringOrder"), told=("0 order-placed 1001",)),),
    ),
    History(
        name="two orders are placed in one second",
        steps=(
            look(
                1,
                order(),
                order(id="order-2", number="1002"),
                told=("0 order-placed 1001", "0+1s order-placed 1002"),
            ),
        ),
    ),
    History(
        name="the order number is set later: the order is not placed again",
        steps=(look(0.1, order(number=None), told=("0 order-placed -",)), look(0.3, order(2, 0.2))),
    ),
    History(
        name="a guest's order moves to the new account: what was told is not told again",
        steps=(
            look(1, order(customer_id=None), subject="g:anna", told=("0 order-placed 1001",)),
            look(
                3,
                order(2, 2, order_state="Confirmed"),
                customer=a_customer(created_at=at(2)),
                told=("2 account-created -", "2 order-confirmed 1001"),
            ),
        ),
    ),
    History(
        name="an order goes to another customer",
        steps=(
            look(1, order(), told=("0 order-placed 1001",)),
            look(2, subject="c:customer-1"),
            look(2, order(2, 2, customer_id="customer-2"), subject="c:customer-2"),
            look(
                5,
                order(2, 2, customer_id="customer-2", **paid(a_charge(timestamp=at(4)))),
                subject="c:customer-2",
                told=("4 payment-captured 1001",),
            ),
        ),
    ),
    History(
        name="an older copy is read after a newer one",
        steps=(
            look(2, order(5, 1, order_state="Confirmed"), told=("0 order-placed 1001", "1 order-confirmed 1001")),
            look(3, order(4, 0.5, order_state="Open")),
            look(4, order(5, 1, order_state="Confirmed")),
        ),
        grows=False,
    ),
    History(
        name="the shop's own states, where the mapping wants them",
        mapping="workflow_state_entered = true",
        steps=(
            look(
                1,
                order(workflow_state="Picking"),
                told=("0 order-placed 1001", "0 workflow-state-entered 1001"),
            ),
            look(3, order(2, 2, workflow_state="Packed"), told=("2 workflow-state-entered 1001",)),
            look(4, order(3, 3, workflow_state="Packed")),
        ),
    ),
    History(
        name="a shop without transactions sets the payment state",
        mapping="payment_state_entered = true",
        steps=(
            look(
                1,
                order(payment_state="Pending"),
                told=("0 order-placed 1001", "0 payment-state-entered 1001"),
            ),
            look(3, order(2, 2, payment_state="Paid"), told=("2 payment-state-entered 1001",)),
        ),
    ),
    History(
        name="the payments cannot be read at first: what was there is history, what came since is told",
        live_since=0.5,
        steps=(
            look(0.6, order(payments=None)),
            look(
                9,
                order(**paid(a_charge(timestamp=at(0.1)), a_refund(timestamp=at(8)))),
                told=("8 refund-issued 1001",),
            ),
        ),
    ),
    History(
        name="one payment pays two orders: it is captured once",
        steps=(
            look(
                2,
                order(**paid(a_charge(id="t"))),
                order(id="order-2", number="1002", created_at=at(0.5), **paid(a_charge(id="t"))),
                told=("0 order-placed 1001", "0.5 order-placed 1002", "1 payment-captured 1001"),
            ),
        ),
    ),
    History(
        name="a new account",
        steps=(
            look(1, customer=a_customer(created_at=at(0.5)), told=("0.5 account-created -",)),
            look(2, customer=a_customer(created_at=at(0.5))),
        ),
    ),
    History(
        name="an old account changes its e-mail address and its group",
        mapping="email_changed = true\ngroup_changed = true",
        steps=(
            look(1, customer=a_customer(group=None)),
            look(2, customer=a_customer(version=2, email="ANNA@example.com", group=None)),
            look(
                3,
                customer=a_customer(version=3, email="ak@example.com", group=None, last_modified_at=at(2.5)),
                told=("2.5 email-changed -",),
            ),
            look(
                5,
                customer=a_customer(version=4, email="ak@example.com", group="VIP", last_modified_at=at(4)),
                told=("4 group-changed -",),
            ),
        ),
    ),
    History(
        name="a cart is left alone, touched, left alone again, and emptied",
        steps=(
            look(0.5, customer=a_customer(), cart=a_cart()),
            look(1.5, customer=a_customer(), cart=a_cart(), told=("1 cart-abandoned -",)),
            look(2, customer=a_customer(), cart=a_cart()),
            look(3, customer=a_customer(), cart=a_cart(version=2, last_modified_at=at(2.9))),
            look(
                4,
                customer=a_customer(),
                cart=a_cart(version=2, last_modified_at=at(2.9)),
                told=("3.9 cart-abandoned -",),
            ),
            look(9, customer=a_customer(), cart=a_cart(version=3, last_modified_at=at(5), quantity=0)),
        ),
        grows=False,
    ),
    History(
        name="a cart that was left alone before we came",
        steps=(look(1, customer=a_customer(), cart=a_cart(last_modified_at=at(-90))),),
    ),
    History(
        name="everything between two looks: each thing is told once, in the sequence in which it happened",
        steps=(
            PLACED,
            look(
                200,
                order(
                    12,
                    190,
                    order_state="Complete",
                    shipment_state="Delivered",
                    **paid(an_authorization(), a_charge(timestamp=at(2)), a_refund("10.00", timestamp=at(150))),
                    **sent(a_delivery("d1", a_parcel("p1"))),
                    **came_back(
                        a_return_item(shipment_state="Returned", payment_state="Refunded", last_modified_at=at(149))
                    ),
                ),
                told=(
                    "1 payment-authorised 1001",
                    "2 payment-captured 1001",
                    "24 parcel-shipped 1001",
                    "72 return-requested 1001",
                    "149 return-received 1001",
                    "149 return-refunded 1001",
                    "150 refund-issued 1001",
                    "190 order-completed 1001",
                    "190 order-delivered 1001",
                ),
            ),
        ),
    ),
)
