"""The database: opened, brought to its schema by many at once, lost and found again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from sync.priorities import Priority
from sync.storage.database import Database
from sync.storage.embedded import LONGEST_SOCKET, EmbeddedServer, runtime_directory
from sync.storage.errors import StorageFault, StorageUnavailable
from sync.storage.hints import record_hints
from sync.storage.schema import migrate, missing, steps
from tests.integration.sync.conftest import in_server
from tests.integration.sync.working import SHOP, eventually, hint

ROOT = Path(__file__).parents[3]
APPLIED_TO_A_NEW_DATABASE = tuple(
    name for name in steps() if name == "procrastinate/schema" or not name.startswith("procrastinate/")
)
NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Database]:
    """An embedded server that a test may kill."""
    with Database.open(None, var=tmp_path) as database:
        yield database


@pytest.fixture
def empty_database_url(postgres_url: str) -> Iterator[str]:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE empty")
        yield in_server(postgres_url, "empty")
        connection.execute("DROP DATABASE empty WITH (FORCE)")


def postmaster(var: Path) -> int:
    """Its process number; 0 while there is none."""
    try:
        return int((var / "postgres" / "postmaster.pid").read_text().split()[0])
    except (FileNotFoundError, IndexError):
        return 0


def answers(database: Database) -> bool:
    try:
        database.ping()
    except StorageUnavailable:
        return False
    return True


def test_an_embedded_server_is_revived_after_its_postmaster_was_killed(own_server: Database, tmp_path: Path) -> None:
    migrate(own_server)
    with own_server.transaction() as connection:
        record_hints(connection, SHOP, [hint()])
    first = postmaster(tmp_path)
    os.kill(first, signal.SIGKILL)
    assert eventually(lambda: postmaster(tmp_path) != first and answers(own_server), within=60)
    with own_server.transaction() as connection:
        assert connection.execute("SELECT count(*) FROM hint").fetchone() == (1,)


def test_an_embedded_server_serves_until_the_last_user_leaves(tmp_path: Path) -> None:
    first, second = EmbeddedServer(tmp_path), EmbeddedServer(tmp_path)
    first.start()
    second.start()
    assert first.url == second.url
    first.close()
    assert second.alive()
    second.close()
    assert not second.alive()


@pytest.mark.parametrize("left_behind", ["whole", "half"])
def test_a_dead_servers_note_is_not_believed(tmp_path: Path, left_behind: str) -> None:
    """After a crash another process may have got the number: this test's own, say."""
    with EmbeddedServer(tmp_path) as server:
        note = server.data / "postmaster.pid"
        _, *lines = note.read_text().splitlines()
    whole = "\n".join([str(os.getpid()), *lines])
    note.write_text(whole if left_behind == "whole" else whole[:30])
    with EmbeddedServer(tmp_path) as server:
        assert server.alive()


def test_a_directory_with_a_long_name_has_its_socket_elsewhere() -> None:
    long = Path("/srv") / ("a" * LONGEST_SOCKET)
    assert runtime_directory(Path("/srv/app/var")) == Path("/srv/app/var/run")
    assert len(bytes(runtime_directory(long))) < 60
    assert runtime_directory(long) != runtime_directory(long.with_name("b" * LONGEST_SOCKET))


def test_an_embedded_server_starts_in_a_directory_with_a_long_name(tmp_path: Path) -> None:
    with Database.open(None, var=tmp_path / ("a" * 60) / ("b" * 60)) as database:
        database.ping()


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "postgres").write_text("no directory")
    with pytest.raises(StorageUnavailable, match="embedded PostgreSQL: start failed"):
        Database.open(None, var=tmp_path)


def test_a_database_that_is_down_is_unavailable(tmp_path: Path) -> None:
    with Database.open(NOWHERE, var=tmp_path) as database, pytest.raises(StorageUnavailable):
        database.ping(timeout=0.3)


def test_a_url_is_not_shown(tmp_path: Path) -> None:
    with Database.open("postgresql://nobody:secret@127.0.0.1:1/nothing", var=tmp_path) as database:
        assert "secret" not in repr(database)


