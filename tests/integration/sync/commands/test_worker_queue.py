"""`worker` with an SQS queue: what commercetools put there arrives in Intercom, and stopping does not wait for more."""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime

import boto3  # type: ignore[import-untyped]
from moto.server import ThreadedMotoServer

from sandbox.doors import mail_of
from sandbox.shop.acts import Acts
from sandbox.shop.identifiers import customer_id
from tests.integration.sync.commands.conftest import Desk
from tests.integration.sync.commands.test_worker import SOON, stopped, worker
from tests.integration.sync.working import eventually

PROMPT = 15.0  # seconds; a look at an empty queue takes twenty


def test_what_waits_in_the_queue_arrives_and_a_stop_does_not_wait_for_more(desk: Desk) -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    anna = customer_id("vip")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    aws = {"AWS_ACCESS_KEY_ID": "sandbox", "AWS_SECRET_ACCESS_KEY": "sandbox-secret", "AWS_REGION": "eu-central-1"}
    client = boto3.client(
        "sqs",
        endpoint_url=f"http://{host}:{port}",
        region_name="eu-central-1",
        aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox-secret",
    )
    try:
        url = client.create_queue(QueueName="commercetools")["QueueUrl"]
        told = desk.having(SQS_QUEUE_URL=url, AWS_ENDPOINT_URL=f"http://{host}:{port}", **aws)
        with worker(told, "--no-poll") as running:
            assert running.has_logged("sync.worker_started")
            placed = Acts(desk.shop.shop, clock=lambda: datetime.now(UTC)).do("place", customer=anna)
            for each in mail_of(placed, project_key=desk.shop.project_key):
                client.send_message(QueueUrl=url, MessageBody=each.text())
            assert running.has_logged("sync.queue_read")
            assert eventually(lambda: desk.intercom.by_external_id(anna), within=SOON)
            began = time.monotonic()
            assert stopped(running) == 0
            assert time.monotonic() - began < PROMPT
        assert not any("sandbox-secret" in str(line) for line in running.lines)
    finally:
        client.close()
        server.stop()
