"""Stage 2 is stopped at every line, the shop goes on meanwhile, and the contact ends as if nothing had happened.

At each request to Intercom and at each transaction: before it and after it, with an error that is caught and with a
kill that nothing catches. Then either the job runs again at once, or the next change comes first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

import pytest

from clients.errors import TryAgain
from sandbox.intercom.contact import Contact
from sync.storage.database import Database
from tests.integration.sync.acting import Actor, outcome
from tests.integration.sync.companion import Companion, companion
from tests.integration.sync.stepping import (
    Killed,
    Steps,
    Stop,
    Trap,
    Traps,
    no_answer,
    no_database,
    trapped_steps,
)

NUMBERS = count(1)


Act = Callable[[Actor], None]


def registers(who: Actor) -> None:
    who.registers()


def is_a_user_already(who: Actor) -> None:
    who.here.intercom.put(
        Contact(id=f"known{who.tag}", workspace_id="w", role="user", born=1.0, updated_at=1, email=who.email)
    )


def orders(who: Actor) -> None:
    who.orders()


def orders_as_a_guest(who: Actor) -> None:
    who.orders(as_guest=True)


def act(name: str, **arguments: Any) -> Act:
    return lambda who: who.does(name, order=who.order, **arguments)


def renames(name: str) -> Act:
    return lambda who: who.does("rename", customer=who.customer, first_name=name)


def fills_the_cart(who: Actor) -> None:
    who.does("change_cart", customer=who.customer, items=3)


def empties_the_cart(who: Actor) -> None:
    who.does("delete_cart", customer=who.customer)


def takes_the_order(who: Actor) -> None:
    who.does("move", order=who.ids["order"], customer=who.customer)


@dataclass(frozen=True, kw_only=True)
class Story:
    """`before` goes well; what follows from `torn` is stopped; `after` happens then."""

    name: str
    before: Sequence[Act]
    torn: Sequence[Act]
    after: Sequence[Act]


STORIES: Final = (
    Story(
        name="a user is found, its first order is placed, and then captured",
        before=[is_a_user_already],
        torn=[registers, orders],
        after=[act("capture")],
    ),
    Story(
        name="a contact is made and tagged, and the tag is taken off",
        before=[],
        torn=[registers, orders, act("fail_payment")],
        after=[act("capture")],
    ),
    Story(
        name="a name and an attribute are set, and the attribute is unset",
        before=[registers, orders],
        torn=[renames("Eva"), fills_the_cart],
        after=[empties_the_cart],
    ),
    Story(
        name="an attribute is unset, and set again to what it was",
        before=[registers, orders, fills_the_cart],
        torn=[empties_the_cart, renames("Eva")],
        after=[fills_the_cart, renames("Ada")],
    ),
    Story(
        name="a tag is put on, and taken off",
        before=[registers, orders, act("capture")],
        torn=[act("request_return"), fills_the_cart],
        after=[act("receive_return"), act("refund")],
    ),
    Story(
        name="a tag is taken off, and put on",
        before=[registers, orders, act("capture"), act("request_return")],
        torn=[act("receive_return"), act("refund"), act("fail_payment")],
        after=[act("request_return")],
    ),
    Story(
        name="a contact is made with an attribute, which is unset",
        before=[],
        torn=[registers, orders, fills_the_cart],
        after=[empties_the_cart],
    ),
    Story(
        name="a guest's order becomes an account's",
        before=[orders_as_a_guest, act("fail_payment")],
        torn=[registers, takes_the_order],
        after=[act("capture"), act("ship")],
    ),
)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Where stories are played."""

    here: Companion
    steps: Steps
    traps: Traps

    def plays(self, story: Story, trap: Trap | None = None, *, at_once: bool = True) -> list[str]:
        """What is in Intercom at the end, by names that are the same for every run. `trap` is set once it has begun."""
        who = Actor(self.here, f"run{next(NUMBERS)}x")
        for each in story.before:
            each(who)
            self.steps.settle()
        for each in story.torn:
            each(who)
        with suppress(Killed, TryAgain), trap.set() if trap else nullcontext():
            self.steps.settle()
        if at_once:
            self.steps.settle()
        for each in story.after:
            each(who)
        self.steps.settle()
        return outcome(who.here, who.tag)


@pytest.fixture(scope="module")
def stage(shared_database: Database) -> Iterator[Stage]:
    with companion(shared_database, worker=False) as here, trapped_steps(here) as (steps, traps):
        yield Stage(here=here, steps=steps, traps=traps)


def list_difference(lines: Sequence[str], others: Sequence[str]) -> list[str]:
    return sorted((Counter(lines) - Counter(others)).elements())


def each_stop(stage: Stage, story: Story, trap: Trap, stop: Stop, *, at_once: bool) -> int:
    """How many stops there were: at the first, the second, ... until the story is over before the next."""
    calm = stage.plays(story)
    for at in count(1):
        trap.prepare(at, stop)
        ended = stage.plays(story, trap, at_once=at_once)
        if not trap.has_sprung:
            return at - 1
        missing, too_much = list_difference(calm, ended), list_difference(ended, calm)
        assert (missing, too_much) == ([], []), f"stopped {stop.when} number {at}"
    raise AssertionError("there is always an end")


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_killed_after_any_request_to_intercom_before_the_next_change_it_ends_as_if_nothing_had_been(
    stage: Stage, story: Story
) -> None:
    assert each_stop(stage, story, stage.traps.calls, Stop("after", Killed), at_once=False) >= 2


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_killed_after_any_transaction_before_the_next_change_it_ends_as_if_nothing_had_been(
    stage: Stage, story: Story
) -> None:
    assert each_stop(stage, story, stage.traps.commits, Stop("after", Killed), at_once=False) >= 2


@pytest.mark.parametrize("story", [STORIES[0], STORIES[-1]], ids=lambda story: story.name)
def test_killed_after_any_transaction_it_goes_on_as_if_nothing_had_been(stage: Stage, story: Story) -> None:
    assert each_stop(stage, story, stage.traps.commits, Stop("after", Killed), at_once=True) >= 2


@pytest.mark.parametrize("story", [STORIES[1], STORIES[-1]], ids=lambda story: story.name)
def test_killed_after_any_request_to_intercom_it_goes_on_as_if_nothing_had_been(stage: Stage, story: Story) -> None:
    assert each_stop(stage, story, stage.traps.calls, Stop("after", Killed), at_once=True) >= 2


@pytest.mark.parametrize("story", [STORIES[1]], ids=lambda story: story.name)
def test_a_request_to_intercom_that_fails_is_sent_again(stage: Stage, story: Story) -> None:
    assert each_stop(stage, story, stage.traps.calls, Stop("before", no_answer), at_once=True) >= 2


@pytest.mark.parametrize("story", [STORIES[4]], ids=lambda story: story.name)
def test_a_transaction_that_fails_is_done_again(stage: Stage, story: Story) -> None:
    assert each_stop(stage, story, stage.traps.commits, Stop("before", no_database), at_once=True) >= 2
