"""The contacts of the sample conversations: once each, and no two with one external id."""

from __future__ import annotations

from collections import Counter

from sandbox.conversations import sample_contacts, sample_conversations


def test_every_participant_is_there_once() -> None:
    ids = Counter(contact["id"] for contact in sample_contacts())
    bodies = [body for each in sample_conversations() for body in each.bodies]
    assert set(ids) == {(body.get("contact") or body["customer"])["id"] for body in bodies}
    assert set(ids.values()) == {1}


def test_an_external_id_belongs_to_one_contact() -> None:
    held = Counter(contact["external_id"] for contact in sample_contacts() if contact["external_id"])
    assert [each for each, count in held.items() if count > 1] == []


def test_a_contact_is_known_as_well_as_it_is_anywhere() -> None:
    assert all("email" in contact for contact in sample_contacts())
