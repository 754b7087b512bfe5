"""Sample conversations are what Intercom sends, and there is one for every scenario of the shop."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from sandbox.conversations import (
    SampleConversation,
    conversation,
    initialize_body,
    sample_conversations,
)
from sandbox.conversations.shapes import GROUP, LEGACY_CUSTOMER, NO_CONVERSATION, NO_REGION
from sandbox.shop import SampleShop
from sandbox.shop.scenarios import SCENARIOS

every_conversation = pytest.mark.parametrize("sample", sample_conversations(), ids=lambda sample: sample.slug)


def person_in(sample: SampleConversation) -> dict[str, object]:
    body = initialize_body(sample)
    person: dict[str, object] = body.get("contact") or body["customer"]
    return person


def test_every_slug_and_every_label_is_there_once() -> None:
    samples = sample_conversations()
    assert len({sample.slug for sample in samples}) == len(samples)
    assert len({sample.label for sample in samples}) == len(samples)


def test_every_customer_of_every_scenario_but_the_ambiguous_ones_writes_to_us() -> None:
    known = {person_in(sample).get("external_id") for sample in sample_conversations()}
    emails = {str(person_in(sample).get("email")).lower() for sample in sample_conversations()}
    silent = [
        scenario.name
        for scenario in SCENARIOS
        for customer in scenario.customers
        if customer.id not in known and customer.email.lower() not in emails
    ]
    assert silent == []


def test_external_ids_are_customer_ids_of_the_shop(sample_shop: SampleShop) -> None:
    named = {person_in(sample).get("external_id") for sample in sample_conversations()}
    foreign = [value for value in named if value and sample_shop.get("customer", str(value)) is None]
    assert len(foreign) == 1  # the one that is foreign on purpose


@every_conversation
def test_a_body_is_json_and_names_its_workspace(sample: SampleConversation) -> None:
    for body in sample.bodies:
        assert json.loads(json.dumps(body))["workspace_id"]


@every_conversation
def test_a_label_is_short(sample: SampleConversation) -> None:
    assert 5 < len(sample.label) <= 60
    assert sample.about


def test_a_conversation_id_is_a_string_of_its_own() -> None:
    ids = [initialize_body(s)["conversation"]["id"] for s in sample_conversations() if s.slug != NO_CONVERSATION]
    assert all(isinstance(each, str) for each in ids)
    assert len(ids) == len(set(ids))


def test_the_conversations_are_from_monday_morning() -> None:
    created = initialize_body(conversation("anna"))["conversation"]["created_at"]
    assert datetime.fromtimestamp(created, UTC).isoformat() == "2026-11-23T09:00:00+00:00"


def test_a_group_has_a_body_for_every_participant() -> None:
    group = conversation(GROUP)
    people = [initialize_body(group, participant=n)["contact"]["id"] for n in range(len(group.bodies))]
    assert len(set(people)) == 8


def test_the_other_shapes_are_other() -> None:
    assert "contact" not in initialize_body(conversation(LEGACY_CUSTOMER))
    assert "conversation" not in initialize_body(conversation(NO_CONVERSATION))
    assert "workspace_region" not in initialize_body(conversation(NO_REGION))
