"""The first screen of a customer."""

from __future__ import annotations

from typing import Any

import pytest

from canvas_app.canvas import screens
from canvas_app.canvas.found import Freshness, MatchedBy, NamedOrder, Relation, Trouble
from canvas_app.canvas.screens import Look
from clients.commercetools.readings import Section
from tests.builders import (
    NOON,
    a_cart,
    a_charge,
    a_delivery,
    a_parcel,
    a_payment,
    a_return,
    a_return_item,
    a_shipping,
    an_order,
    carries,
    money,
)
from tests.gallery import FRESH, a_look, ids_of, matched, older, texts_of, the_customer, the_order


def _texts(look: Look | None = None, freshness: Freshness = FRESH, note: str | None = None, **found: Any) -> list[str]:
    return texts_of(screens.overview(matched(**found), freshness, look or a_look(), memory={}, note=note))


def _ids(**found: Any) -> list[str]:
    return ids_of(screens.overview(matched(**found), FRESH, a_look(), memory={}))


def test_a_customer_is_shown_by_name_group_and_the_year_of_the_account() -> None:
    look = a_look(fields=("customer.name", "customer.group"))
    assert _texts(look)[:2] == ["Anna Kowalska", "VIP · customer since 2021 · matched by id"]


def test_a_customer_whose_name_is_not_allowed_is_called_by_number() -> None:
    assert _texts(a_look(fields=("customer.number",)))[0] == "Customer C-1042"


def test_a_customer_of_whom_nothing_is_allowed_is_called_by_the_beginning_of_the_id() -> None:
    assert _texts(a_look(fields=()))[:2] == ["Customer bbbbbbbb", "customer since 2021 · matched by id"]


def test_a_masked_name_is_shown_masked() -> None:
    look = a_look(fields=("customer.name",), masks={"customer.name": "initials"})
    assert _texts(look)[0] == "A. K."


def test_the_year_of_the_account_is_that_of_the_panels_time_zone() -> None:
    new_year = NOON.replace(year=2021, month=12, day=31, hour=23, minute=30)
    assert "VIP · customer since 2022" in _texts(customer=the_customer(created_at=new_year))


def test_orders_are_counted_and_summed_over_the_whole_history() -> None:
    history = (older("1", payments=()), older("2", payments=()), older("3", payments=()))
    assert "3 orders · 177.00 EUR" in _texts(history=history)


def test_a_sum_over_a_part_of_the_history_is_not_shown() -> None:
    texts = _texts(history=(older("1"),) * 100, history_complete=False)
    assert ("100+ orders" in texts, "All orders (100+)" in texts) == (True, True)


def test_the_sum_is_left_out_when_the_merchant_wants_none() -> None:
    assert "3 orders" in _texts(a_look(show_lifetime=False))


def test_currencies_are_never_summed_and_at_most_two_are_shown() -> None:
    amounts = [money("10.00"), money("1200", "JPY"), money("3.500", "KWD")]
    history = tuple(an_order(id=f"o{n}", total_price=amount, payments=()) for n, amount in enumerate(amounts))
    assert "3 orders · 10.00 EUR · 1,200 JPY · +1 currency" in _texts(history=history)


def test_a_customer_without_orders_is_told_so_and_offers_no_list_of_them() -> None:
    found: dict[str, Any] = {"orders": (), "history": (), "guest_orders": (), "cart": None}
    assert "No orders yet" in _texts(**found)
    assert [name for name in _ids(**found) if name.startswith(("order", "guest", "cart"))] == []


def test_an_order_shows_number_total_both_states_and_date() -> None:
    texts = _texts(orders=(the_order(workflow_state=None, returns=()),))
    at = texts.index("#DE-10482 · 129.90 EUR")
    assert texts[at : at + 3] == ["#DE-10482 · 129.90 EUR", "Partly refunded · Partly shipped", "21 Nov 2026"]


