"""Subscriptions, as we write them and as the stand-in takes them, have the shapes of commercetools' own schema.

We speak REST; the schema describes the same resource, a destination's type being the name of an input's field there.
"""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLSchema, get_named_type

from clients.commercetools.subscription import Destination, Draft, Format, Status, subscription, updates
from sandbox.commercetools.subscription_drafts import FIELDS
from sandbox.commercetools.subscriptions import HEALTH_STATUS

DESTINATIONS = (
    Destination.sqs("https://sqs.eu-central-1.amazonaws.com/123456789012/ct", region="eu-central-1"),
    Destination.sqs("https://q", region="eu-central-1", access_key="key", access_secret="secret"),
    Destination.sns("arn:aws:sns:eu-central-1:123456789012:ct"),
    Destination.sns("arn:aws:sns:eu-central-1:123456789012:ct", access_key="key", access_secret="secret"),
    Destination.pubsub("my-project", "changes"),
    Destination.event_grid("https://x.eventgrid.azure.net/api/events", access_key="key"),
    Destination.event_bridge("123456789012", "eu-central-1"),
)


def input_of(schema: GraphQLSchema, name: str) -> GraphQLInputObjectType:
    found = schema.type_map[name]
    assert isinstance(found, GraphQLInputObjectType)
    return found


def misfits(given: dict[str, Any], wanted: GraphQLInputObjectType) -> set[str]:
    """Fields that are unknown there, or lack here."""
    needed = {name for name, field in wanted.fields.items() if str(field.type).endswith("!")}
    return (set(given) - set(wanted.fields)) | (needed - set(given))


@pytest.mark.parametrize("destination", DESTINATIONS, ids=lambda each: each.where)
def test_a_destination_has_the_vendors_fields(destination: Destination, commercetools_schema: GraphQLSchema) -> None:
    written = destination.to_json()
    kind = get_named_type(input_of(commercetools_schema, "DestinationInput").fields[written.pop("type")].type)
    assert isinstance(kind, GraphQLInputObjectType)
    assert misfits(written, kind) == set()
    if mode := written.get("authenticationMode"):
        modes = commercetools_schema.type_map["AwsAuthenticationMode"]
        assert isinstance(modes, GraphQLEnumType)
        assert mode in modes.values


@pytest.mark.parametrize("format_", Format)
def test_a_draft_has_the_vendors_fields(format_: Format, commercetools_schema: GraphQLSchema) -> None:
    written = draft(format_).to_json()
    assert misfits(written, input_of(commercetools_schema, "SubscriptionDraft")) == set()
    assert written["format"].pop("type") in input_of(commercetools_schema, "SubscriptionFormatInput").fields
    for each in written["messages"]:
        assert misfits(each, input_of(commercetools_schema, "MessageSubscriptionInput")) == set()
    for each in written["changes"]:
        assert misfits(each, input_of(commercetools_schema, "ChangeSubscriptionInput")) == set()


def test_every_update_is_one_of_the_vendors(commercetools_schema: GraphQLSchema) -> None:
    other = Draft(key="other", destination=DESTINATIONS[2], changes=frozenset({"cart"}), messages={})
    present = subscription({**other.to_json(), "id": "s1", "version": 1, "status": "Healthy"})
    found = updates(present, draft(Format.PLATFORM))
    assert len(found) == 4
    known = input_of(commercetools_schema, "SubscriptionUpdateAction").fields
    for each in found:
        kind = get_named_type(known[each.action].type)
        assert isinstance(kind, GraphQLInputObjectType)
        assert misfits(dict(each.body), kind) == set()


def test_each_state_of_health_is_known_to_us_and_to_the_stand_in(commercetools_schema: GraphQLSchema) -> None:
    states = commercetools_schema.type_map["SubscriptionHealthStatus"]
    assert isinstance(states, GraphQLEnumType)
    assert set(states.values) == {each.value for each in Status} == set(HEALTH_STATUS)


@pytest.mark.parametrize("kind", FIELDS)
def test_the_stand_in_asks_for_the_vendors_fields(kind: str, commercetools_schema: GraphQLSchema) -> None:
    vendors = get_named_type(input_of(commercetools_schema, "DestinationInput").fields[kind].type)
    assert isinstance(vendors, GraphQLInputObjectType)
    needed = {name for name, field in vendors.fields.items() if str(field.type).endswith("!")}
    assert FIELDS[kind] == needed


def draft(format_: Format) -> Draft:
    return Draft(
        key="intercom-sync",
        destination=DESTINATIONS[0],
        changes=frozenset({"order"}),
        messages={"order": frozenset({"OrderCreated"})},
        format=format_,
    )
