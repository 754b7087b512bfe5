"""One sync of the shop: its two platforms, its database, and its workers as processes that can be killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar, cast

import psycopg

from clients.commercetools.source import LIMITS, ShopSource
from clients.errors import PlatformError
from clients.intercom.calls import Intercom
from clients.intercom.door import Door
from clients.intercom.settings import IntercomSettings
from clients.intercom.spending import Allowance
from clients.wire.http import Http
from sandbox.commercetools import CommercetoolsStandIn
from sandbox.intercom import IntercomStandIn
from sandbox.intercom.switches import Switches
from sandbox.shop import SampleShop
from sync.installation import Installation
from sync.mapping.reading import parse_sync_mapping
from sync.sources.poll import Poll
from sync.storage.allowance import DatabaseStore
from sync.storage.database import Database
from sync.storage.embedded import EmbeddedServer, running_server_url
from sync.storage.installations import SINGLE, load_installation
from tests.integration.sync.companion import closing, shop_settings
from tests.integration.sync.working import eventually, idle, jobs

ROOT: Final = Path(__file__).parents[4]
SCRIPT: Final = Path(__file__).with_name("worker_process.py")
MAPPING: Final = Path(__file__).with_name("mapping.toml")
PLENTY: Final = 20_000  # requests per window: here nobody waits for the allowance, but after a 429
SOON: Final = 300.0  # seconds in which something that will happen has happened on the busiest machine

T = TypeVar("T")


@dataclass(kw_only=True)
class Side:
    """`url` is None for the embedded database under `directory`, which the workers share and keep alive.

    `server`: the external one at `url`, if it may be killed.
    """

    name: str
    directory: Path
    url: str | None
    server: EmbeddedServer | None
    commercetools: CommercetoolsStandIn
    intercom: IntercomStandIn
    stack: ExitStack
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    corrections: list[str] = field(default_factory=list)  # what a reconcile logged of them
    _database: Database | None = None

    @property
    def database(self) -> Database:
        assert self._database is not None, "the workers have not begun"
        return self._database

    @property
    def postmaster(self) -> Path | None:
        """The file that names the process of the side's own server; None when the server is not its own."""
        if self.url is None:
            return self.directory / "var" / "postgres" / "postmaster.pid"
        return self.server.data / "postmaster.pid" if self.server else None

    def begin(self, workers: int, *, looks_each: float = 0.3) -> None:
        """Returns when there is an installation: what happens in the shop from now on is told."""
        for _ in range(workers):
            self.workers.append(self._start(looks_each))
        if self.url is None:
            assert eventually(lambda: self._embedded_url(), within=SOON), "the embedded database does not start"
        url = self.url or self._embedded_url()
        self._database = self.stack.enter_context(Database.open(url, var=self.directory))
        assert eventually(lambda: self._asked(is_installed), within=SOON), "no worker makes the installation"
        assert eventually(lambda: self.intercom.log.accepted["GET /data_attributes"] >= workers, within=SOON)

    def restart(self, index: int, *, before: Callable[[], None] = lambda: None) -> None:
        """Killed where it stands, and begun again; `before` looks at what it left."""
        worker = self.workers[index]
        worker.kill()
        worker.wait()
        before()
        self.workers[index] = self._start(0.3)

    def waiting(self) -> int | None:
        """How many jobs wait; None when the database is away."""
        return self._asked(lambda database: len(jobs(database)))

    def look(self) -> None:
        """Everything that the shop has to say by now is heard."""
        assert self.has_heard(within=SOON), f"{self.name}: the shop is never heard"

    def has_heard(self, *, within: float) -> bool:
        """Whether one look finds nothing in its way."""
        assert eventually(lambda: self._asked(is_installed), within=SOON), f"{self.name}: the database stays away"
        with closing(Http(LIMITS)) as http:
            poll = self._poll(http)
            return eventually(lambda: self._swept(poll), within=within)

    def settle(self) -> dict[str, int]:
        """Everything is heard and told; what a reconcile found then, which alone sees what the shop deleted."""
        for worker in self.workers:
            worker.terminate()
        for worker in self.workers:
            worker.wait()
        self.workers = [self._start(None) for _ in self.workers]
        self.look()
        self._work_off()
        found = subprocess.run(
            [sys.executable, "-m", "sync", "reconcile", "--no-work", "--json"],
            cwd=self.directory,
            env=self._environment() | {"LOG_LEVEL": "info", "LOG_FORMAT": "json"},
            capture_output=True,
            check=False,
        )
        assert found.returncode == 0, found.stderr.decode()[-2000:]
        self._work_off()
        self.corrections = [line for line in found.stderr.decode().splitlines() if "contact_corrected" in line]
        return cast(dict[str, int], json.loads(found.stdout))

    def _work_off(self) -> None:
        assert eventually(self._is_idle, within=SOON), f"{self.name}: {self.waiting()} jobs wait"

    def _swept(self, poll: Poll) -> bool:
        try:
            sweep = poll.sweep()
            poll.release()
        except PlatformError:
            return False
        return sweep.is_ours and not sweep.failed

    def _is_idle(self) -> bool:
        return bool(self._asked(is_settled))

    def _asked(self, question: Callable[[Database], T]) -> T | None:
        try:
            return question(self.database)
        except PlatformError:
            return None

    def _poll(self, http: Http) -> Poll:
        mapping = parse_sync_mapping(MAPPING.read_text(encoding="utf-8"), hash_key=b"no look needs it")
        settings = IntercomSettings(access_token=self.intercom.access_token, api_url=self.intercom.url)
        intercom = Intercom(Door(settings, http=http, allowance=Allowance(DatabaseStore(self.database, SINGLE))))
        source = ShopSource(shop_settings(self.commercetools), needs=mapping.needs, http=http)
        return Poll(
            Installation(id=SINGLE, database=self.database, mapping=mapping, shop=source, intercom=intercom), source
        )

    def _embedded_url(self) -> str | None:
        url = running_server_url(self.directory / "var")
        if url is None:
            return None
        try:
            with psycopg.connect(url, connect_timeout=2):
                return url
        except psycopg.OperationalError:
            return None

    def _start(self, looks_each: float | None) -> subprocess.Popen[bytes]:
        with (self.directory / "workers.log").open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, str(SCRIPT), *([] if looks_each is None else [str(looks_each)])],
                cwd=self.directory,
                env=self._environment(),
                stderr=log,
            )
        self.stack.callback(worker.wait)
        self.stack.callback(worker.kill)
        return worker

    def _environment(self) -> dict[str, str]:
        shop = self.commercetools
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return kept | {
            "PYTHONPATH": str(ROOT),
            "CTP_PROJECT_KEY": shop.project_key,
            "CTP_CLIENT_ID": shop.client_id,
            "CTP_CLIENT_SECRET": shop.client_secret,
            "CTP_AUTH_URL": shop.auth_url,
            "CTP_API_URL": shop.api_url,
            "CTP_SCOPES": " ".join(sorted(shop.client.scopes)),
            "INTERCOM_ACCESS_TOKEN": self.intercom.access_token,
            "INTERCOM_API_URL": self.intercom.url,
            "MAPPING_FILE": str(MAPPING),
            "LOG_LEVEL": "warning",
            **({"DATABASE_URL": self.url} if self.url else {}),
        }


