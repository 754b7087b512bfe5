"""The sample shop delivers through every door, twice, late and out of order, as its control door was told."""

from __future__ import annotations

import random
from typing import Any

import requests

from sandbox.commercetools import CommercetoolsStandIn
from sandbox.doors import Deliveries, through_eventgrid, through_pubsub, through_sns, through_sqs
from sandbox.shop import sample_shop
from sandbox.shop.identifiers import customer_id
from sync.storage.database import Database
from tests.integration.sync.doors.house import House, hinted
from tests.integration.sync.doors.queues import Shelf, source
from tests.integration.sync.working import eventually

DOORS = ("eventgrid", "pubsub", "sns", "sqs")
SOON = 60.0


def test_the_shop_delivers_through_every_door_as_badly_as_it_is_told_to(
    doors: House, shelf: Shelf, kept: Database
) -> None:
    ways = {
        "pubsub": through_pubsub(doors.pubsub),
        "sns": through_sns(doors.sns),
        "eventgrid": through_eventgrid(doors.eventgrid),
        "sqs": through_sqs(shelf.put),
    }
    with (
        CommercetoolsStandIn.serve(sample_shop()) as shop,
        Deliveries.running(ways, project_key=shop.project_key, chance=random.Random(3)) as deliveries,
    ):
        shop.tell(deliveries)
        asked(shop, {"delivery": {door: {"times": 2, "late_ms": 100, "shuffled": True} for door in DOORS}})
        done = asked(shop, {"act": "place", "customer": customer_id("vip")})
        told = [each["id"] for each in done["changed"] if each["type"] in ("order", "payment", "customer")]
        due = sorted((id_, door) for id_ in told for door in DOORS for _ in range(2))
        reader = source(shelf, kept)
        assert eventually(lambda: reader.look().received >= 0 and len(hinted(kept)) >= len(due), within=SOON)
        assert hinted(kept) == due
        assert eventually(lambda: asked(shop, {})["delivery"]["sns"].get("taken") == 2 * len(told), within=SOON)


def asked(shop: CommercetoolsStandIn, change: object) -> dict[str, Any]:
    answer = requests.post(f"{shop.url}/_control", json=change, timeout=10)
    assert answer.ok, answer.text
    said: dict[str, Any] = answer.json()
    return said


def test_without_doors_there_is_nothing_to_set(stand_in: CommercetoolsStandIn) -> None:
    answer = requests.post(f"{stand_in.url}/_control", json={"delivery": {}}, timeout=10)
    assert (answer.status_code, "no door is open" in answer.text) == (400, True)
