"""The doors alone, which believe the sandbox's certificates in Google's and Amazon's place.

`gunicorn "benchmarks.doors_app:doors_app()"`, with the database in `DATABASE_URL` and the certificates' address in
`CERTIFICATES_URL`. All else is as the product has it.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from flask import Flask

from canvas_app.app import create_app
from canvas_app.ingest.doors import Doors, EventGridKeys
from canvas_app.ingest.intake import Intake
from canvas_app.ingest.routes import ingest_blueprint
from canvas_app.metrics import Metrics
from clients.amazon.sns import SnsTopics
from clients.google.push_tokens import PushTokens
from clients.wire.http import Http
from clients.wire.published import LIMITS, fetching
from sandbox.doors import Certificates, PubSubCourier, SigningKey, SnsCourier

EVENTGRID_KEY: Final = "benchmark-key"
CERTIFICATES_URL: Final = "CERTIFICATES_URL"


def pubsub_courier(url: str, key: SigningKey) -> PubSubCourier:
    """Who may push to the app at this address."""
    return PubSubCourier(door=f"{url}/ingest/pubsub", key=key)


def sns_courier(url: str, key: SigningKey) -> SnsCourier:
    return SnsCourier(door=f"{url}/ingest/sns", key=key)


def _doors(certificates_url: str) -> Doors:
    published = Certificates(url=certificates_url)
    ask = fetching(Http(LIMITS), platform="sandbox", purpose="certificates")

    def fetch(url: str) -> bytes:
        return ask(published.at(url))

    return Doors(
        pubsub=PushTokens(fetch, audience=PubSubCourier.audience, service_account=PubSubCourier.service_account),
        sns=SnsTopics(fetch, topics=[SnsCourier.topic], now=_now),
        eventgrid=EventGridKeys([EVENTGRID_KEY]),
    )


def doors_app() -> Flask:
    """For each of gunicorn's workers."""
    metrics = Metrics()
    intake = Intake(
        os.environ["DATABASE_URL"],
        var=Path("var"),
        project_key=os.environ["CTP_PROJECT_KEY"],
        workspace_id=os.environ["INTERCOM_WORKSPACE_ID"],
        now=_now,
    )
    return create_app(
        metrics=metrics, blueprints=[ingest_blueprint(_doors(os.environ[CERTIFICATES_URL]), intake, metrics)]
    )


def _now() -> datetime:
    return datetime.now(UTC)
