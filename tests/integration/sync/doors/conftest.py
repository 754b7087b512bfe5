"""The web side's doors, with a database behind them that is empty at the beginning of each test."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from uuid import uuid4

import boto3  # type: ignore[import-untyped]
import pytest
from moto.server import ThreadedMotoServer

from canvas_app.ingest.intake import Intake
from clients.amazon.settings import SqsSettings
from sync.storage.database import Database
from tests.integration.sync.doors.house import House, house, intake_of
from tests.integration.sync.doors.queues import KEYS, REGION, Shelf


@pytest.fixture(scope="module")
def intake(shared_database: Database) -> Iterator[Intake]:
    with intake_of(shared_database.url) as intake:
        yield intake


@pytest.fixture
def kept(shared_database: Database) -> Database:
    """Where the doors keep what they take; nothing so far."""
    with shared_database.transaction() as connection:
        connection.execute("TRUNCATE hint, dead_letter")
    return shared_database


@pytest.fixture
def doors(intake: Intake, kept: Database) -> Iterator[House]:
    with house(intake) as doors:
        yield doors


@pytest.fixture(scope="module")
def amazon() -> Iterator[str]:
    """Its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def shelf(amazon: str) -> Iterator[Shelf]:
    client = boto3.client("sqs", endpoint_url=amazon, **KEYS)
    url = client.create_queue(QueueName=f"q-{uuid4().hex[:8]}", Attributes={"VisibilityTimeout": "30"})["QueueUrl"]
    environ = {
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox-secret",
        "AWS_REGION": REGION,
        "AWS_ENDPOINT_URL": amazon,
    }
    yield Shelf(SqsSettings.of(url, environ), client)
    client.close()
