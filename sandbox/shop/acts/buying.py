"""Carts and the orders that are made of them. Acts that buy or fill a cart for a customer or a guest."""

from __future__ import annotations

from typing import Any, Final, Literal

from sandbox.shop.acts.act import Act, NotPossible
from sandbox.shop.acts.goods import CURRENCIES, country_of, currency_of, item, price_in, tax_of
from sandbox.shop.acts.paying import add_payment
from sandbox.shop.amounts import Taxed, cents
from sandbox.shop.identifiers import line_item_id, stable_id
from sandbox.shop.resources import Document
from sandbox.shop.sales import CartOf, OrderOf, Shipping

FIRST_NUMBER: Final = 30_001
MOST_PIECES: Final = 1_000
Paying = Literal["authorise", "charge", "nothing"]


def place(
    act: Act,
    *,
    customer: str | None = None,
    email: str | None = None,
    name: str | None = None,
    number: str | None = None,
    numbered: bool = True,
    items: int = 2,
    currency: str | None = None,
    store: str | None = None,
    country: str | None = None,
    locale: str | None = None,
    pay: Paying = "authorise",
) -> None:
    """A customer, or a guest with an e-mail address, orders so many pieces. `name` makes the order's id."""
    buyer = act.the("customer", customer) if customer else None
    if buyer is None and not email:
        raise NotPossible("an order needs a customer or an e-mail address")
    _refuse_odd(act, items, currency, store)
    if store is None and buyer and buyer["stores"]:
        store = buyer["stores"][0]["key"]
    currency = currency or currency_of(store)
    count = act.count()
    number = _free_number(act, number, count) if numbered or number else None
    sale = OrderOf(
        key=name or number or f"unnumbered-{count}",
        number=number,
        has_number=number is not None,
        placed=act.time,
        version=1,
        items=tuple(item(count + at, currency=currency, quantity=pieces) for at, pieces in enumerate(_spread(items))),
        currency=currency,
        tax=tax_of(currency),
        shipping=(Shipping(price=price_in(currency, "4.95")),),
        country=country or country_of(currency),
        locale=locale or (buyer or {}).get("locale") or "de-DE",
        store=store,
        customer=customer,
        email=email or (buyer or {}).get("email"),
        shipment_state="Pending",
    )
    _create(act, sale.document(), pay)


def check_out(act: Act, *, customer: str, name: str | None = None, pay: Paying = "authorise") -> None:
    """The customer's active cart becomes an order; the cart is `Ordered`."""
    act.the("customer", customer)
    cart = _active_cart(act, customer)
    if cart is None or not cart["lineItems"]:
        raise NotPossible("the customer has no active cart with something in it")
    act.set("cart", cart["id"], cartState="Ordered")
    currency = cart["totalPrice"]["currencyCode"]
    number = _free_number(act, None, act.count())
    template = OrderOf(
        key=name or number,
        number=number,
        placed=act.time,
        version=1,
        items=(),
        currency=currency,
        tax=tax_of(currency),
        shipping=(Shipping(price=price_in(currency, "0")),),
        shipment_state="Pending",
    ).document()
    kept = {field: value for field, value in cart.items() if field in _COMMON and field not in _STAMPS}
    shipping = {} if kept.get("shippingInfo") or kept.get("shipping") else {"shippingInfo": template["shippingInfo"]}
    _create(act, {**template, **kept, **shipping}, pay)


def change_cart(act: Act, *, customer: str, items: int = 1) -> None:
    """The customer puts so many pieces of one more thing into the active cart, or into a new one."""
    _refuse_odd(act, items, None, None)
    buyer = act.the("customer", customer)
    cart = _active_cart(act, customer)
    count = act.count()
    if cart is None:
        store = buyer["stores"][0]["key"] if buyer["stores"] else None
        currency = currency_of(store)
        sale = CartOf(
            key=f"cart/{customer}/{count}",
            created=act.time,
            modified=act.time,
            items=(item(count, currency=currency, quantity=items),),
            currency=currency,
            tax=tax_of(currency),
            country=country_of(currency),
            customer=customer,
            email=buyer["email"],
            store=store,
        )
        act.create("cart", {**sale.document(), "version": 1})
        return
    act.set("cart", cart["id"], **_with_one_more(cart, count, items, act.time))


