"""Everything about a customer that agents may see."""

from __future__ import annotations

from typing import Any

from canvas_app.canvas import screens
from canvas_app.canvas.found import MatchedBy
from canvas_app.canvas.screens import Look
from tests.builders import an_address
from tests.gallery import FRESH, a_look, ids_of, texts_of, the_customer


def _texts(look: Look | None = None, **fields: Any) -> list[str]:
    customer = the_customer(**fields)
    return texts_of(screens.customer_details(customer, FRESH, look or a_look(), memory={}, matched_by=MatchedBy.ID))


def _row(name: str, **fields: Any) -> str | None:
    texts = _texts(**fields)
    return texts[texts.index(name) + 1] if name in texts else None


def test_the_details_have_what_is_allowed_by_name() -> None:
    names = ["Customer number", "E-mail", "E-mail verified", "Company", "VAT id", "External id", "Language", "hobby"]
    assert [_row(name) for name in names] == [
        "C-1042",
        "anna@example.com",
        "yes",
        "Kowalska GmbH",
        "DE123456789",
        "crm-9",
        "de-DE",
        "sailing",
    ]


def test_an_address_that_nobody_verified_says_so() -> None:
    assert _row("E-mail verified", is_email_verified=False) == "no"


def test_whether_an_address_is_verified_is_left_out_when_it_is_not_known() -> None:
    assert _row("E-mail verified", is_email_verified=None) is None


def test_an_address_stands_on_one_line_in_the_order_of_the_post() -> None:
    address = an_address(company="ACME", additional_street_info="2. OG", region="Berlin", phone="+49 30 1")
    assert "ACME, Anna Kowalska, Lindenweg 7, 2. OG, 10115 Berlin, Berlin, DE, +49 30 1" in _texts(addresses=(address,))


def test_an_address_of_which_only_the_country_is_known_is_the_country() -> None:
    nothing = dict.fromkeys(("first_name", "last_name", "street_name", "street_number", "postal_code", "city"))
    assert "DE" in _texts(addresses=(an_address(**nothing),))


def test_addresses_that_find_no_room_are_counted() -> None:
    assert "and 7 more" in _texts(addresses=(an_address(),) * 12)


def test_the_details_lead_back_to_the_overview() -> None:
    canvas = screens.customer_details(the_customer(), FRESH, a_look(), memory={}, matched_by=MatchedBy.ID)
    assert ids_of(canvas) == ["refresh", "overview"]
