"""Requests that are carried out after everybody has stopped waiting for them: the newest state stands in the end.

A late request is one that is held up on its way while another worker, who takes its sender for dead, does the work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any, Final

import pytest

from clients.commercetools.source import LIMITS
from clients.errors import PlatformError, TimedOut, Unreachable
from clients.intercom.calls import Intercom
from clients.intercom.door import Door, Json
from clients.intercom.settings import IntercomSettings
from clients.intercom.spending import Allowance
from clients.wire.answers import Answer
from clients.wire.http import Http, Method
from sync.doubts import may_still_arrive, wake_in_doubt
from sync.storage.allowance import BATCH, DatabaseStore
from sync.storage.database import Database
from sync.storage.installations import SINGLE
from sync.storage.subjects import SubjectRow, load_subject
from tests.integration.sync.acting import Actor
from tests.integration.sync.companion import Companion, closing, companion
from tests.integration.sync.stepping import Steps

NUMBERS: Final = count(1)
AT_ONCE: Final = timedelta(0)


@dataclass
class Held:
    """The next request that `is_it` picks is held up: `meanwhile` happens before it goes out, and `error` after it."""

    is_it: Callable[[Method, str], bool] = lambda method, path: False
    meanwhile: Callable[[], None] = lambda: None
    error: Exception | None = None
    happened: list[str] = field(default_factory=list)


class SlowDoor(Door):
    """To Intercom, but for the request that is held up."""

    held: Held

    def send(self, method: Method, path: str, body: Json | None = None, **more: Any) -> Answer:
        if not self.held.is_it(method, path):
            return super().send(method, path, body, **more)
        held, self.held = self.held, Held()
        held.meanwhile()
        answer = super().send(method, path, body, **more)
        held.happened.append(f"{method} {path}")
        if held.error is not None:
            raise held.error
        return answer


@dataclass(frozen=True)
class Workers:
    """Two of them: whatever `slow` sends may be held up. `later` is the other one, when nothing is on its way."""

    here: Companion
    door: SlowDoor
    slow: Steps
    other: Steps
    later: Steps

    def run(self, held: Held) -> None:
        """The slow one's jobs; what is held up must have been sent in the end."""
        self.door.held = held
        with suppress(PlatformError):
            self.slow.settle()
        assert held.happened, "nothing was held up"

    def look(self) -> None:
        """At everything that is in doubt."""
        wake_in_doubt(self.here.at, arrived=AT_ONCE)
        self.later.settle()


@pytest.fixture(scope="module")
def here(shared_database: Database) -> Iterator[Companion]:
    with companion(shared_database, worker=False) as here:
        yield here


@pytest.fixture(scope="module")
def workers(here: Companion) -> Iterator[Workers]:
    settings = IntercomSettings(access_token=here.intercom.access_token, api_url=here.intercom.url)
    with closing(Http(LIMITS)) as http:
        door = SlowDoor(settings, http=http, allowance=Allowance(DatabaseStore(here.database, SINGLE), batch=BATCH))
        slow = Steps(here.at, replace(here.at, intercom=Intercom(door)))
        yield Workers(here, door, slow, Steps(here.at), Steps(here.at, arrived=AT_ONCE))


@pytest.fixture
def ada(here: Companion, workers: Workers) -> Actor:
    """With an order that Intercom knows of, and nothing to do."""
    ada = Actor(here, f"ada{next(NUMBERS)}x")
    ada.registers()
    ada.orders()
    workers.other.settle()
    return ada


def writes_a_contact(method: Method, path: str) -> bool:
    return method == "PUT" and "/contacts/" in f"/{path}"


def tags_a_contact(method: Method, path: str) -> bool:
    return method == "POST" and path.rstrip("/").endswith("tags") and "contacts" in path


def on_record(here: Companion, who: Actor) -> SubjectRow:
    with here.database.transaction() as connection:
        row = load_subject(connection, SINGLE, who.subject)
    assert row is not None
    return row


