"""A thousand notifications, each twice and in any order, through all doors at once, while workers are killed.

The end is what polling finds: nothing lost, nothing twice.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from sandbox.doors import Mail, as_they_come, mail_of
from sandbox.shop import sample_shop
from sandbox.shop.acts import Done
from sync.storage.database import Database
from tests.integration.sync.companion import Companion, companion
from tests.integration.sync.conftest import fresh_database
from tests.integration.sync.doors.crew import crew
from tests.integration.sync.doors.house import House, house, intake_of
from tests.integration.sync.doors.queues import Shelf
from tests.integration.sync.working import eventually

TOLD = 1_000
CUSTOMERS = 12
WORKERS = 2
KILLS = 6
LATE = 300.0
AGAIN = "2"  # seconds until the queue hands out once more what a killed worker held


def test_a_thousand_notifications_through_all_doors_end_as_polling_does_though_workers_are_killed(
    database: Database, postgres_url: str, template_database: str, shelf: Shelf, tmp_path: Path
) -> None:
    shop, chance = sample_shop(), random.Random(7)
    shelf.client.set_queue_attributes(QueueUrl=shelf.settings.queue_url, Attributes={"VisibilityTimeout": AGAIN})
    with (
        fresh_database(postgres_url, template_database) as other_url,
        Database.open(other_url, var=Path("var")) as other,
        companion(database, shop=shop, worker=False) as told,
        companion(other, shop=shop) as polling,
        intake_of(database.url) as intake,
        house(intake) as doors,
        crew(told, shelf.settings, count=WORKERS, directory=tmp_path) as workers,
    ):
        polling.sweep()
        people, mail = a_busy_day(told)
        coming = as_they_come(mail, times=2, chance=chance)
        for portion in (coming[number::KILLS] for number in range(KILLS)):
            with ThreadPoolExecutor(1) as pool:
                kill = pool.submit(workers.kill_one, chance)
                deliver(portion, doors, shelf)
            kill.result()
        assert eventually(lambda: shelf.left() == 0, within=LATE)
        assert told.settled(within=LATE)
        print(f"{workers.killed} workers killed, {workers.cut_off} jobs under way")
        polling.sweep()
        assert polling.settled(within=LATE)
        assert [as_it_is(told, each) for each in people] == [as_it_is(polling, each) for each in people]
        assert told.event_names_of(people[0]).count("order-placed") > 1


def a_busy_day(at: Companion) -> tuple[Sequence[str], Sequence[Mail]]:
    """The customers, and what a subscription is told of all that happens. Everything has its own id: see the ledger."""
    mail: list[Mail] = []

    def act(name: str, /, **arguments: Any) -> Done:
        done = at.act(name, **arguments)
        mail.extend(mail_of(done, project_key=at.shop.project_key))
        return done

    people = [act("create_account", email=f"busy-{each}@example.com").ids["customer"] for each in range(CUSTOMERS)]
    while len(mail) < TOLD:
        for customer in people:
            order = act("place", customer=customer, items=2).ids["order"]
            act("capture", order=order)
            act("ship", order=order)
            act("refund", order=order)
    return people, mail[:TOLD] if _whole(mail) else mail


def _whole(mail: Sequence[Mail]) -> bool:
    """Whether nothing that only the rest tells of would be left out."""
    return {each.id for each in mail[:TOLD]} == {each.id for each in mail}


def deliver(mail: Sequence[Mail], doors: House, shelf: Shelf) -> None:
    """Each door its share, all at the same time, until every one is taken."""
    shares = [mail[number::4] for number in range(4)]
    pubsub, sns, eventgrid = doors.pubsub, doors.sns, doors.eventgrid
    token = pubsub.token()  # good for an hour: Google uses it for many pushes as well
    ways: list[Callable[[Sequence[Mail]], None]] = [
        lambda share: _each(share, lambda one: pubsub.post(pubsub.wrapped(one.text()), token)),
        lambda share: _each(share, lambda one: sns.post(one.text())),
        lambda share: _each(_batches(share), lambda some: eventgrid.post(*(one.cloud_event() for one in some))),
        lambda share: _put(shelf, share),
    ]
    with ThreadPoolExecutor(len(ways)) as pool:
        for done in [pool.submit(way, share) for way, share in zip(ways, shares, strict=True)]:
            done.result()


def _each(all_of_them: Sequence[Any], send: Callable[[Any], int]) -> None:
    for one in all_of_them:
        assert eventually(partial(_is_taken, send, one), within=LATE)


def _is_taken(send: Callable[[Any], int], one: Any) -> bool:
    """Whoever is told to try again brings it again, as all of them do."""
    status = send(one)
    assert status in (204, 503)
    return status == 204


def _batches(mail: Sequence[Mail]) -> Sequence[Sequence[Mail]]:
    return [mail[start : start + 10] for start in range(0, len(mail), 10)]


def _put(shelf: Shelf, mail: Sequence[Mail]) -> None:
    for batch in _batches(mail):
        entries = [{"Id": str(number), "MessageBody": one.text()} for number, one in enumerate(batch)]
        shelf.client.send_message_batch(QueueUrl=shelf.settings.queue_url, Entries=entries)


def as_it_is(at: Companion, customer: str) -> tuple[dict[str, Any], list[tuple[str, Any]]]:
    """What Intercom holds about somebody."""
    contact = at.contact_of(customer)
    events = [(event.name, dict(event.metadata)) for event in at.events_of(customer)]
    return dict(contact.custom_attributes), sorted(events, key=repr)
