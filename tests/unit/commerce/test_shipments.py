from __future__ import annotations

from typing import Any

import pytest

from commerce.order import Delivery, Order
from commerce.shipments import ShipmentLabel, ShipmentSummary, shipment_summary
from tests.builders import (
    a_delivery,
    a_line_item,
    a_parcel,
    a_return_label,
    a_shipping,
    an_order,
    at,
    carries,
)

THREE = (a_line_item("item-1", quantity=2), a_line_item("item-2", quantity=1))


def summary_of(order: Order) -> ShipmentSummary:
    summary = shipment_summary(order)
    assert summary is not None
    return summary


def shipped(*deliveries: Delivery, **fields: Any) -> ShipmentSummary:
    """The summary of an order of three pieces with these deliveries."""
    return summary_of(an_order(**{"items": THREE, "shippings": (a_shipping(*deliveries),), **fields}))


def pieces(summary: ShipmentSummary) -> tuple[int | None, int | None]:
    return summary.shipped, summary.ordered


# --- the merchant's word ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("Shipped", ShipmentLabel.SHIPPED),
        ("Partial", ShipmentLabel.PARTLY_SHIPPED),
        ("Delivered", ShipmentLabel.DELIVERED),
        ("Ready", ShipmentLabel.READY),
        ("Pending", ShipmentLabel.PENDING),
        ("Delayed", ShipmentLabel.DELAYED),
        ("Backorder", ShipmentLabel.BACKORDER),
        ("Canceled", ShipmentLabel.CANCELLED),
    ],
)
def test_the_merchants_word_counts_before_the_deliveries(state: str, expected: ShipmentLabel) -> None:
    assert shipped(a_delivery(items=carries(item_1=1)), shipment_state=state).label is expected


def test_a_word_we_do_not_know_is_kept_as_text() -> None:
    summary = shipped(shipment_state="AtCustoms")
    assert (summary.label, summary.unknown_state) == (ShipmentLabel.UNKNOWN, "AtCustoms")


def test_nothing_known_about_shipping_is_no_summary() -> None:
    assert shipment_summary(an_order(items=THREE, shippings=None)) is None


def test_the_merchants_word_is_enough_for_a_summary() -> None:
    summary = summary_of(an_order(items=THREE, shippings=None, shipment_state="Shipped"))
    assert (summary.label, pieces(summary)) == (ShipmentLabel.SHIPPED, (None, 3))


# --- from deliveries ----------------------------------------------------------------------------


def test_no_delivery_is_not_shipped() -> None:
    summary = shipped()
    assert (summary.label, pieces(summary)) == (ShipmentLabel.NOT_SHIPPED, (0, 3))


def test_an_order_without_any_shipping_method_is_not_shipped() -> None:
    assert shipped(shippings=()).label is ShipmentLabel.NOT_SHIPPED


def test_everything_delivered_is_shipped() -> None:
    summary = shipped(a_delivery(items=carries(item_1=2, item_2=1)))
    assert (summary.label, pieces(summary)) == (ShipmentLabel.SHIPPED, (3, 3))


def test_a_part_delivered_is_partly_shipped() -> None:
    summary = shipped(a_delivery(items=carries(item_1=1, item_2=1)))
    assert (summary.label, pieces(summary)) == (ShipmentLabel.PARTLY_SHIPPED, (2, 3))


def test_deliveries_of_all_shipping_methods_are_counted() -> None:
    one = a_shipping(a_delivery("delivery-1", items=carries(item_1=2)))
    other = a_shipping(a_delivery("delivery-2", items=carries(item_2=1)))
    assert shipped(shippings=(one, other)).label is ShipmentLabel.SHIPPED


def test_no_item_is_shipped_more_often_than_it_was_ordered() -> None:
    summary = shipped(a_delivery(items=carries(item_1=5)))
    assert (summary.label, pieces(summary)) == (ShipmentLabel.PARTLY_SHIPPED, (2, 3))


def test_an_item_that_is_no_longer_part_of_the_order_is_not_counted() -> None:
    assert pieces(shipped(a_delivery(items=carries(gone=4)))) == (0, 3)


def test_a_negative_quantity_ships_nothing_back() -> None:
    assert pieces(shipped(a_delivery(items=carries(item_1=2)), a_delivery("d2", items=carries(item_1=-9)))) == (2, 3)


