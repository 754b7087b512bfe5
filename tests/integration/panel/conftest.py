"""The real panel on the sample shop: the whole web side of one workspace, with commercetools on loopback behind it."""

from __future__ import annotations

import importlib.util
import io
import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import pytest
import structlog
from flask import Flask

from canvas_app.configuration import Configuration
from canvas_app.single_workspace import single_workspace_app
from sandbox.commercetools import CommercetoolsStandIn
from sandbox.commercetools.tokens import SCOPES
from tests.contract.conftest import contracts_directory, require_contract
from tests.integration.panel.agent import SECRET, Agent, Check, Shape, as_documented

ROOT = Path(__file__).resolve().parents[3]
SCHEMAS = {"initialize": "canvas-initialize-response.schema.json", "submit": "canvas-submit-response.schema.json"}

Open: TypeAlias = Callable[..., Flask]


@pytest.fixture(scope="session")
def check() -> Check:
    """What Intercom's own description finds wrong with a canvas; outside CI, nothing where it is missing."""
    if not (contracts_directory() / "check.py").is_file() and not os.environ.get("CI"):
        return lambda _door, _answer: []
    checks = _load(require_contract("check.py"))
    by_door = {door: checks.Canvases(require_contract(name)) for door, name in SCHEMAS.items()}

    def problems(door: str, answer: Any) -> list[str]:
        found: list[str] = by_door[door].problems(answer)
        return found

    return problems


@pytest.fixture
def shape() -> Shape:
    """How Intercom writes its requests; tests give others by parametrising this name."""
    return as_documented


@pytest.fixture
def lowercase_email_supported() -> bool:
    """This and the next: switches of the stand-in. Tests give other values by parametrising these names."""
    return True


@pytest.fixture
def rejected_field_status() -> int:
    return 200


@pytest.fixture
def language_fallback() -> bool:
    return True


@pytest.fixture
def missing_scope_style() -> str:
    return "partial"


@pytest.fixture
def token_names_scopes() -> bool:
    return True


@pytest.fixture
def database_patience() -> float:
    """How much longer than usual the database may take: what is shown is the same on a busy machine."""
    return 20.0


@pytest.fixture
def readiness_patience() -> float:
    """Seconds that neighbours may take until they are called away."""
    return 20.0


@pytest.fixture
def platform(
    lowercase_email_supported: bool,
    rejected_field_status: int,
    language_fallback: bool,
    missing_scope_style: str,
    token_names_scopes: bool,
) -> Mapping[str, Any]:
    """How commercetools behaves where nobody has confirmed it."""
    return {
        "lowercase_email_supported": lowercase_email_supported,
        "rejected_field_status": rejected_field_status,
        "language_fallback": language_fallback,
        "missing_scope_style": missing_scope_style,
        "token_names_scopes": token_names_scopes,
    }


@pytest.fixture
def mapping() -> str:
    """The table `[panel]` of the demo's mapping file, which allows everything; tests add to it, or parametrise this."""
    text = (ROOT / "sandbox" / "mapping.toml").read_text(encoding="utf-8")
    panel, _, _ = text.partition("\n[identity]\n")
    return panel


@pytest.fixture
def panel(
    stand_in: CommercetoolsStandIn,
    platform: Mapping[str, Any],
    database_patience: float,
    readiness_patience: float,
    tmp_path: Path,
) -> Iterator[Open]:
    """`panel(mapping_text, **environment)` is a fresh web side, as a process after its start."""
    stand_in.switches.set(**platform)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    started: list[Flask] = []

    def start(mapping: str, **environment: str) -> Flask:
        path = tmp_path / "mapping.toml"
        path.write_text(mapping, encoding="utf-8")
        configuration = Configuration.load(
            {**_environment(stand_in), "MAPPING_FILE": str(path), **environment}, dotenv=tmp_path / "none"
        )
        app = single_workspace_app(configuration)
        app.extensions["readiness"].patience = readiness_patience
        if "database" in app.extensions:
            app.extensions["database"].patience = database_patience
        started.append(app)
        return app

    yield start
    for app in started:
        if "database" in app.extensions:  # one that hangs would keep us for seconds
            closing = threading.Thread(target=app.extensions["database"].close, daemon=True)
            closing.start()
            closing.join(0.5)
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def agents(panel: Open, stand_in: CommercetoolsStandIn, check: Check, shape: Shape) -> Callable[..., Agent]:
    """`agents(mapping_text, **environment)` is an agent in front of a fresh panel."""
    return lambda mapping, **environment: Agent(panel(mapping, **environment), stand_in, check, shape)


@pytest.fixture
def agent(agents: Callable[..., Agent], mapping: str) -> Agent:
    """An agent in front of a panel that has just started."""
    return agents(mapping)


@pytest.fixture
def log_lines() -> Iterator[Callable[[], io.StringIO]]:
    """Called once a panel has started: from then on, everything it logs, in the form in which it is written."""
    streams: list[tuple[logging.StreamHandler[Any], Any]] = []

    def redirect() -> io.StringIO:
        written = io.StringIO()
        own = logging.getLogger().handlers[-1]
        assert isinstance(own, logging.StreamHandler)
        streams.append((own, own.setStream(written)))
        return written

    yield redirect
    for own, before in streams:
        own.setStream(before)


def _environment(stand_in: CommercetoolsStandIn) -> dict[str, str]:
    return {
        "CTP_PROJECT_KEY": stand_in.project_key,
        "CTP_CLIENT_ID": stand_in.client_id,
        "CTP_CLIENT_SECRET": stand_in.client_secret,
        "CTP_AUTH_URL": stand_in.auth_url,
        "CTP_API_URL": stand_in.api_url,
        "CTP_SCOPES": " ".join(f"{scope}:{stand_in.project_key}" for scope in SCOPES),
        "INTERCOM_CLIENT_SECRET": SECRET,
        "GUNICORN_THREADS": "8",
        "LOG_LEVEL": "debug",
    }


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("vendor_check", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
