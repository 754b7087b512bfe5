"""What is ordinary in a scenario, so that a scenario names only what is special about it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from sandbox.shop.amounts import DIGITS
from sandbox.shop.parcels import Delivery, Parcel
from sandbox.shop.payments import PaymentOf, Transaction
from sandbox.shop.people import CustomerOf, address
from sandbox.shop.resources import Document
from sandbox.shop.sales import Item, OrderOf, Shipping

TENT: Final = Item(name={"en": "Tent Wolke 2", "de": "Zelt Wolke 2"}, sku="NL-TNT-0002", price="249.00")
BOOTS: Final = Item(
    name={"en": "Hiking boots Steinbock", "de": "Wanderschuhe Steinbock"}, sku="NL-BTS-0014", price="139.95"
)
BOTTLE: Final = Item(name={"en": "Bottle Quelle 1 l", "de": "Flasche Quelle 1 l"}, sku="NL-BTL-0005", price="24.90")
LAMP: Final = Item(name={"en": "Headlamp Polaris", "de": "Stirnlampe Polaris"}, sku="NL-LMP-0007", price="54.05")
MAT: Final = Item(name={"en": "Sleeping mat Moos", "de": "Isomatte Moos"}, sku="NL-MAT-0011", price="79.00")
STANDARD: Final = Shipping(price="4.95")


def of(item: Item, quantity: int) -> Item:
    """So many of an item."""
    return replace(item, quantity=quantity)


def person(name: str, full_name: str, *, email: str | None = None, **more: Any) -> CustomerOf:
    """A customer called `full_name`; the e-mail address is made of the name unless given."""
    first, _, last = full_name.partition(" ")
    local = full_name.lower().replace(" ", ".")
    return CustomerOf(name=name, email=email or f"{local}@nordmail.example", first_name=first, last_name=last, **more)


def home(full_name: str, city: str = "Hamburg", postal_code: str = "20095", country: str = "DE") -> Document:
    """An address of that person."""
    return address(full_name, "Hafenstraße", "7", postal_code, city, country)


def order_for(customer: CustomerOf, number: str, placed: str, *items: Item, **more: Any) -> OrderOf:
    """An order of a customer: one item and standard shipping unless told otherwise, one payment of its own name."""
    full_name = f"{customer.first_name} {customer.last_name}"
    given: dict[str, Any] = {
        "shipping": (STANDARD,),
        "payments": (number,),
        "shipping_address": home(full_name),
        "billing_address": home(full_name),
        **more,
    }
    return OrderOf(
        key=number, placed=placed, items=items or (LAMP,), customer=customer.id, email=customer.email, **given
    )


def sent(at: str, contents: dict[int, int], tracking: str | None = None, carrier: str | None = "DHL") -> Delivery:
    """One delivery in one parcel; without `tracking` the parcel has no tracking data."""
    parcel = Parcel(tracking=tracking, carrier=carrier if tracking else None)
    return Delivery(at=at, contents=contents, parcels=(parcel,))


def gross_of(order: OrderOf) -> str:
    """What is owed for an order, in major units."""
    return str(Decimal(order.gross()).scaleb(-DIGITS[order.currency]))


def payment_for(order: OrderOf, *transactions: Transaction, **more: Any) -> PaymentOf:
    """The payment that carries the order's name; its whole gross is planned."""
    given: dict[str, Any] = {"name": order.key, "planned": gross_of(order), "currency": order.currency, **more}
    return PaymentOf(created=order.placed[:10], transactions=transactions, customer=order.customer, **given)


def charged(order: OrderOf) -> PaymentOf:
    """Paid in full on the day it was placed."""
    return payment_for(order, Transaction("Charge", "Success", gross_of(order), order.placed[:10]))
