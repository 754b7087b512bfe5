"""A database that is down, hangs or comes back: the panel answers as it would without one, and hardly later."""

from __future__ import annotations

import io
import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from sync.storage.database import Database
from sync.storage.embedded import EmbeddedServer
from sync.storage.installations import SINGLE, clear_refusal, ensure_installation, note_refusal
from sync.storage.schema import migrate
from sync.storage.subscriptions import remember_subscription
from tests.integration.panel.agent import Agent
from tests.integration.panel.conftest import Open
from tests.integration.panel.remembered.conftest import AgentAt

SEVERAL = "Several customers match"
PICKED = "Franziska Huber | customer since 2024 | picked by an agent"
HARDLY_LATER = 1.0  # seconds, on a busy machine; the question itself may take 0.15, and 0.3 for a history
AT_ONCE = 0.1  # once the panel has stopped asking
PAUSE = 5.0  # for which it does


@pytest.fixture
def database_patience() -> float:
    """As for agents."""
    return 1.0


@contextmanager
def within(seconds: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds


def quickest(act: Callable[[], object]) -> float:
    """Seconds; of three, because others are busy on this machine as well."""
    took = []
    for _ in range(3):
        began = time.monotonic()
        act()
        took.append(time.monotonic() - began)
    return min(took)


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


def warm(agent: Agent) -> None:
    """The token is there, and so are the connections to the shop."""
    agent.open("anna")


def test_the_panel_does_without_a_dead_database(agent_at: AgentAt, dead_url: str) -> None:
    agent = agent_at(dead_url)
    warm(agent)
    with within(HARDLY_LATER):
        agent.open("two-customers-one-email").says(SEVERAL)
    agent.choose("Franziska Huber").says(PICKED)
    assert quickest(lambda: agent.open("two-customers-one-email").says(PICKED)) < AT_ONCE
    agent.choose("Choose another customer").says(SEVERAL)


def test_a_long_history_is_shown_as_the_shop_tells_it(agent_at: AgentAt, dead_url: str) -> None:
    agent = agent_at(dead_url)
    warm(agent)
    with within(HARDLY_LATER):
        agent.open("three-hundred-orders").says("100+ orders")


def test_a_dead_database_is_named_in_the_log_once_and_without_its_password(
    agent_at: AgentAt, dead_url: str, log_lines: Callable[[], io.StringIO]
) -> None:
    agent = agent_at(dead_url)
    written = log_lines()
    for slug in ("two-customers-one-email", "three-hundred-orders", "guest-orders-only"):
        agent.open(slug)
    text = written.getvalue()
    assert text.count('"panel.database_away"') == 1
    assert "secret-word" not in text


def test_a_question_that_hangs_is_left_behind_and_asked_again_later(agent_at: AgentAt, database_url: str) -> None:
    agent = agent_at(database_url)
    agent.open("two-customers-one-email")
    agent.choose("Franziska Huber").says(PICKED)
    with psycopg.connect(database_url) as other:
        other.execute("LOCK TABLE pick")
        with within(HARDLY_LATER):
            agent.open("two-customers-one-email").says(PICKED)
        assert quickest(lambda: agent.open("two-customers-one-email").says(PICKED)) < AT_ONCE
        other.execute("DELETE FROM pick")
    time.sleep(PAUSE)
    agent.open("two-customers-one-email").says(SEVERAL)


def test_the_embedded_database_is_used_while_the_worker_runs_it_and_is_never_started(
    agents: Callable[..., Agent], mapping: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    agent = agents(mapping, INTERCOM_ACCESS_TOKEN="token-of-the-workspace")
    with within(HARDLY_LATER):
        agent.open("two-customers-one-email").says(SEVERAL)
    assert not Path("var").exists()
    with Database.open(None, var=Path("var")) as database:
        migrate(database)
        time.sleep(PAUSE)
        agent.open("two-customers-one-email")
        agent.choose("Franziska Huber").says(PICKED)
        fresh = agents(mapping, INTERCOM_ACCESS_TOKEN="token-of-the-workspace")
        fresh.open("two-customers-one-email").says(PICKED)
    with within(HARDLY_LATER):
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


def test_a_dead_database_makes_us_degraded_and_not_unready(panel: Open, mapping: str, dead_url: str) -> None:
    found = degraded(panel(mapping, DATABASE_URL=dead_url))
    assert found[0] in (
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
