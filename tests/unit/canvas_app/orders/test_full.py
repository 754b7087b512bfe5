"""What stands on the page of an order: what the panel says of it, and what the panel has no room for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from canvas_app.canvas.components import DataTable
from canvas_app.canvas.found import Freshness, MatchedBy, Relation, Trouble
from canvas_app.canvas.screens import Look
from canvas_app.orders.full import FullOrder, full_order
from canvas_app.orders.tones import Tone
from clients.commercetools.readings import OrderReading, Section
from commerce.order import Order
from tests.builders import (
    NOON,
    a_charge,
    a_delivery,
    a_line_item,
    a_parcel,
    a_payment,
    a_refund,
    a_return,
    a_return_item,
    a_shipping,
    a_tracking,
    an_order,
    carries,
)
from tests.gallery import FRESH, STALE, a_look, an_order_screen, hostile_order, the_order

INVISIBLE = re.compile("[\x00-\x1f\u200b\u202a-\u202e\u2060]")


def page(
    order: Order | None = None,
    *,
    look: Look | None = None,
    relation: Relation = Relation.OWN,
    by: MatchedBy | None = MatchedBy.ID,
    freshness: Freshness = FRESH,
    missing: frozenset[Section] = frozenset(),
) -> FullOrder:
    reading = OrderReading(the_order() if order is None else order, NOON, missing=missing)
    full = full_order(reading, relation, by, freshness, look or a_look())
    assert full is not None
    return full


def texts(value: object) -> Iterator[str]:
    """Everything that the template is given to write."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from texts(each)
    elif is_dataclass(value):
        for each in fields(value):
            if each.name not in ("titles", "url", "merchant_center"):
                yield from texts(getattr(value, each.name))


def panel_rows(**how: Any) -> dict[str, str]:
    canvas = an_order_screen(a_look(), the_order(), **how)
    tables = [component for component in canvas.components if isinstance(component, DataTable)]
    return {row.field: row.value for table in tables for row in table.items}


def test_a_page_says_what_the_panel_says() -> None:
    full = page()
    said = {row.field: row.value for row in (*full.sum, *full.paid, *full.details)}
    said |= {state.name: state.word for state in full.states} | {each.when: each.what for each in full.timeline}
    assert said == panel_rows()


def test_nothing_is_left_out_for_lack_of_room() -> None:
    full = page(
        the_order(
            items=tuple(a_line_item(f"i{at}") for at in range(43)),
            payments=tuple(a_payment(*(a_charge("1.00"),) * 12) for _ in range(7)),
        )
    )
    assert len(full.items) == 43
    assert [len(payment.transactions) for payment in full.payments or ()] == [12] * 7


def test_a_tracking_number_is_whole_and_its_parcel_says_what_is_in_it() -> None:
    number = "JJD0003404341610940425571234567890"
    parcel = a_parcel(tracking=a_tracking(number, carrier="DHL"), items=carries(item_1=2))
    full = page(the_order(shippings=(a_shipping(a_delivery("d", parcel)),)))
    (sent,) = full.parcels.sent
    assert (sent.carrier, sent.number) == ("DHL", number)
    assert sent.url is not None
    assert sent.content == (f"2 × {full.items[0].name}",)


def test_references_are_masked() -> None:
    (payment,) = page().payments or ()
    assert payment.reference == "…1234"


def test_a_page_is_closed_unless_the_mapping_opens_it() -> None:
    full = page(look=a_look(fields=()))
    written = " ".join(texts(full))
    assert (full.addresses, [row.field for row in full.details]) == ((), ["Discount codes"])
    for secret in ("PO-77", "unit-north", "ERP-5", "too small", "approved by bank", "1234", "for Jan", "Kowalska"):
        assert secret not in written


def test_of_someone_elses_order_nothing_personal_is_shown() -> None:
    full = page(relation=Relation.OTHER, by=None)
    assert full.said[0].is_serious
    assert (full.addresses, full.returned[0].comment) == ((), None)
    assert [parcel.number for parcel in full.parcels.sent] == ["…"]


@pytest.mark.parametrize("by", [MatchedBy.EMAIL, MatchedBy.CHOICE, MatchedBy.SEARCH, None])
def test_addresses_need_more_than_an_email_address(by: MatchedBy | None) -> None:
    assert page(by=by).addresses == ()
    assert page(by=by, look=a_look(addresses_on_email_match=True)).addresses != ()


def test_an_address_is_written_line_by_line() -> None:
    titles = [title for title, _ in page().addresses]
    lines = page().addresses[0][1]
    assert titles == ["Shipping address", "Billing address"]
    assert len(lines) > 3


def test_a_return_says_what_was_written() -> None:
    returned = a_return(a_return_item(comment="too small, and " + "very " * 40 + "late"))
    (line,) = page(the_order(returns=(returned,))).returned
    assert line.comment is not None
    assert line.comment.endswith("late")


def test_what_is_hostile_stays_text_without_tricks() -> None:
    assert [text for text in texts(page(hostile_order())) if INVISIBLE.search(text)] == []


def test_a_bare_order_has_empty_parts() -> None:
    full = page(an_order(number=None, payments=None, shippings=None, returns=None))
    assert (full.payments, full.returned, full.addresses, bool(full.parcels)) == (None, (), (), False)
    assert full.total


def test_what_could_not_be_read_is_said() -> None:
    (said,) = page(the_order(payments=None), missing=frozenset({Section.PAYMENTS})).said
    assert "view_payments" in said.text


def test_an_older_copy_says_so_first() -> None:
    assert page(freshness=STALE).said[0].text.startswith("The shop cannot be reached. Last known data")
    assert page(freshness=Freshness(NOON, Trouble.BUSY)).said[0].is_serious


def test_when_it_was_read_comes_with_day_and_zone() -> None:
    assert page().read == "read 21 Nov 2026, 13:00:00 · all times in Europe/Berlin"


def test_a_german_panel_has_a_german_page() -> None:
    full = page(look=a_look("de"))
    assert (full.language, full.titles["receipt"], full.total) == ("de", "Abrechnung", "129,90 EUR")


def test_states_have_the_colour_of_what_they_mean() -> None:
    failed = page(an_order(payments=(a_payment(a_charge(state="Failure")),), order_state="Cancelled"))
    refunded = page(an_order(payments=(a_payment(a_charge("10.00"), a_refund("10.00")),), total="10.00"))
    tones = {state.name: state.tone for state in failed.states}
    assert (tones["Order"], tones["Payment"]) == (Tone.BAD, Tone.BAD)
    assert {state.name: state.tone for state in refunded.states}["Payment"] is Tone.INFO


def test_an_order_that_is_gone_has_no_page() -> None:
    assert full_order(OrderReading(None, NOON), Relation.OWN, MatchedBy.ID, FRESH, a_look()) is None
