"""The database goes while queues push: they are told to try again, and nothing is lost."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from sync.storage.database import Database
from tests.integration.sync.doors.house import House, hinted, house, intake_of, mail
from tests.integration.sync.working import eventually

PUSHES = 60
HURRIED = 1.0  # as for queues: who waits for long is not told to try again
SOON = 60.0


@contextmanager
def away(postgres_url: str, database_url: str) -> Iterator[None]:
    """Nobody is let in, and whoever was in is thrown out."""
    name = urlsplit(database_url).path.removeprefix("/")
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        try:
            yield
        finally:
            server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


def test_every_door_says_try_again_while_the_database_is_away(database_url: str, postgres_url: str) -> None:
    with intake_of(database_url, patience=HURRIED) as intake, house(intake) as doors, away(postgres_url, database_url):
        answered = (
            doors.pubsub.push(mail().text()),
            doors.sns.post(mail().text()),
            doors.eventgrid.post(mail().cloud_event()),
            doors.pubsub.push("rubbish"),
        )
        assert answered == (503, 503, 503, 503)
        assert doors.count("pubsub", "unavailable") == 2


def test_who_is_not_believed_is_refused_also_while_the_database_is_away(database_url: str, postgres_url: str) -> None:
    with intake_of(database_url, patience=HURRIED) as intake, house(intake) as doors, away(postgres_url, database_url):
        assert doors.pubsub.post(b"{}", None) == 401


@pytest.mark.parametrize("opened_before", [True, False])
def test_doors_open_again_by_themselves(database_url: str, postgres_url: str, opened_before: bool) -> None:
    with intake_of(database_url, patience=HURRIED) as intake, house(intake) as doors:
        if opened_before:
            assert insisted(doors, mail().cloud_event()) == 204
        with away(postgres_url, database_url):
            assert doors.eventgrid.post(mail().cloud_event()) == 503
        assert insisted(doors, mail().cloud_event()) == 204


def insisted(doors: House, event: dict[str, object]) -> int:
    ends = time.monotonic() + SOON
    while (status := doors.eventgrid.post(event)) == 503 and time.monotonic() < ends:
        time.sleep(0.2)
    return status


def test_what_is_pushed_while_the_database_goes_and_comes_back_is_kept(database_url: str, postgres_url: str) -> None:
    told = [mail() for _ in range(PUSHES)]
    answered: Counter[int] = Counter()
    in_the_middle, gone = threading.Event(), threading.Event()
    with intake_of(database_url, patience=HURRIED) as intake, house(intake) as doors:
        queue = threading.Thread(
            target=_push_all, args=(doors, [each.text() for each in told], answered, in_the_middle, gone)
        )
        queue.start()
        assert in_the_middle.wait(SOON)
        with away(postgres_url, database_url):
            gone.set()
            assert eventually(lambda: answered[503] > 0, within=SOON)
        queue.join(2 * SOON)
        assert not queue.is_alive()
    with Database.open(database_url, var=Path("var")) as database:
        kept = {id_ for id_, _ in hinted(database)}
    assert kept == {each.id for each in told}
    assert answered[204] == PUSHES
    assert set(answered) == {204, 503}
    print(f"{PUSHES} pushes, {answered[503]} times told to try again, none lost")


def _push_all(
    doors: House, texts: list[str], answered: Counter[int], in_the_middle: threading.Event, gone: threading.Event
) -> None:
    """As a queue does: what is not acknowledged comes again. In the middle it waits for the database to go."""
    courier = doors.pubsub
    waiting = list(texts)
    while waiting:
        text = waiting.pop(0)
        status = courier.push(text)
        answered[status] += 1
        if status != 204:
            waiting.append(text)
            time.sleep(0.05)
        if answered[204] == len(texts) // 3:
            in_the_middle.set()
            assert gone.wait(SOON)
