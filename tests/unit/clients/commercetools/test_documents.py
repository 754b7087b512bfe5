"""The documents are cut down to what is asked for, and to nothing less."""

from __future__ import annotations

import re

import pytest
from graphql import parse, print_ast
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.commercetools.documents import Operation, complete, document, file_names, flags_of
from clients.commercetools.questions import FLAG_OF_PERSONAL_FIELD
from commerce.personal_fields import PERSONAL_FIELDS

FIELDS_OF = {
    "customer.name": {"firstName", "lastName"},
    "customer.email": {"isEmailVerified"},
    "customer.number": {"customerNumber"},
    "customer.vat_id": {"vatId"},
    "customer.group": {"customerGroup"},
    "customer.addresses": {"addresses"},
    "order.email": {"customerEmail"},
    "order.shipping_address": {"shippingAddress"},
    "order.billing_address": {"billingAddress"},
    "order.purchase_order_number": {"purchaseOrderNumber"},
    "order.business_unit": {"businessUnitRef"},
    "order.return_comment": {"comment"},
    "order.external_ids": {"syncInfo"},
    "order.payment_reference": {"interfaceId", "interactionId"},
    "order.payment_status_text": {"interfaceText"},
}
OF_ADDRESSES = {FLAG_OF_PERSONAL_FIELD[name] for name in PERSONAL_FIELDS if name.endswith(("address", "addresses"))}
EVERY_FLAG = frozenset().union(*(flags_of(operation) for operation in Operation))


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def test_every_personal_field_has_a_flag_that_some_document_knows() -> None:
    assert set(FLAG_OF_PERSONAL_FIELD) == set(PERSONAL_FIELDS)
    assert set(FLAG_OF_PERSONAL_FIELD.values()) <= EVERY_FLAG


@pytest.mark.parametrize("name", sorted(FIELDS_OF))
def test_a_personal_field_is_in_no_document_without_its_flag(name: str) -> None:
    cut = {FLAG_OF_PERSONAL_FIELD[name], *(OF_ADDRESSES if name == "customer.name" else ())}  # they have names as well
    texts = [document(operation, flags_of(operation) - cut).text for operation in Operation]
    assert not any(FIELDS_OF[name] & words(text) for text in texts)


@pytest.mark.parametrize("name", sorted(FIELDS_OF))
def test_a_personal_field_is_asked_for_with_its_flag(name: str) -> None:
    texts = [document(operation, flags_of(operation)).text for operation in Operation]
    assert all(any(field in words(text) for text in texts) for field in FIELDS_OF[name])


@given(operation=st.sampled_from(Operation), flags=st.frozensets(st.sampled_from(sorted(EVERY_FLAG))))
@settings(max_examples=40, deadline=None)
def test_a_cut_document_has_no_switch_left_and_declares_what_it_uses(
    operation: Operation, flags: frozenset[str]
) -> None:
    roots = {"withOrders", "withCustomers"} & flags_of(operation)
    cut = document(operation, (flags & flags_of(operation)) | roots)
    assert "@include" not in cut.text
    head, _, rest = cut.text.partition("{")
    assert set(re.findall(r"\$(\w+):", head)) == set(re.findall(r"\$(\w+)", rest)) == cut.variables


@pytest.mark.parametrize("operation", list(Operation))
def test_a_cut_document_is_one_operation(operation: Operation) -> None:
    cut = document(operation, flags_of(operation))
    assert cut.text.count("query ") == 1
    assert f"query {operation}" in cut.text


def test_an_unknown_flag_is_a_slip_of_the_pen() -> None:
    with pytest.raises(ValueError, match="withOrderz"):
        document(Operation.CUSTOMER, {"withOrderz"})


def test_the_same_choice_is_cut_once() -> None:
    flags = {"withCustomer", "withPayments", "withOrders"}
    assert document(Operation.CUSTOMER, flags) is document(Operation.CUSTOMER, sorted(flags, reverse=True))


@pytest.mark.parametrize("name", file_names())
def test_a_complete_document_can_be_read(name: str) -> None:
    assert print_ast(parse(complete(name)))
