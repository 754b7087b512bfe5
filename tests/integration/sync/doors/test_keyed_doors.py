"""Doors of workspaces that installed the app: the key in the address says whom a push is for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from canvas_app.app import create_app
from canvas_app.ingest.intake import Intakes
from canvas_app.ingest.routes import keyed_blueprint
from canvas_app.metrics import Metrics
from canvas_app.writer import Writer
from clients.amazon.sns import SnsTopics
from clients.wire.http import Http
from clients.wire.published import LIMITS, fetching
from sandbox.doors import Certificates, EventGridCourier, PubSubCourier, SnsCourier
from sync.storage.database import Database
from sync.storage.installed import connect_shop, disconnect_shop, give_door_key, install, uninstall
from tests.integration.sync.doors.house import AMAZON, GOOGLE, PATIENT, PROJECT, SOMEBODY, mail, now, served


@dataclass(frozen=True, kw_only=True)
class Street:
    """Two workspaces, and the key of each; both have a shop of the same name."""

    url: str
    database: Database = field(repr=False)
    keys: dict[str, str] = field(repr=False)

    def pubsub(self, key: str) -> PubSubCourier:
        return PubSubCourier(door=f"{self.url}/ingest/pubsub/{key}", key=None)

    def sns(self, key: str) -> SnsCourier:
        return SnsCourier(door=f"{self.url}/ingest/sns/{key}", key=AMAZON)

    def eventgrid(self, key: str) -> EventGridCourier:
        return EventGridCourier(door=f"{self.url}/ingest/eventgrid/{key}", key=None)

    def hinted(self) -> list[tuple[str, str, str]]:
        with self.database.transaction() as connection:
            rows = connection.execute("SELECT installation, resource_id, source FROM hint ORDER BY 1, 2, 3")
            return list(rows.fetchall())


@pytest.fixture(scope="module")
def street(shared_database: Database) -> Iterator[Street]:
    with shared_database.transaction() as connection:
        keys = {each: _moved_in(shared_database, each) for each in ("wool", "silk", "linen", "gone")}
        disconnect_shop(connection, "w:linen", now=now())
        uninstall(connection, "gone", now=now())
    intakes = Intakes(
        Writer(shared_database.url, var=Path("var"), now=now, patience=PATIENT), now=now, patience=PATIENT
    )
    with Certificates.serve(google=GOOGLE, amazon=AMAZON) as published:
        http = Http(replace(LIMITS, connect_timeout=PATIENT, read_timeout=PATIENT))
        ask = fetching(http, platform="sandbox", purpose="certificates", seconds=PATIENT)
        topics = SnsTopics(lambda url: ask(published.at(url)), topics=None, now=now)
        metrics = Metrics()
        app = create_app(metrics=metrics, blueprints=[keyed_blueprint(intakes.of, topics, metrics)])
        with served(app) as url:
            yield Street(url=url, database=shared_database, keys=keys)
        http.close()
    intakes.close()


@pytest.fixture(autouse=True)
def _nothing_yet(shared_database: Database) -> None:
    with shared_database.transaction() as connection:
        connection.execute("TRUNCATE hint, dead_letter")


def _moved_in(database: Database, workspace_id: str) -> str:
    at = datetime.now(UTC)
    with database.transaction() as connection:
        row = install(
            connection,
            workspace_id=workspace_id,
            workspace_name=workspace_id,
            region="us",
            time_zone="UTC",
            token=b"sealed",
            mapping="",
            admin_id="1",
            now=at,
        )
        connect_shop(connection, row.id, shop=b"sealed", project_key=PROJECT, now=at)
        return give_door_key(connection, row.id, now=at)


def test_a_push_is_a_hint_of_the_workspace_whose_key_it_came_with(street: Street) -> None:
    first, second, third = mail(), mail(), mail()
    assert street.pubsub(street.keys["wool"]).push(first.text()) == 204
    assert street.sns(street.keys["silk"]).post(second.text()) == 204
    assert street.eventgrid(street.keys["silk"]).post(third.cloud_event()) == 204
    told = [("w:wool", first.id, "pubsub"), ("w:silk", second.id, "sns"), ("w:silk", third.id, "eventgrid")]
    assert street.hinted() == sorted(told)


@pytest.mark.parametrize("key", ["wrong", "w:wool", "gone", "%00", "a" * 500])
def test_a_wrong_key_opens_nothing(street: Street, key: str) -> None:
    key = street.keys.get(key, key)
    assert street.pubsub(key).push(mail().text()) == 401
    assert street.sns(key).post(mail().text()) == 401
    assert street.eventgrid(key).post(mail().cloud_event()) == 401
    assert street.eventgrid(key).shake_hands().status_code == 401
    assert street.hinted() == []


def test_without_a_key_there_is_no_door(street: Street) -> None:
    assert PubSubCourier(door=f"{street.url}/ingest/pubsub", key=None).push(mail().text()) == 404


def test_a_push_for_a_workspace_without_a_shop_is_brought_again(street: Street) -> None:
    assert street.pubsub(street.keys["linen"]).push(mail().text()) == 403
    assert street.hinted() == []


def test_a_push_of_another_project_stays_where_it_is(street: Street) -> None:
    assert street.pubsub(street.keys["wool"]).push(mail(project_key="somebody-else").text()) == 403
    assert street.hinted() == []


def test_the_key_alone_does_not_sign_for_amazon(street: Street) -> None:
    forged = replace(street.sns(street.keys["wool"]), key=replace(SOMEBODY, id=AMAZON.id))
    assert forged.post(mail().text()) == 401
    assert street.hinted() == []


def test_rubbish_becomes_a_dead_letter_of_that_workspace(street: Street) -> None:
    assert street.pubsub(street.keys["wool"]).push("rubbish") == 204
    with street.database.transaction() as connection:
        rows = connection.execute("SELECT installation FROM dead_letter").fetchall()
    assert rows == [("w:wool",)]


def test_a_handshake_with_the_key_is_granted(street: Street) -> None:
    answer = street.eventgrid(street.keys["wool"]).shake_hands()
    assert (answer.status_code, answer.headers["WebHook-Allowed-Origin"]) == (200, "eventgrid.azure.net")