def delete_cart(act: Act, *, customer: str) -> None:
    """The active cart goes, as old ones do by themselves."""
    cart = _active_cart(act, customer)
    if cart is None:
        raise NotPossible("the customer has no active cart")
    act.ids["cart"] = cart["id"]
    act.writing.remove("cart", cart["id"])


_STAMPS: Final = frozenset({"type", "id", "version", "createdAt", "lastModifiedAt"})
_COMMON: Final = frozenset(CartOf(key="-", items=(), created="-", modified="-").common("-")) | {
    "customerId", "customerEmail", "shippingAddress", "billingAddress", "store", "shippingInfo", "taxedShippingPrice",
    "discountOnTotalPrice", "custom",
}  # fmt: skip


def _create(act: Act, order: Document, pay: Paying) -> None:
    if act.writing.get("order", order["id"]) is not None:
        raise NotPossible("there is an order of that name already")
    act.create("order", {**order, "lastModifiedAt": act.time})
    if pay != "nothing":
        add_payment(act, order["id"], first=True, charged=pay == "charge")
    act.tell("OrderCreated", "order", order["id"])


def _refuse_odd(act: Act, items: int, currency: str | None, store: str | None) -> None:
    if not 1 <= items <= MOST_PIECES:
        raise NotPossible(f"items is a number of pieces from 1 to {MOST_PIECES}")
    if currency is not None and currency not in CURRENCIES:
        raise NotPossible(f"currency is one of {', '.join(CURRENCIES)}")
    keys = [each["key"] for each in act.writing.all("store")]
    if store is not None and store not in keys:
        raise NotPossible(f"there is no store {store}; there are {', '.join(keys)}")


def _spread(pieces: int) -> tuple[int, ...]:
    """Over at most three lines, so that there is something to ship in parts."""
    lines = min(pieces, 3)
    return tuple(pieces // lines + (1 if line < pieces % lines else 0) for line in range(lines))


def _free_number(act: Act, asked: str | None, count: int) -> str:
    taken = {order.get("orderNumber") for order in act.writing.all("order")}
    if asked is not None and asked in taken:
        raise NotPossible(f"there is an order {asked} already")
    number = FIRST_NUMBER + count
    while asked is None and f"DE-{number}" in taken:
        number += 1
    return asked or f"DE-{number}"


def _active_cart(act: Act, customer: str) -> Document | None:
    theirs = [
        cart
        for cart in act.writing.all("cart")
        if cart.get("customerId") == customer and cart["cartState"] == "Active" and cart["origin"] == "Customer"
    ]
    return max(theirs, key=lambda cart: str(cart["lastModifiedAt"]), default=None)


def _with_one_more(cart: Document, count: int, pieces: int, at: str) -> dict[str, Any]:
    currency = cart["totalPrice"]["currencyCode"]
    tax = tax_of(currency)
    more = item(count, currency=currency, quantity=pieces)
    line = more.document(order=cart["id"], index=len(cart["lineItems"]), currency=currency, tax=tax, at=at)
    line["id"] = stable_id("line-item", f"{line_item_id(cart['id'], len(cart['lineItems']))}/{count}")
    total = cart["totalPrice"]["centAmount"] + more.total(currency)
    fields: dict[str, Any] = {
        "lineItems": [*cart["lineItems"], line],
        "totalPrice": cents(total, currency),
        "totalLineItemQuantity": cart["totalLineItemQuantity"] + pieces,
    }
    if "taxedPrice" in cart:
        before = cart["taxedPrice"]
        added = Taxed.of(more.total(currency), tax)
        net, gross = before["totalNet"]["centAmount"] + added.net, before["totalGross"]["centAmount"] + added.gross
        fields["taxedPrice"] = Taxed(net, gross).document(currency, tax)
    return fields