def overtaken(workers: Workers, ada: Actor, is_it: Callable[[Method, str], bool] = writes_a_contact) -> None:
    """A second order is told by the slow worker, and meanwhile a third one by the other."""

    def meanwhile() -> None:
        ada.orders()
        workers.other.settle()

    ada.orders()
    workers.run(Held(is_it, meanwhile))


def test_what_arrives_late_is_put_right_once_it_is_looked_at(workers: Workers, ada: Actor) -> None:
    overtaken(workers, ada)
    assert ada.attributes["ct_last_order_number"] == f"{ada.tag}-2"
    workers.look()
    assert ada.attributes["ct_last_order_number"] == f"{ada.tag}-3"


def test_who_was_overtaken_puts_nothing_on_record(here: Companion, workers: Workers, ada: Actor) -> None:
    overtaken(workers, ada)
    assert on_record(here, ada).fingerprint["ct_last_order_number"] == f"{ada.tag}-3"


def test_who_was_overtaken_tells_no_event_that_the_other_has_told(workers: Workers, ada: Actor) -> None:
    overtaken(workers, ada)
    workers.look()
    assert ada.events["order-placed"] == 3


def test_a_tag_that_arrives_late_is_taken_off_again(here: Companion, workers: Workers, ada: Actor) -> None:
    def meanwhile() -> None:
        ada.on_order("capture")
        workers.other.settle()

    ada.on_order("fail_payment")
    workers.run(Held(tags_a_contact, meanwhile))
    late = here.intercom.tags(ada.contact.id)
    workers.look()
    assert (late, here.intercom.tags(ada.contact.id)) == (("Payment failed",), ())


def test_a_name_that_arrives_late_is_put_right(workers: Workers, ada: Actor) -> None:
    def meanwhile() -> None:
        ada.does("rename", customer=ada.customer, first_name="Eva")
        workers.other.settle()

    ada.does("rename", customer=ada.customer, first_name="Ida")
    workers.run(Held(writes_a_contact, meanwhile))
    late = ada.contact.name
    workers.look()
    assert (late, ada.contact.name) == ("Ida Moreno", "Eva Moreno")


def test_a_contact_is_looked_at_once(workers: Workers, ada: Actor) -> None:
    overtaken(workers, ada)
    workers.look()
    assert wake_in_doubt(workers.here.at, arrived=AT_ONCE) == 0


def test_nothing_is_looked_at_while_it_may_still_be_on_its_way(workers: Workers, ada: Actor) -> None:
    overtaken(workers, ada)
    assert wake_in_doubt(workers.here.at) == 0


def test_a_request_without_an_answer_leaves_a_doubt(here: Companion, workers: Workers, ada: Actor) -> None:
    ada.orders()
    workers.run(Held(writes_a_contact, error=TimedOut("no answer in time")))
    assert on_record(here, ada).doubted_at is not None


def test_a_refusal_leaves_no_doubt(here: Companion, workers: Workers, ada: Actor) -> None:
    ada.orders()
    workers.run(Held(writes_a_contact, error=Unreachable("in trouble", status=503)))
    assert on_record(here, ada).doubted_at is None


def test_a_run_that_comes_to_its_end_leaves_no_doubt(here: Companion, ada: Actor) -> None:
    assert on_record(here, ada).doubted_at is None


def test_a_contact_that_is_gone_when_it_is_looked_at_is_made_anew(workers: Workers, ada: Actor) -> None:
    overtaken(workers, ada)
    workers.here.at.intercom.delete(ada.contact.id, call=workers.here.at.call())
    workers.look()
    assert ada.attributes["ct_last_order_number"] == f"{ada.tag}-3"


@pytest.mark.parametrize(
    ("error", "may_arrive"),
    [
        (TimedOut("late"), True),
        (Unreachable("reset"), True),
        (Unreachable("in trouble", status=503), False),
        (PlatformError("no"), False),
    ],
)
def test_only_what_was_never_answered_may_still_arrive(error: PlatformError, may_arrive: bool) -> None:
    assert may_still_arrive(error) is may_arrive
