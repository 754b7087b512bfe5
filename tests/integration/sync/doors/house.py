"""All doors of the web side over a real socket, and who knocks at them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Flask
from werkzeug.serving import make_server

from canvas_app.app import create_app
from canvas_app.ingest.doors import Doors, EventGridKeys
from canvas_app.ingest.intake import Intake
from canvas_app.ingest.routes import ingest_blueprint
from canvas_app.metrics import Metrics
from clients.amazon.sns import SnsTopics
from clients.google.push_tokens import PushTokens
from clients.wire.http import Http
from clients.wire.published import LIMITS, fetching
from sandbox.doors import Certificates, EventGridCourier, Mail, PubSubCourier, SigningKey, SnsCourier
from sandbox.shop import Project
from sync.storage.database import Database
from sync.storage.dead_letters import DeadLetter, list_dead_letters
from sync.storage.installations import SINGLE

GOOGLE, AMAZON, SOMEBODY = (SigningKey.made(each) for each in ("google-1", "SimpleNotificationService-1", "nobody"))
PROJECT = Project().key
PATIENT = 30.0  # times the usual wait for the database, which is busy on a busy machine
EVENTGRID_KEY = "the-key-of-event-grid-in-these-tests"


@dataclass(frozen=True, kw_only=True)
class House:
    """`url` is its address. `published`: what Google and Amazon publish."""

    url: str
    metrics: Metrics
    published: Certificates
    intake: Intake = field(repr=False)

    @property
    def pubsub(self) -> PubSubCourier:
        return PubSubCourier(door=f"{self.url}/ingest/pubsub", key=GOOGLE)

    @property
    def sns(self) -> SnsCourier:
        return SnsCourier(door=f"{self.url}/ingest/sns", key=AMAZON)

    @property
    def eventgrid(self) -> EventGridCourier:
        return EventGridCourier(door=f"{self.url}/ingest/eventgrid", key=EVENTGRID_KEY)

    def count(self, door: str, outcome: str) -> int:
        value = self.metrics.registry.get_sample_value("ingest_total", {"door": door, "outcome": outcome})
        return int(value or 0)


@contextmanager
def house(intake: Intake) -> Iterator[House]:
    """With all doors open, until the block ends."""
    metrics = Metrics()
    with ExitStack() as stack:
        published = stack.enter_context(Certificates.serve(google=GOOGLE, amazon=AMAZON))
        http = Http(replace(LIMITS, connect_timeout=PATIENT, read_timeout=PATIENT))
        stack.callback(http.close)
        ask = fetching(http, platform="sandbox", purpose="certificates", seconds=PATIENT)

        def fetch(url: str) -> bytes:
            return ask(published.at(url))

        visitor = PubSubCourier(door="", key=None)
        doors = Doors(
            pubsub=PushTokens(fetch, audience=visitor.audience, service_account=visitor.service_account),
            sns=SnsTopics(fetch, topics=[SnsCourier(door="", key=AMAZON).topic], now=now),
            eventgrid=EventGridKeys([EVENTGRID_KEY, "the-key-before-it"]),
        )
        app = create_app(metrics=metrics, blueprints=[ingest_blueprint(doors, intake, metrics)])
        yield House(url=stack.enter_context(served(app)), metrics=metrics, published=published, intake=intake)


@contextmanager
def intake_of(database_url: str | None, *, var: Path = Path("var"), patience: float = PATIENT) -> Iterator[Intake]:
    """A `patience` of 1.0 is that of the product, for those whose database is away."""
    intake = Intake(database_url, var=var, project_key=PROJECT, workspace_id=None, now=now, patience=patience)
    try:
        yield intake
    finally:
        intake.close()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="doors")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def now() -> datetime:
    return datetime.now(UTC)


def mail(**changed: Any) -> Mail:
    """An order that changed."""
    return replace(
        Mail(project_key=PROJECT, type_id="order", id=str(uuid4()), version=3, at=datetime.now(UTC)), **changed
    )


def hinted(database: Database) -> list[tuple[str, str]]:
    """Type, id and source of all hints, without their order."""
    with database.transaction() as connection:
        rows = connection.execute("SELECT resource_id, source FROM hint ORDER BY resource_id, source")
        return list(rows.fetchall())


def letters(database: Database) -> list[DeadLetter]:
    with database.transaction() as connection:
        return list(list_dead_letters(connection, SINGLE))