def test_what_we_ask_wrongly_is_a_fault_of_ours(database: Database) -> None:
    with pytest.raises(StorageFault, match="UndefinedTable"), database.transaction() as connection:
        connection.execute("SELECT * FROM nothing")


def test_values_are_not_in_an_errors_words(database: Database) -> None:
    twice = "INSERT INTO installation (id, live_since) SELECT 'anna@example.org', now() FROM generate_series(1, 2)"
    with pytest.raises(StorageFault) as caught, database.transaction() as connection:
        connection.execute(twice)
    assert "anna" not in caught.value.reason


def test_a_connection_that_the_server_ended_is_replaced(database: Database) -> None:
    with pytest.raises(StorageUnavailable), database.transaction() as connection:
        connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    database.ping()


def test_every_step_is_applied_once(empty_database_url: str, tmp_path: Path) -> None:
    with Database.open(empty_database_url, var=tmp_path) as database:
        with database.transaction() as connection:
            assert missing(connection) == tuple(steps())
        assert migrate(database) == APPLIED_TO_A_NEW_DATABASE
        assert migrate(database) == ()
        with database.transaction() as connection:
            assert missing(connection) == ()


def test_an_upgrade_of_the_engine_is_the_only_thing_missing(database: Database) -> None:
    upgrade = max(name for name in steps() if name.startswith("procrastinate/0"))
    with database.transaction() as connection:
        connection.execute("DELETE FROM schema_step WHERE name = %s", (upgrade,))
        assert missing(connection) == (upgrade,)


def test_five_processes_may_bring_a_database_to_its_schema_at_once(empty_database_url: str) -> None:
    script = (
        "import sys, pathlib\n"
        "from sync.storage.database import Database\n"
        "from sync.storage.schema import migrate\n"
        "with Database.open(sys.argv[1], var=pathlib.Path('var')) as database:\n"
        "    print(len(migrate(database)))\n"
    )
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", script, empty_database_url], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(5)
    ]
    printed = [starter.communicate(timeout=60)[0] for starter in starters]
    assert [starter.returncode for starter in starters] == [0] * 5
    assert sum(int(number) for number in printed) == len(APPLIED_TO_A_NEW_DATABASE)


def test_the_engine_finds_its_next_job_quickly_without_statistics(database_url: str, tmp_path: Path) -> None:
    """Thousands of jobs that wait, and a planner that knows nothing of them: one fetch must not look through them."""
    with Database.open(database_url, var=tmp_path, pool_size=1) as database:  # each connection counts for itself
        with database.transaction() as connection:
            connection.execute("ALTER TABLE procrastinate_jobs SET (autovacuum_enabled = off)")
        for start in range(0, 3000, 100):
            with database.transaction() as connection:
                record_hints(connection, SHOP, [hint(f"o-{start + n}") for n in range(100)], priority=Priority.BACKFILL)
        with database.transaction() as connection:
            worker = connection.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id").fetchone()
        assert worker is not None
        before = rows_looked_at(database)
        for _ in range(10):
            with database.transaction() as connection:
                connection.execute("SELECT id FROM procrastinate_fetch_job_v2('{sync}', %s)", worker)
        assert rows_looked_at(database) - before < 1000


def rows_looked_at(database: Database) -> int:
    with database.transaction() as connection:
        connection.execute("SELECT pg_stat_force_next_flush()")  # of this connection, at the end of its transaction
    with database.transaction() as connection:
        row = connection.execute(
            "SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_user_tables WHERE relname = 'procrastinate_jobs'"
        ).fetchone()
    assert row is not None
    return int(row[0])


def test_threads_share_a_pool(database: Database) -> None:
    done: list[bool] = []
    threads = [threading.Thread(target=lambda: done.append(answers(database))) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert done == [True] * 30


def test_a_connection_that_the_server_closed_is_not_used_again(database: Database, postgres_url: str) -> None:
    with database.transaction() as connection:
        (used,) = connection.execute("SELECT pg_backend_pid()").fetchone() or (0,)
    with psycopg.connect(postgres_url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 2000)", (used,))  # waits until it is gone
    with database.transaction() as connection:
        (now_used,) = connection.execute("SELECT pg_backend_pid()").fetchone() or (0,)
    assert now_used not in (0, used)
