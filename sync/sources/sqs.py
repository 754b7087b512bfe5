"""Receives what commercetools put into an SQS queue, and gives hints.

A message is deleted only when its hints are committed. One that is taken twice, because the deletion failed or the
process was killed in between, is one hint more and does no harm.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from clients.amazon.sqs import Received, SqsQueue
from clients.errors import PlatformError
from sync.sources.notifications import Taken, is_all_foreign, take_notifications
from sync.storage.database import Database

SOURCE: Final = "sqs"
LOOK_SECONDS: Final = 0.2  # between two looks whether we are to stop

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What became of the messages of one look. `left`: for another project, and still in the queue."""

    received: int = 0
    hints: int = 0
    unreadable: int = 0
    left: int = 0


class SqsSource:
    """Of one installation. Any number of processes may have one: SQS gives each message to one of them at a time."""

    def __init__(
        self,
        installation: str,
        database: Database,
        queue: SqsQueue,
        *,
        project_key: str,
        now: Callable[[], datetime],
        stopping: threading.Event,
    ) -> None:
        self._installation = installation
        self._database = database
        self._queue = queue
        self._project_key = project_key
        self._now = now
        self._stopping = stopping

    def look(self) -> Batch:
        """Waits for messages, and takes them. Raises `PlatformError`: what was not taken comes again by itself."""
        messages = self._received()
        taken: list[tuple[Received, Taken]] = []
        try:
            for message in messages:
                taken.append((message, self._take(message)))
        finally:
            self._delete([message for message, each in taken if not is_all_foreign(each)])
        batch = Batch(
            received=len(messages),
            hints=sum(each.hints for _, each in taken),
            unreadable=sum(each.unreadable for _, each in taken),
            left=sum(is_all_foreign(each) for _, each in taken),
        )
        _tell(batch)
        return batch

    def _received(self) -> Sequence[Received]:
        """None when we are to stop meanwhile. SQS cannot be told; what it still hands out it will hand out again."""
        answer: Future[Sequence[Received]] = Future()
        threading.Thread(target=self._receive, args=(answer,), name="sqs-receive", daemon=True).start()
        while not self._stopping.is_set():
            try:
                return answer.result(timeout=LOOK_SECONDS)
            except FutureTimeout:
                continue
        return ()

    def _receive(self, answer: Future[Sequence[Received]]) -> None:
        try:
            answer.set_result(self._queue.receive())
        except BaseException as error:  # noqa: BLE001 - whoever waits decides
            answer.set_exception(error)

    def _take(self, message: Received) -> Taken:
        return take_notifications(
            self._database,
            self._installation,
            message.body,
            project_key=self._project_key,
            source=SOURCE,
            now=self._now(),
        )

    def _delete(self, messages: Sequence[Received]) -> None:
        try:
            failed = self._queue.delete(messages)
        except PlatformError as error:
            log.warning("sync.queue_not_emptied", messages=len(messages), reason=error.reason_code)
            return
        if failed:
            log.warning("sync.queue_not_emptied", messages=failed, reason="refused")


def _tell(batch: Batch) -> None:
    if batch.hints:
        log.info("sync.queue_read", messages=batch.received, hints=batch.hints)
    if batch.unreadable:
        log.warning("sync.queue_unreadable", messages=batch.unreadable)
    if batch.left:
        log.warning("sync.queue_of_another_project", messages=batch.left)