def test_an_order_without_a_number_is_called_by_the_beginning_of_its_id() -> None:
    assert "Order abcdef12 · 100.00 EUR" in _texts(orders=(an_order(id="abcdef1234", number=None),))


def test_a_number_that_brings_its_own_sign_gets_no_second_one() -> None:
    assert "#1001 · 100.00 EUR" in _texts(orders=(an_order(number="#1001"),))


def test_a_state_that_nobody_knows_is_shown_as_it_is() -> None:
    order = an_order(payment_state="InArrears", shipment_state="OnTheMoon", payments=(), shippings=())
    assert "InArrears · OnTheMoon" in _texts(orders=(order,))


def test_an_order_of_which_no_state_is_known_shows_that_it_is_open() -> None:
    assert "Open" in _texts(orders=(an_order(payments=None),))


def test_the_merchants_own_state_stands_in_for_states_that_nobody_set() -> None:
    order = an_order(workflow_state="At the tailor", payments=(), shippings=())
    assert "At the tailor · Not shipped" in _texts(orders=(order,))


@pytest.mark.parametrize(
    ("goods", "refund", "said"),
    [
        ("Advised", "NonRefundable", "Paid · Delivered · Return announced"),
        ("Returned", "Initial", "Paid · Delivered · Return received"),
        ("Returned", "Refunded", "Paid · Delivered"),
    ],
)
def test_a_return_that_is_not_settled_is_part_of_how_an_order_stands(goods: str, refund: str, said: str) -> None:
    returned = a_return(a_return_item(shipment_state=goods, payment_state=refund))
    order = an_order(payment_state="Paid", shipment_state="Delivered", returns=(returned,))
    assert said in _texts(orders=(order,))


def test_a_cancelled_order_says_so_first() -> None:
    order = an_order(order_state="Cancelled", payments=(), shippings=(), payment_state="Paid")
    assert "Cancelled · Paid" in _texts(orders=(order,))


def test_an_imported_order_has_the_date_on_which_it_was_placed() -> None:
    assert "1 Mar 2020" in _texts(orders=(an_order(completed_at=NOON.replace(year=2020, month=3, day=1)),))


def test_at_most_two_orders_are_shown() -> None:
    shown = [name for name in _ids(cart=None, guest_orders=()) if name.startswith("order:")]
    assert len(shown) == 2


def test_the_order_named_in_the_conversation_comes_before_the_newest() -> None:
    named = (NamedOrder(older("DE-10200"), Relation.OWN),)
    shown = [name for name in _ids(named=named, cart=None, guest_orders=()) if name.startswith("order:")]
    assert shown[0] == "order:order-DE-10200"


def test_a_named_order_that_is_also_the_newest_is_shown_once() -> None:
    shown = [name for name in _ids(named=(NamedOrder(the_order(), Relation.OWN),)) if name.startswith("order:")]
    assert len(shown) == len(set(shown))


def test_three_named_orders_leave_no_room_for_others() -> None:
    named = tuple(NamedOrder(older(f"N-{n}"), Relation.OWN) for n in range(5))
    shown = [name for name in _ids(named=named, cart=None, guest_orders=()) if name.startswith("order:")]
    assert shown == ["order:order-N-0", "order:order-N-1", "order:order-N-2"]


def test_a_named_order_of_someone_else_says_so() -> None:
    texts = _texts(named=(NamedOrder(older("X-1"), Relation.OTHER),))
    assert "another customer's order" in texts


def test_a_named_order_that_shares_only_the_address_says_so() -> None:
    texts = _texts(named=(NamedOrder(older("X-1"), Relation.SAME_EMAIL),))
    assert "same e-mail, unverified · Refunded · Delivered" in texts


def test_the_parcel_of_the_first_order_has_carrier_number_and_how_much_it_holds() -> None:
    assert "DHL 00340434161094042557 · 2 of 3 items" in _texts()


