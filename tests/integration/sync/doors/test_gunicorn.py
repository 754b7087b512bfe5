"""The doors as they are served: by gunicorn, from the environment, on the embedded database."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from sandbox.doors import EventGridCourier
from sandbox.process import ROOT
from sync.storage.database import Database
from tests.integration.sync.doors.house import EVENTGRID_KEY, hinted, mail
from tests.integration.sync.working import eventually
from tests.serving import ENVIRONMENT, Server, serving

PROJECT = ENVIRONMENT["CTP_PROJECT_KEY"]


@dataclass(frozen=True, slots=True)
class Alone:
    """The web side by itself, with nothing but a folder."""

    server: Server
    folder: Path

    @property
    def eventgrid(self) -> EventGridCourier:
        return EventGridCourier(door=f"{self.server.url}/ingest/eventgrid", key=EVENTGRID_KEY)


@pytest.fixture(scope="module")
def alone() -> Iterator[Alone]:
    # Not below pytest's own directory: run by root, the embedded server is another user's.
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="doors-")))
        environ = {**ENVIRONMENT, "EVENTGRID_KEY": EVENTGRID_KEY, "PYTHONPATH": str(ROOT)}
        command = (*_GUNICORN, "--config", str(ROOT / "gunicorn.conf.py"), "wsgi:app")
        server = stack.enter_context(serving(folder, environ=environ, command=command, directory=folder))
        yield Alone(server, folder)


_GUNICORN = (str(Path(sys.executable).with_name("gunicorn")),)


def test_the_first_push_starts_the_embedded_database_and_is_kept_in_it(alone: Alone) -> None:
    told = mail(project_key=PROJECT)
    assert eventually(lambda: alone.eventgrid.post(told.cloud_event()) == 204, within=60)  # as a queue goes on trying
    with Database.open(None, var=alone.folder / "var") as database:
        assert (told.id, "eventgrid") in hinted(database)


@pytest.mark.parametrize("door", ["pubsub", "sns", "eventgrid/any", ""])
@pytest.mark.parametrize("method", ["POST", "GET", "OPTIONS"])
def test_a_door_that_nobody_opened_is_not_there(alone: Alone, door: str, method: str) -> None:
    answer = requests.request(method, f"{alone.server.url}/ingest/{door}", data=b"{}", timeout=60)
    assert answer.status_code == 404


def test_the_key_gets_into_no_log(alone: Alone) -> None:
    alone.eventgrid.shake_hands()
    EventGridCourier(door=alone.eventgrid.door, key="a-wrong-key-that-somebody-tries").post(mail().cloud_event())
    log = alone.server.log()
    assert "ingest.refused" in log
    assert "/ingest/eventgrid" in log
    assert EVENTGRID_KEY not in log
    assert "a-wrong-key" not in log


def test_a_body_of_unknown_length_over_the_limit_gets_413(alone: Alone) -> None:
    courier = alone.eventgrid
    pieces = iter([b" " * 65_536] * 20)
    answer = requests.post(courier.door, params={"key": courier.key}, data=pieces, timeout=60)
    assert answer.status_code == 413


def test_pushes_are_counted(alone: Alone) -> None:
    alone.eventgrid.post(mail(project_key=PROJECT).cloud_event())
    figures = requests.get(f"{alone.server.url}/metrics", timeout=60).text
    assert 'ingest_total{door="eventgrid",outcome="taken"}' in figures
