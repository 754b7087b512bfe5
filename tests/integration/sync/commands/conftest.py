"""The commands as an operator runs them: against both stand-ins, a real database, in this process or as their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import structlog
from click.testing import CliRunner, Result

from sandbox.commercetools import CommercetoolsStandIn
from sandbox.intercom import IntercomStandIn
from sandbox.shop import SampleShop
from sync.commands.cli import cli
from sync.composition import Surroundings
from sync.storage.database import Database
from tests.fresh_shop import small_sample_shop

ROOT = Path(__file__).parents[4]

MAPPING = """\
[sync]
create_contacts = "with_orders"

[attributes]
ct_orders = { path = "lifetime.orders", type = "integer" }
ct_last_order_number = "order.number"

[events]
order_placed = true
order_shipped = true

[tags]
"Open return" = "orders[].returns[?is_open][]"
"""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """An operator's desk: a directory with a mapping, and an environment."""

    directory: Path
    environ: dict[str, str] = field(repr=False)
    shop: CommercetoolsStandIn
    intercom: IntercomStandIn
    database: Database
    processes: ExitStack = field(repr=False)

    def having(self, **environ: str) -> Desk:
        """The same with other variables; an empty one counts as not set."""
        return replace(self, environ=self.environ | environ)

    def mapping(self, text: str) -> None:
        (self.directory / "mapping.toml").write_text(text, encoding="utf-8")

    def run(self, *arguments: str, typed: str | None = None) -> Result:
        """The command in this process."""
        surroundings = Surroundings(environ=self.environ, directory=self.directory)
        return CliRunner().invoke(cli, arguments, obj=surroundings, input=typed, prog_name="python -m sync")

    def answer(self, *arguments: str) -> Any:
        """What the command says with `--json`."""
        result = self.run(*arguments, "--json")
        assert not isinstance(result.exception, Exception), result.exc_info
        return json.loads(result.stdout)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """The command as a process of its own."""
        process = subprocess.Popen(
            [sys.executable, "-m", "sync", *arguments],
            cwd=self.directory,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **self.environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.processes.callback(process.communicate)
        self.processes.callback(process.kill)
        return process


@pytest.fixture
def sample_shop() -> SampleShop:
    """One that is soon read in full."""
    return small_sample_shop()


@pytest.fixture
def log_apart() -> Iterator[None]:
    """The log goes to pytest, as a process's goes to standard error: what a command answers is its own."""
    structlog.configure(
        processors=[structlog.stdlib.render_to_log_kwargs],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    yield
    structlog.reset_defaults()


@pytest.fixture
def desk(
    log_apart: None,
    database: Database,
    database_url: str,
    stand_in: CommercetoolsStandIn,
    intercom: IntercomStandIn,
    tmp_path: Path,
) -> Iterator[Desk]:
    project = stand_in.project_key
    with ExitStack() as processes:
        environ = {
            "CTP_PROJECT_KEY": project,
            "CTP_CLIENT_ID": stand_in.client_id,
            "CTP_CLIENT_SECRET": stand_in.client_secret,
            "CTP_AUTH_URL": stand_in.auth_url,
            "CTP_API_URL": stand_in.api_url,
            "CTP_SCOPES": f"view_orders:{project} view_customers:{project}",
            "INTERCOM_ACCESS_TOKEN": intercom.access_token,
            "INTERCOM_API_URL": intercom.url,
            "DATABASE_URL": database_url,
            "LOG_FORMAT": "json",
        }
        desk = Desk(
            directory=tmp_path,
            environ=environ,
            shop=stand_in,
            intercom=intercom,
            database=database,
            processes=processes,
        )
        desk.mapping(MAPPING)
        yield desk
