"""Which fields a `where` may name, per resource; an unknown one is `InvalidInput`, as on the platform.

Field names: https://docs.commercetools.com/api/predicates/query. A mapping is an object (or a list of
objects) whose fields are named in brackets; `*` allows any name (custom fields, languages).
`lowercaseEmail` exists for queries only, in no schema: see `Switches.lowercase_email_supported`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Fields = Mapping[str, "Fields | None"]

_ANY: Final[Fields] = {"*": None}
_REFERENCE: Final[Fields] = {"typeId": None, "id": None}
_KEY_REFERENCE: Final[Fields] = {"typeId": None, "key": None}
_MONEY: Final[Fields] = {"type": None, "currencyCode": None, "centAmount": None, "fractionDigits": None}
_CUSTOM: Final[Fields] = {"type": _REFERENCE, "fields": _ANY}
_TAXED: Final[Fields] = {"totalNet": _MONEY, "totalGross": _MONEY, "totalTax": _MONEY}
_TRACKING: Final[Fields] = {"trackingId": None, "carrier": None, "provider": None, "isReturn": None}
_VERSIONED: Final[Fields] = {"id": None, "version": None, "createdAt": None, "lastModifiedAt": None}
_ADDRESS: Final[Fields] = dict.fromkeys(
    (
        "id", "key", "country", "firstName", "lastName", "company", "streetName", "streetNumber",
        "additionalStreetInfo", "postalCode", "city", "region", "state", "phone", "mobile", "email",
    )
)  # fmt: skip
_SHIPPING_INFO: Final[Fields] = {
    "shippingMethodName": None,
    "price": _MONEY,
    "deliveries": {
        "id": None,
        "key": None,
        "createdAt": None,
        "items": {"id": None, "quantity": None},
        "parcels": {"id": None, "key": None, "createdAt": None, "trackingData": _TRACKING},
    },
}
_SALE: Final[Fields] = {
    **_VERSIONED,
    "customerId": None,
    "customerEmail": None,
    "anonymousId": None,
    "customerGroup": _REFERENCE,
    "businessUnit": _KEY_REFERENCE,
    "store": _KEY_REFERENCE,
    "country": None,
    "locale": None,
    "origin": None,
    "totalPrice": _MONEY,
    "taxedPrice": _TAXED,
    "shippingAddress": _ADDRESS,
    "billingAddress": _ADDRESS,
    "shippingMode": None,
    "shippingInfo": _SHIPPING_INFO,
    "shipping": {"shippingKey": None, "shippingInfo": _SHIPPING_INFO},
    "paymentInfo": {"payments": _REFERENCE},
    "discountCodes": {"discountCode": _REFERENCE, "state": None},
    "lineItems": {
        "id": None,
        "key": None,
        "productId": None,
        "productKey": None,
        "quantity": None,
        "variant": {"id": None, "sku": None, "key": None},
        "name": _ANY,
    },
    "customLineItems": {"id": None, "key": None, "slug": None, "quantity": None, "name": _ANY},
    "custom": _CUSTOM,
}
_ORDER: Final[Fields] = {
    **_SALE,
    "orderNumber": None,
    "purchaseOrderNumber": None,
    "completedAt": None,
    "orderState": None,
    "paymentState": None,
    "shipmentState": None,
    "state": _REFERENCE,
    "syncInfo": {"channel": _REFERENCE, "externalId": None, "syncedAt": None},
    "returnInfo": {
        "returnTrackingId": None,
        "returnDate": None,
        "items": {"id": None, "lineItemId": None, "shipmentState": None, "paymentState": None, "quantity": None},
    },
}
_CART: Final[Fields] = {**_SALE, "key": None, "cartState": None, "totalLineItemQuantity": None}
_CUSTOMER: Final[Fields] = {
    **_VERSIONED,
    "key": None,
    "customerNumber": None,
    "externalId": None,
    "email": None,
    "lowercaseEmail": None,
    "firstName": None,
    "lastName": None,
    "middleName": None,
    "companyName": None,
    "vatId": None,
    "isEmailVerified": None,
    "locale": None,
    "dateOfBirth": None,
    "authenticationMode": None,
    "customerGroup": _REFERENCE,
    "stores": _KEY_REFERENCE,
    "addresses": _ADDRESS,
    "custom": _CUSTOM,
}
_PAYMENT: Final[Fields] = {
    **_VERSIONED,
    "key": None,
    "customer": _REFERENCE,
    "anonymousId": None,
    "interfaceId": None,
    "amountPlanned": _MONEY,
    "paymentMethodInfo": {"paymentInterface": None, "method": None, "name": _ANY},
    "paymentStatus": {"interfaceCode": None, "interfaceText": None, "state": _REFERENCE},
    "transactions": {
        "id": None,
        "type": None,
        "state": None,
        "timestamp": None,
        "interactionId": None,
        "interfaceId": None,
        "amount": _MONEY,
    },
    "custom": _CUSTOM,
}

QUERYABLE: Final[dict[str, Fields]] = {
    "order": _ORDER,
    "cart": _CART,
    "customer": _CUSTOMER,
    "payment": _PAYMENT,
    "message": {**_VERSIONED, "type": None, "sequenceNumber": None, "resource": _REFERENCE, "resourceVersion": None},
    "state": {**_VERSIONED, "key": None, "type": None, "builtIn": None, "initial": None, "name": _ANY},
    "store": {**_VERSIONED, "key": None, "name": _ANY},
}
