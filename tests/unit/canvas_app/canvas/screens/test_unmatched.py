"""The first screen when it is not certain, or not known at all, who the contact is in the shop."""

from __future__ import annotations

from typing import Any

from canvas_app.canvas import screens
from canvas_app.canvas.found import Ambiguous, Found, GuestsOnly, NamedOrder, NoMatch, Relation, Unidentified
from tests.builders import a_charge, a_payment, an_order
from tests.gallery import FRESH, a_look, ids_of, older, texts_of, the_customer, the_order


def _texts(found: Found, **look: Any) -> list[str]:
    return texts_of(screens.overview(found, FRESH, a_look(**look), memory={}))


def _ids(found: Found) -> list[str]:
    return ids_of(screens.overview(found, FRESH, a_look(), memory={}))


def test_guest_orders_are_not_taken_for_a_customer() -> None:
    assert _texts(GuestsOnly((older("G-1"),)))[:2] == ["Guest, no customer account", "by e-mail, unverified"]


def test_guest_orders_are_listed_and_lead_to_all_of_them() -> None:
    ids = _ids(GuestsOnly((older("G-1"), older("G-2"))))
    assert ids == ["order:order-G-1", "order:order-G-2", "guest:0", "search", "refresh"]


def test_the_guest_order_named_in_the_conversation_comes_first() -> None:
    found = GuestsOnly((older("G-1"), older("G-2")), (NamedOrder(older("G-2"), Relation.SAME_EMAIL),))
    assert _ids(found)[:2] == ["order:order-G-2", "order:order-G-1"]


def test_a_guests_failed_payment_is_alerted() -> None:
    failed = an_order(number="F-1", payments=(a_payment(a_charge(state="Failure")),))
    assert "Payment failed for #F-1" in _texts(GuestsOnly((failed,)))


def test_candidates_of_one_name_can_be_told_apart() -> None:
    one = the_customer(number=None, stores=())
    other = the_customer(id="cccccccc-0000-4000-8000-000000000002", number=None, stores=("uk-store",))
    texts = _texts(Ambiguous((one, other)), fields=("customer.name",))
    assert ["bbbbbbbb" in texts, "cccccccc · uk-store" in texts] == [True, True]


def test_a_candidates_e_mail_address_is_shown_only_when_it_is_allowed() -> None:
    closed = _texts(Ambiguous((the_customer(), the_customer(id="c2"))), fields=("customer.name",))
    assert "anna@example.com" not in " ".join(closed)


def test_picking_a_candidate_is_one_click() -> None:
    ids = _ids(Ambiguous((the_customer(id="c1"), the_customer(id="c2"))))
    assert ids[:2] == ["pick:c1", "pick:c2"]


def test_candidates_that_find_no_room_are_counted() -> None:
    found = Ambiguous(tuple(the_customer(id=f"c{n}") for n in range(9)))
    shown = [name for name in _ids(found) if name.startswith("pick:")]
    assert f"and {9 - len(shown)} more" in _texts(found)


def test_no_match_says_what_to_try() -> None:
    texts = _texts(NoMatch())
    assert texts[:2] == [
        "No customer matches this contact.",
        "Search by order number, or by another e-mail address: guest orders are found as well.",
    ]


def test_no_match_still_shows_the_orders_named_in_the_conversation() -> None:
    assert "order:order-X-1" in _ids(NoMatch((NamedOrder(older("X-1"), Relation.OTHER),)))


def test_a_contact_without_address_or_id_is_offered_the_numbers_they_wrote() -> None:
    assert _ids(Unidentified(("DE-10482", "#1001"))) == ["number:DE-10482", "number:#1001", "search"]


def test_a_number_is_offered_once() -> None:
    assert _ids(Unidentified(("DE-1", "DE-1"))) == ["number:DE-1", "search"]


def test_a_number_that_cannot_be_an_id_is_not_offered() -> None:
    assert _ids(Unidentified(("Größe 7", "", "a b", "x" * 400))) == ["search"]


def test_without_any_number_the_agent_is_told_to_ask_for_one() -> None:
    assert _texts(Unidentified())[:2] == [
        "This contact has no e-mail address and no id.",
        "Ask for an order number and search for it.",
    ]


def test_an_order_named_twice_is_listed_once() -> None:
    named = (NamedOrder(the_order(), Relation.OWN), NamedOrder(the_order(), Relation.OWN))
    assert len([name for name in _ids(NoMatch(named)) if name.startswith("order:")]) == 1
