"""From a change in the shop to the contact in Intercom, told through each door alone: nobody polls."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import boto3  # type: ignore[import-untyped]
from moto.server import ThreadedMotoServer

from benchmarks.arrivals import Tell, changed
from benchmarks.backfilling import filled
from benchmarks.doors_app import CERTIFICATES_URL, EVENTGRID_KEY, pubsub_courier, sns_courier
from benchmarks.effort import Bench
from benchmarks.figures import Spread
from benchmarks.report import Figure
from benchmarks.scenarios.checks import check_equal
from benchmarks.stage import CLIENT, VAR
from benchmarks.sync_stage import SyncStage, sync_stage, working
from sandbox.doors import Certificates, EventGridCourier, Mail, SigningKey
from sandbox.product import Product

NAME = "doors"
ABOUT = "a change in the shop until Intercom shows it, told through each door alone, without polls"
APART_S: Final = 0.4  # two changes
AMAZON: Final = {
    "AWS_ACCESS_KEY_ID": "sandbox",
    "AWS_SECRET_ACCESS_KEY": "sandbox-secret",
    "AWS_REGION": "eu-central-1",
}

Send = Callable[[Mail], object]


def run(bench: Bench) -> list[Figure]:
    count = bench.effort.changes
    google, amazon = SigningKey.made("google-1"), SigningKey.made("SimpleNotificationService-1")
    with (
        sync_stage(customers=count * 4) as stage,
        _queue() as (send, variables),
        Certificates.serve(google=google, amazon=amazon) as certificates,
    ):
        stage = replace(stage, environment={**stage.environment, **variables})
        with working(stage), _web(stage, certificates) as url:
            filled(stage)
            pubsub, sns = pubsub_courier(url, google), sns_courier(url, amazon)
            eventgrid = EventGridCourier(door=f"{url}/ingest/eventgrid", key=EVENTGRID_KEY)
            ways: dict[str, Send] = {
                "Pub/Sub": lambda mail: _taken(pubsub.push(mail.text())),
                "SNS": lambda mail: _taken(sns.post(mail.text())),
                "Event Grid": lambda mail: _taken(eventgrid.post(mail.cloud_event())),
                "SQS": lambda mail: send(mail.text()),
            }
            return [
                figure
                for number, (name, way) in enumerate(ways.items())
                for figure in _figures(name, _seconds(stage, way, first=number * count + 1, count=count))
            ]


def _seconds(stage: SyncStage, send: Send, *, first: int, count: int) -> list[float]:
    customers = range(first, first + count)
    return changed(stage, customers, tell=_telling(stage, send), count=count, every=APART_S)


def _telling(stage: SyncStage, send: Send) -> Tell:
    def tell(order: int) -> None:
        id_ = stage.names.order(order)
        send(Mail(project_key=CLIENT.project_key, type_id="order", id=id_, version=2, at=datetime.now(UTC)))

    return tell


def _taken(status: int) -> None:
    check_equal("status of a push", status, 204)


def _figures(door: str, seconds: list[float]) -> list[Figure]:
    spread = Spread.of(seconds)
    return [
        Figure(NAME, f"told through {door}, p50", spread.p50, "s", 1),
        Figure(NAME, f"told through {door}, p99", spread.p99, "s", 3),
    ]


@contextmanager
def _web(stage: SyncStage, certificates: Certificates) -> Iterator[str]:
    """The address of the doors, as gunicorn serves them with the product's settings."""
    surroundings = {**stage.environment, CERTIFICATES_URL: certificates.url}
    with Product.started(surroundings, VAR / "doors.log", app="benchmarks.doors_app:doors_app()") as started:
        started.wait_until_ready(threading.Event())
        yield started.url


@contextmanager
def _queue() -> Iterator[tuple[Callable[[str], Any], dict[str, str]]]:
    """How to put something into a queue at moto's Amazon, and what a worker needs to know of it."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    client = boto3.client(
        "sqs",
        endpoint_url=endpoint,
        region_name=AMAZON["AWS_REGION"],
        aws_access_key_id=AMAZON["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=AMAZON["AWS_SECRET_ACCESS_KEY"],
    )
    try:
        url = client.create_queue(QueueName="commercetools")["QueueUrl"]
        variables = {"SQS_QUEUE_URL": url, "AWS_ENDPOINT_URL": endpoint, **AMAZON}
        yield lambda text: client.send_message(QueueUrl=url, MessageBody=text), variables
    finally:
        client.close()
        server.stop()
