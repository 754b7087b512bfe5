"""`worker` as a process: it makes the workspace ready, watches, works, and drains."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Thread
from typing import Any

from sandbox.shop.acts import Acts
from sandbox.shop.identifiers import customer_id
from sync.storage.dead_letters import Place, bury, list_dead_letters
from sync.storage.installations import SINGLE
from tests.integration.sync.commands.conftest import MAPPING, Desk
from tests.integration.sync.commands.test_dead_letters import NOW
from tests.integration.sync.working import eventually

SOON = 60.0


class Running:
    """A worker process and the lines of its log."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[dict[str, Any]] = []
        Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if line.startswith("{"):
                self.lines.append(json.loads(line))

    def has_logged(self, event: str) -> bool:
        return eventually(lambda: any(line["event"] == event for line in self.lines), within=SOON)

    def events(self) -> list[str]:
        return [line["event"] for line in self.lines]


@contextmanager
def worker(desk: Desk, *arguments: str) -> Iterator[Running]:
    process = desk.start("worker", *arguments)
    running = Running(process)
    try:
        yield running
    finally:
        process.kill()
        process.wait(SOON)


def stopped(running: Running) -> int:
    running.process.send_signal(signal.SIGTERM)
    return running.process.wait(SOON)


def has_looked(desk: Desk) -> bool:
    """Whether the first poll knows where the next one begins."""
    with desk.database.transaction() as connection:
        names = {str(name) for (name,) in connection.execute("SELECT name FROM cursor")}
    return {"poll/customer", "poll/order"} <= names


def test_it_makes_the_attributes_that_the_mapping_names(desk: Desk) -> None:
    with worker(desk) as running:
        assert running.has_logged("sync.workspace_ready")
    names = {attribute.name for attribute in desk.intercom.workspace.attributes}
    assert names == {"ct_orders", "ct_last_order_number"}


def test_a_change_in_the_shop_arrives_by_itself(desk: Desk) -> None:
    anna = customer_id("vip")
    with worker(desk, "--poll-seconds", "0.2") as running:
        assert running.has_logged("sync.worker_started")
        assert eventually(lambda: has_looked(desk), within=SOON)  # what is older is a backfill's
        Acts(desk.shop.shop, clock=lambda: datetime.now(UTC)).do("place", customer=anna)
        assert eventually(lambda: desk.intercom.by_external_id(anna), within=SOON)


def test_told_to_stop_it_drains_and_ends_with_0(desk: Desk) -> None:
    with worker(desk) as running:
        assert running.has_logged("sync.worker_started")
        assert stopped(running) == 0
        assert running.has_logged("sync.worker_stopped")
        assert running.events()[-1] == "sync.worker_stopped"
        assert "sync.worker_stopping" in running.events()


def test_an_intercom_that_is_away_does_not_stop_the_start(desk: Desk) -> None:
    token = desk.intercom.access_token
    desk.intercom.switches.set(token_revoked=True)
    with worker(desk) as running:
        assert running.has_logged("sync.workspace_not_ready")
        assert running.has_logged("sync.worker_started")
        desk.intercom.switches.set(token_revoked=False)
        assert running.has_logged("sync.workspace_ready")
    assert token not in json.dumps(running.lines)


def test_what_was_refused_for_want_of_an_attribute_is_tried_again(desk: Desk) -> None:
    with desk.database.transaction() as connection:
        bury(connection, SINGLE, Place(part="attributes", subject="c:x"), "unknown_attribute", now=NOW)
    with worker(desk) as running:
        assert running.has_logged("sync.workspace_ready")

        def is_replayed() -> bool:
            with desk.database.transaction() as connection:
                return not list_dead_letters(connection, SINGLE)

        assert eventually(is_replayed)


def test_a_fault_that_shows_later_ends_it_with_2(desk: Desk) -> None:
    desk.intercom.switches.set(token_revoked=True)
    desk.intercom.declare(ct_orders="string")
    with worker(desk) as running:
        assert running.has_logged("sync.worker_started")
        desk.intercom.switches.set(token_revoked=False)
        assert running.process.wait(SOON) == 2


def test_another_workspace_ends_it_with_2_before_anything_is_written(desk: Desk) -> None:
    process = desk.having(INTERCOM_WORKSPACE_ID="other").start("worker")
    _, complaints = process.communicate(timeout=SOON)
    assert process.returncode == 2
    assert "belongs to workspace nrdlcht1, and the variable names other" in complaints
    assert {request.method for request in desk.intercom.requests} == {"GET"}


def test_it_makes_the_attributes_of_conversations_and_tells_them(desk: Desk) -> None:
    desk.mapping(MAPPING + '[conversations.attributes]\nct_order_number = "order.number"\n')
    anna = customer_id("vip")
    with worker(desk, "--poll-seconds", "0.2", "--conversations-seconds", "1") as running:
        assert running.has_logged("sync.worker_started")
        assert eventually(lambda: has_looked(desk), within=SOON)  # what is older is a backfill's
        Acts(desk.shop.shop, clock=lambda: datetime.now(UTC)).do("place", customer=anna, number="W-1001", name="w-1001")
        assert eventually(lambda: desk.intercom.by_external_id(anna), within=SOON)
        contact = desk.intercom.by_external_id(anna)
        assert contact is not None
        conversation = desk.intercom.converse(contact, "<p>Where is W-1001?</p>")
        assert eventually(lambda: said(desk, conversation) == {"ct_order_number": "W-1001"}, within=SOON)


def said(desk: Desk, conversation: str) -> Any:
    found = desk.intercom.conversation(conversation)
    return found["custom_attributes"] if found else None
