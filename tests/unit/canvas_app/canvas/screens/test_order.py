"""One order in full."""

from __future__ import annotations

from typing import Any

import pytest

from canvas_app.canvas.components import Canvas, DataTable, List
from canvas_app.canvas.found import Freshness, MatchedBy, Relation, Trouble
from canvas_app.canvas.screens import Look
from clients.commercetools.readings import Section
from tests.builders import (
    NOON,
    a_charge,
    a_chargeback,
    a_delivery,
    a_line_item,
    a_parcel,
    a_payment,
    a_refund,
    a_return,
    a_return_item,
    a_return_label,
    a_shipping,
    a_tracking,
    a_transaction,
    an_address,
    an_order,
    at,
    carries,
    money,
    taxed,
)
from tests.gallery import a_look, an_order_screen, ids_of, texts_of, the_order


def _drawn(look: Look | None = None, relation: Relation = Relation.OWN, **fields: Any) -> Canvas:
    return an_order_screen(look or a_look(), the_order(**fields), relation)


def _texts(look: Look | None = None, relation: Relation = Relation.OWN, **fields: Any) -> list[str]:
    return texts_of(_drawn(look, relation, **fields))


def _rows(canvas: Canvas) -> dict[str, str]:
    tables = (component for component in canvas.components if isinstance(component, DataTable))
    return {row.field: row.value for table in tables for row in table.items}


def _items(canvas: Canvas, prefix: str) -> list[tuple[str, str | None, str | None]]:
    lists = (component for component in canvas.components if isinstance(component, List))
    return [
        (item.title, item.subtitle or None, item.tertiary_text or None)
        for each in lists
        for item in each.items
        if item.id.startswith(prefix)
    ]


def test_the_head_has_number_total_date_store_and_an_unusual_origin() -> None:
    assert _texts()[:2] == ["#DE-10482 · 129.90 EUR", "21 Nov 2026, 13:00 · de-store · placed by the shop"]


def test_an_order_placed_by_the_customer_does_not_say_so() -> None:
    assert _texts(origin="Customer")[1] == "21 Nov 2026, 13:00 · de-store"


def test_all_four_states_are_shown() -> None:
    rows = _rows(_drawn())
    assert [rows[name] for name in ("Order", "Payment", "Shipment", "Workflow")] == [
        "Confirmed",
        "Partly refunded",
        "Partly shipped",
        "Picking",
    ]


def test_states_that_are_not_known_are_left_out() -> None:
    rows = _rows(an_order_screen(a_look(), an_order()))
    assert {"Payment", "Shipment", "Workflow"}.isdisjoint(rows)


def test_someone_elses_order_is_shown_with_a_warning() -> None:
    texts = _texts(relation=Relation.OTHER)
    assert "Not this contact's order: it belongs to someone else. Personal details are hidden." in texts


def test_tracking_numbers_of_someone_elses_order_are_not_shown() -> None:
    drawn = str(_drawn(relation=Relation.OTHER).to_dict())
    assert "00340434161094042557" in str(_drawn().to_dict())
    assert "00340434161094042557" not in drawn


def test_hidden_tracking_numbers_are_not_called_missing_and_lead_nowhere() -> None:
    drawn = _drawn(relation=Relation.OTHER)
    assert [title for title, _, _ in _items(drawn, "parcel:")] == ["DHL …"]
    assert "dhl" not in str(drawn.to_dict())


def test_one_address_for_both_is_shown_once() -> None:
    texts = _texts(a_look(), shipping_address=an_address(), billing_address=an_address())
    assert "Shipping and billing address" in texts
    assert "Billing address" not in texts


def test_a_guest_order_with_the_same_address_says_that_this_proves_nothing() -> None:
    texts = _texts(a_look(addresses_on_email_match=True), Relation.SAME_EMAIL)
    assert "Only the e-mail address links this order to the contact, and anybody can type one." in texts


def test_a_parcel_shows_carrier_number_content_and_date() -> None:
    assert _items(_drawn(), "parcel:") == [("DHL 00340434161094042557", "2 items · 22 Nov 2026", None)]


