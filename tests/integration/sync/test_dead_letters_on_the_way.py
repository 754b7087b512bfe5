"""What Intercom refuses waits for a person, with Intercom's words, while everything else and everybody else goes on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from sandbox.intercom.switches import Fault
from sync.storage.database import Database
from sync.storage.dead_letters import DeadLetter, discard, list_dead_letters, replay
from sync.storage.installations import SINGLE
from tests.integration.sync.acting import Actor
from tests.integration.sync.companion import Companion, companion
from tests.integration.sync.stepping import Steps

NUMBERS = count(1)


@pytest.fixture(scope="module")
def here(shared_database: Database) -> Iterator[Companion]:
    with companion(shared_database, worker=False) as here:
        yield here


@pytest.fixture
def steps(here: Companion) -> Iterator[Steps]:
    yield Steps(here.at)
    here.intercom.switches.reset()


@pytest.fixture
def ada(here: Companion, steps: Steps) -> Actor:
    """Linked, with an order."""
    return linked(here, steps)


def linked(here: Companion, steps: Steps) -> Actor:
    actor = Actor(here, f"ada{next(NUMBERS)}x")
    actor.registers()
    actor.orders()
    steps.settle()
    return actor


def letters(actor: Actor) -> dict[str, DeadLetter]:
    """Those that are open, by part."""
    with actor.here.database.transaction() as connection:
        return {each.part: each for each in list_dead_letters(connection, SINGLE) if each.subject == actor.subject}


def replayed(actor: Actor, part: str) -> None:
    with actor.here.database.transaction() as connection:
        assert replay(connection, letters(actor)[part].id, now=actor.here.at.now())


def discarded(actor: Actor, part: str) -> None:
    with actor.here.database.transaction() as connection:
        assert discard(connection, letters(actor)[part].id, now=actor.here.at.now())


def refuses(here: Companion, door: str, *, times: int | None = 1) -> None:
    here.intercom.switches.set(faults=[Fault(kind="status", status=422, door=door, times=times)])  # type: ignore[arg-type]


def test_what_is_refused_becomes_a_dead_letter_with_intercoms_words(here: Companion, steps: Steps, ada: Actor) -> None:
    refuses(here, "contacts")
    ada.on_order("capture")
    steps.settle()
    letter = letters(ada)["attributes"]
    assert letter.reason == "rejected"
    assert (letter.answer or {})["said"] == "The request cannot be processed"
    assert (letter.answer or {})["status"] == 422


def test_the_other_parts_of_the_same_subject_arrive(here: Companion, steps: Steps, ada: Actor) -> None:
    refuses(here, "contacts")
    ada.on_order("fail_payment")
    steps.settle()
    assert ada.events["payment-failed"] == 1
    assert ada.tags == ["Payment failed"]


def test_it_holds_up_nobody_else(here: Companion, steps: Steps, ada: Actor) -> None:
    bob = linked(here, steps)
    refuses(here, "contacts")
    ada.on_order("capture")
    steps.settle()
    bob.on_order("capture")
    steps.settle()
    assert bob.attributes["ct_last_order_payment"] == "paid"
    assert (set(letters(ada)), set(letters(bob))) == ({"attributes"}, set())


@pytest.mark.parametrize("door", ["contacts", "events", "tags"])
def test_a_replay_while_a_newer_change_waits_ends_in_the_newest_state(
    here: Companion, steps: Steps, ada: Actor, door: str
) -> None:
    refuses(here, door, times=None)
    ada.on_order("fail_payment")
    steps.settle()
    (part,) = letters(ada)
    here.intercom.switches.reset()
    ada.on_order("capture")
    replayed(ada, part)
    steps.settle()
    assert ada.attributes["ct_last_order_payment"] == "paid"
    assert ada.events == dict.fromkeys((*PLACED, "payment-failed", "payment-captured"), 1)
    assert ada.tags == []
    assert letters(ada) == {}


PLACED = ("account-created", "order-placed", "payment-authorised")


def test_a_job_that_failed_and_runs_after_a_newer_one_ends_in_the_newest_state(
    here: Companion, steps: Steps, ada: Actor
) -> None:
    here.intercom.switches.set(faults=[Fault(kind="status", status=503, door="contacts", times=1)])
    ada.on_order("fail_payment")
    steps.read_all()
    assert len(steps.try_each()) == 1
    (failed,) = steps.waiting()
    ada.on_order("capture")
    steps.read_all()
    newer = [job for job in steps.waiting() if job.id != failed.id]
    for job in (*newer, failed):
        steps.run(job)
    assert ada.attributes["ct_last_order_payment"] == "paid"
    assert ada.events == dict.fromkeys((*PLACED, "payment-failed", "payment-captured"), 1)
    assert ada.tags == []


def test_an_event_that_was_refused_is_sent_once_when_it_is_replayed(here: Companion, steps: Steps, ada: Actor) -> None:
    refuses(here, "events")
    ada.on_order("capture")
    steps.settle()
    assert ada.events["payment-captured"] == 0
    replayed(ada, "events")
    steps.settle()
    steps.wake(ada.subject)
    steps.settle()
    assert ada.events["payment-captured"] == 1


def test_what_is_discarded_is_never_sent(here: Companion, steps: Steps, ada: Actor) -> None:
    refuses(here, "events")
    ada.on_order("capture")
    steps.settle()
    discarded(ada, "events")
    ada.on_order("ship")
    steps.settle()
    assert (ada.events["payment-captured"], ada.events["parcel-shipped"]) == (0, 1)


def test_whoever_discards_refused_attributes_gives_up_no_event(here: Companion, steps: Steps, ada: Actor) -> None:
    refuses(here, "any", times=2)
    ada.on_order("capture")
    steps.settle()
    assert set(letters(ada)) == {"attributes", "events"}
    discarded(ada, "attributes")
    replayed(ada, "events")
    steps.settle()
    assert ada.events["payment-captured"] == 1


def test_many_dead_letters_replayed_at_once_make_no_duplicate(here: Companion, steps: Steps) -> None:
    actors = [Actor(here, f"many{next(NUMBERS)}x") for _ in range(60)]
    refuses(here, "events", times=None)
    for actor in actors:
        actor.registers()
        actor.orders()
    steps.settle()
    here.intercom.switches.reset()
    again = here.intercom.events_sent_again
    for _ in range(2):
        with here.database.transaction() as connection:
            for letter in list_dead_letters(connection, SINGLE, limit=None):
                replay(connection, letter.id, now=here.at.now())
        steps.settle()
    assert [actor.events for actor in actors] == [dict.fromkeys(PLACED, 1)] * 60
    assert here.intercom.events_sent_again == again


def test_an_attribute_that_somebody_deleted_holds_up_no_other_and_arrives_when_it_is_back(
    here: Companion, steps: Steps, ada: Actor
) -> None:
    set_archived(here, "ct_last_order_payment", True)
    ada.on_order("capture")
    ada.does("change_cart", customer=ada.customer, items=2)
    steps.settle()
    assert ada.attributes["ct_cart_items"] == 2
    letter = letters(ada)["attributes"]
    assert (letter.reason, "ct_last_order_payment" in str(letter.answer)) == ("unknown_attribute", True)
    set_archived(here, "ct_last_order_payment", False)
    replayed(ada, "attributes")
    steps.settle()
    assert ada.attributes["ct_last_order_payment"] == "paid"
    assert letters(ada) == {}


def set_archived(here: Companion, name: str, archived: bool) -> None:
    with here.intercom.lock:
        attributes = here.intercom.workspace.attributes
        known = next(each for each in attributes if each.name == name)
        attributes.update(str(known.id), {"archived": archived}, here.intercom.workspace.now)
