"""Stable ids: the same thing has the same UUID in every run, so links, tests and screenshots stay good."""

from __future__ import annotations

import uuid
from typing import Final

_NAMESPACE: Final = uuid.UUID("6e6f7264-6c69-4368-9400-73616d706c65")


def stable_id(kind: str, name: str) -> str:
    """The UUID of the thing of that kind and name."""
    return str(uuid.uuid5(_NAMESPACE, f"{kind}/{name}"))


def customer_id(name: str) -> str:
    return stable_id("customer", name)


def order_id(name: str) -> str:
    """`name` is the order's number, or its builder's `key` where it has none."""
    return stable_id("order", name)


def payment_id(name: str) -> str:
    return stable_id("payment", name)


def state_id(key: str) -> str:
    return stable_id("state", key)


def line_item_id(order: str, index: int) -> str:
    """The id of an order's line item by its position, from 0."""
    return stable_id("line-item", f"{order}/{index}")


def custom_line_item_id(order: str, index: int) -> str:
    """The id of an order's custom line item by its position, from 0."""
    return stable_id("custom-line-item", f"{order}/{index}")
