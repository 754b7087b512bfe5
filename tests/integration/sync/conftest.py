"""A real PostgreSQL, and a database of its own for each test.

`DATABASE_URL` names the server to use, whose user must be allowed to create databases; without it the embedded one is
started once for the whole run.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest

from sync.storage.database import Database
from sync.storage.embedded import EmbeddedServer
from sync.storage.schema import migrate
from tests.integration.sync.identifying import Workspace, serving


class _OneServer:
    """Folders that import these fixtures have them for themselves; the server is started once for them all."""

    def __init__(self) -> None:
        self._users = 0
        self._url = ""
        self._running = ExitStack()

    @contextmanager
    def url(self) -> Iterator[str]:
        if self._users == 0:
            self._url = self._start()
        self._users += 1
        try:
            yield self._url
        finally:
            self._users -= 1
            if self._users == 0:
                self._running.close()

    def _start(self) -> str:
        # Not below pytest's own directory, which every run shuts to other users: started by root, the server is one.
        var = self._running.enter_context(tempfile.TemporaryDirectory(prefix="embedded-"))
        server = self._running.enter_context(EmbeddedServer(Path(var)))
        with psycopg.connect(server.url, autocommit=True) as connection:
            # What is lost with the machine's power is no loss here, and tests need not wait for the disk.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("ALTER SYSTEM SET full_page_writes = off")
            connection.execute("SELECT pg_reload_conf()")
        return server.url


_ONE_SERVER = _OneServer()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The server's own database."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    with _ONE_SERVER.url() as url:
        yield url


@pytest.fixture(scope="session")
def template_database(postgres_url: str) -> Iterator[str]:
    """The name of a database with all tables and no rows; copying it takes less time than making the tables."""
    name = f"template_{uuid4().hex[:12]}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        with Database.open(in_server(postgres_url, name), var=Path("var")) as database:
            migrate(database)
        yield name
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def fresh_database(server_url: str, template: str) -> Iterator[str]:
    """The URL of a copy of the template, for as long as the block lasts."""
    name = f"test_{uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        yield in_server(server_url, name)
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def database_url(postgres_url: str, template_database: str) -> Iterator[str]:
    """Of a fresh database; for processes and connections that a test opens itself."""
    with fresh_database(postgres_url, template_database) as url:
        yield url


@pytest.fixture(scope="module")
def shared_database(postgres_url: str, template_database: str) -> Iterator[Database]:
    """One for all tests of a module, each of which has customers of its own in it."""
    with fresh_database(postgres_url, template_database) as url, Database.open(url, var=Path("var")) as database:
        yield database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh database with all tables, open."""
    with Database.open(database_url, var=Path("var")) as database:
        yield database


def in_server(url: str, database: str) -> str:
    """The same server's other database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


@pytest.fixture
def workspace(database: Database) -> Iterator[Workspace]:
    """An empty Intercom workspace, and nothing on record about it."""
    with serving(database) as workspace:
        yield workspace
