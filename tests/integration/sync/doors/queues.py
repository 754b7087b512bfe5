"""A queue in Amazon's stand-in, and its reader."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from clients.amazon.settings import SqsSettings
from clients.amazon.sqs import SqsQueue
from sandbox.shop import Project
from sync.sources.sqs import SqsSource
from sync.storage.database import Database
from sync.storage.installations import SINGLE
from tests.integration.sync.doors.house import now

REGION = "eu-central-1"
KEYS = {"aws_access_key_id": "sandbox", "aws_secret_access_key": "sandbox-secret", "region_name": REGION}


@dataclass(frozen=True)
class Shelf:
    """A queue of the test's own. `client` is Amazon's, as whoever fills the queue has it."""

    settings: SqsSettings
    client: Any

    @property
    def queue(self) -> SqsQueue:
        return SqsQueue(self.settings, wait_seconds=1)

    def put(self, *bodies: str) -> None:
        for body in bodies:
            self.client.send_message(QueueUrl=self.settings.queue_url, MessageBody=body)

    def left(self) -> int:
        """Messages that are not deleted, whether somebody holds them or not."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.client.get_queue_attributes(QueueUrl=self.settings.queue_url, AttributeNames=names)
        return sum(int(found["Attributes"][name]) for name in names)


def source(shelf: Shelf, database: Database, *, stopping: threading.Event | None = None) -> SqsSource:
    return SqsSource(
        SINGLE,
        database,
        shelf.queue,
        project_key=Project().key,
        now=now,
        stopping=stopping or threading.Event(),
    )
