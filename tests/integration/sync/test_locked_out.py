"""A neighbour that does not let us in is left alone, but for one question in a while, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from sandbox.shop.identifiers import customer_id
from sync.handlers import ASK_AGAIN
from sync.storage.database import Database
from sync.storage.dead_letters import list_dead_letters
from sync.storage.hints import ResourceType
from sync.storage.installations import SINGLE, load_installation
from tests.integration.sync.companion import Companion, companion
from tests.integration.sync.stepping import Steps

MANY = 20


class Clock:
    """Stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def here(database: Database) -> Iterator[Companion]:
    with companion(database, worker=False) as here:
        yield here


@pytest.fixture
def steps(here: Companion, clock: Clock) -> Steps:
    return Steps(replace(here.at, clock=clock))


def requests(here: Companion) -> int:
    return len(here.intercom.requests)


def refused(here: Companion) -> set[str]:
    with here.database.transaction() as connection:
        row = load_installation(connection, SINGLE)
    assert row is not None
    return set(row.refused)


def dead_letters(here: Companion) -> int:
    with here.database.transaction() as connection:
        return len(list_dead_letters(connection, SINGLE))


def person(number: int) -> str:
    return customer_id(f"crowd-{number}")


def everybody_orders(here: Companion, steps: Steps) -> None:
    """And all of it is read: what waits are the updates."""
    for number in range(MANY):
        here.hint_at(here.act("create_account", email=f"p{number}@crowd.example", name=f"crowd-{number}"))
        here.hint_at(here.act("place", customer=person(number), number=f"CROWD-{number}"))
    steps.read_all()


def test_with_a_wrong_token_one_request_in_a_while_finds_out_whether_it_still_is(
    here: Companion, steps: Steps, clock: Clock
) -> None:
    everybody_orders(here, steps)
    here.intercom.switches.set(token_revoked=True)
    asked = []
    for passed in (0.0, ASK_AGAIN - 1, 1.0, 1.0, ASK_AGAIN):
        clock.now += passed
        before = requests(here)
        assert len(steps.try_each()) == MANY
        asked.append(requests(here) - before)
    assert asked == [1, 0, 1, 0, 1]


def test_with_a_wrong_token_nothing_is_lost_and_everything_arrives_with_the_right_one(
    here: Companion, steps: Steps, clock: Clock
) -> None:
    everybody_orders(here, steps)
    here.intercom.switches.set(token_revoked=True)
    steps.try_each()
    assert (refused(here), dead_letters(here)) == ({"intercom"}, 0)
    here.intercom.switches.set(token_revoked=False)
    clock.now += ASK_AGAIN
    steps.settle()
    assert [here.event_names_of(person(number)).count("order-placed") for number in range(MANY)] == [1] * MANY
    assert (refused(here), dead_letters(here)) == (set(), 0)


def test_a_subject_with_nothing_to_send_tells_nothing_of_the_token_and_leaves_the_question_to_the_next(
    here: Companion, steps: Steps, clock: Clock
) -> None:
    quiet, loud = person(0), person(1)
    for number in range(2):
        here.hint_at(here.act("create_account", email=f"p{number}@crowd.example", name=f"crowd-{number}"))
    here.hint_at(here.act("place", customer=quiet))
    steps.settle()
    here.hint_at(here.act("place", customer=loud))
    steps.read_all()
    here.intercom.switches.set(token_revoked=True)
    steps.try_each()
    clock.now += ASK_AGAIN
    steps.wake(f"c:{quiet}")
    assert steps.try_each(subject=quiet) == []
    assert refused(here) == {"intercom"}
    before = requests(here)
    steps.try_each()
    assert requests(here) == before + 1


def test_with_a_wrong_secret_the_shop_is_asked_once_in_a_while_and_nothing_is_lost(
    here: Companion, steps: Steps, clock: Clock
) -> None:
    for number in range(MANY):
        here.hint_at(here.act("create_account", email=f"p{number}@crowd.example", name=f"crowd-{number}"))
    here.shop.switches.set(project_suspended=True)
    steps.try_each()
    before = len(here.shop.requests)
    clock.now += ASK_AGAIN - 1
    assert len(steps.try_each()) == MANY
    assert len(here.shop.requests) == before
    assert (refused(here), dead_letters(here)) == ({"commercetools"}, 0)
    here.shop.switches.set(project_suspended=False)
    clock.now += 1
    steps.read_all()
    assert (refused(here), dead_letters(here)) == (set(), 0)


def test_a_scope_that_carts_need_is_missing_for_carts_alone(here: Companion, steps: Steps) -> None:
    here.shop.switches.set(failing_fields={"Query.customerActiveCart": "insufficient_scope"})
    here.hint_at(here.act("create_account", email="c@crowd.example", name="crowd-0"))
    here.hint_at(here.act("place", customer=person(0)))
    here.hint(ResourceType.CART, person(0))
    while len(steps.waiting()) > 1:
        steps.try_each()
    assert here.event_names_of(person(0)) == ["account-created", "order-placed", "payment-authorised"]
    assert [job.lock for job in steps.waiting()] == [f"single/cart/{person(0)}"]
    assert (refused(here), dead_letters(here)) == ({"commercetools"}, 0)
