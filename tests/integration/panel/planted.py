"""A customer in whose documents every personal field holds a word that stands nowhere else."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any, Final

from graphql import FieldNode, TypeInfo, TypeInfoVisitor, Visitor, parse, visit

from sandbox.commercetools.schema import schema
from sandbox.shop import SampleShop
from sandbox.shop.identifiers import customer_id, order_id, payment_id, stable_id

CUSTOMER: Final = customer_id("vip")
ORDERS: Final = tuple(order_id(number) for number in ("DE-10482", "DE-10311"))
ADDRESS_FIELDS: Final = (
    "title", "salutation", "firstName", "lastName", "company", "department", "streetName", "streetNumber",
    "additionalStreetInfo", "building", "apartment", "pOBox", "postalCode", "city", "region", "state",
    "additionalAddressInfo",
)  # fmt: skip
SHOWN_OF_AN_ADDRESS: Final = (
    "firstName", "lastName", "company", "streetName", "streetNumber", "additionalStreetInfo", "postalCode", "city",
    "region", "state",
)  # fmt: skip

# What each field of the mapping opens: the coordinates of commercetools' schema that may then be asked for.
COORDINATES: Final[Mapping[str, tuple[str, ...]]] = {
    "customer.name": ("Customer.firstName", "Customer.lastName"),
    "customer.email": ("Customer.email", "Customer.isEmailVerified"),
    "customer.number": ("Customer.customerNumber",),
    "customer.external_id": ("Customer.externalId",),
    "customer.company": ("Customer.companyName",),
    "customer.vat_id": ("Customer.vatId",),
    "customer.group": ("Customer.customerGroup", "CustomerGroup.name", "CustomerGroup.key"),
    "customer.locale": ("Customer.locale",),
    "customer.addresses": ("Customer.addresses",),
    "customer.custom.loyaltyTier": ("Customer.custom",),
    "order.email": ("Order.customerEmail",),
    "order.shipping_address": ("Order.shippingAddress",),
    "order.billing_address": ("Order.billingAddress",),
    "order.purchase_order_number": ("Order.purchaseOrderNumber",),
    "order.business_unit": ("Order.businessUnitRef",),
    "order.return_comment": ("ReturnItem.comment",),
    "order.external_ids": ("Order.syncInfo", "SyncInfo.externalId"),
    "order.payment_reference": ("Payment.interfaceId", "Transaction.interactionId"),
    "order.payment_status_text": (
        "Payment.paymentStatus",
        "PaymentStatus.interfaceText",
        "PaymentStatus.interfaceCode",
    ),
    "order.custom.giftMessage": ("Order.custom",),
    "address.phone": ("Address.phone",),
    "address.email": ("Address.email",),
}
NEVER: Final = (
    "Customer.password", "Customer.dateOfBirth", "Customer.middleName", "Customer.title", "Customer.salutation",
    "Customer.key", "Customer.authenticationMode", "Customer.defaultShippingAddress", "Customer.defaultBillingAddress",
    "Customer.shippingAddresses", "Customer.billingAddresses", "Customer.customerGroupRef", "Order.customer",
    "Order.anonymousId", "Order.customerGroup", "Order.customerGroupRef", "Order.locale", "Order.businessUnit",
    "Cart.customerEmail", "Cart.customer", "Cart.customerId", "Cart.shippingAddress", "Cart.billingAddress",
    "Cart.anonymousId", "Cart.custom", "Cart.purchaseOrderNumber", "Cart.paymentInfo", "Cart.businessUnit",
    "Cart.businessUnitRef", "Cart.customerGroup", "Payment.customer", "Payment.customerRef", "Payment.anonymousId",
    "Payment.key", "Payment.custom", "Transaction.interfaceId", "PaymentMethodInfo.interfaceAccount",
    "Delivery.address", "Shipping.shippingAddress", "LineItem.custom", "CustomLineItem.custom", "ReturnItem.custom",
    "Address.mobile", "Address.fax", "Address.externalId", "Address.custom", "Address.key",
)  # fmt: skip


def marker(field: str) -> str:
    """The word that is planted in `field`: letters only, so that nothing on the way has a reason to change it."""
    return "Zq" + "".join(part.capitalize() for part in field.replace("_", ".").split(".")) + "Xw"


def plant(shop: SampleShop) -> None:
    """Put a marker into every personal field of Anna's customer, orders, payments and cart."""
    _replace(shop, "customer", CUSTOMER, _customer())
    group = {"id": stable_id("customer-group", "planted"), "version": 1, "name": marker("customer.group")}
    stamps = {"createdAt": "2020-01-01T00:00:00.000Z", "lastModifiedAt": "2020-01-01T00:00:00.000Z"}
    shop.add("customer-group", {**stamps, **group})
    for order in ORDERS:
        _replace(shop, "order", order, {**_order(), **_shipped_and_returned(shop.get("order", order) or {})})
    for number in ("DE-10482", "DE-10311"):
        _replace(shop, "payment", payment_id(number), _payment(shop.get("payment", payment_id(number)) or {}))
    for cart in shop.all("cart"):
        if cart.get("customerId") == CUSTOMER:
            _replace(shop, "cart", cart["id"], _cart())


