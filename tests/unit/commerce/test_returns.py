from __future__ import annotations

from typing import Any

import pytest

from commerce.returns import RefundLabel, ReturnedItem, ReturnLabel, ReturnsSummary, returns_summary
from tests.builders import a_line_item, a_return, a_return_item, an_order, at


def summary_of(**fields: Any) -> ReturnsSummary:
    summary = returns_summary(an_order(**fields))
    assert summary is not None
    return summary


def returned(shipment_state: str, payment_state: str) -> ReturnedItem:
    item = a_return_item(shipment_state=shipment_state, payment_state=payment_state)
    return summary_of(returns=(a_return(item),)).items[0]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("Advised", ReturnLabel.ADVISED),
        ("Returned", ReturnLabel.RECEIVED),
        ("BackInStock", ReturnLabel.BACK_IN_STOCK),
        ("Unusable", ReturnLabel.UNUSABLE),
        ("Teleported", ReturnLabel.UNKNOWN),
    ],
)
def test_where_the_goods_are(state: str, expected: ReturnLabel) -> None:
    assert returned(state, "Initial").label is expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("NonRefundable", RefundLabel.NONE_YET),
        ("Initial", RefundLabel.OPEN),
        ("Refunded", RefundLabel.REFUNDED),
        ("NotRefunded", RefundLabel.NOT_REFUNDED),
        ("Doubled", RefundLabel.UNKNOWN),
    ],
)
def test_how_the_refund_stands(state: str, expected: RefundLabel) -> None:
    assert returned("Returned", state).refund is expected


@pytest.mark.parametrize(
    ("goods", "refund", "is_open", "awaits_refund"),
    [
        pytest.param("Advised", "NonRefundable", True, False, id="on its way back"),
        pytest.param("Advised", "Refunded", False, False, id="refunded without waiting for the goods"),
        pytest.param("Advised", "NotRefunded", False, False, id="decided before it came"),
        pytest.param("Returned", "Initial", True, True, id="here, to be refunded"),
        pytest.param("BackInStock", "Initial", True, True, id="on the shelf, to be refunded"),
        pytest.param("Unusable", "Initial", True, True, id="broken, to be decided"),
        pytest.param("Returned", "Refunded", False, False, id="here and refunded"),
        pytest.param("Unusable", "NotRefunded", False, False, id="broken and not refunded"),
        pytest.param("BackInStock", "NonRefundable", False, False, id="shop keeps no refund states"),
        pytest.param("Teleported", "Initial", False, False, id="state of the goods unknown"),
    ],
)
def test_what_is_still_to_happen(goods: str, refund: str, is_open: bool, awaits_refund: bool) -> None:
    item = returned(goods, refund)
    assert (item.is_open, item.awaits_refund) == (is_open, awaits_refund)


def test_a_returned_item_is_named_after_its_line_item() -> None:
    summary = summary_of(items=(a_line_item("item-1", name="Kimono"),), returns=(a_return(),))
    assert summary.items[0].name == "Kimono"


def test_an_item_that_is_not_known_has_no_name() -> None:
    assert summary_of(items=None, returns=(a_return(),)).items[0].name is None


def test_a_return_without_a_line_item_has_no_name() -> None:
    summary = summary_of(items=(a_line_item(""),), returns=(a_return(a_return_item(line_item_id=None)),))
    assert summary.items[0].name is None


def test_a_returned_item_carries_its_returns_number_and_date() -> None:
    item = summary_of(returns=(a_return(tracking_id="RET-7", date=at(80)),)).items[0]
    assert (item.tracking_id, item.date) == ("RET-7", at(80))


def test_items_come_in_the_sequence_of_their_announcement() -> None:
    late, early = a_return_item("late", created_at=at(9)), a_return_item("early", created_at=at(8))
    summary = summary_of(returns=(a_return(late), a_return(early)))
    assert [each.item.id for each in summary.items] == ["early", "late"]


def test_refunded_pieces_are_counted_over_all_returns() -> None:
    refunded = [a_return_item(f"r{n}", quantity=n, payment_state="Refunded") for n in (2, 3)]
    summary = summary_of(returns=(a_return(refunded[0], a_return_item(quantity=9)), a_return(refunded[1])))
    assert summary.refunded_quantity == 5


def test_one_open_item_keeps_the_returns_open() -> None:
    done = a_return_item("done", shipment_state="Returned", payment_state="Refunded")
    waiting = a_return_item("waiting", shipment_state="Returned", payment_state="Initial")
    summary = summary_of(returns=(a_return(done, waiting),))
    assert (summary.is_open, summary.awaits_refund) == (True, True)


def test_no_returns_is_nothing_open() -> None:
    summary = summary_of(returns=())
    assert (summary.items, summary.is_open, summary.awaits_refund) == ((), False, False)


def test_unknown_returns_are_not_none() -> None:
    assert returns_summary(an_order(returns=None)) is None
