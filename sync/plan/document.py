"""The document that the mapping's paths run over, built from the shop's facts. sync/mapping/shapes.py describes it.

Only what the mapping names gets in: the facts may know more, because the panel may show more. Times are unix seconds,
what is unknown is null. Amounts are plain numbers here, for conditions to compare; sums are made of exact
money before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeAlias

from commerce.cart import Cart
from commerce.customer import Address, Customer
from commerce.lifetime import lifetime
from commerce.milestones import order_kind
from commerce.money import Money
from commerce.order import LineItem, Order
from commerce.payments import payment_summary
from commerce.returns import returns_summary
from commerce.shipments import ShipmentSummary, shipment_summary
from sync.mapping.shapes import CART, CUSTOMER, ORDER, CustomFields, Many, Record, Shape

Document: TypeAlias = dict[str, object]


def document(
    customer: Customer | None, orders: Sequence[Order], cart: Cart | None, *, allowed: frozenset[str]
) -> Document:
    """The document of one subject. `allowed`: what the mapping names, as `SyncMapping.allowed` has it."""
    by_age = newest_first(orders)
    told = [_only(_order(order), ORDER, allowed) for order in by_age]
    return {
        "customer": _only(_customer(customer), CUSTOMER, allowed) if customer else None,
        "order": told[0] if told else None,
        "orders": told,
        "cart": _only(_cart(cart), CART, allowed) if cart and cart.quantity > 0 else None,
        "lifetime": _lifetime(by_age),
    }


def about(said: Document, order: Order | None, *, allowed: frozenset[str]) -> Document:
    """The same document for something that is about this order, whoever's it is, or about none."""
    return said | {"order": _only(_order(order), ORDER, allowed) if order else None}


def newest_first(orders: Iterable[Order]) -> list[Order]:
    """Orders as `orders` of the document lists them."""
    return sorted(orders, key=lambda order: (order.placed_at, order.id), reverse=True)


def payment_word(order: Order) -> str:
    """How the order stands with money: the panel's label, or a state that we do not know as it is."""
    summary = payment_summary(order)
    return summary.unknown_state or summary.label.value


def shipment_word(order: Order) -> str | None:
    """How far the goods are, likewise; None when nothing is known about it."""
    summary = shipment_summary(order)
    return (summary.unknown_state or summary.label.value) if summary else None


def money_text(amount: Money) -> str:
    """`129.90 EUR`: all digits that the amount has, and no others."""
    return f"{amount.amount:f} {amount.iso_currency}"


def seconds(moment: datetime | None) -> int | None:
    """Unix seconds."""
    return None if moment is None else int(moment.timestamp())


def pieces(items: Iterable[LineItem] | None) -> int | None:
    """How many single pieces line items come to; fees and the like are none. None when the items are not known."""
    return None if items is None else sum(item.quantity for item in items if not item.is_custom)


def _customer(customer: Customer) -> Document:
    return {
        "id": customer.id,
        "key": customer.key,
        "number": customer.number,
        "external_id": customer.external_id,
        "email": customer.email,
        "is_email_verified": customer.is_email_verified,
        "name": customer.name,
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "company": customer.company,
        "vat_id": customer.vat_id,
        "group": customer.group,
        "locale": customer.locale,
        "stores": list(customer.stores),
        "created_at": seconds(customer.created_at),
        "last_modified_at": seconds(customer.last_modified_at),
        "addresses": [_address(address) for address in customer.addresses],
        "custom": dict(customer.custom),
    }


def _order(order: Order) -> Document:
    payments, shipment = payment_summary(order), shipment_summary(order)
    return {
        "id": order.id,
        "number": order.number,
        "status": order.order_state,
        "payment_status": payment_word(order),
        "shipment_status": shipment_word(order),
        "payment_state": order.payment_state,
        "shipment_state": order.shipment_state,
        "workflow_state": order.workflow_state,
        "placed_at": seconds(order.placed_at),
        "last_modified_at": seconds(order.last_modified_at),
        "completed_at": seconds(order.completed_at),
        "expected_at": seconds(shipment.estimated_until) if shipment else None,
        "kind": order_kind(order).value,
        "total": _money(order.gross),
        "paid": _money(payments.charged),
        "refunded": _money(payments.refunded),
        "quantity": pieces(order.items),
        "items": [_item(item) for item in order.items or ()],
        "parcels": _parcels(shipment),
        "returns": _returns(order),
        "payments": _payments(order),
        "discount_codes": list(order.discount_codes),
        "store": order.store,
        "channel": order.channel,
        "origin": order.origin,
        "country": order.country,
        "locale": order.locale,
        "email": order.email,
        "shipping_address": _address(order.shipping_address),
        "billing_address": _address(order.billing_address),
        "purchase_order_number": order.purchase_order_number,
        "business_unit": order.business_unit,
        "external_ids": list(order.external_ids),
        "custom": dict(order.custom),
    }