def asked_for(query: str) -> frozenset[str]:
    """The coordinates (`Type.field`) that a query selects; those of an implementation count for its interface too."""
    info = TypeInfo(schema())
    found: set[str] = set()

    class Finder(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            parent = info.get_parent_type()
            assert parent is not None
            found.add(f"{parent.name}.{node.name.value}")
            found.update(f"{each.name}.{node.name.value}" for each in getattr(parent, "interfaces", ()))

    visit(parse(query), TypeInfoVisitor(info, Finder()))
    return frozenset(found)


def strings(value: object) -> Iterator[str]:
    """Every text in a JSON value, names of members included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield str(name)
            yield from strings(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from strings(each)


def _replace(shop: SampleShop, type_id: Any, key: str, fields: Mapping[str, Any]) -> None:
    shop.add(type_id, {**(shop.get(type_id, key) or {}), **fields})


def _custom(**fields: str) -> dict[str, Any]:
    return {"type": {"typeId": "type", "id": stable_id("type", "planted")}, "fields": fields}


def _address(field: str) -> dict[str, Any]:
    return {
        "id": marker(f"{field}.id"),
        "key": marker("address.key"),
        "country": "DE",
        **{name: marker(f"{field}.{name}") for name in ADDRESS_FIELDS},
        "phone": marker("address.phone"),
        "mobile": marker("address.mobile"),
        "fax": marker("address.fax"),
        "email": marker("address.email"),
        "externalId": marker("address.externalId"),
    }


def _customer() -> dict[str, Any]:
    return {
        "email": marker("customer.email"),
        "firstName": marker("customer.name"),
        "lastName": marker("customer.name"),
        "middleName": marker("customer.middleName"),
        "title": marker("customer.title"),
        "salutation": marker("customer.salutation"),
        "dateOfBirth": "1904-04-01",
        "password": marker("customer.password"),
        "key": marker("customer.key"),
        "customerNumber": marker("customer.number"),
        "externalId": marker("customer.external_id"),
        "companyName": marker("customer.company"),
        "vatId": marker("customer.vat_id"),
        "locale": marker("customer.locale"),
        "customerGroup": {"typeId": "customer-group", "id": stable_id("customer-group", "planted")},
        "addresses": [_address("customer.addresses")],
        "custom": _custom(
            loyaltyTier=marker("customer.custom.loyaltyTier"), secretNote=marker("customer.custom.secretNote")
        ),
    }


def _order() -> dict[str, Any]:
    return {
        "customerEmail": marker("order.email"),
        "anonymousId": marker("order.anonymousId"),
        "shippingAddress": _address("order.shipping_address"),
        "billingAddress": _address("order.billing_address"),
        "itemShippingAddresses": [_address("order.itemShippingAddresses")],
        "purchaseOrderNumber": marker("order.purchase_order_number"),
        "businessUnit": {"typeId": "business-unit", "key": marker("order.business_unit")},
        "syncInfo": [{"channel": {"typeId": "channel", "id": stable_id("channel", "erp")},
                      "externalId": marker("order.external_ids"), "syncedAt": "2026-11-22T00:00:00.000Z"}],
        "custom": _custom(giftMessage=marker("order.custom.giftMessage"), note=marker("order.custom.note")),
    }  # fmt: skip


def _shipped_and_returned(order: Mapping[str, Any]) -> dict[str, Any]:
    shipping = copy.deepcopy(dict(order["shippingInfo"]))
    for delivery in shipping["deliveries"]:
        delivery["address"] = _address("delivery.address")
    item = {
        "id": stable_id("return-item", order["id"]),
        "quantity": 1,
        "type": "LineItemReturnItem",
        "lineItemId": order["lineItems"][0]["id"],
        "comment": marker("order.return_comment"),
        "shipmentState": "Returned",
        "paymentState": "Initial",
        "createdAt": "2026-11-22T00:00:00.000Z",
        "lastModifiedAt": "2026-11-22T00:00:00.000Z",
        "custom": _custom(why=marker("order.return.custom")),
    }
    items = [{**each, "custom": _custom(engraving=marker("line.custom"))} for each in order["lineItems"]]
    return {"shippingInfo": shipping, "returnInfo": [{"items": [item]}], "lineItems": items}


def _payment(payment: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "key": marker("payment.key"),
        "interfaceId": marker("order.payment_reference"),
        "anonymousId": marker("payment.anonymousId"),
        "paymentStatus": {
            "interfaceCode": marker("payment.interfaceCode"),
            "interfaceText": marker("order.payment_status_text"),
        },
        "paymentMethodInfo": {**payment["paymentMethodInfo"], "interfaceAccount": marker("payment.interfaceAccount")},
        "transactions": [
            {**each, "interactionId": marker("payment.interactionId"), "interfaceId": marker("transaction.interfaceId")}
            for each in payment["transactions"]
        ],
        "interfaceInteractions": [_custom(raw=marker("payment.interfaceInteractions"))],
        "custom": _custom(iban=marker("payment.custom")),
    }


def _cart() -> dict[str, Any]:
    return {
        "customerEmail": marker("cart.email"),
        "anonymousId": marker("cart.anonymousId"),
        "shippingAddress": _address("cart.shippingAddress"),
        "billingAddress": _address("cart.billingAddress"),
        "custom": _custom(note=marker("cart.custom")),
    }
