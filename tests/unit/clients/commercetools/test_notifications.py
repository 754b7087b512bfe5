"""What queues hand over, in every wrapping, and rubbish."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.commercetools.notifications import (
    MOST_IN_ONE,
    NotANotification,
    Notification,
    OfNoResource,
    notifications_in,
)

MESSAGE: dict[str, Any] = {
    "notificationType": "Message",
    "projectKey": "shop-eu",
    "id": "m-1",
    "version": 1,
    "sequenceNumber": 7,
    "resource": {"typeId": "order", "id": "o-1"},
    "resourceVersion": 12,
    "resourceUserProvidedIdentifiers": {"orderNumber": "A-1001"},
    "type": "OrderStateChanged",
    "orderState": "Confirmed",
    "createdAt": "2026-11-01T10:00:00.123Z",
    "lastModifiedAt": "2026-11-01T10:00:00.123Z",
}
CHANGE: dict[str, Any] = {
    "notificationType": "ResourceUpdated",
    "projectKey": "shop-eu",
    "resource": {"typeId": "customer", "id": "c-1"},
    "version": 5,
    "oldVersion": 3,
    "modifiedAt": "2026-11-01T10:00:00.000Z",
}
DROPPED = {name: value for name, value in MESSAGE.items() if name not in ("type", "orderState")} | {
    "payloadNotIncluded": {"reason": "Payload too large", "payloadType": "OrderCreated"}
}


def cloud_event(data: object) -> dict[str, object]:
    return {
        "specversion": "1.0",
        "id": "m-1",
        "type": "com.commercetools.order.message.OrderStateChanged",
        "source": "/shop-eu/orders",
        "subject": "o-1",
        "data": data,
    }


def in_sns(body: object) -> dict[str, object]:
    return {"Type": "Notification", "MessageId": "1", "TopicArn": "arn:x", "Message": json.dumps(body)}


def in_event_bridge(body: object) -> dict[str, object]:
    return {
        "version": "0",
        "id": "1",
        "detail-type": "Message",
        "source": "aws.partner/commercetools.com/x",
        "detail": body,
    }


def in_base64(body: object) -> dict[str, object]:
    event = cloud_event(None)
    del event["data"]
    return event | {"data_base64": base64.b64encode(json.dumps(body).encode()).decode()}


def read(body: object) -> tuple[Notification | OfNoResource, ...]:
    return notifications_in(json.dumps(body))


def one(body: object) -> Notification:
    (found,) = read(body)
    assert isinstance(found, Notification)
    return found


def test_a_message_names_its_resource_its_version_and_its_moment() -> None:
    assert one(MESSAGE) == Notification(
        project_key="shop-eu",
        resource_type="order",
        resource_id="o-1",
        kind="Message",
        version=12,
        occurred_at=datetime(2026, 11, 1, 10, 0, 0, 123_000, tzinfo=UTC),
        message_type="OrderStateChanged",
        id="m-1",
    )


def test_a_change_says_that_something_changed_and_not_what() -> None:
    found = one(CHANGE)
    assert (found.resource_type, found.version, found.message_type) == ("customer", 5, None)


def test_a_message_whose_contents_were_too_large_still_says_what_it_was() -> None:
    assert one(DROPPED).message_type == "OrderCreated"


def test_an_event_of_checkout_names_no_resource() -> None:
    event = {"notificationType": "Event", "id": "e1", "type": "CheckoutPaymentRefunded", "data": {}}
    assert read(event) == (OfNoResource(kind="Event"),)


@pytest.mark.parametrize(
    "wrapped",
    [
        cloud_event,
        lambda body: cloud_event(json.dumps(body)),
        in_base64,
        in_sns,
        in_event_bridge,
        lambda body: [body],
        lambda body: in_sns(cloud_event(body)),
        lambda body: in_sns(in_event_bridge(cloud_event(body))),
        lambda body: [cloud_event(body)],
    ],
)
def test_every_wrapping_comes_off(wrapped: Callable[[object], object]) -> None:
    assert read(wrapped(MESSAGE)) == read(MESSAGE)


def test_a_batch_holds_all_its_notifications() -> None:
    assert len(read([cloud_event(MESSAGE), cloud_event(CHANGE)])) == 2


@pytest.mark.parametrize(
    "rubbish",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"1",
        b'"text"',
        b"{}",
        b"[" * 100_000,
        json.dumps([[[[[[[MESSAGE]]]]]]]).encode(),
        json.dumps(MESSAGE | {"projectKey": None}).encode(),
        json.dumps(MESSAGE | {"projectKey": "x" * 1000}).encode(),
        json.dumps(MESSAGE | {"resource": "order"}).encode(),
        json.dumps(MESSAGE | {"resource": {"typeId": "order"}}).encode(),
        json.dumps(MESSAGE | {"resource": {"typeId": "order", "id": "a\nb"}}).encode(),
        json.dumps(in_sns(MESSAGE) | {"Message": "{"}).encode(),
        json.dumps(cloud_event(None)).encode(),
        json.dumps(in_base64(MESSAGE) | {"data_base64": "*"}).encode(),
        json.dumps([MESSAGE] * (MOST_IN_ONE + 1)).encode(),
    ],
)
def test_rubbish_is_refused_in_words_of_ours(rubbish: bytes) -> None:
    with pytest.raises(NotANotification):
        notifications_in(rubbish)


@pytest.mark.parametrize("moment", [None, 5, "", "yesterday", "0001-01-01T00:00:00+14:00", "2026-99-99T00:00:00Z"])
def test_a_moment_that_cannot_be_read_costs_only_the_moment(moment: object) -> None:
    found = one(MESSAGE | {"createdAt": moment})
    assert (found.occurred_at, found.resource_id) == (None, "o-1")


@pytest.mark.parametrize("version", [None, "12", -1, 0, True, 1.5, 2**70])
def test_a_version_that_is_none_costs_only_the_version(version: object) -> None:
    assert one(MESSAGE | {"resourceVersion": version}).version is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
        max_leaves=12,
    )
)
def test_no_json_leads_to_another_error(body: object) -> None:
    with suppress(NotANotification):
        read(body)
