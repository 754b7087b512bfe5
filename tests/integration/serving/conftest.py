"""The product under real gunicorn, with the stand-in for commercetools behind it: two of them, by cache time."""

from __future__ import annotations

import itertools
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox.commercetools import CommercetoolsStandIn
from sandbox.conversations import WORKSPACE_ID
from tests.integration.serving.agents import Agents, Body, somebody
from tests.serving import ROOT, Server, serving

SECRET = "the-app-secret-of-these-tests"
RETIRED_SECRET = "the-app-secret-before-it"
RECOVERY_S = 60.0

# Anybody's address, a credential in a header, a signature; what the sample customer is called and writes.
NEVER_LOGGED = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.-]+|Bearer [\w-]|Basic [\w+/=]{8}|\b[0-9a-f]{64}\b|Kowalska|nordmail|base layer"
)
FAULTS_OF_OURS = ("canvas.broke", "panel.look_up_broke", "http.broken", "Traceback")

_numbers = itertools.count(1)
_tokens: set[str] = set()


@dataclass(frozen=True, slots=True)
class Product:
    """gunicorn with the panel, whom it is used by, and the shop behind it."""

    server: Server
    agents: Agents
    stand_in: CommercetoolsStandIn

    def recover(self) -> float:
        """The shop is well again: seconds until a panel of somebody new is live. Nothing is counted until then."""
        began = time.monotonic()
        while not (answer := self.agents.open(somebody(new_number()))).is_live:
            waited = time.monotonic() - began
            assert waited < RECOVERY_S, f"no live panel {waited:.1f} s after the fault was lifted: {answer.text}"
            time.sleep(0.1)
        self.forget()
        return time.monotonic() - began

    def forget(self) -> None:
        """Nothing was asked so far. The tokens that came by are remembered: none may stand in a log."""
        _tokens.update(request.headers["Authorization"].split()[-1] for request in self.stand_in.requests)
        self.stand_in.log.clear()

    @property
    def asked(self) -> int:
        """GraphQL requests that the shop got."""
        return len(self.stand_in.graphql_requests)


def new_number() -> int:
    """Of a contact that nobody has seen before."""
    return next(_numbers)


def some(how_many: int, *, like: str = "anna") -> list[Body]:
    """Contacts that nobody has seen before."""
    return [somebody(new_number(), like=like) for _ in range(how_many)]


def environment(stand_in: CommercetoolsStandIn, mapping: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "CTP_PROJECT_KEY": stand_in.project_key,
        "CTP_CLIENT_ID": stand_in.client_id,
        "CTP_CLIENT_SECRET": stand_in.client_secret,
        "CTP_AUTH_URL": stand_in.auth_url,
        "CTP_API_URL": stand_in.api_url,
        "CTP_SCOPES": " ".join(sorted(stand_in.client.scopes)),
        "INTERCOM_CLIENT_SECRET": f"{SECRET},{RETIRED_SECRET}",
        "INTERCOM_WORKSPACE_ID": WORKSPACE_ID,
        "MAPPING_FILE": str(mapping),
    }


Start = Callable[..., AbstractContextManager[Product]]


@pytest.fixture(scope="session")
def start(_listening_stand_in: CommercetoolsStandIn, tmp_path_factory: pytest.TempPathFactory) -> Start:
    """`with start(cache_seconds=0) as product`: a product of the test's own. Its log is looked through at the end."""

    @contextmanager
    def started(
        *, cache_seconds: int, shop: CommercetoolsStandIn = _listening_stand_in, **environ: str
    ) -> Iterator[Product]:
        folder = tmp_path_factory.mktemp("product")
        mapping = folder / "mapping.toml"
        text = (ROOT / "sandbox" / "mapping.toml").read_text(encoding="utf-8")
        mapping.write_text(text.replace("[panel]\n", f"[panel]\ncache_seconds = {cache_seconds}\n"), encoding="utf-8")
        with serving(folder, environ={**environment(shop, mapping), **environ}) as server:
            yield Product(server, Agents(server.url, SECRET), shop)
        check_log(server.log(), shop)

    return started


def check_log(log: str, shop: CommercetoolsStandIn) -> None:
    """Whatever a product went through, its log holds no secret, token, address or body, and no fault of ours."""
    assert log.count("\n") > 5
    secrets = {SECRET, RETIRED_SECRET, shop.client_secret, *_tokens}
    told = [line for line in log.splitlines() if NEVER_LOGGED.search(line) or any(each in line for each in secrets)]
    assert told == []
    assert [line for line in log.splitlines() if any(fault in line for fault in FAULTS_OF_OURS)] == []


@pytest.fixture(scope="session")
def _asking(start: Start) -> Iterator[Product]:
    with start(cache_seconds=0) as product:
        yield product


@pytest.fixture(scope="session")
def _remembering(start: Start) -> Iterator[Product]:
    with start(cache_seconds=60) as product:
        yield product


@pytest.fixture
def asking(_asking: Product, stand_in: CommercetoolsStandIn) -> Product:
    """The panel without a cache time: every opening asks. The shop is well, its token is known, nothing is counted."""
    _asking.recover()
    return _asking


@pytest.fixture
def remembering(_remembering: Product, stand_in: CommercetoolsStandIn) -> Product:
    """As `asking`, but what was read less than a minute ago is shown again."""
    _remembering.recover()
    return _remembering
