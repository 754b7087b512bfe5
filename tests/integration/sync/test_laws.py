"""Whatever is heard of the shop, and in whatever order jobs run: after one look at everything, Intercom is true.

Two worlds in one shop see the same acts. In the calm one each act is heard of and carried out at once; in the stormy
one hints are lost, doubled and late, jobs run at any time and are killed half-way, until the poll has looked once more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sandbox.shop.acts import NotPossible
from sync.storage.database import Database
from sync.storage.subjects import subjects_after
from tests.integration.sync.acting import Actor, outcome
from tests.integration.sync.companion import MAPPING, Companion, companion
from tests.integration.sync.stepping import Killed, Steps, Stop, Trap, trapped_steps

NUMBERS = count(1)
# Entries into a state are told when they are seen, and a step that a later one implies is not told after it.
SEEN_OR_NOT: Final = ("order_confirmed", "order_completed", "order_cancelled", "order_shipped", "order_delivered")
DURABLE: Final = "\n".join(line for line in MAPPING.splitlines() if not line.startswith(SEEN_OR_NOT))

PEOPLE: Final = ("a", "b", "g")
ACTS: Final[tuple[tuple[str, Mapping[str, Any]], ...]] = (
    ("place", {}),
    ("place", {}),
    ("capture", {}),
    ("fail_payment", {}),
    ("ship", {"quantity": 1}),
    ("request_return", {}),
    ("receive_return", {}),
    ("refund", {}),
    ("refund", {"transaction": False}),
    ("confirm", {}),
    ("cancel", {}),
    ("set_locale", {"locale": "fr-FR"}),
    ("move", {"to": "a"}),
    ("move", {"to": "b"}),
    ("move", {"to": "g"}),
    ("change_cart", {}),
    ("rename", {"first_name": "Eva"}),
)


@dataclass(frozen=True)
class Happening:
    """Somebody does something; so many hints of it are given; then so many jobs run, the oldest or the newest first.

    `killed_at`: the first of them to send so many requests is killed after that one.
    """

    who: str
    act: str
    arguments: Mapping[str, Any] = field(hash=False)
    hints: int
    jobs: int
    newest_first: bool
    killed_at: int = 0


HAPPENINGS = st.builds(
    lambda who, act, hints, jobs, newest_first, at: Happening(who, act[0], act[1], hints, jobs, newest_first, at),
    st.sampled_from(PEOPLE),
    st.sampled_from(ACTS),
    st.sampled_from([0, 0, 1, 2]),
    st.integers(0, 3),
    st.booleans(),
    st.sampled_from([0, 1, 2, 3, 4, 6, 8]),
)


class World:
    """Two accounts and a guest."""

    def __init__(self, here: Companion) -> None:
        self.tag = f"w{next(NUMBERS)}x"
        self.people = {name: Actor(here, self.tag + name, is_heard=False) for name in PEOPLE}
        self.people["a"].registers()
        self.people["b"].registers()

    def does(self, happening: Happening, *, hints: int) -> None:
        who = self.people[happening.who]
        is_guest = happening.who == "g"
        if happening.act == "place":
            return who.orders(as_guest=is_guest, heard=hints)
        if happening.act in ("change_cart", "rename"):
            return (
                None if is_guest else who.does(happening.act, heard=hints, customer=who.customer, **happening.arguments)
            )
        if "order" not in who.ids:
            return None
        arguments = dict(happening.arguments)
        if to := arguments.pop("to", None):
            other = self.people[to]
            arguments |= {"email": other.email} | ({} if to == "g" else {"customer": other.customer})
        try:
            who.on_order(happening.act, heard=hints, **arguments)
        except NotPossible:
            return None
        return None


@pytest.fixture(scope="module")
def here(shared_database: Database) -> Iterator[Companion]:
    with companion(shared_database, worker=False, mapping=DURABLE) as here:
        here.sweep()
        yield here


# An example takes a second: looking for a smaller one that fails as well would take minutes.
@settings(max_examples=10, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(happenings=st.lists(HAPPENINGS, min_size=6, max_size=14))
def test_any_order_doubling_or_loss_of_hints_ends_in_the_same_state_and_the_same_events(
    here: Companion, happenings: list[Happening]
) -> None:
    calm, stormy, steps = World(here), World(here), Steps(here.at)
    again = here.intercom.events_sent_again
    with trapped_steps(here) as (torn, traps):
        kills = sum(storm(stormy, happening, torn, traps.calls) for happening in happenings)
    here.sweep()
    steps.settle()
    for happening in happenings:
        calm.does(happening, hints=1)
        here.sweep()
        steps.settle()
    assert events_of(here, stormy) == events_of(here, calm)
    assert state_of(here, stormy) == state_of(here, calm)
    assert here.intercom.events_sent_again - again <= kills


def storm(world: World, happening: Happening, steps: Steps, trap: Trap) -> bool:
    """Whether a job was killed."""
    world.does(happening, hints=happening.hints)
    trap.prepare(happening.killed_at, Stop("after", Killed))
    with suppress(Killed), trap.set():
        for _ in range(happening.jobs):
            if waiting := steps.waiting():
                steps.run(waiting[-1 if happening.newest_first else 0])
        return False
    return True


def state_of(here: Companion, world: World) -> list[str]:
    """Of everybody with orders: whoever had some for a moment may have been seen or not."""
    lines = [line for line in outcome(here, world.tag) if "{" not in line]
    owners = {line.split()[0] for line in lines if " ct_orders = " in line and not line.endswith(" ct_orders = 0")}
    return [line for line in lines if line.split()[0] in owners]


def events_of(here: Companion, world: World) -> Counter[tuple[str, str]]:
    """Of everybody together, by name and order: one that changes hands is told to whoever has it when it is seen."""
    contacts = [each for each in here.intercom.contacts if world.tag in f"{each.email}"]
    events = [event for contact in contacts for event in here.intercom.events(contact.id)]
    told = ((event.name, str(event.metadata["order_number"])) for event in events if "order_number" in event.metadata)
    return Counter((name, number.replace(world.tag, "")) for name, number in told)


def test_a_second_run_of_everybody_sends_nothing(here: Companion) -> None:
    steps = Steps(here.at)
    world = World(here)
    for act in ("place", "fail_payment", "ship", "change_cart"):
        for who in PEOPLE:
            world.does(Happening(who, act, {}, 1, 0, False), hints=1)
    here.sweep()
    steps.settle()
    before = writes(here)
    with here.database.transaction() as connection:
        everybody = [row.key for row in subjects_after(connection, here.at.id, "", limit=1_000)]
    steps.wake(*everybody)
    steps.settle()
    assert len(everybody) >= 3
    assert writes(here) == before


def writes(here: Companion) -> int:
    """Requests that could change anything: somebody without a contact may be looked for again."""
    return sum(each.method != "GET" and each.route != "POST /contacts/search" for each in here.intercom.requests)
