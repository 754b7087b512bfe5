"""commercetools' JSON as values of `commerce`: tolerant of what is new or absent, strict about money.

Pure. Raises nothing but `BadAnswer`, which names the path and never the value.
"""

from __future__ import annotations

from clients.commercetools.decode.customers import cart, customer
from clients.commercetools.decode.fields import Node
from clients.commercetools.decode.orders import order

__all__ = ["Node", "cart", "customer", "order"]
