"""Workers as processes of their own, which read the queue as well and are killed where they stand."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from clients.amazon.settings import SqsSettings
from tests.integration.sync.companion import MAPPING, Companion
from tests.integration.sync.doors.queues import KEYS, REGION
from tests.integration.sync.working import jobs

ROOT: Final = Path(__file__).parents[4]
SCRIPT: Final = ROOT / "tests/integration/sync/chaos/worker_process.py"
LONGEST_WAIT: Final = 0.5  # seconds before a kill


@dataclass(kw_only=True)
class Crew:
    """`cut_off`: jobs that were under way when somebody was killed, the other workers' among them."""

    told: Companion
    directory: Path
    environment: Mapping[str, str] = field(repr=False)
    killed: int = 0
    cut_off: int = 0
    _workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def begin(self, count: int) -> None:
        self._workers += [self._start() for _ in range(count)]

    def kill_one(self, chance: Random) -> None:
        """At a moment that nobody chose; a new one takes its place."""
        time.sleep(chance.uniform(0, LONGEST_WAIT))
        index = chance.randrange(len(self._workers))
        self.cut_off += len(jobs(self.told.database, "doing"))
        self._workers[index].kill()
        self._workers[index].wait()
        self.killed += 1
        self._workers[index] = self._start()

    def end(self) -> None:
        for worker in self._workers:
            worker.kill()
        for worker in self._workers:
            worker.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        with (self.directory / "workers.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, str(SCRIPT)], cwd=self.directory, env=dict(self.environment), stderr=log
            )


@contextmanager
def crew(told: Companion, queue: SqsSettings, *, count: int, directory: Path) -> Iterator[Crew]:
    """So many workers at the installation that `told` describes, until the block ends."""
    (directory / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    crew = Crew(told=told, directory=directory, environment=_environment(told, queue))
    try:
        crew.begin(count)
        yield crew
    finally:
        crew.end()


def _environment(told: Companion, queue: SqsSettings) -> dict[str, str]:
    shop = told.shop
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "CTP_PROJECT_KEY": shop.project_key,
        "CTP_CLIENT_ID": shop.client_id,
        "CTP_CLIENT_SECRET": shop.client_secret,
        "CTP_AUTH_URL": shop.auth_url,
        "CTP_API_URL": shop.api_url,
        "CTP_SCOPES": " ".join(sorted(shop.client.scopes)),
        "INTERCOM_ACCESS_TOKEN": told.intercom.access_token,
        "INTERCOM_API_URL": told.intercom.url,
        "DATABASE_URL": told.database.url,
        "SQS_QUEUE_URL": queue.queue_url,
        "AWS_ACCESS_KEY_ID": KEYS["aws_access_key_id"],
        "AWS_SECRET_ACCESS_KEY": KEYS["aws_secret_access_key"],
        "AWS_REGION": REGION,
        "AWS_ENDPOINT_URL": queue.endpoint_url or "",
        "LOG_LEVEL": "warning",
    }
