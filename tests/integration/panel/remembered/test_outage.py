"""A database that is down, hangs or comes back: the panel answers as it would without one.

A panel that waited for it would have no time left for the shop, and say so. Where it must not even ask, it is made as
patient as can be: whatever it asked would take all of its time.
"""

from __future__ import annotations

import io
import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from canvas_app.canvas.lookup.breaker import Breaker
from canvas_app.database import PAUSE_SECONDS, PanelDatabase
from sync.storage.database import Database
from sync.storage.embedded import EmbeddedServer
from sync.storage.installations import SINGLE, clear_refusal, ensure_installation, note_refusal
from sync.storage.schema import migrate
from sync.storage.subscriptions import remember_subscription
from tests.integration.panel.agent import Agent
from tests.integration.panel.conftest import Open
from tests.integration.panel.remembered.conftest import AgentAt
from tests.integration.sync.working import eventually

SEVERAL = "Several customers match"
PICKED = "Franziska Huber | customer since 2024 | picked by an agent"
AS_FOR_AGENTS = 1.0  # times the usual time for a question
ON_A_BUSY_MACHINE = 20.0
FOR_EVER = 1_000.0


@pytest.fixture
def database_patience() -> float:
    return AS_FOR_AGENTS


class Clock:
    """By which the panel stops asking for a while."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Asking:
    """What a panel does about its database."""

    database: PanelDatabase
    clock: Clock

    def is_patient(self, patience: float) -> None:
        self.database.patience = patience

    def pauses_no_more(self) -> None:
        self.clock.now += PAUSE_SECONDS


def asking(agent: Agent) -> Asking:
    """Of a panel that has not asked yet. Time passes for it when it is told to."""
    database: PanelDatabase = agent.app.extensions["database"]
    clock = Clock()
    database.breaker = Breaker(failures=1, pause=PAUSE_SECONDS, clock=clock)
    return Asking(database, clock)


@pytest.fixture
def closed_port() -> Iterator[str]:
    """A database that refuses every connection."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"postgresql://nobody:secret-word@127.0.0.1:{taken.getsockname()[1]}/nothing"


