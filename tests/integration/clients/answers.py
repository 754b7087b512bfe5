"""Answers of commercetools' GraphQL endpoint, as small as they may be."""

from __future__ import annotations

CUSTOMER_ID = "8a0f3c1e-5b7d-4f7a-9a55-0c7f3c1d2b10"
ORDER_ID = "0b7c2f60-3f0f-4b0e-8f34-0e6c6a6f7d01"


def money(cents: int = 12990) -> dict[str, object]:
    return {"type": "centPrecision", "currencyCode": "EUR", "centAmount": cents, "fractionDigits": 2}


def customer(**fields: object) -> dict[str, object]:
    return {
        "id": CUSTOMER_ID,
        "version": 3,
        "createdAt": "2021-03-01T10:00:00.000Z",
        "lastModifiedAt": "2026-11-01T10:00:00.000Z",
        "storesRef": [],
        **fields,
    }


def order(**fields: object) -> dict[str, object]:
    return {
        "id": ORDER_ID,
        "version": 7,
        "orderNumber": "DE-10482",
        "createdAt": "2026-11-21T09:30:00.000Z",
        "lastModifiedAt": "2026-11-21T11:00:00.000Z",
        "customerId": CUSTOMER_ID,
        "orderState": "Open",
        "totalPrice": money(),
        "shippingInfo": None,
        "shipping": [],
        "returnInfo": [],
        "paymentInfo": None,
        **fields,
    }


def found(**roots: object) -> dict[str, object]:
    """An answer to `Customer`, of a customer with one order; `roots` replace its parts."""
    orders = {"results": [order()]}
    data = {"customer": customer(), "orders": orders, "history": orders, "customerActiveCart": None, **roots}
    return {"data": data}


def failed(code: str, *path: str | int, message: str = "it failed") -> dict[str, object]:
    return {"message": message, "path": list(path), "extensions": {"code": code}}


def lost(*errors: dict[str, object]) -> dict[str, object]:
    """An answer whose data went with its errors."""
    return {"data": None, "errors": list(errors)}
