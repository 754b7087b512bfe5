"""One installation whose sync has worked between both stand-ins, one that knows nothing, and an admin of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask

from sandbox.intercom.switches import Fault
from sync.storage.database import Database
from sync.storage.dead_letters import DeadLetter, list_dead_letters
from sync.storage.installations import SINGLE
from tests.integration.canvas_app.console.pages import ELSEWHERE, Reader, console_app, reader
from tests.integration.sync.companion import Companion, companion
from tests.integration.sync.conftest import postgres_url, shared_database, template_database

__all__ = ["postgres_url", "shared_database", "template_database"]

EMAIL = "traced@example.com"
GUESTS = 100


@dataclass(frozen=True, kw_only=True)
class World:
    """A customer with an order, and guests whose events Intercom refused."""

    running: Companion
    customer: str
    order: str
    number: str

    @property
    def subject(self) -> str:
        return f"c:{self.customer}"

    def letters(self) -> tuple[DeadLetter, ...]:
        with self.running.database.transaction() as connection:
            return list_dead_letters(connection, SINGLE, limit=None)


@pytest.fixture(scope="module")
def world(shared_database: Database) -> Iterator[World]:
    with companion(shared_database) as running:
        running.sweep()
        customer = running.act("create_account", email=EMAIL, name="Traced").ids["customer"]
        order = running.act("place", customer=customer, number="TRACED-1").ids["order"]
        running.sweep()
        assert running.settled()
        running.intercom.switches.set(faults=[Fault(kind="status", status=400, door="events", times=10_000)])
        for number in range(GUESTS):
            running.act("place", email=f"guest-{number}@example.com", name=f"guest-{number}")
        running.sweep()
        assert running.settled(within=120.0)
        running.intercom.switches.set(faults=[])
        yield World(running=running, customer=customer, order=order, number="TRACED-1")


@pytest.fixture(scope="module")
def app(world: World) -> Flask:
    return console_app(world.running.database)


@pytest.fixture
def admin(app: Flask) -> Reader:
    return reader(app, SINGLE)


@pytest.fixture
def stranger(app: Flask) -> Reader:
    """An admin of another installation."""
    return reader(app, ELSEWHERE)
