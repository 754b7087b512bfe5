"""The plan of `subscribe`, before anything is done."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from clients.commercetools.subscription import Destination, Draft, Format, Status, Subscription, subscription
from sync.subscribing.plan import Deed, FormatDiffers, SubscriptionPlan, subscription_plan, workspace_plan
from sync.subscribing.wanted import Chosen, wanted

QUEUE = Destination.sqs("https://sqs.eu-central-1.amazonaws.com/1/ct", region="eu-central-1")
CHOSEN = Chosen(key="intercom-sync", destination=QUEUE)
WANTED = wanted([])


def present(**more: Any) -> Subscription:
    draft = Draft(key="intercom-sync", destination=QUEUE, changes=frozenset(WANTED.changes), messages=WANTED.types)
    return subscription({**draft.to_json(), "id": "s1", "version": 1, "status": "Healthy", **more})


def deeds(plan: SubscriptionPlan) -> list[tuple[str, str, str]]:
    return [(each.deed.value, each.what, each.name) for each in plan.steps]


def test_a_new_one_is_told_with_everything_that_it_tells() -> None:
    plan = subscription_plan(CHOSEN, WANTED, None)
    assert deeds(plan)[0] == ("create", "subscription", "intercom-sync")
    assert {step.name for step in plan.steps if step.what == "changes"} == {"customer", "order", "payment"}
    assert all(step.why for step in plan.steps)


def test_one_that_is_right_needs_nothing() -> None:
    plan = subscription_plan(CHOSEN, WANTED, present())
    assert (plan.updates, plan.steps, plan.warnings) == ((), (), ())


def test_without_a_destination_one_that_is_there_keeps_its_own() -> None:
    drifted = present(changes=[{"resourceTypeId": "order"}, {"resourceTypeId": "product"}])
    plan = subscription_plan(Chosen(key="intercom-sync"), WANTED, drifted)
    assert deeds(plan) == [
        ("create", "changes", "customer"),
        ("create", "changes", "payment"),
        ("remove", "changes", "product"),
    ]
    assert [each.action for each in plan.updates] == ["setChanges"]


def test_without_a_destination_none_is_made() -> None:
    assert subscription_plan(Chosen(key="intercom-sync"), WANTED, None) == SubscriptionPlan()


def test_all_messages_of_orders_become_those_that_matter() -> None:
    plan = subscription_plan(CHOSEN, WANTED, present(messages=[{"resourceTypeId": "order", "types": []}]))
    assert deeds(plan) == [("create", "message", "OrderEditApplied"), ("remove", "message", "all of order")]


def test_a_move_says_from_where_to_where() -> None:
    topic = Destination.sns("arn:aws:sns:eu-central-1:123456789012:ct")
    (step,) = subscription_plan(replace(CHOSEN, destination=topic), WANTED, present()).steps
    assert step.why == f"from {QUEUE.where} to {topic.where}"


def test_other_credentials_are_set() -> None:
    plan = subscription_plan(CHOSEN, WANTED, present(), secrets_known=False)
    assert [each.action for each in plan.updates] == ["changeDestination"]
    assert plan.steps[0].why.endswith("with other credentials")


def test_a_delivery_that_stopped_is_begun_again_by_naming_the_destination() -> None:
    stopped = present(status=Status.STOPPED)
    plan = subscription_plan(CHOSEN, WANTED, stopped)
    assert ([each.action for each in plan.updates], plan.warnings) == (["changeDestination"], ())
    left = subscription_plan(Chosen(key="intercom-sync"), WANTED, stopped)
    assert left.updates == ()
    assert "name its destination again" in left.warnings[0]


@pytest.mark.parametrize("status", ["TemporaryError", "ConfigurationError", "ManuallySuspended", "Dreaming"])
def test_other_trouble_is_said_and_not_acted_upon(status: str) -> None:
    plan = subscription_plan(CHOSEN, WANTED, present(status=status))
    assert (plan.updates, len(plan.warnings)) == ((), 1)


def test_a_format_that_differs_cannot_be_planned() -> None:
    with pytest.raises(FormatDiffers, match="speaks Platform"):
        subscription_plan(replace(CHOSEN, format=Format.CLOUD_EVENTS), WANTED, present())


def test_any_format_will_do_when_none_is_named() -> None:
    held = present(format={"type": "CloudEvents", "cloudEventsVersion": "1.0"})
    assert subscription_plan(CHOSEN, WANTED, held).updates == ()


def test_the_workspace_gets_what_it_lacks() -> None:
    plan = workspace_plan(
        missing={"ct_orders": "integer"},
        archived=["ct_old"],
        missing_of_conversations={"ct_order_number": "string"},
        wanted_tags=["VIP", "Open return", "VIP"],
        present_tags=["open RETURN"],
    )
    assert [(each.deed, each.what, each.name) for each in plan.steps] == [
        (Deed.CREATE, "contact attribute", "ct_orders"),
        (Deed.RESTORE, "contact attribute", "ct_old"),
        (Deed.CREATE, "conversation attribute", "ct_order_number"),
        (Deed.CREATE, "tag", "VIP"),
    ]
    assert plan.makes_attributes
