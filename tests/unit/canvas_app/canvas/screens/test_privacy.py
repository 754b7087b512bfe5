"""Nothing personal is shown that the merchant did not allow by name, and nothing at all of someone else's order."""

from __future__ import annotations

import json

import pytest

from canvas_app.canvas import screens
from canvas_app.canvas.components import Canvas
from canvas_app.canvas.found import Ambiguous, MatchedBy, Relation
from canvas_app.canvas.screens import Look
from commerce.masks import Mask
from tests.gallery import EVERY_FIELD, FRESH, a_look, an_order_screen, every_screen, matched, the_customer, the_order

# What the sample customer and order hold, by the field that allows it.
CUSTOMERS = {
    "customer.name": ("Anna",),
    "customer.email": ("anna@example.com",),
    "customer.number": ("C-1042",),
    "customer.external_id": ("crm-9",),
    "customer.company": ("Kowalska GmbH",),
    "customer.vat_id": ("DE123456789",),
    "customer.group": ("VIP",),
    "customer.locale": ("de-DE",),
    "customer.addresses": ("Lindenweg",),
    "customer.custom.hobby": ("sailing",),
}
ORDERS = {
    "order.email": ("anna@example.com",),
    "order.shipping_address": ("Lindenweg",),
    "order.billing_address": ("Kowalska GmbH, Anna",),
    "order.purchase_order_number": ("PO-77",),
    "order.business_unit": ("unit-north",),
    "order.return_comment": ("too small",),
    "order.external_ids": ("ERP-5",),
    "order.payment_reference": ("…1234",),
    "order.payment_status_text": ("approved by bank",),
    "order.custom.engraving": ("for Jan",),
}
PLANTED = {value for values in (*CUSTOMERS.values(), *ORDERS.values()) for value in values}
NEVER = ("secret score", "secret margin", "psp-reference")


def _shown(canvas: Canvas, values: set[str]) -> set[str]:
    content = json.dumps(canvas.to_dict(), ensure_ascii=False)
    return {value for value in values if value in content}


def _personal_screens(look: Look) -> tuple[Canvas, ...]:
    """The screens that personal fields have their place on."""
    return (
        screens.overview(matched(), FRESH, look, memory={}),
        screens.overview(Ambiguous((the_customer(), the_customer(id="c2"))), FRESH, look, memory={}),
        screens.customer_details(the_customer(), FRESH, look, memory={}, matched_by=MatchedBy.ID),
        an_order_screen(look, the_order()),
    )


@pytest.mark.parametrize("language", ["en", "de"])
def test_nothing_personal_is_shown_to_agents_by_default(language: str) -> None:
    drawn = every_screen(a_look(language, fields=(), addresses_on_email_match=True))
    assert {name: shown for name, canvas in drawn if (shown := _shown(canvas, PLANTED))} == {}


@pytest.mark.parametrize(("field", "values"), CUSTOMERS.items())
def test_an_allowed_field_of_the_customer_is_shown(field: str, values: tuple[str, ...]) -> None:
    seen = {value for canvas in _personal_screens(a_look(fields=(field,))) for value in _shown(canvas, set(values))}
    assert seen == set(values)


@pytest.mark.parametrize(("field", "values"), ORDERS.items())
def test_an_allowed_field_of_the_order_is_shown(field: str, values: tuple[str, ...]) -> None:
    assert _shown(an_order_screen(a_look(fields=(field,)), the_order()), set(values)) == set(values)


@pytest.mark.parametrize("field", sorted(EVERY_FIELD))
def test_a_field_that_is_taken_away_is_shown_nowhere(field: str) -> None:
    others = EVERY_FIELD - {field}
    own = set({**CUSTOMERS, **ORDERS}.get(field, ()))
    elsewhere = {value for other in others for value in {**CUSTOMERS, **ORDERS}.get(other, ())}
    addresses = {"Anna", "Kowalska GmbH", "Kowalska GmbH, Anna", "Lindenweg"}  # stand in several fields
    drawn = _personal_screens(a_look(fields=others))
    seen = {value for canvas in drawn for value in _shown(canvas, own - elsewhere - addresses)}
    assert seen == set()


def test_custom_fields_and_references_that_nobody_allowed_are_never_shown() -> None:
    seen = {value for _, canvas in every_screen(a_look()) for value in _shown(canvas, set(NEVER))}
    assert seen == set()


@pytest.mark.parametrize("matched_by", [*MatchedBy, None])
def test_nothing_personal_of_someone_elses_order_is_shown(matched_by: MatchedBy | None) -> None:
    look = a_look(addresses_on_email_match=True)
    assert _shown(an_order_screen(look, the_order(), Relation.OTHER, matched_by), PLANTED) == set()


@pytest.mark.parametrize(
    ("relation", "matched_by", "visible"),
    [
        (Relation.OWN, MatchedBy.ID, True),
        (Relation.OWN, MatchedBy.CHOICE, False),
        (Relation.OWN, MatchedBy.EMAIL, False),
        (Relation.OWN, None, False),
        (Relation.SAME_EMAIL, MatchedBy.ID, False),
        (Relation.SAME_EMAIL, None, False),
    ],
)
def test_addresses_need_more_than_an_e_mail_address(
    relation: Relation, matched_by: MatchedBy | None, visible: bool
) -> None:
    canvas = an_order_screen(a_look(), the_order(), relation, matched_by)
    assert bool(_shown(canvas, {"Lindenweg"})) is visible


@pytest.mark.parametrize("relation", [Relation.OWN, Relation.SAME_EMAIL])
def test_a_merchant_can_allow_addresses_on_an_e_mail_match(relation: Relation) -> None:
    look = a_look(addresses_on_email_match=True)
    assert _shown(an_order_screen(look, the_order(), relation, MatchedBy.EMAIL), {"Lindenweg"}) == {"Lindenweg"}


def test_hidden_addresses_are_said_to_be_hidden() -> None:
    canvas = an_order_screen(a_look(), the_order(), Relation.OWN, MatchedBy.EMAIL)
    assert _shown(canvas, {"Addresses are hidden because only the e-mail address matches."})


def test_the_address_book_needs_more_than_an_e_mail_address() -> None:
    look = a_look(fields=("customer.addresses",))
    canvas = screens.overview(matched(MatchedBy.EMAIL), FRESH, look, memory={})
    details = screens.customer_details(the_customer(), FRESH, look, memory={}, matched_by=MatchedBy.EMAIL)
    assert _shown(canvas, {"details"}) | _shown(details, {"Lindenweg"}) == set()


@pytest.mark.parametrize("field", ["address.phone", "address.email"])
def test_how_to_reach_an_address_has_to_be_allowed_on_its_own(field: str) -> None:
    contacts = {"address.phone": "+49 30 1234567", "address.email": "home@example.com"}
    look = a_look(fields=("order.shipping_address", field))
    assert _shown(an_order_screen(look, the_order()), set(contacts.values())) == {contacts[field]}


def test_a_masked_field_is_shown_masked_everywhere() -> None:
    masks = {"customer.email": Mask.DOMAIN, "order.email": Mask.DOMAIN, "customer.name": Mask.INITIALS}
    fields = ("customer.email", "order.email", "customer.name")
    seen = {
        value for _, canvas in every_screen(a_look(fields=fields, masks=masks)) for value in _shown(canvas, PLANTED)
    }
    assert seen == set()


def test_a_payment_reference_obeys_the_merchants_own_mask() -> None:
    look = a_look(fields=("order.payment_reference",), masks={"order.payment_reference": Mask.INITIALS})
    assert _shown(an_order_screen(look, the_order()), {"…1234", "p."}) == {"p."}
