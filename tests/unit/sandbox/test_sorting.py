"""Sort expressions, in the platform's order of importance."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.commercetools.queryable import QUERYABLE
from sandbox.commercetools.sorting import InvalidSort, sorted_by

ORDERS: list[dict[str, Any]] = [
    {"id": "b", "createdAt": "2026-01-01"},
    {"id": "a", "createdAt": "2026-01-01"},
    {"id": "c", "createdAt": "2026-02-01"},
]


def ids(*expressions: str) -> list[str]:
    return [order["id"] for order in sorted_by(ORDERS, expressions, QUERYABLE["order"])]


def test_the_first_expression_is_the_most_important() -> None:
    assert ids("createdAt desc", "id asc") == ["c", "a", "b"]


def test_ascending_is_the_default() -> None:
    assert ids("id") == ["a", "b", "c"]


@pytest.mark.parametrize("expression", ["", "nonsense asc", "id up", "id asc, createdAt asc", "store.nonsense"])
def test_an_expression_that_the_platform_would_refuse(expression: str) -> None:
    with pytest.raises(InvalidSort):
        ids(expression)
