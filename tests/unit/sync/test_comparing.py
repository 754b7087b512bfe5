"""What a contact holds takes the place of what we believed, as far as it is ours."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.commercetools.source_questions import Change
from clients.intercom.resources import Contact
from sync.plan.desired import difference
from sync.plan.subject import UNSURE, Value
from sync.sources.comparing import Correction, correction, newer

AT = datetime(2026, 11, 21, tzinfo=UTC)
OWNED = ("ct_orders", "ct_vip")
TAGS = {"1": "Open return", "2": "VIP"}


def contact(attributes: dict[str, Value], tags: frozenset[str] = frozenset(), *, complete: bool = True) -> Contact:
    return Contact(
        id="contact",
        role="user",
        external_id="anna",
        email="Anna@example.com",
        phone=None,
        name="Anna",
        custom_attributes=attributes,
        tag_ids=tags,
        tags_complete=complete,
        archived=False,
        created_at=1,
        updated_at=2,
    )


def compared(
    held: dict[str, Value],
    believed: dict[str, Value],
    *,
    tags: frozenset[str] = frozenset(),
    ours: frozenset[str] = frozenset(),
    complete: bool = True,
) -> Correction | None:
    return correction(
        contact(held, tags, complete=complete), fingerprint=believed, tags_added=ours, owned=OWNED, tag_names=TAGS
    )


def change(id_: str, version: int) -> Change:
    return Change(id=id_, version=version, last_modified_at=AT)


def test_what_is_as_believed_needs_no_correction() -> None:
    assert compared({"ct_orders": 3, "their_own": "x"}, {"ct_orders": 3}) is None


@pytest.mark.parametrize(
    ("held", "believed", "names"),
    [
        ({"ct_orders": 4}, {"ct_orders": 3}, ("ct_orders",)),
        ({}, {"ct_orders": 3}, ("ct_orders",)),
        ({"ct_orders": None}, {"ct_orders": 3}, ("ct_orders",)),
        ({"ct_orders": 3}, {}, ("ct_orders",)),
        ({"ct_vip": 1}, {"ct_vip": True}, ("ct_vip",)),
        ({"dropped": "y"}, {"dropped": "x"}, ("dropped",)),
    ],
)
def test_what_differs_is_named(held: dict[str, Value], believed: dict[str, Value], names: tuple[str, ...]) -> None:
    found = compared(held, believed)
    assert found is not None
    assert found.names == names
    assert found.fingerprint == {name: value for name, value in held.items() if value is not None}


@pytest.mark.parametrize(
    ("held", "believed"),
    [
        ({"their_own": "x"}, {}),
        ({"ct_orders": 3.0}, {"ct_orders": 3}),
        ({"ct_orders": ""}, {}),
        ({"ct_orders": 9}, {"ct_orders": UNSURE}),
        ({}, {"@email": "anna@example.com", "@name": "Somebody else"}),
    ],
)
def test_what_is_not_ours_or_not_known_is_left_alone(held: dict[str, Value], believed: dict[str, Value]) -> None:
    assert compared(held, believed) is None


def test_a_tag_that_somebody_took_off_is_ours_no_more() -> None:
    found = compared({}, {}, tags=frozenset({"2"}), ours=frozenset({"Open return", "VIP"}))
    assert found is not None
    assert (found.tags_added, found.names) == (frozenset({"VIP"}), ("Open return",))


def test_tags_that_intercom_does_not_show_are_not_missed() -> None:
    assert compared({}, {}, ours=frozenset({"Open return"}), complete=False) is None


def test_a_tag_that_the_workspace_no_longer_has_is_missing() -> None:
    found = compared({}, {}, tags=frozenset({"9"}), ours=frozenset({"Gone"}))
    assert found is not None
    assert found.tags_added == frozenset()


VALUES = st.one_of(st.none(), st.booleans(), st.integers(0, 3), st.sampled_from(["a", "b"]))
ATTRIBUTES = st.dictionaries(st.sampled_from(["ct_orders", "ct_vip", "dropped"]), VALUES)


@given(held=ATTRIBUTES, believed=ATTRIBUTES, desired=ATTRIBUTES)
@settings(max_examples=60, deadline=None)
def test_after_a_correction_the_plan_makes_the_contact_as_desired(
    held: dict[str, Value], believed: dict[str, Value], desired: dict[str, Value]
) -> None:
    wanted = {name: value for name, value in desired.items() if value is not None and name != "dropped"}
    found = compared(held, believed)
    fingerprint = found.fingerprint if found else believed
    after = held | difference(fingerprint, wanted)
    ours = {name: after.get(name) for name in (*OWNED, *believed)}
    assert {name: value for name, value in ours.items() if value is not None} == wanted


def test_newer_versions_and_unknown_resources_are_news() -> None:
    listed = [change("known", 3), change("newer", 4), change("unknown", 1), change("older", 1)]
    found = newer(listed, {"known": 3, "newer": 3, "older": 2, "elsewhere": 1})
    assert [each.id for each in found] == ["newer", "unknown"]
