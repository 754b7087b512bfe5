"""Another process acts on the shop through the commercetools stand-in's control door."""

from __future__ import annotations

import pytest
import requests

from sandbox.commercetools import CommercetoolsStandIn
from sandbox.shop.identifiers import customer_id, order_id
from sandbox.shop.scenarios.anna import VIP
from tests.fresh_shop import fresh_sample_shop

ANNA = customer_id(VIP)
NEWEST = order_id("DE-10482")


def asked(stand_in: CommercetoolsStandIn, body: object) -> requests.Response:
    return requests.post(f"{stand_in.url}/_control", json=body, timeout=30)


def test_an_act_is_done_and_says_what_it_changed(stand_in: CommercetoolsStandIn) -> None:
    answer = asked(stand_in, {"act": "ship", "order": NEWEST, "tracking": "1Z1"}).json()
    shipped = stand_in.shop.get("order", NEWEST) or {}
    assert answer["changed"] == [{"type": "order", "id": NEWEST, "version": shipped["version"]}]
    assert shipped["shippingInfo"]["deliveries"][-1]["parcels"][0]["id"] == answer["parcel"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"act": "fly"}, "there is no act 'fly'"),
        ({"act": {"ship": 1}}, "there is no act"),
        ({"act": "ship"}, "ship needs order"),
        ({"act": "ship", "order": "x"}, "there is no order x"),
        ({"act": "ship", "order": NEWEST, "latency_ms": 5}, "ship knows no latency_ms"),
        ({"act": "capture", "order": NEWEST}, "everything is captured"),
        (["ship"], "JSON object"),
    ],
)
def test_what_cannot_be_done_is_400_with_words(stand_in: CommercetoolsStandIn, body: object, words: str) -> None:
    answer = asked(stand_in, body)
    assert (answer.status_code, words in answer.json()["error"]) == (400, True)


def test_the_next_read_sees_the_act(stand_in: CommercetoolsStandIn) -> None:
    asked(stand_in, {"act": "cancel", "order": NEWEST})
    token = requests.post(
        f"{stand_in.url}/oauth/token",
        data={"grant_type": "client_credentials"},
        auth=(stand_in.client_id, stand_in.client_secret),
        timeout=30,
    ).json()["access_token"]
    read = requests.post(
        f"{stand_in.api_url}/{stand_in.project_key}/graphql",
        json={"query": f'{{ order(id: "{NEWEST}") {{ orderState }} }}'},
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    )
    assert read.json() == {"data": {"order": {"orderState": "Cancelled"}}}


def test_the_door_tells_what_can_be_done_for_a_customer(stand_in: CommercetoolsStandIn) -> None:
    answer = requests.get(f"{stand_in.url}/_control", params={"customer": ANNA}, timeout=30).json()
    assert (answer["who"], answer["order"]) == ("Anna Kowalska", {"id": NEWEST, "number": "DE-10482"})


def test_a_reset_with_another_shop_is_acted_on(stand_in: CommercetoolsStandIn) -> None:
    asked(stand_in, {"act": "cancel", "order": NEWEST})
    stand_in.reset(fresh_sample_shop())
    assert asked(stand_in, {"act": "cancel", "order": NEWEST}).status_code == 200
