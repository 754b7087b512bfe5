"""When the door for Intercom's notifications is there: where there is a database that can keep them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
import structlog
from flask.testing import FlaskClient

from canvas_app.configuration import Configuration
from canvas_app.single_workspace import single_workspace_app
from sandbox.intercom.webhooks import hub_signature
from tests.serving import ENVIRONMENT

DOOR: Final = "/intercom/webhooks"
PING: Final = b'{"topic": "ping", "app_id": "w1"}'


@contextmanager
def web_side(folder: Path, **environ: str) -> Iterator[FlaskClient]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    app = single_workspace_app(Configuration.load({**ENVIRONMENT, **environ}, dotenv=folder / ".env"))
    try:
        yield app.test_client()
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.reset_defaults()
        if (database := app.extensions.get("database")) is not None:
            database.close()


def test_a_panel_on_its_own_has_no_such_door(tmp_path: Path) -> None:
    with web_side(tmp_path) as asked:
        assert (asked.head(DOOR).status_code, asked.post(DOOR, data=b"{}").status_code) == (404, 404)


@pytest.mark.parametrize(
    "environ", [{"INTERCOM_ACCESS_TOKEN": "token"}, {"DATABASE_URL": "postgresql://127.0.0.1:9/nowhere"}]
)
def test_with_a_database_it_listens_and_opens_nothing_until_it_must(tmp_path: Path, environ: dict[str, str]) -> None:
    with web_side(tmp_path, **environ) as asked:
        signed = {"X-Hub-Signature": hub_signature(PING, ENVIRONMENT["INTERCOM_CLIENT_SECRET"])}
        answers = [asked.head(DOOR), asked.post(DOOR, data=PING), asked.post(DOOR, data=PING, headers=signed)]
        assert [answer.status_code for answer in answers] == [200, 401, 200]
