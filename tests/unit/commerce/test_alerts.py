from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from commerce.alerts import AlertKind, most_serious
from commerce.order import Order
from tests.builders import (
    a_charge,
    a_chargeback,
    a_payment,
    a_refund,
    a_return,
    a_return_item,
    an_order,
    at,
)

TO_BE_REFUNDED = a_return(a_return_item(shipment_state="Returned", payment_state="Initial"))

TROUBLED: dict[AlertKind, dict[str, Any]] = {
    AlertKind.CHARGED_BACK: {"payments": (a_payment(a_charge(), a_chargeback()),)},
    AlertKind.PAYMENT_FAILED: {"payments": (a_payment(a_charge(state="Failure")),)},
    AlertKind.DELAYED: {"shipment_state": "Delayed"},
    AlertKind.BACKORDER: {"shipment_state": "Backorder"},
    AlertKind.RETURN_AWAITS_REFUND: {"returns": (TO_BE_REFUNDED,)},
    AlertKind.REFUND_PENDING: {"payments": (a_payment(a_charge(), a_refund("5.00", "Pending")),)},
    AlertKind.BALANCE_DUE: {"payment_state": "BalanceDue"},
}


def kind_of(*orders: Order) -> AlertKind | None:
    alert = most_serious(orders)
    return alert.kind if alert else None


def troubled(kind: AlertKind, **fields: Any) -> Order:
    return an_order(id=kind.value, **TROUBLED[kind] | fields)


@pytest.mark.parametrize("kind", AlertKind)
def test_every_trouble_raises_its_alert(kind: AlertKind) -> None:
    assert kind_of(troubled(kind)) is kind


def test_an_order_without_trouble_raises_none() -> None:
    assert kind_of(an_order(payments=(a_payment(a_charge()),), shipment_state="Delivered", returns=())) is None


def test_no_orders_raise_none() -> None:
    assert most_serious(()) is None


@pytest.mark.parametrize(("worse", "better"), list(zip(list(AlertKind), list(AlertKind)[1:], strict=False)))
def test_the_more_serious_alert_wins_whatever_the_sequence(worse: AlertKind, better: AlertKind) -> None:
    pair = (troubled(worse), troubled(better))
    assert {kind_of(*orders) for orders in permutations(pair)} == {worse}


def test_among_equals_the_newest_order_is_named() -> None:
    old = troubled(AlertKind.DELAYED, created_at=at(-99), number="old")
    new = troubled(AlertKind.DELAYED, number="new")
    numbers = {alert.order.number for orders in permutations((old, new)) if (alert := most_serious(orders))}
    assert numbers == {"new"}


@pytest.mark.parametrize("state", ["Cancelled", "Complete"])
@pytest.mark.parametrize("kind", [AlertKind.PAYMENT_FAILED, AlertKind.DELAYED, AlertKind.BACKORDER])
def test_an_order_that_is_over_can_neither_fail_nor_be_late(kind: AlertKind, state: str) -> None:
    assert kind_of(troubled(kind, order_state=state)) is None


@pytest.mark.parametrize("kind", [AlertKind.CHARGED_BACK, AlertKind.RETURN_AWAITS_REFUND, AlertKind.REFUND_PENDING])
@pytest.mark.parametrize("state", ["Cancelled", "Complete"])
def test_money_that_should_go_back_matters_when_the_order_is_over(kind: AlertKind, state: str) -> None:
    assert kind_of(troubled(kind, order_state=state)) is kind


def test_a_cancelled_order_has_no_balance_due() -> None:
    assert kind_of(troubled(AlertKind.BALANCE_DUE, order_state="Cancelled")) is None


def test_a_payment_that_failed_before_another_succeeded_is_no_alert() -> None:
    assert kind_of(an_order(payments=(a_payment(a_charge(state="Failure"), a_charge()),))) is None


def test_a_return_of_an_order_refunded_in_full_awaits_nothing() -> None:
    assert kind_of(an_order(returns=(TO_BE_REFUNDED,), payments=(a_payment(a_charge(), a_refund()),))) is None


def test_what_is_not_known_is_no_alert() -> None:
    assert kind_of(an_order(payments=None, shippings=None, returns=None, items=None)) is None
