"""What commercetools is asked to tell."""

from __future__ import annotations

from clients.commercetools.notifications import notification
from commerce.milestones import MilestoneName
from sync.mapping.events import EVENTS
from sync.sources.notifications import hint_of
from sync.subscribing.wanted import resource_of, wanted


def test_without_events_only_what_no_change_tells_is_asked_for() -> None:
    assert wanted([]).types == {"order": frozenset({"OrderEditApplied"})}


def test_a_message_is_asked_for_by_the_events_that_it_dates() -> None:
    reasons = wanted([MilestoneName.ORDER_CONFIRMED, MilestoneName.ORDER_CANCELLED]).messages
    assert reasons["OrderStateChanged"] == "the exact time of order_confirmed, order_cancelled"
    assert set(reasons) == {"OrderEditApplied", "OrderStateChanged"}


def test_every_message_is_asked_for_under_a_resource_that_is_looked_at() -> None:
    assert {resource_of(each) for each in wanted(EVENTS).messages} == {"order", "payment", "customer"}
    assert resource_of("ReturnInfoAdded") == resource_of("ParcelAddedToDelivery") == "order"


def test_tokens_and_carts_are_never_asked_for() -> None:
    everything = wanted(EVENTS)
    asked = {*everything.changes, *everything.types, *everything.messages}
    assert not [each for each in asked if "token" in each.lower() or "cart" in each.lower()]


def test_every_change_that_is_asked_for_is_one_that_doors_make_hints_of() -> None:
    for type_ in wanted([]).changes:
        told = notification(
            {"notificationType": "ResourceUpdated", "projectKey": "p", "resource": {"typeId": type_, "id": "1"}}
        )
        assert hint_of(told, "sqs") is not None
