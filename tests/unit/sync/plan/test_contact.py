"""Intercom's own fields of a contact: what a new one gets, and what is kept true later."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.customer import Address
from sync.mapping.faults import MappingError
from sync.mapping.reading import parse_sync_mapping
from sync.mapping.rules import SyncMapping
from sync.plan.contact import as_ours, contact_difference, contact_fields, doubtful
from sync.plan.planning import plan
from sync.plan.subject import UNSURE, SubjectFacts, SubjectState, Value
from tests.builders import NOON, a_customer, an_order

ALL = '[contact]\nfields = ["email", "name", "phone", "signed_up_at"]\n'
PHONE = (Address(country="DE"), Address(country="DE", phone="+49 30 1234"), Address(country="DE", phone="+49 30 99"))
VALUES = st.none() | st.text(max_size=3) | st.integers()
FIELDS = st.dictionaries(st.sampled_from(["email", "name", "phone", "external_id"]), VALUES.filter(bool))


def mapping(text: str) -> SyncMapping:
    return parse_sync_mapping(text, hash_key=b"secret")


def test_without_the_table_a_new_contact_gets_its_external_id_alone() -> None:
    assert contact_fields(mapping(""), a_customer(), []) == {"external_id": "customer-1"}


def test_a_new_contact_gets_the_fields_that_the_mapping_names() -> None:
    assert contact_fields(mapping(ALL), a_customer(addresses=PHONE), []) == {
        "external_id": "customer-1",
        "email": "anna@example.com",
        "name": "Anna Kowalska",
        "phone": "+49 30 1234",
        "signed_up_at": 1_614_585_600,
    }


def test_a_guests_contact_gets_the_address_of_the_newest_order_that_has_one() -> None:
    orders = [an_order(email=None), an_order(email="new@example.com"), an_order(email="old@example.com")]
    assert contact_fields(mapping(ALL), None, orders) == {"email": "new@example.com"}


@pytest.mark.parametrize(
    ("field", "value"),
    [("id", "customer-1"), ("key", "anna-k"), ("customerNumber", "10023"), ("externalId", "erp-7")],
)
def test_the_external_id_is_the_field_that_the_mapping_chose(field: str, value: str) -> None:
    anna = a_customer(key="anna-k", number="10023", external_id="erp-7")
    assert contact_fields(mapping(f'[identity]\nexternal_id = "{field}"'), anna, []) == {"external_id": value}


def test_a_customer_without_that_field_has_no_external_id() -> None:
    assert contact_fields(mapping('[identity]\nexternal_id = "customerNumber"'), a_customer(), []) == {}


def test_a_field_that_is_not_ours_is_left_alone() -> None:
    assert contact_difference({"@name": "Anna"}, {"name": "Anna K.", "email": "a@example.com"}) == {"name": "Anna K."}


def test_every_field_but_the_external_id_is_ours_to_overwrite_if_the_mapping_says_so() -> None:
    wanted: dict[str, Value] = {"external_id": "1", "name": "Anna K."}
    assert contact_difference({}, wanted, overwrite=True) == {"name": "Anna K."}


def test_a_field_that_the_contact_had_nothing_of_is_filled() -> None:
    assert contact_difference(as_ours({"name": None}), {"name": "Anna"}) == {"name": "Anna"}


def test_what_is_gone_in_the_shop_is_cleared_but_for_who_the_contact_is() -> None:
    held = as_ours({"name": "Anna", "phone": None, "email": "a@example.com", "external_id": "1"})
    assert contact_difference(held, {}) == {"name": None}


def test_what_is_doubtful_is_sent_again_or_cleared() -> None:
    held = doubtful(as_ours({"name": "Anna", "phone": "1"}))
    assert contact_difference(held, {"name": "Anna"}) == {"name": "Anna", "phone": None}


@given(FIELDS, FIELDS)
def test_what_was_sent_is_not_sent_again(before: dict[str, Value], wanted: dict[str, Value]) -> None:
    held = as_ours(before)
    sent = contact_difference(held, wanted)
    assert contact_difference({**held, **as_ours(sent)}, wanted) == {}


def test_the_plan_keeps_fields_and_attributes_apart() -> None:
    rules = mapping(ALL + '[attributes]\nct_orders = { path = "lifetime.orders", type = "integer" }')
    facts = SubjectFacts(key="c:customer-1", customer=a_customer(last_name="Nowak"))
    state = SubjectState(fingerprint={"ct_orders": 0, "ct_old": 1, "@name": "Anna Kowalska", "@email": UNSURE})
    planned = plan(facts, state, rules, now=NOON, live_since=NOON)
    assert planned.attributes == {"ct_old": None}
    assert planned.fields == {"name": "Anna Nowak", "email": "anna@example.com"}


def test_somebody_of_another_store_is_told_nothing_of() -> None:
    rules = mapping(ALL + '[sync]\nstores = ["de"]')
    facts = SubjectFacts(key="c:customer-1", customer=a_customer(stores=("at",)))
    assert plan(facts, SubjectState(), rules, now=NOON, live_since=NOON).contact == {}


def test_every_wrong_field_of_a_contact_is_a_fault_of_its_line() -> None:
    with pytest.raises(MappingError) as refused:
        mapping('[contact]\nfields = ["mail", "name"]\noverwrite = "yes"')
    assert [(fault.line, fault.key) for fault in refused.value.faults] == [
        (2, "contact.fields"),
        (3, "contact.overwrite"),
    ]
