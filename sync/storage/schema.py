"""Brings a database to the schema of this version: the engine's tables first, then ours.

Several processes may start at once: each step is one transaction behind one advisory lock, and remembered by name.
The engine's whole schema is applied to a new database and all its upgrades are remembered as done; a later version
of the engine then finds exactly its new files undone. Its upgrades come as `pre` and `post` parts for a rollout without
a pause; we apply both at once, so workers of the version before are stopped first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Final

from procrastinate.schema import SchemaManager
from psycopg import Connection

from sync.storage.database import Database

LOCK: Final = 0x63746963  # any number that nobody else in this database locks
ENGINE: Final = "procrastinate"


def migrate(database: Database) -> tuple[str, ...]:
    """Applies what is missing; the names of what was. Raises `StorageUnavailable` or `StorageFault`."""
    return tuple(name for name, sql in steps().items() if _apply(database, name, sql))


def missing(connection: Connection) -> tuple[str, ...]:
    """The names of steps that this database has not seen; for health checks."""
    if connection.execute("SELECT to_regclass('schema_step')").fetchone() == (None,):
        return tuple(steps())
    done = {name for (name,) in connection.execute("SELECT name FROM schema_step")}
    return tuple(name for name in steps() if name not in done)


def steps() -> Mapping[str, str]:
    """All steps in their order, by name."""
    return dict((*_engine_steps(), *_our_steps()))


def _engine_steps() -> Iterator[tuple[str, str]]:
    yield f"{ENGINE}/schema", SchemaManager.get_schema()
    for file in sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql")):
        yield f"{ENGINE}/{file.stem}", file.read_text(encoding="utf-8")


def _our_steps() -> Iterator[tuple[str, str]]:
    files = (file for file in resources.files("sync.storage").joinpath("migrations").iterdir())
    for file in sorted(files, key=lambda file: file.name):
        if file.name.endswith(".sql"):
            yield file.name.removesuffix(".sql"), file.read_text(encoding="utf-8")


def _apply(database: Database, name: str, sql: str) -> bool:
    with database.transaction(timeout=30.0) as connection:
        if _is_done(connection, name):
            return False
        # A new schema may take its time, and must not give up half-way through a queue of other starters.
        connection.execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_step (name text PRIMARY KEY, applied_at timestamptz DEFAULT now())"
        )
        if _is_done(connection, name):
            return False
        connection.execute(sql)
        done = [step for step, _ in _engine_steps()] if name == f"{ENGINE}/schema" else [name]
        connection.execute("INSERT INTO schema_step (name) SELECT unnest(%s::text[])", (done,))
    return True


def _is_done(connection: Connection, name: str) -> bool:
    row = connection.execute("SELECT to_regclass('schema_step') IS NOT NULL").fetchone()
    if row != (True,):
        return False
    return connection.execute("SELECT 1 FROM schema_step WHERE name = %s", (name,)).fetchone() is not None
