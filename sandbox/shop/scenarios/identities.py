"""Who is it? By e-mail in another case, two customers with one address, guests, nobody, several stores."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sandbox.shop.amounts import TAX_NY
from sandbox.shop.sales import Item, OrderOf, Shipping
from sandbox.shop.scenario import Scenario
from sandbox.shop.scenarios.ordinary import BOOTS, BOTTLE, LAMP, MAT, STANDARD, TENT, charged, of, order_for, person

EMAIL_IN_ANOTHER_CASE: Final = "email-in-another-case"
TWO_CUSTOMERS: Final = "two-customers-one-email"
GUEST: Final = "guest-orders-only"
NO_ORDERS: Final = "customer-without-orders"
BYSTANDER: Final = "asks-about-the-order-of-another"
SEVERAL_STORES: Final = "several-stores"
GUEST_AND_ACCOUNT: Final = "guest-orders-besides-an-account"

JONAS: Final = person(
    EMAIL_IN_ANOTHER_CASE, "Jonas Lindqvist", email="Jonas.Lindqvist@NordMail.example", number="C-20991"
)
_JONAS_ORDER: Final = order_for(
    JONAS, "DE-20001", "2026-11-10", TENT, payment_state="Paid", shipment_state="Shipped", order_state="Complete"
)

SHARED_EMAIL: Final = "familie.huber@nordmail.example"
FRANZ: Final = person(TWO_CUSTOMERS, "Franz Huber", email=SHARED_EMAIL, number="C-18001", modified="2026-10-01")
FRANZISKA: Final = person(
    f"{TWO_CUSTOMERS}-store",
    "Franziska Huber",
    email=SHARED_EMAIL,
    number="C-18002",
    stores=("de",),
    modified="2026-11-02",
)
_HUBER_ORDERS: Final = (
    order_for(FRANZ, "DE-20010", "2026-09-30", BOOTS, payment_state="Paid", shipment_state="Delivered"),
    order_for(FRANZISKA, "DE-20011", "2026-11-01", LAMP, store="de", payment_state="Paid", shipment_state="Ready"),
)

GUEST_EMAIL: Final = "gesa.petersen@nordmail.example"
_GUEST_ORDERS: Final = (
    OrderOf(
        key="DE-20020",
        placed="2026-11-15",
        items=(BOTTLE,),
        email=GUEST_EMAIL,
        shipping=(STANDARD,),
        payments=("DE-20020",),
        shipment_state="Pending",
    ),
    OrderOf(
        key="DE-20021",
        placed="2026-08-02",
        items=(MAT,),
        email="Gesa.Petersen@nordmail.example",
        shipping=(STANDARD,),
        payments=("DE-20021",),
        shipment_state="Delivered",
        order_state="Complete",
    ),
)

NEWCOMER: Final = person(NO_ORDERS, "Mia Neumann", created="2026-11-22", verified=False)

BEN: Final = person(BYSTANDER, "Ben Schuster", number="C-30112")
_BEN_ORDER: Final = order_for(BEN, "DE-20030", "2026-06-18", LAMP, payment_state="Paid", shipment_state="Delivered")

TRAVELLER: Final = person(SEVERAL_STORES, "Clara Weber", stores=("de", "us"), locale="en-US")
_TRAVELLER_ORDERS: Final = (
    order_for(TRAVELLER, "DE-20040", "2026-11-05", BOOTS, store="de", payment_state="Paid", shipment_state="Shipped"),
    order_for(
        TRAVELLER,
        "US-50040",
        "2026-10-20",
        Item(name="Trail runners Fox", sku="NL-TRL-0002", price="120.00"),
        store="us",
        currency="USD",
        tax=TAX_NY,
        country="US",
        shipping=(Shipping(price="9.00", method="UPS Ground"),),
        payment_state="Paid",
        shipment_state="Delivered",
    ),
)

HALF_GUEST: Final = person(GUEST_AND_ACCOUNT, "Ole Hansen", number="C-30200", created="2026-03-01")
_HALF_GUEST_ORDERS: Final = (
    order_for(HALF_GUEST, "DE-20050", "2026-10-11", of(BOTTLE, 2), payment_state="Paid", shipment_state="Delivered"),
    replace(
        order_for(HALF_GUEST, "DE-20051", "2025-12-01", MAT, payment_state="Paid", shipment_state="Delivered"),
        customer=None,
    ),
)

SCENARIOS: Final = (
    Scenario(name=EMAIL_IN_ANOTHER_CASE, customers=(JONAS,), orders=(_JONAS_ORDER,), payments=(charged(_JONAS_ORDER),)),
    Scenario(
        name=TWO_CUSTOMERS,
        customers=(FRANZ, FRANZISKA),
        orders=_HUBER_ORDERS,
        payments=tuple(charged(order) for order in _HUBER_ORDERS),
    ),
    Scenario(name=GUEST, orders=_GUEST_ORDERS, payments=tuple(charged(order) for order in _GUEST_ORDERS)),
    Scenario(name=NO_ORDERS, customers=(NEWCOMER,)),
    Scenario(name=BYSTANDER, customers=(BEN,), orders=(_BEN_ORDER,), payments=(charged(_BEN_ORDER),)),
    Scenario(
        name=SEVERAL_STORES,
        customers=(TRAVELLER,),
        orders=_TRAVELLER_ORDERS,
        payments=tuple(charged(order) for order in _TRAVELLER_ORDERS),
    ),
    Scenario(
        name=GUEST_AND_ACCOUNT,
        customers=(HALF_GUEST,),
        orders=_HALF_GUEST_ORDERS,
        payments=tuple(charged(order) for order in _HALF_GUEST_ORDERS),
    ),
)