def _cart(cart: Cart) -> Document:
    return {
        "id": cart.id,
        "total": _money(cart.gross),
        "quantity": cart.quantity,
        "items": [_item(item) for item in cart.items or ()],
        "store": cart.store,
        "channel": cart.channel,
        "country": cart.country,
        "locale": cart.locale,
        "created_at": seconds(cart.created_at),
        "last_modified_at": seconds(cart.last_modified_at),
    }


def _lifetime(by_age: Sequence[Order]) -> Document:
    counted = [order for order in by_age if not order.is_cancelled]
    spent = lifetime(by_age).amounts
    by_currency = Counter(order.gross.currency for order in counted)  # the newest comes first and wins among equals
    usual = max(by_currency, key=lambda currency: by_currency[currency], default=None)
    return {
        "orders": len(by_age),  # as the panel counts them
        "cancelled": len(by_age) - len(counted),
        "first_order_at": seconds(by_age[-1].placed_at) if by_age else None,
        "last_order_at": seconds(by_age[0].placed_at) if by_age else None,
        "value": _money(next((amount for amount in spent if amount.currency == usual), None)),
        "values": [_money(amount) for amount in spent],
    }


def _item(item: LineItem) -> Document:
    return {
        "name": item.name,
        "sku": item.sku,
        "quantity": item.quantity,
        "total": _money(item.total),
        "is_gift": item.is_gift,
        "is_custom": item.is_custom,
    }


def _parcels(shipment: ShipmentSummary | None) -> list[Document]:
    return [
        {"carrier": each.carrier, "tracking_id": each.tracking_id, "shipped_at": seconds(each.parcel.created_at)}
        for each in (shipment.parcels if shipment else ())
    ]


def _returns(order: Order) -> list[Document]:
    returns = returns_summary(order)
    return [
        {
            "item": returned.name,
            "quantity": returned.item.quantity,
            "status": returned.label.value,
            "refund": returned.refund.value,
            "is_open": returned.is_open,
            "comment": returned.item.comment,
        }
        for returned in (returns.items if returns else ())
    ]


def _payments(order: Order) -> list[Document]:
    return [
        {
            "method": payment.method_name or payment.method,
            "provider": payment.interface,
            "reference": payment.interface_id,
            "status_code": payment.status_code,
            "status_text": payment.status_text,
        }
        for payment in order.payments or ()
    ]


def _address(address: Address | None) -> Document | None:
    if address is None:
        return None
    street = (address.street_name, address.street_number, address.additional_street_info)
    return {
        "country": address.country,
        "first_name": address.first_name,
        "last_name": address.last_name,
        "company": address.company,
        "street": " ".join(part for part in street if part) or None,
        "postal_code": address.postal_code,
        "city": address.city,
        "region": address.region,
        "state": address.state,
        "phone": address.phone,
        "email": address.email,
    }


def _money(amount: Money | None) -> Document | None:
    if amount is None:
        return None
    return {"amount": float(amount.amount), "currency": amount.iso_currency, "text": money_text(amount)}


def _only(value: object, shape: Shape, allowed: frozenset[str]) -> object:
    """What of a value may be sent: every field that needs no allowance, and those that are allowed."""
    if isinstance(shape, CustomFields):
        fields = value if isinstance(value, dict) else {}
        return {name: each for name, each in fields.items() if shape.prefix + name in allowed}
    if shape.needs and shape.needs not in allowed:
        return None
    if isinstance(shape, Record) and isinstance(value, dict):
        return {name: _only(each, shape.fields[name], allowed) for name, each in value.items()}
    if isinstance(shape, Many) and isinstance(value, list):
        return [_only(each, shape.of, allowed) for each in value]
    return value