def test_the_parcel_leads_to_the_carrier() -> None:
    canvas = screens.overview(matched(), FRESH, a_look(), memory={})
    assert "dhl.de" in str(canvas.to_dict())


def test_someone_elses_parcel_is_not_shown() -> None:
    assert not [text for text in _texts(named=(NamedOrder(the_order(), Relation.OTHER),)) if "DHL" in text]


def test_several_parcels_are_counted() -> None:
    delivery = a_delivery("d", a_parcel("p1", items=carries(item_1=1)), a_parcel("p2"))
    assert "2 parcels" in _texts(orders=(the_order(items=None, shippings=(a_shipping(delivery),)),))


def test_only_the_most_serious_alert_is_shown() -> None:
    failed = an_order(id="f", number="F-1", payments=(a_payment(a_charge(state="Failure")),))
    delayed = an_order(id="d", number="D-1", shipment_state="Delayed", payments=())
    canvas = screens.overview(matched(orders=(delayed, failed)), FRESH, a_look(), memory={})
    components: Any = canvas.to_dict()["content"]
    errors = [each["text"] for each in components["components"] if each.get("style") == "error"]
    assert errors == ["Payment failed for #F-1"]


def test_the_alert_of_someone_elses_order_is_none_of_this_customers() -> None:
    failed = an_order(id="f", number="F-1", payments=(a_payment(a_charge(state="Failure")),))
    assert "Payment failed for #F-1" not in _texts(named=(NamedOrder(failed, Relation.OTHER),))


def test_the_cart_shows_quantity_and_total() -> None:
    assert "Cart: 3 items, 84.00 EUR" in _texts()


@pytest.mark.parametrize("cart", [None, a_cart(quantity=0)])
def test_without_a_filled_cart_there_is_no_way_to_it(cart: object) -> None:
    assert "cart" not in _ids(cart=cart)


def test_a_merchant_who_hides_carts_sees_none() -> None:
    assert not [text for text in _texts(a_look(show_cart=False)) if "Cart" in text]


def test_guest_orders_with_the_same_address_are_counted() -> None:
    assert "Guest orders with this e-mail (1)" in _texts()


def test_ten_guest_orders_may_be_more() -> None:
    guests = tuple(older(f"G-{n}") for n in range(10))
    assert "Guest orders with this e-mail (10+)" in _texts(guest_orders=guests)


def test_the_foot_says_from_which_store_and_when_it_was_read() -> None:
    assert "de-store · read 13:00:00" in _texts()


def test_a_copy_from_before_says_why_and_how_old_it_is() -> None:
    texts = _texts(freshness=Freshness(NOON, Trouble.TOO_SLOW))
    assert "The shop takes too long to answer. Last known data, read 21 Nov 2026, 13:00." in texts


def test_what_could_not_be_read_is_named() -> None:
    texts = _texts(missing=frozenset({Section.PAYMENTS, Section.CART, Section.CUSTOMER_GROUP}))
    assert "Could not be read: Cart, Payments" in texts


def test_orders_that_could_not_be_counted_are_not_counted() -> None:
    texts = _texts(history=(), missing=frozenset({Section.HISTORY}))
    assert ("All orders" in texts, "No orders yet" in texts) == (True, False)


def test_a_note_stands_on_top() -> None:
    assert _texts(note="That could not be opened.")[0] == "That could not be opened."


def test_details_are_offered_only_when_there_are_some() -> None:
    closed = ids_of(screens.overview(matched(), FRESH, a_look(fields=("customer.name",)), memory={}))
    assert ("details" in _ids(), "details" in closed) == (True, False)


def test_everything_is_said_in_german_too() -> None:
    look = a_look("de", fields=("customer.name",))
    assert texts_of(screens.overview(matched(MatchedBy.EMAIL), FRESH, look, memory={}))[:3] == [
        "Anna Kowalska",
        "Kunde seit 2021 · per E-Mail, ungeprüft",
        "3 Bestellungen · 104,70 EUR",
    ]
