"""Google's emulator as the queue between commercetools and the door. Only the token is ours: an emulator has none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from sync.storage.database import Database
from tests.integration.sync.doors.emulator import Absent, Emulator, emulator, signing
from tests.integration.sync.doors.house import House, hinted, house, intake_of, mail
from tests.integration.sync.doors.test_database_down import HURRIED, away
from tests.integration.sync.working import eventually

SOON = 60.0


@pytest.fixture(scope="module")
def google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    try:
        with emulator(tmp_path_factory.mktemp("pubsub") / "emulator.log") as running:
            yield running
    except Absent:
        pytest.skip("Google's Pub/Sub emulator is not installed (gcloud components install pubsub-emulator)")


@pytest.fixture
def topic(google: Emulator) -> str:
    return google.create_topic(f"commercetools-{uuid4().hex[:8]}")


@pytest.mark.parametrize("wrapped", [True, False], ids=["wrapped", "unwrapped"])
def test_what_is_published_to_a_topic_is_a_hint(
    google: Emulator, topic: str, doors: House, kept: Database, wrapped: bool
) -> None:
    told, event = mail(), mail()
    with signing(doors.pubsub) as (endpoint, signer):
        google.create_push_subscription(f"push-{uuid4().hex[:8]}", topic, endpoint, wrapped=wrapped)
        google.publish(topic, told.text(), json.dumps(event.cloud_event()))
        assert eventually(lambda: set(hinted(kept)) == {(told.id, "pubsub"), (event.id, "pubsub")}, within=SOON)
        assert eventually(lambda: len(signer.statuses) >= 2, within=SOON)
    assert set(signer.statuses) == {204}


def test_pushes_of_the_emulator_itself_are_refused_for_their_lack_of_a_token(
    google: Emulator, topic: str, doors: House, kept: Database
) -> None:
    google.create_push_subscription(f"push-{uuid4().hex[:8]}", topic, doors.pubsub.door, wrapped=True)
    google.publish(topic, mail().text())
    assert eventually(lambda: doors.count("pubsub", "refused") >= 1, within=SOON)
    assert hinted(kept) == []


def test_what_comes_while_the_database_is_away_is_pushed_again_until_it_is_kept(
    google: Emulator, topic: str, database_url: str, postgres_url: str
) -> None:
    told = mail()
    with (
        intake_of(database_url, patience=HURRIED) as intake,
        house(intake) as doors,
        signing(doors.pubsub) as (endpoint, signer),
    ):
        google.create_push_subscription(f"push-{uuid4().hex[:8]}", topic, endpoint, wrapped=True)
        with away(postgres_url, database_url):
            google.publish(topic, told.text())
            assert eventually(lambda: 503 in signer.statuses, within=SOON)
        assert eventually(lambda: 204 in signer.statuses, within=SOON)
    with Database.open(database_url, var=Path("var")) as database:
        assert set(hinted(database)) == {(told.id, "pubsub")}  # delivered at least once, says Google