@pytest.fixture
def silent_port() -> Iterator[str]:
    """A database that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        yield f"postgresql://nobody:secret-word@127.0.0.1:{silent.getsockname()[1]}/nothing"


@pytest.fixture(params=["closed_port", "silent_port"])
def dead_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(request.param)
    return url


def test_the_panel_does_without_a_dead_database(agent_at: AgentAt, dead_url: str) -> None:
    agent = agent_at(dead_url)
    its = asking(agent)
    agent.open("two-customers-one-email").says(SEVERAL)
    its.is_patient(FOR_EVER)
    agent.choose("Franziska Huber").says(PICKED)
    agent.open("two-customers-one-email").says(PICKED)
    agent.choose("Choose another customer").says(SEVERAL)


def test_a_long_history_is_shown_as_the_shop_tells_it(agent_at: AgentAt, dead_url: str) -> None:
    agent_at(dead_url).open("three-hundred-orders").says("100+ orders")


def test_a_dead_database_is_named_in_the_log_once_and_without_its_password(
    agent_at: AgentAt, dead_url: str, log_lines: Callable[[], io.StringIO]
) -> None:
    agent = agent_at(dead_url)
    asking(agent)
    written = log_lines()
    for slug in ("two-customers-one-email", "three-hundred-orders", "guest-orders-only"):
        agent.open(slug)
    text = written.getvalue()
    assert text.count('"panel.database_away"') == 1
    assert "secret-word" not in text


def test_a_question_that_hangs_is_left_behind_and_asked_again_later(
    agent_at: AgentAt, database_url: str, log_lines: Callable[[], io.StringIO]
) -> None:
    agent = agent_at(database_url)
    its = asking(agent)
    its.is_patient(ON_A_BUSY_MACHINE)
    agent.open("two-customers-one-email")
    agent.choose("Franziska Huber").says(PICKED)
    written = log_lines()
    with psycopg.connect(database_url) as other:
        other.execute("LOCK TABLE pick")
        its.is_patient(AS_FOR_AGENTS)
        for _ in range(2):
            agent.open("two-customers-one-email").says(PICKED)
        assert written.getvalue().count('"panel.database_away"') == 1
        other.execute("DELETE FROM pick")
    its.pauses_no_more()
    its.is_patient(ON_A_BUSY_MACHINE)
    agent.open("two-customers-one-email").says(SEVERAL)


def test_the_embedded_database_is_used_while_the_worker_runs_it_and_is_never_started(
    agents: Callable[..., Agent], mapping: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    agent = agents(mapping, INTERCOM_ACCESS_TOKEN="token-of-the-workspace")
    its = asking(agent)
    agent.open("two-customers-one-email").says(SEVERAL)
    assert not Path("var").exists()
    with Database.open(None, var=Path("var")) as database:
        migrate(database)
        its.pauses_no_more()
        its.is_patient(ON_A_BUSY_MACHINE)
        agent.open("two-customers-one-email")
        agent.choose("Franziska Huber").says(PICKED)
        fresh = agents(mapping, INTERCOM_ACCESS_TOKEN="token-of-the-workspace")
        its = asking(fresh)
        its.is_patient(ON_A_BUSY_MACHINE)
        fresh.open("two-customers-one-email").says(PICKED)
    its.is_patient(AS_FOR_AGENTS)
    fresh.open("two-customers-one-email").says(PICKED)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(database.url)


def test_a_panel_on_its_own_has_no_database_even_beside_one(
    panel: Open, mapping: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with EmbeddedServer(Path("var")):
        app = panel(mapping)
        assert "database" not in app.extensions
        assert readiness(app) == (200, {"status": "ready", "failing": [], "degraded": []})


# --- Readiness --------------------------------------------------------------------------------------------------------


def readiness(app: Flask) -> tuple[int, object]:
    answer = app.test_client().get("/readyz")
    return answer.status_code, json.loads(answer.get_data())


def degraded(app: Flask) -> list[dict[str, str]]:
    status, said = readiness(app)
    assert status == 200
    assert isinstance(said, dict)
    assert (said["status"], said["failing"]) == ("ready", [])
    found: list[dict[str, str]] = said["degraded"]
    return found


def test_a_database_that_answers_is_not_named(panel: Open, mapping: str, database_url: str) -> None:
    assert degraded(panel(mapping, DATABASE_URL=database_url)) == []


@pytest.mark.parametrize("readiness_patience", [1.0])  # the database takes all of it
def test_a_dead_database_makes_us_degraded_and_not_unready(panel: Open, mapping: str, dead_url: str) -> None:
    app = panel(mapping, DATABASE_URL=dead_url)
    assert eventually(lambda: readiness(app)[0] == 200, within=60)  # the shop may be slow
    assert degraded(app)[0] in (
        {"neighbour": "database", "reason": "storage_unavailable"},
        {"neighbour": "database", "reason": "timed_out"},
    )


def test_a_database_without_tables_is_named(panel: Open, mapping: str, postgres_url: str) -> None:
    found = degraded(panel(mapping, DATABASE_URL=postgres_url))
    assert found == [{"neighbour": "database", "reason": "storage_fault"}]


def test_an_embedded_database_that_nobody_runs_is_named(
    panel: Open, mapping: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = degraded(panel(mapping, INTERCOM_ACCESS_TOKEN="token-of-the-workspace"))
    assert found == [{"neighbour": "database", "reason": "storage_unavailable"}]


def test_that_intercom_refuses_the_worker_is_said_until_it_does_no_more(
    panel: Open, mapping: str, database: Database, database_url: str
) -> None:
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    with database.transaction() as connection:
        ensure_installation(connection, SINGLE, workspace_id=None, project_key="nordlicht-demo", now=now)
    assert degraded(panel(mapping, DATABASE_URL=database_url)) == []
    with database.transaction() as connection:
        note_refusal(connection, SINGLE, "intercom", "credentials_refused", now=now)
    refused = [{"neighbour": "intercom", "reason": "credentials_refused"}]
    assert degraded(panel(mapping, DATABASE_URL=database_url)) == refused
    with database.transaction() as connection:
        clear_refusal(connection, SINGLE, "intercom")
    assert degraded(panel(mapping, DATABASE_URL=database_url)) == []


def test_that_commercetools_does_not_deliver_is_said(
    panel: Open, mapping: str, database: Database, database_url: str
) -> None:
    with database.transaction() as connection:
        remember_subscription(
            connection,
            SINGLE,
            key="intercom-sync",
            id_="s1",
            destination="SQS queue",
            secrets=None,
            messages=(),
            health="TemporaryError",
            now=datetime(2026, 11, 21, 12, tzinfo=UTC),
        )
    assert degraded(panel(mapping, DATABASE_URL=database_url)) == [
        {"neighbour": "subscription", "reason": "temporary_error"}
    ]
