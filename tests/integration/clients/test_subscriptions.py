"""Subscriptions over REST, against the stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from clients.commercetools.settings import ShopSettings
from clients.commercetools.subscription import Destination, Draft, Status
from clients.commercetools.subscriptions import KEY_TAKEN, SubscriptionHealth, Subscriptions, with_scope
from clients.deadline import Call, Deadline
from clients.errors import CredentialsRefused, Overloaded, PlatformError, Rejected, ScopeMissing
from clients.wire.http import Http
from clients.wire.retry import OneRetry
from sandbox.commercetools import CommercetoolsStandIn
from sandbox.commercetools.switches import Fault

DRAFT = Draft(
    key="intercom-sync",
    destination=Destination.pubsub("my-project", "changes"),
    changes=frozenset({"order"}),
    messages={},
)
AT_ONCE = OneRetry(sleep=lambda _: None)


def call() -> Call:
    return Call(Deadline.after(10), "c-1")


@pytest.fixture
def settings(stand_in: CommercetoolsStandIn) -> ShopSettings:
    return ShopSettings(
        project_key=stand_in.project_key,
        client_id=stand_in.client_id,
        client_secret=stand_in.client_secret,
        auth_url=stand_in.auth_url,
        api_url=stand_in.api_url,
        scopes=(f"view_orders:{stand_in.project_key}",),
    )


@pytest.fixture
def http() -> Iterator[Http]:
    with closing(Http()) as http:
        yield http


@pytest.fixture
def subscriptions(settings: ShopSettings, http: Http) -> Subscriptions:
    return Subscriptions(settings, http, retry=AT_ONCE)


@pytest.fixture
def health(settings: ShopSettings, http: Http) -> SubscriptionHealth:
    return SubscriptionHealth(settings, http, retry=AT_ONCE)


def test_what_was_made_is_found_by_its_key_and_in_the_list(subscriptions: Subscriptions) -> None:
    made = subscriptions.create(DRAFT, call=call())
    assert subscriptions.by_key(DRAFT.key, call=call()) == made
    assert subscriptions.listed(call=call()) == (made,)


def test_there_may_be_none(subscriptions: Subscriptions) -> None:
    assert subscriptions.by_key("none", call=call()) is None


def test_a_token_that_is_refused_is_replaced_once(subscriptions: Subscriptions, stand_in: CommercetoolsStandIn) -> None:
    subscriptions.by_key("none", call=call())
    stand_in.tokens.revoke_all()
    assert subscriptions.create(DRAFT, call=call()).key == DRAFT.key
    assert len(stand_in.subscriptions.all()) == 1


def test_a_suspended_project_is_no_missing_subscription(
    subscriptions: Subscriptions, stand_in: CommercetoolsStandIn
) -> None:
    stand_in.switches.set(project_suspended=True)
    with pytest.raises(CredentialsRefused):
        subscriptions.by_key(DRAFT.key, call=call())


def test_a_refusal_carries_the_platforms_own_code_and_words(subscriptions: Subscriptions) -> None:
    subscriptions.create(DRAFT, call=call())
    with pytest.raises(Rejected) as refused:
        subscriptions.create(DRAFT, call=call())
    assert refused.value.code == KEY_TAKEN
    assert "intercom-sync" in (refused.value.said or "")
    assert "intercom-sync" not in refused.value.reason


def test_reading_is_tried_once_more_and_writing_never(
    subscriptions: Subscriptions, stand_in: CommercetoolsStandIn
) -> None:
    stand_in.switches.set(faults=[Fault(kind="status", status=502, door="rest", times=1)])
    assert subscriptions.by_key(DRAFT.key, call=call()) is None
    stand_in.switches.set(faults=[Fault(kind="status", status=502, door="rest", times=1)])
    with pytest.raises(PlatformError):
        subscriptions.create(DRAFT, call=call())
    assert stand_in.subscriptions.all() == ()


def test_without_the_scope_it_says_so(subscriptions: Subscriptions, stand_in: CommercetoolsStandIn) -> None:
    stand_in.switches.set(missing_scopes=["manage_subscriptions"])
    with pytest.raises(ScopeMissing):
        subscriptions.by_key(DRAFT.key, call=call())


def test_a_client_for_everything_is_asked_for_everything(settings: ShopSettings) -> None:
    everything = f"manage_project:{settings.project_key}"
    assert with_scope(replace(settings, scopes=(everything, "x"))).scopes == (everything,)


@pytest.mark.parametrize(
    ("status", "heard"),
    [
        ("Healthy", Status.HEALTHY),
        ("TemporaryError", Status.TEMPORARY_ERROR),
        ("ConfigurationErrorDeliveryStopped", Status.CONFIGURATION_ERROR),
        ("ManuallySuspended", Status.CONFIGURATION_ERROR),
    ],
)
def test_health_is_heard_without_a_token(
    subscriptions: Subscriptions,
    health: SubscriptionHealth,
    stand_in: CommercetoolsStandIn,
    status: str,
    heard: Status,
) -> None:
    made = subscriptions.create(DRAFT, call=call())
    stand_in.subscriptions.set_status(DRAFT.key, status)
    assert health.of(made.id, call=call()) is heard
    assert "Authorization" not in stand_in.requests[-1].headers


def test_one_that_is_not_there_has_no_health(health: SubscriptionHealth) -> None:
    assert health.of("none", call=call()) is None


def test_a_platform_in_trouble_says_nothing_of_health(
    health: SubscriptionHealth, stand_in: CommercetoolsStandIn
) -> None:
    stand_in.switches.set(faults=[Fault(kind="status", status=503, door="rest")])
    with pytest.raises(Overloaded):
        health.of("any", call=call())