def stop_embedded(var: Path) -> None:
    """The server that killed workers left running."""
    with EmbeddedServer(var):
        pass  # its last user stops it


def is_settled(database: Database) -> bool:
    """Whether no job waits or runs, and every contact in doubt was looked at."""
    with database.transaction() as connection:
        doubts = connection.execute("SELECT 1 FROM subject WHERE doubted_at IS NOT NULL LIMIT 1").fetchone()
    return doubts is None and idle(database)


def is_installed(database: Database) -> bool:
    with database.transaction() as connection:
        return load_installation(connection, SINGLE) is not None


@contextmanager
def side(
    name: str,
    shop: SampleShop,
    *,
    directory: Path,
    url: str | None = None,
    server: EmbeddedServer | None = None,
    rule: bool = True,
) -> Iterator[Side]:
    """`rule`: Intercom takes a second event of a contact with the same name and second for the first."""
    directory.mkdir()
    switches = Switches(rate_limit=PLENTY, duplicate_events_ignored=rule)
    with ExitStack() as stack:
        built = Side(
            name=name,
            directory=directory,
            url=url or (server.url if server else None),
            server=server,
            commercetools=stack.enter_context(CommercetoolsStandIn.serve(shop)),
            intercom=stack.enter_context(IntercomStandIn.serve(switches)),
            stack=stack,
        )
        if built.url is None:
            stack.callback(stop_embedded, directory / "var")
        yield built


def now() -> datetime:
    return datetime.now(UTC)
