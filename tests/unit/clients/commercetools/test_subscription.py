"""Subscriptions as values: what is written, what is read back, and the difference between the two."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from clients.commercetools.subscription import Destination, Draft, Format, Subscription, subscription, updates
from clients.errors import BadAnswer

QUEUE = Destination.sqs("https://sqs.eu-central-1.amazonaws.com/123456789012/ct", region="eu-central-1")
DRAFT = Draft(
    key="intercom-sync",
    destination=QUEUE,
    changes=frozenset({"order", "customer"}),
    messages={"order": frozenset({"OrderEditApplied", "OrderCreated"})},
)


def held(draft: Draft, **more: Any) -> Subscription:
    """As commercetools would answer."""
    return subscription({**draft.to_json(), "id": "s1", "version": 3, "status": "Healthy", **more})


def actions(present: Subscription, wanted: Draft, *, anew: bool = False) -> list[dict[str, Any]]:
    return [each.to_json() for each in updates(present, wanted, destination_anew=anew)]


def test_what_was_written_is_read_back_without_a_difference() -> None:
    assert actions(held(DRAFT), DRAFT) == []


def test_the_order_of_types_is_no_difference() -> None:
    messages = [{"resourceTypeId": "order", "types": ["OrderEditApplied", "OrderCreated"]}]
    changes = [{"resourceTypeId": "order"}, {"resourceTypeId": "customer"}]
    assert actions(held(DRAFT, messages=messages, changes=changes), DRAFT) == []


def test_all_messages_of_a_type_are_not_some_of_them() -> None:
    present = held(DRAFT, messages=[{"resourceTypeId": "order", "types": []}])
    assert [each["action"] for each in actions(present, DRAFT)] == ["setMessages"]


def test_each_difference_is_one_action() -> None:
    present = held(replace(DRAFT, key="other", changes=frozenset({"order", "cart"})), key=None)
    moved = replace(DRAFT, destination=Destination.pubsub("my-project", "ct"))
    assert actions(present, moved) == [
        {"action": "setKey", "key": "intercom-sync"},
        {
            "action": "changeDestination",
            "destination": {"type": "GoogleCloudPubSub", "projectId": "my-project", "topic": "ct"},
        },
        {"action": "setChanges", "changes": [{"resourceTypeId": "customer"}, {"resourceTypeId": "order"}]},
    ]


def test_a_destination_can_be_set_anew_where_it_is_the_same() -> None:
    assert [each["action"] for each in actions(held(DRAFT), DRAFT, anew=True)] == ["changeDestination"]


def test_masked_secrets_are_no_difference() -> None:
    keyed = Destination.sns("arn:aws:sns:eu-central-1:123456789012:ct", access_key="AKIA", access_secret="s3cret")
    shown = {**keyed.to_json(), "accessKey": "****KIA", "accessSecret": "****ret"}
    draft = replace(DRAFT, destination=keyed)
    assert actions(held(draft, destination=shown), draft) == []


def test_what_amazon_lets_in_by_keys_is_not_what_it_lets_in_by_policy() -> None:
    shown = {name: value for name, value in QUEUE.to_json().items() if name != "authenticationMode"}
    assert [each["action"] for each in actions(held(DRAFT, destination=shown), DRAFT)] == ["changeDestination"]


def test_what_commercetools_adds_to_a_destination_is_no_difference() -> None:
    bridge = Destination.event_bridge("123456789012", "eu-central-1")
    draft = replace(DRAFT, destination=bridge)
    assert actions(held(draft, destination={**bridge.to_json(), "source": "aws.partner/x"}), draft) == []


def test_cloud_events_are_asked_for_with_their_version() -> None:
    written = replace(DRAFT, format=Format.CLOUD_EVENTS).to_json()
    assert written["format"] == {"type": "CloudEvents", "cloudEventsVersion": "1.0"}


def test_secrets_are_in_no_repr() -> None:
    keyed = Destination.event_grid("https://x.eventgrid.azure.net/api/events", access_key="s3cret")
    draft = replace(DRAFT, destination=keyed)
    assert "s3cret" not in repr((draft, updates(held(DRAFT), draft)))


@pytest.mark.parametrize(
    "body", [None, [], {}, {"id": "x", "version": "1", "destination": {}}, {"id": "", "version": 1}]
)
def test_rubbish_is_a_bad_answer(body: object) -> None:
    with pytest.raises(BadAnswer):
        subscription(body)


def test_types_and_states_of_the_future_are_read() -> None:
    read = held(DRAFT, format={"type": "Telegram"}, status="Dreaming", destination={"type": "Pigeon", "coop": "7"})
    assert (read.format, read.status, read.destination.where) == ("Telegram", "Dreaming", "Pigeon")