def test_a_delivery_of_return_labels_alone_ships_nothing() -> None:
    summary = shipped(a_delivery("delivery-1", a_return_label(), items=carries(item_1=2, item_2=1)))
    assert (summary.label, pieces(summary)) == (ShipmentLabel.NOT_SHIPPED, (0, 3))


def test_a_return_label_in_the_parcel_does_not_undo_the_shipment() -> None:
    delivery = a_delivery("delivery-1", a_parcel(), a_return_label(), items=carries(item_1=2, item_2=1))
    assert shipped(delivery).label is ShipmentLabel.SHIPPED


def test_parcels_tell_what_their_delivery_does_not() -> None:
    delivery = a_delivery("delivery-1", a_parcel(items=carries(item_1=1)), a_return_label(items=carries(item_1=1)))
    assert pieces(shipped(delivery)) == (1, 3)


def test_a_delivery_that_does_not_say_what_it_carries_is_shipped_without_a_count() -> None:
    summary = shipped(a_delivery("delivery-1", a_parcel()))
    assert (summary.label, pieces(summary)) == (ShipmentLabel.SHIPPED, (None, 3))


def test_a_delivery_that_says_nothing_does_not_matter_once_everything_is_accounted_for() -> None:
    summary = shipped(a_delivery(items=carries(item_1=2, item_2=1)), a_delivery("delivery-2"))
    assert pieces(summary) == (3, 3)


def test_a_fee_does_not_ship() -> None:
    fee = a_line_item("fee", is_custom=True)
    assert pieces(shipped(a_delivery(items=carries(item_1=2, item_2=1)), items=(*THREE, fee))) == (3, 3)


def test_a_custom_item_that_a_delivery_names_does_ship() -> None:
    engraving = a_line_item("engraving", is_custom=True, quantity=2)
    summary = shipped(a_delivery(items=carries(item_1=2, item_2=1, engraving=1)), items=(*THREE, engraving))
    assert pieces(summary) == (4, 5)


def test_of_unknown_items_nothing_is_counted() -> None:
    summary = shipped(a_delivery(items=carries(item_1=1)), items=None)
    assert (summary.label, pieces(summary)) == (ShipmentLabel.SHIPPED, (None, None))


# --- parcels ------------------------------------------------------------------------------------


def test_return_labels_are_kept_apart_from_parcels() -> None:
    summary = shipped(a_delivery("delivery-1", a_parcel(), a_return_label()))
    assert ([each.parcel.id for each in summary.parcels], [each.parcel.id for each in summary.return_labels]) == (
        ["parcel-1"],
        ["label-1"],
    )


def test_a_parcel_names_its_carrier_number_and_delivery() -> None:
    delivery = a_delivery("delivery-1", a_parcel())
    (parcel,) = shipped(delivery).parcels
    assert (parcel.carrier, parcel.tracking_id, parcel.delivery) == ("DHL", "00340434161094042557", delivery)


def test_a_parcel_without_tracking_is_a_parcel() -> None:
    (parcel,) = shipped(a_delivery("delivery-1", a_parcel(tracking=None))).parcels
    assert (parcel.carrier, parcel.tracking_id) == (None, None)


def test_a_delivery_without_parcels_is_told_apart() -> None:
    bare = a_delivery("bare")
    assert shipped(bare, a_delivery("packed", a_parcel())).without_parcels == (bare,)


def test_parcels_come_oldest_first() -> None:
    late = a_delivery("late", a_parcel("p-late"), created_at=at(48))
    early = a_delivery("early", a_parcel("p-early"), created_at=at(2))
    assert [each.parcel.id for each in shipped(late, early).parcels] == ["p-early", "p-late"]


# --- the estimated window -----------------------------------------------------------------------


def test_the_estimated_window_spans_all_shipping_methods() -> None:
    fast = a_shipping(estimated_from=at(24), estimated_until=at(48))
    slow = a_shipping(estimated_from=at(36), estimated_until=at(96), price=None)
    summary = shipped(shippings=(slow, fast))
    assert (summary.estimated_from, summary.estimated_until) == (at(24), at(96))


def test_without_an_estimate_there_is_no_window() -> None:
    summary = shipped(a_delivery())
    assert (summary.estimated_from, summary.estimated_until) == (None, None)