def test_a_parcel_without_tracking_says_so() -> None:
    shipping = a_shipping(a_delivery("d", a_parcel(tracking=None)))
    assert _items(_drawn(shippings=(shipping,)), "parcel:")[0][0] == "Parcel without tracking number"


def test_a_delivery_without_parcels_is_shown_as_shipped() -> None:
    shipping = a_shipping(a_delivery("d", items=carries(item_1=2)))
    assert _items(_drawn(shippings=(shipping,)), "delivery:") == [
        ("Shipped, without parcel details", "2 items · 22 Nov 2026", None)
    ]


def test_the_only_parcel_of_a_delivery_holds_what_the_delivery_says() -> None:
    shipping = a_shipping(a_delivery("d", a_parcel(), items=carries(item_1=2)))
    assert _items(_drawn(shippings=(shipping,)), "parcel:")[0][1] == "2 items · 22 Nov 2026"


def test_parcels_of_every_shipping_method_are_shown() -> None:
    shippings = (
        a_shipping(a_delivery("d1", a_parcel("p1"))),
        a_shipping(a_delivery("d2", a_parcel("p2", tracking=a_tracking("JD-2", carrier="UPS")))),
    )
    assert [title for title, _, _ in _items(_drawn(shippings=shippings), "parcel:")] == [
        "DHL 00340434161094042557",
        "UPS JD-2",
    ]


def test_return_labels_stand_apart_from_parcels() -> None:
    assert _items(_drawn(), "label:") == [("DHL RET-1", "22 Nov 2026", None)]


def test_a_delivery_of_return_labels_alone_is_no_shipment() -> None:
    shipping = a_shipping(a_delivery("d", a_return_label()))
    assert _items(_drawn(shippings=(shipping,)), "parcel:") == []


@pytest.mark.parametrize(
    ("window", "said"),
    [
        ((at(48), at(72)), "Delivery estimated 23 Nov 2026 to 24 Nov 2026"),
        ((at(48), at(49)), "Delivery estimated for 23 Nov 2026"),
        ((None, at(72)), "Delivery estimated by 24 Nov 2026"),
        ((at(48), None), "Delivery estimated from 23 Nov 2026"),
    ],
)
def test_an_estimated_delivery_is_shown_as_dates(window: tuple[Any, Any], said: str) -> None:
    shipping = a_shipping(estimated_from=window[0], estimated_until=window[1])
    assert said in _texts(shippings=(shipping,))


def test_an_item_shows_quantity_name_prices_sku_and_state() -> None:
    assert _items(_drawn(), "item:") == [
        ("2 × Linen shirt", "99.80 EUR · 49.90 EUR each · SKU-1", None),
        ("1 × Leather belt", "25.20 EUR · BELT-1", "Packed"),
    ]


def test_a_gift_is_called_a_gift() -> None:
    item = a_line_item(is_gift=True, total="0.00")
    assert _items(_drawn(items=(item,)), "item:") == [("1 × Linen shirt", "0.00 EUR · SKU-1", "gift")]


def test_the_state_in_which_every_item_begins_is_not_worth_a_word() -> None:
    assert _items(_drawn(items=(a_line_item(state="Initial"),)), "item:")[0][2] is None


def test_an_item_without_a_name_is_called_by_its_sku() -> None:
    assert _items(_drawn(items=(a_line_item(name=None),)), "item:")[0][:2] == ("1 × SKU-1", "10.00 EUR")


def test_a_long_order_says_how_many_items_it_leaves_out() -> None:
    canvas = _drawn(items=tuple(a_line_item(f"item-{n}") for n in range(43)))
    assert (len(_items(canvas, "item:")), "and 23 more" in texts_of(canvas)) == (20, True)


def test_the_receipt_shows_every_line_that_is_not_zero_and_adds_up() -> None:
    rows = _rows(_drawn())
    assert [(name, rows[name]) for name in ("Subtotal", "Shipping costs", "Total", "Including tax", "Due")] == [
        ("Subtotal", "125.00 EUR"),
        ("Shipping costs", "4.90 EUR"),
        ("Total", "129.90 EUR"),
        ("Including tax", "20.74 EUR"),
        ("Due", "0.00 EUR"),
    ]
    assert {"Discounts", "Other", "Tax", "Charged back", "Overpaid"}.isdisjoint(rows)


