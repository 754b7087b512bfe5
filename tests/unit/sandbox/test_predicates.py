"""Query predicates are parsed for real; what commercetools refuses is refused here."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.commercetools.predicates import InvalidPredicate, compile_predicate
from sandbox.commercetools.queryable import QUERYABLE

ORDER: dict[str, Any] = {
    "id": "o-1",
    "version": 7,
    "orderNumber": 'DE-"1"',
    "customerEmail": "Anna@Example.com",
    "createdAt": "2026-11-21T10:00:00.000Z",
    "store": {"typeId": "store", "key": "de"},
    "paymentInfo": {"payments": [{"typeId": "payment", "id": "p-1"}, {"typeId": "payment", "id": "p-2"}]},
    "totalPrice": {"currencyCode": "EUR", "centAmount": 12990},
    "returnInfo": [],
    "custom": {"fields": {"gift": True}},
}


def matches(predicate: str) -> bool:
    return compile_predicate(predicate, QUERYABLE["order"])(ORDER)


@pytest.mark.parametrize(
    "predicate",
    [
        'id = "o-1"',
        'id="o-1"',
        'orderNumber = "DE-\\"1\\""',
        'customerEmail in ("x", "Anna@Example.com")',
        'customerEmail not in ("x", "y")',
        'id != "o-2" and id <> "o-2"',
        'not(id = "o-2")',
        "version > 6 and version >= 7 and version < 8 and version <= 7",
        'createdAt > "2026-11-20T00:00:00.000Z"',
        'store(key = "de")',
        'store(key in ("us", "de"))',
        'paymentInfo(payments(id = "p-2"))',
        'totalPrice(currencyCode = "EUR" and centAmount = 12990)',
        "orderNumber is defined and paymentState is not defined",
        "returnInfo is empty",
        "custom(fields(gift = true))",
        '(id = "x" or version = 7) and customerEmail is defined',
        'id = "x" and id = "y" or version = 7',
    ],
)
def test_a_predicate_that_is_true_of_the_order(predicate: str) -> None:
    assert matches(predicate)


@pytest.mark.parametrize(
    "predicate",
    [
        'customerEmail = "anna@example.com"',
        'orderNumber = "DE-1"',
        'store(key = "us")',
        'paymentInfo(payments(id = "p-3"))',
        "paymentState is defined",
        'not(id = "o-1")',
        'version = "7"',
        'paymentState = "Paid"',
        'returnInfo(returnTrackingId = "x")',
    ],
)
def test_a_predicate_that_is_not_true_of_the_order(predicate: str) -> None:
    assert not matches(predicate)


@pytest.mark.parametrize(
    "predicate",
    [
        "",
        "id",
        "id =",
        'id = "unclosed',
        "id = 'o-1'",
        "id = o-1",
        'id = "a\nb"',
        'id = "bad \\x escape"',
        'id == "o-1"',
        'id = "o-1" and',
        '(id = "o-1"',
        'id = "o-1")',
        'id = "o-1" id = "o-1"',
        "id in ()",
        'nonsense = "x"',
        'store(nonsense = "x")',
        'id(key = "x")',
        'store = "de"',
        'lowercaseEmail = "x"',
        "and = 1",
        "not id = 1",
        "id is undefined",
        "💥",
    ],
)
def test_a_predicate_that_the_platform_would_refuse(predicate: str) -> None:
    with pytest.raises(InvalidPredicate):
        matches(predicate)


@given(st.text(alphabet=st.characters(min_codepoint=32, exclude_categories=["Cs"])))
@settings(max_examples=50)
def test_a_quoted_value_finds_exactly_itself(value: str) -> None:
    quoted = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    test = compile_predicate(f"orderNumber = {quoted}", QUERYABLE["order"])
    assert test({"orderNumber": value})
    assert not test({"orderNumber": value + "x"})


@given(st.text())
@settings(max_examples=100)
def test_rubbish_is_refused_or_understood_and_nothing_else_happens(text: str) -> None:
    with contextlib.suppress(InvalidPredicate):
        assert compile_predicate(text, QUERYABLE["order"])(ORDER) in (True, False)


def test_an_injected_predicate_would_be_seen() -> None:
    careless = 'orderNumber = "x" or id is defined"'
    with pytest.raises(InvalidPredicate):
        matches(careless)
    assert matches(json.loads('"orderNumber = \\"x\\" or id is defined"'))
