"""The drawer's words arrive at the stand-in and come back, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from sandbox.commercetools import CommercetoolsStandIn
from sandbox.inbox.conditions import Conditions, NotSwitched, ShopControl

NORMAL = Conditions(latency_ms=0, answers="normal", missing_scopes=())


@pytest.fixture
def control(stand_in: CommercetoolsStandIn) -> ShopControl:
    return ShopControl(stand_in.url)


def test_a_fresh_shop_is_normal(control: ShopControl) -> None:
    assert control.conditions() == NORMAL


@pytest.mark.parametrize("answers", ["outage", "hang", "drip", "reset", "normal"])
def test_every_way_to_answer_is_understood(control: ShopControl, answers: str) -> None:
    control.change({"answers": answers})
    assert control.conditions().answers == answers


def test_latency_and_scopes_are_kept_side_by_side(control: ShopControl) -> None:
    control.change({"latency_ms": 300})
    control.change({"missing_scopes": ["view_payments"]})
    assert control.conditions() == Conditions(latency_ms=300, answers="normal", missing_scopes=("view_payments",))


def test_reset_makes_everything_normal(control: ShopControl) -> None:
    control.change({"latency_ms": 300, "answers": "outage", "missing_scopes": ["view_payments"]})
    assert control.change({"reset": True}) == NORMAL


def test_an_outage_answers_503(stand_in: CommercetoolsStandIn, control: ShopControl) -> None:
    control.change({"answers": "outage"})
    response = requests.post(
        f"{stand_in.url}/{stand_in.project_key}/graphql", json={"query": "{ __typename }"}, timeout=30
    )
    assert response.status_code == 503


def test_an_expired_token_is_refused(stand_in: CommercetoolsStandIn, control: ShopControl) -> None:
    minted = requests.post(
        f"{stand_in.url}/oauth/token",
        data={"grant_type": "client_credentials"},
        auth=(stand_in.client_id, stand_in.client_secret),
        timeout=30,
    ).json()["access_token"]
    control.change({"expire_token": True})
    response = requests.post(
        f"{stand_in.url}/{stand_in.project_key}/graphql",
        json={"query": "{ __typename }"},
        headers={"Authorization": f"Bearer {minted}"},
        timeout=30,
    )
    assert response.status_code == 401


def test_tokens_are_not_counted_as_requests(stand_in: CommercetoolsStandIn, control: ShopControl) -> None:
    requests.post(f"{stand_in.url}/oauth/token", timeout=30)
    requests.post(f"{stand_in.url}/{stand_in.project_key}/graphql", timeout=30)
    assert control.requests_so_far() == 1


@pytest.mark.parametrize(
    "change",
    [{"answers": "loudly"}, {"answers": ["x"]}, {"latency_ms": "1"}, {"latency_ms": -1}, {"missing_scopes": [1]}],
)
def test_rubbish_is_refused_by_name(control: ShopControl, change: dict[str, Any]) -> None:
    with pytest.raises(NotSwitched, match=next(iter(change))):
        control.change(change)


def test_a_shop_that_is_gone_is_said_to_be() -> None:
    with pytest.raises(NotSwitched, match="cannot be reached"):
        ShopControl("http://127.0.0.1:9").conditions()