def test_tax_on_top_of_the_prices_is_a_line_of_the_sum() -> None:
    canvas = _drawn(
        total="100.00", taxed_price=taxed("100.00", "119.00"), items=(a_line_item(price="100.00"),), shippings=()
    )
    assert _rows(canvas)["Tax"] == "19.00 EUR"


def test_what_was_paid_refunded_and_charged_back_is_shown() -> None:
    rows = _rows(_drawn(payments=(a_payment(a_charge("129.90"), a_refund("20.00"), a_chargeback("9.90")),)))
    assert (rows["Paid"], rows["Refunded"], rows["Charged back"]) == ("129.90 EUR", "20.00 EUR", "9.90 EUR")


def test_a_refund_that_is_not_confirmed_is_a_line_of_its_own() -> None:
    payment = a_payment(a_charge("129.90"), a_refund("129.90", state="Pending"))
    rows = _rows(_drawn(payments=(payment,)))
    assert (rows["Refund not confirmed"], "Refunded" in rows) == ("129.90 EUR", False)


def test_what_was_paid_in_another_currency_is_listed_and_leaves_open_what_is_due() -> None:
    payment = a_payment(a_charge("91.20", currency="USD"))
    rows = _rows(_drawn(payments=(payment,)))
    assert (rows["In another currency"], "Due" in rows) == ("Charge 91.20 USD", False)


def test_without_known_items_the_receipt_is_the_total() -> None:
    rows = _rows(an_order_screen(a_look(), an_order()))
    assert (rows["Total"], "Subtotal" in rows) == ("100.00 EUR", False)


def test_an_order_in_yen_is_shown_without_decimals() -> None:
    canvas = an_order_screen(
        a_look(), an_order(total="12900", currency="JPY", items=(a_line_item(unit_price=money("12900", "JPY")),))
    )
    assert _rows(canvas)["Total"] == "12,900 JPY"


def test_an_announced_return_is_called_announced_and_not_refused() -> None:
    canvas = _drawn(a_look(fields=()), returns=(a_return(a_return_item()),))
    assert _items(canvas, "return:") == [("1 × Linen shirt", "announced, not back yet", "24 Nov 2026")]


@pytest.mark.parametrize(
    ("goods", "refund", "said"),
    [
        ("Returned", "Initial", "received · refund open"),
        ("Returned", "NonRefundable", "received · no refund yet"),
        ("BackInStock", "Refunded", "received, back in stock · refunded"),
        ("Unusable", "NotRefunded", "received, unusable · not refunded"),
        ("Advised", "Refunded", "announced, not back yet · refunded"),
        ("Lost", "Voucher", "Lost · Voucher"),
    ],
)
def test_a_return_says_where_the_goods_are_and_how_the_refund_stands(goods: str, refund: str, said: str) -> None:
    returned = a_return(a_return_item(shipment_state=goods, payment_state=refund))
    assert _items(_drawn(a_look(fields=()), returns=(returned,)), "return:")[0][1] == said


def test_a_returned_item_that_is_not_known_any_more_is_still_listed() -> None:
    returned = a_return(a_return_item(line_item_id="gone"))
    assert _items(_drawn(returns=(returned,)), "return:")[0][0] == "1 × Item no longer known"


def test_a_payment_shows_method_provider_and_its_transactions() -> None:
    assert "Payment · card, PSP · …1234" in _texts()
    assert _items(_drawn(), "transaction:") == [
        ("Charge 129.90 EUR", "succeeded", "21 Nov 2026, 14:00"),
        ("Refund 25.20 EUR", "succeeded", "21 Nov 2026, 14:00"),
    ]


def test_payments_that_find_no_room_are_counted() -> None:
    payments = tuple(a_payment(a_charge(), id=f"payment-{n}") for n in range(8))
    assert "and 3 more" in _texts(payments=payments)


