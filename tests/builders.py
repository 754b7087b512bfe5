"""Small keyword builders for values of `commerce`: a test names what matters to it, the rest is ordinary.

Every builder takes the fields of its dataclass as keywords and passes them through. Amounts
may be given as text (`total="129.90"`), in the currency's own digits.

    an_order(number="DE-1", total="20.00", payments=(a_payment(a_charge("20.00")),))
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from commerce.cart import Cart
from commerce.customer import Address, Customer
from commerce.money import Money
from commerce.order import (
    Delivery,
    DeliveryItem,
    LineItem,
    Order,
    Parcel,
    Return,
    ReturnItem,
    Shipping,
    TaxedPrice,
    Tracking,
)
from commerce.payment import (
    AUTHORIZATION,
    CANCEL_AUTHORIZATION,
    CHARGE,
    CHARGEBACK,
    REFUND,
    SUCCESS,
    Payment,
    Transaction,
)

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)  # when the ordinary order was placed

_DIGITS = {"JPY": 0, "KRW": 0, "KWD": 3, "BHD": 3}


def at(hours: float) -> datetime:
    """So many hours after the ordinary order was placed (negative: before)."""
    return NOON + timedelta(hours=hours)


def digits_of(currency: str) -> int:
    """The digits commercetools delivers for a currency: 2 but for a few, 0 for `HUF0` and its like."""
    return 0 if currency.endswith("0") else _DIGITS.get(currency, 2)


def money(amount: str, currency: str = "EUR", digits: int | None = None) -> Money:
    """`money("12.90")`, `money("1200", "JPY")`, `money("0.12345", "EUR", digits=5)`."""
    places = digits_of(currency) if digits is None else digits
    whole, _, fraction = amount.partition(".")
    assert len(fraction) <= places, f"{amount} has more digits than {currency} carries ({places})"
    return Money(int(whole + fraction.ljust(places, "0")), currency, places)


def taxed(net: str, gross: str, currency: str = "EUR") -> TaxedPrice:
    return TaxedPrice(net=money(net, currency), gross=money(gross, currency))


def a_customer(**fields: Any) -> Customer:
    """Anna Kowalska, with an account since 2021."""
    ordinary: dict[str, Any] = {
        "id": "customer-1",
        "version": 1,
        "created_at": datetime(2021, 3, 1, 8, 0, tzinfo=UTC),
        "last_modified_at": NOON,
        "first_name": "Anna",
        "last_name": "Kowalska",
        "email": "anna@example.com",
    }
    return Customer(**ordinary | fields)


def an_address(**fields: Any) -> Address:
    ordinary: dict[str, Any] = {
        "country": "DE",
        "first_name": "Anna",
        "last_name": "Kowalska",
        "street_name": "Lindenweg",
        "street_number": "7",
        "postal_code": "10115",
        "city": "Berlin",
    }
    return Address(**ordinary | fields)


def a_line_item(id: str = "item-1", *, price: str = "10.00", currency: str = "EUR", **fields: Any) -> LineItem:
    """One linen shirt; `total` is price times quantity unless given (None = the platform sent none)."""
    quantity = fields.get("quantity", 1)
    unit_price = fields.get("unit_price", money(price, currency))
    ordinary: dict[str, Any] = {
        "quantity": quantity,
        "unit_price": unit_price,
        "total": unit_price * quantity,
        "name": "Linen shirt",
        "sku": "SKU-1",
    }
    return LineItem(id=id, **ordinary | _priced(fields, currency))


def a_cart(*, total: str = "84.00", currency: str = "EUR", **fields: Any) -> Cart:
    ordinary: dict[str, Any] = {
        "id": "cart-1",
        "version": 1,
        "created_at": NOON,
        "last_modified_at": NOON,
        "total_price": money(total, currency),
        "quantity": 1,
    }
    return Cart(**ordinary | fields)


def an_order(*, total: str = "100.00", currency: str = "EUR", **fields: Any) -> Order:
    """An open order of the ordinary customer, of which items, payments, parcels and returns are unknown."""
    ordinary: dict[str, Any] = {
        "id": "order-1",
        "version": 1,
        "created_at": NOON,
        "last_modified_at": NOON,
        "order_state": "Open",
        "total_price": money(total, currency),
        "number": "1001",
        "customer_id": "customer-1",
        "email": "anna@example.com",
    }
    return Order(**ordinary | fields)


def a_transaction(
    type: str = CHARGE,
    amount: str = "100.00",
    state: str = SUCCESS,
    *,
    currency: str = "EUR",
    **fields: Any,
) -> Transaction:
    """A successful charge, unless told otherwise. The id is made of type, state and amount unless given."""
    ordinary: dict[str, Any] = {"id": f"{type}-{state}-{amount}".lower(), "timestamp": at(1)}
    return Transaction(type=type, state=state, amount=money(amount, currency), **ordinary | fields)


def an_authorization(amount: str = "100.00", state: str = SUCCESS, **fields: Any) -> Transaction:
    return a_transaction(AUTHORIZATION, amount, state, **fields)


def a_cancelled_authorization(amount: str = "100.00", state: str = SUCCESS, **fields: Any) -> Transaction:
    return a_transaction(CANCEL_AUTHORIZATION, amount, state, **fields)


def a_charge(amount: str = "100.00", state: str = SUCCESS, **fields: Any) -> Transaction:
    return a_transaction(CHARGE, amount, state, **fields)


def a_refund(amount: str = "100.00", state: str = SUCCESS, **fields: Any) -> Transaction:
    return a_transaction(REFUND, amount, state, **fields)


def a_chargeback(amount: str = "100.00", state: str = SUCCESS, **fields: Any) -> Transaction:
    return a_transaction(CHARGEBACK, amount, state, **fields)


def a_payment(*transactions: Transaction, planned: str = "100.00", currency: str = "EUR", **fields: Any) -> Payment:
    ordinary: dict[str, Any] = {"id": "payment-1", "planned": money(planned, currency), "interface": "PSP"}
    return Payment(transactions=transactions, **ordinary | fields)


def a_tracking(tracking_id: str | None = "00340434161094042557", **fields: Any) -> Tracking:
    return Tracking(tracking_id=tracking_id, **{"carrier": "DHL", **fields})


def a_parcel(id: str = "parcel-1", **fields: Any) -> Parcel:
    """A parcel with DHL; `tracking=None` for one without tracking, `items=carries(...)` for its content."""
    return Parcel(id=id, **{"created_at": at(24), "tracking": a_tracking(), **fields})


def a_return_label(id: str = "label-1", **fields: Any) -> Parcel:
    return a_parcel(id, **{"tracking": a_tracking("RET-1", is_return=True), **fields})


def a_delivery(id: str = "delivery-1", *parcels: Parcel, **fields: Any) -> Delivery:
    return Delivery(id=id, parcels=parcels, **{"created_at": at(24), **fields})


def carries(**quantities: int) -> tuple[DeliveryItem, ...]:
    """`carries(item_1=2)`: two of the line item `item-1` (underscores stand for hyphens)."""
    return tuple(DeliveryItem(name.replace("_", "-"), quantity) for name, quantity in quantities.items())


def a_shipping(*deliveries: Delivery, price: str | None = "4.90", currency: str = "EUR", **fields: Any) -> Shipping:
    ordinary: dict[str, Any] = {"method": "Standard", "price": None if price is None else money(price, currency)}
    return Shipping(deliveries=deliveries, **ordinary | fields)


def a_return_item(id: str = "return-item-1", **fields: Any) -> ReturnItem:
    """One of `item-1`, announced: not back yet, and therefore not refundable yet."""
    ordinary: dict[str, Any] = {
        "quantity": 1,
        "shipment_state": "Advised",
        "payment_state": "NonRefundable",
        "created_at": at(72),
        "last_modified_at": at(72),
        "line_item_id": "item-1",
    }
    return ReturnItem(id=id, **ordinary | fields)


def a_return(*items: ReturnItem, **fields: Any) -> Return:
    return Return(items=items or (a_return_item(),), **fields)


def _priced(fields: dict[str, Any], currency: str) -> dict[str, Any]:
    """`fields` with a `total` given as text turned into money."""
    total = fields.get("total")
    return fields | {"total": money(total, currency)} if isinstance(total, str) else fields
