"""A question to the database has its time, few are put at once, and after a failure none for a while.

The databases in here are ports on this machine that refuse, or take connections and say nothing.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg import Connection

from canvas_app.canvas.lookup.breaker import Breaker
from canvas_app.database import DatabaseAway, PanelDatabase
from clients.deadline import Call, Deadline
from clients.errors import PlatformError

SOON = 20.0  # seconds: also on a busy machine, and long before what must not be waited for
LATE = 60.0


@pytest.fixture
def silent_url() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        yield f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/nothing"


@pytest.fixture
def silent(silent_url: str, tmp_path: Path) -> Iterator[PanelDatabase]:
    database = PanelDatabase(silent_url, var=tmp_path, breaker=Breaker(failures=1, pause=600.0))
    yield database
    leave(database)


def leave(database: PanelDatabase) -> None:
    """Closes it without waiting for what hangs in it."""
    threading.Thread(target=database.close, daemon=True).start()


def call(seconds: float = 2.6) -> Call:
    return Call(Deadline.after(seconds), "test")


def one(connection: Connection) -> object:
    return connection.execute("SELECT 1").fetchone()


def seconds_of(database: PanelDatabase, *, budget: float = 0.15, panel: float = LATE) -> float:
    """How long a question without an answer takes."""
    began = time.monotonic()
    with pytest.raises(DatabaseAway):
        database.ask(one, call=call(panel), seconds=budget)
    return time.monotonic() - began


def test_a_silent_database_costs_its_budget_once_and_then_nothing(silent: PanelDatabase) -> None:
    assert 0.1 <= seconds_of(silent) < SOON
    assert seconds_of(silent, budget=LATE) < SOON


def test_no_question_outlives_the_panels_deadline(silent: PanelDatabase) -> None:
    assert seconds_of(silent, budget=LATE, panel=0.1) < SOON


def test_without_time_nothing_is_asked(silent: PanelDatabase) -> None:
    assert seconds_of(silent, budget=LATE, panel=0.0) < SOON


def test_questions_that_hang_take_all_places_and_the_next_ones_do_not_wait_for_them(
    silent_url: str, tmp_path: Path
) -> None:
    database = PanelDatabase(silent_url, var=tmp_path, places=2, breaker=Breaker(failures=3, pause=600.0))
    hanging = [threading.Thread(target=seconds_of, args=(database,), kwargs={"budget": 0.2}) for _ in range(2)]
    for each in hanging:
        each.start()
    assert seconds_of(database, budget=0.1) < SOON
    for each in hanging:
        each.join()
    assert seconds_of(database, budget=LATE) < SOON
    leave(database)


def test_a_fault_of_ours_is_nobodys_elses_problem(tmp_path: Path) -> None:
    database = PanelDatabase("postgresql://nobody@127.0.0.1:0/not a database?nonsense=1", var=tmp_path)
    assert seconds_of(database) < SOON


def test_an_embedded_database_that_nobody_runs_is_not_started(tmp_path: Path) -> None:
    database = PanelDatabase(None, var=tmp_path / "var")
    assert seconds_of(database, budget=LATE) < SOON
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("note", [b"", b"1\n2\n", b"\xff\xfe\n" * 6, b"1\n/data\n0\n5432\n\n"])
def test_a_note_of_the_server_that_makes_no_sense_is_no_server(tmp_path: Path, note: bytes) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "postmaster.pid").write_bytes(note)
    assert seconds_of(PanelDatabase(None, var=tmp_path)) < SOON


def test_readiness_hears_of_a_silent_database_from_the_storage(silent: PanelDatabase) -> None:
    with pytest.raises(PlatformError):
        silent.check(one, call=call(0.1))