def test_a_provider_that_is_also_the_method_is_named_once() -> None:
    assert "Payment · PayPal" in _texts(payments=(a_payment(a_charge(), method="PayPal", interface="PAYPAL"),))


def test_a_transaction_without_a_time_is_shown_without_one() -> None:
    payment = a_payment(a_transaction(state="Pending", timestamp=None))
    assert _items(_drawn(payments=(payment,)), "transaction:") == [("Charge 100.00 EUR", "in progress", None)]


def test_a_payment_without_transactions_shows_what_is_planned() -> None:
    assert "No transaction yet, 100.00 EUR planned" in _texts(payments=(a_payment(),))


def test_an_order_without_payments_says_so() -> None:
    assert "No payment is linked to this order." in _texts(payments=())


def test_payments_that_could_not_be_read_name_the_scope() -> None:
    canvas = an_order_screen(a_look(), the_order(payments=None), missing=frozenset({Section.PAYMENTS}))
    assert "Payments could not be read. Check that the API client has the scope view_payments." in texts_of(canvas)


def test_an_allowed_custom_field_stands_under_its_name() -> None:
    assert _rows(_drawn())["engraving"] == "for Jan"


@pytest.mark.parametrize(
    ("value", "shown"), [(True, "yes"), (["a", "b"], "a, b"), (12, "12"), ({"key": "x"}, '{"key": "x"}'), (0, "0")]
)
def test_a_custom_field_of_any_type_is_shown_as_text(value: object, shown: str) -> None:
    assert _rows(_drawn(custom={"engraving": value}))["engraving"] == shown


def test_discount_codes_and_the_buyers_own_number_are_shown() -> None:
    rows = _rows(_drawn())
    assert (rows["Discount codes"], rows["Purchase order number"], rows["Business unit"]) == (
        "WELCOME",
        "PO-77",
        "unit-north",
    )


def test_the_timeline_begins_with_what_happened_last() -> None:
    texts = _texts()
    steps = [texts.index(f"{what}") for what in ("Return announced · Linen shirt", "Order placed · 129.90 EUR")]
    assert steps == sorted(steps)


def test_a_milestone_without_a_time_says_so() -> None:
    payment = a_payment(a_charge(timestamp=None))
    assert _rows(_drawn(payments=(payment,)))["time not known"] == "Payment captured · 100.00 EUR"


def test_the_order_can_be_opened_in_the_merchant_center() -> None:
    url = "https://mc.europe-west1.gcp.commercetools.com/shop/orders/aaaaaaaa-0000-4000-8000-000000000001"
    assert url in str(_drawn().to_dict())


def test_without_a_merchant_center_there_is_no_link_to_it() -> None:
    assert "merchant-center" not in ids_of(_drawn(a_look(merchant_center="")))


def test_an_order_that_is_gone_says_so_and_leads_back() -> None:
    canvas = an_order_screen(a_look(), None)
    assert ("This order does not exist (any more)." in texts_of(canvas), ids_of(canvas)[-1]) == (True, "overview")


def test_an_order_that_could_not_be_read_is_not_called_gone() -> None:
    canvas = an_order_screen(a_look(), None, missing=frozenset({Section.ORDERS}))
    assert "This order does not exist (any more)." not in texts_of(canvas)


def test_a_copy_from_before_offers_to_try_again() -> None:
    stale = Freshness(NOON, Trouble.CREDENTIALS)
    canvas = an_order_screen(a_look(), the_order(), Relation.OWN, MatchedBy.ID, freshness=stale)
    assert ("retry" in ids_of(canvas), "refresh" in ids_of(canvas)) == (True, False)


def test_an_order_leads_to_its_page_where_there_is_one() -> None:
    with_page = an_order_screen(a_look(), the_order(), full_order="https://panel.example/orders/token")
    assert ids_of(with_page)[-4:-2] == ["full-order", "merchant-center"]
    assert "full-order" not in ids_of(_drawn())
    assert "full-order" not in ids_of(an_order_screen(a_look(), None, full_order="https://panel.example/orders/token"))
