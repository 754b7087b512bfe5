"""What the workspace lacks of the mapping's attributes, and what cannot be mended by us."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clients.intercom.resources import DataAttribute, Model
from sync.attributes import difference
from sync.mapping.budget import MOST_ATTRIBUTES
from sync.mapping.reading import parse_sync_mapping
from sync.mapping.rules import SyncMapping

THERE = DataAttribute(
    name="ct_orders",
    full_name="custom_attributes.ct_orders",
    model="contact",
    data_type="integer",
    id="1",
    custom=True,
    archived=False,
    api_writable=True,
)


def mapping(text: str = 'ct_orders = { path = "lifetime.orders", type = "integer" }') -> SyncMapping:
    return parse_sync_mapping(f"[attributes]\n{text}\n", hash_key=b"k")


def test_what_is_there_is_no_difference() -> None:
    assert difference(mapping(), [THERE]).is_none


def test_what_is_not_there_is_to_be_made() -> None:
    assert [rule.name for rule in difference(mapping(), []).missing] == ["ct_orders"]


def test_what_is_archived_is_to_be_brought_back_not_made() -> None:
    found = difference(mapping(), [replace(THERE, archived=True)])
    assert ([each.name for each in found.archived], found.missing) == (["ct_orders"], ())


@pytest.mark.parametrize(
    ("there", "words"),
    [
        (replace(THERE, data_type="string"), "is of type string in Intercom, and integer here"),
        (replace(THERE, data_type="string", options=("a", "b")), "is of type list in Intercom, and integer here"),
        (replace(THERE, model=Model.COMPANY), "is the name of an attribute of a company"),
        (replace(THERE, api_writable=False), "may not be written by apps in Intercom"),
        (replace(THERE, data_type="float", archived=True), "is of type float in Intercom, and integer here"),
    ],
)
def test_what_we_cannot_mend_is_a_fault_with_its_line(there: DataAttribute, words: str) -> None:
    (fault,) = difference(mapping(), [there]).faults
    assert (fault.line, fault.key, fault.message) == (2, "attributes.ct_orders", words)


def test_a_date_is_the_same_under_its_newer_name() -> None:
    rules = mapping('ct_orders = { path = "lifetime.first_order_at", type = "date" }')
    assert difference(rules, [replace(THERE, data_type="datetime")]).is_none


def test_a_standard_attribute_of_the_same_name_is_another_one() -> None:
    assert difference(mapping(), [replace(THERE, custom=False, id=None)]).missing


def test_a_full_workspace_is_a_fault() -> None:
    others = [replace(THERE, name=f"other_{number}") for number in range(MOST_ATTRIBUTES)]
    found = difference(mapping(), others)
    assert [fault.key for fault in found.faults] == ["attributes.ct_orders"]


def test_archived_ones_take_no_room() -> None:
    others = [replace(THERE, name=f"other_{number}", archived=True) for number in range(MOST_ATTRIBUTES)]
    assert difference(mapping(), others).faults == ()
