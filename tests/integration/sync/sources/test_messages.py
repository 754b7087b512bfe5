"""The shop's messages say when things happened; nothing else depends on them, whatever becomes of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from clients.commercetools.source import Kind, ShopSource
from commerce.milestones import MilestoneName
from sandbox.commercetools.stand_in import CommercetoolsStandIn
from sandbox.commercetools.switches import Fault
from sandbox.shop.acts import Acts
from sandbox.shop.identifiers import customer_id
from sandbox.shop.resources import timestamp
from sync.installation import Installation
from sync.mapping.rules import EventRule
from sync.sources.poll import Poll, PollSettings
from sync.storage.cursors import load_cursor
from sync.storage.database import Database
from tests.integration.sync.companion import Companion, companion
from tests.integration.sync.sources.shop_times import Clock
from tests.integration.sync.stepping import Steps
from tests.integration.sync.working import SHOP

ANNA = customer_id("vip")
TOLD = (MilestoneName.ORDER_CONFIRMED, MilestoneName.ACCOUNT_CREATED)
NEXT = timedelta(seconds=3)  # until messages are looked at again
ASKED = "ChangedMessages"


@pytest.fixture
def installation(installation: Installation) -> Installation:
    events = {name: EventRule(milestone=name, name=name.value, keys=()) for name in TOLD}
    return replace(installation, mapping=replace(installation.mapping, events=events))


@pytest.fixture
def poll(installation: Installation, source: ShopSource) -> Poll:
    return Poll(installation, source, settings=PollSettings(page=7))


@pytest.fixture
def keeping(stand_in: CommercetoolsStandIn) -> CommercetoolsStandIn:
    """A project that keeps messages."""
    stand_in.switches.set(messages_enabled=True)
    return stand_in


def say(
    shop: CommercetoolsStandIn,
    *,
    ago: float = 0,
    type_: str = "OrderStateChanged",
    resource: str = "order",
    id_: str | None = None,
) -> str:
    """A message of that many seconds ago; the id of what it is about."""
    at = timestamp(datetime.now(UTC) - timedelta(seconds=ago))
    about = id_ or str(uuid4())
    shop.shop.create(
        "message",
        {
            "id": str(uuid4()),
            "version": 1,
            "sequenceNumber": 1,
            "type": type_,
            "resource": {"typeId": resource, "id": about},
            "resourceVersion": 2,
            "createdAt": at,
            "lastModifiedAt": at,
        },
    )
    return about


def heard(database: Database) -> list[tuple[str, str, str]]:
    with database.transaction() as connection:
        rows = connection.execute(
            "SELECT resource_type, resource_id, message_type FROM hint WHERE source = 'messages' ORDER BY id"
        ).fetchall()
    return [(str(type_), str(id_), str(said)) for type_, id_, said in rows]


def test_a_message_is_told_once(poll: Poll, keeping: CommercetoolsStandIn, database: Database, clock: Clock) -> None:
    poll.sweep()
    order = say(keeping)
    found = []
    for _ in range(3):
        clock.ahead += NEXT
        found.append(poll.sweep().messages)
    assert found == [1, 0, 0]
    assert heard(database) == [("order", order, "OrderStateChanged")]


def test_a_message_that_becomes_visible_late_is_found_and_the_cursor_waits_for_it(
    poll: Poll, keeping: CommercetoolsStandIn, database: Database, clock: Clock
) -> None:
    poll.sweep()
    say(keeping)
    clock.ahead += NEXT
    poll.sweep()
    late = say(keeping, ago=50)
    clock.ahead += NEXT
    assert poll.sweep().messages == 1
    assert heard(database)[-1][1] == late
    with database.transaction() as connection:
        position = load_cursor(connection, SHOP, "poll/message")
    assert position is not None
    assert datetime.now(UTC) - datetime.fromisoformat(position["since"]) > timedelta(seconds=59)


def test_what_cannot_be_understood_is_passed_over(
    poll: Poll, keeping: CommercetoolsStandIn, database: Database, clock: Clock
) -> None:
    poll.sweep()
    say(keeping, type_="CartCreated")
    say(keeping, resource="quote-request")
    say(keeping, id_="not-an-id")
    good = say(keeping)
    clock.ahead += NEXT
    assert poll.sweep().messages == 1
    assert [id_ for _, id_, _ in heard(database)] == [good]


def test_many_messages_do_not_hold_the_sweep_up_and_are_all_found(
    poll: Poll, keeping: CommercetoolsStandIn, database: Database, clock: Clock
) -> None:
    clock.ahead = -timedelta(hours=1)
    poll.sweep()
    clock.ahead = timedelta()
    said = [say(keeping, ago=3000 - number) for number in range(40)]
    looks = []
    for _ in range(2):
        clock.ahead += NEXT
        before = keeping.log.by_operation[ASKED]
        poll.sweep()
        looks.append(keeping.log.by_operation[ASKED] - before)
    assert looks[0] == 4
    assert sorted(id_ for _, id_, _ in heard(database)) == sorted(said)


def test_they_are_asked_for_every_other_second_at_most(poll: Poll, keeping: CommercetoolsStandIn) -> None:
    for _ in range(4):
        poll.sweep()
    assert keeping.log.by_operation[ASKED] == 1


def test_without_the_scope_nothing_is_asked(poll: Poll, keeping: CommercetoolsStandIn, clock: Clock) -> None:
    keeping.switches.set(missing_scopes=["view_messages"])
    for _ in range(3):
        assert poll.sweep().failed == {}
        clock.ahead += timedelta(hours=2)
    assert ASKED not in keeping.log.by_operation


def test_a_refusal_closes_them_for_an_hour(poll: Poll, keeping: CommercetoolsStandIn, clock: Clock) -> None:
    keeping.switches.set(missing_scopes=["view_messages"], token_names_scopes=False)
    for _ in range(3):
        assert poll.sweep().failed == {}
        clock.ahead += timedelta(minutes=10)
    assert keeping.log.by_operation[ASKED] == 1
    clock.ahead += timedelta(minutes=40)
    poll.sweep()
    assert keeping.log.by_operation[ASKED] == 2


def test_messages_that_cannot_be_read_cost_no_change(poll: Poll, keeping: CommercetoolsStandIn, clock: Clock) -> None:
    poll.sweep()
    keeping.switches.set(failing_fields={"Message.type": "General"})
    say(keeping)
    order = next(iter(keeping.shop.all("order")))["id"]
    keeping.shop.change("order", order, at=datetime.now(UTC), change=lambda _: None)
    clock.ahead += NEXT
    swept = poll.sweep()
    assert (swept.hints, swept.messages, dict(swept.failed)) == (1, 0, {})
    keeping.switches.set(failing_fields={})
    clock.ahead += timedelta(seconds=61)
    assert poll.sweep().messages == 1


def test_a_shop_that_is_away_is_asked_for_nothing_more_for_their_sake(
    poll: Poll, keeping: CommercetoolsStandIn, clock: Clock
) -> None:
    poll.sweep()
    keeping.switches.set(faults=[Fault(kind="status", status=503)])
    asked = keeping.log.by_operation[ASKED]
    clock.ahead += NEXT
    assert Kind.ORDER in poll.sweep().failed
    assert keeping.log.by_operation[ASKED] == asked


def test_a_mapping_without_events_needs_no_messages(
    installation: Installation, source: ShopSource, keeping: CommercetoolsStandIn
) -> None:
    nothing = replace(installation, mapping=replace(installation.mapping, events={}))
    Poll(nothing, source).sweep()
    assert ASKED not in keeping.log.by_operation


class Story:
    """An order that is placed, confirmed, and changed once more before anybody looks."""

    def __init__(self, here: Companion) -> None:
        self.here = here
        self.now = datetime.now(UTC).replace(microsecond=0)
        self.placed, self.confirmed, self.changed = (self.now - timedelta(seconds=ago) for ago in (50, 40, 20))
        self.at = self.placed
        self.acts = Acts(here.shop.shop, clock=lambda: self.at)

    def tell(self) -> None:
        self.here.sweep()
        order = self.acts.do("place", customer=ANNA, number="TIMED-1").ids["order"]
        self.at = self.confirmed
        self.acts.do("confirm", order=order)
        self.at = self.changed
        self.acts.do("set_locale", order=order, locale="de")
        self.here.poll.release()
        Poll(self.here.at, self.here.source).sweep()
        Steps(self.here.at).settle()

    def times(self) -> dict[str, int]:
        """When the events of the order happened, as Intercom knows it."""
        events = self.here.events_of(ANNA)
        return {each.name: each.created_at for each in events if each.metadata.get("order_number") == "TIMED-1"}


@pytest.fixture
def here(database: Database) -> Iterator[Companion]:
    with companion(database, live_since=datetime.now(UTC) - timedelta(hours=1), worker=False) as here:
        yield here


def test_a_step_gets_the_second_of_its_message(here: Companion) -> None:
    here.shop.switches.set(messages_enabled=True)
    story = Story(here)
    story.tell()
    assert story.times()["order-confirmed"] == int(story.confirmed.timestamp())


def test_without_messages_a_step_gets_the_time_of_the_last_change(here: Companion) -> None:
    story = Story(here)
    story.tell()
    assert story.times()["order-confirmed"] == int(story.changed.timestamp())


@pytest.mark.parametrize("messages_enabled", [True, False])
def test_messages_add_no_event_and_lose_none(here: Companion, messages_enabled: bool) -> None:
    here.shop.switches.set(messages_enabled=messages_enabled)
    story = Story(here)
    story.tell()
    assert set(story.times()) == {"order-placed", "order-confirmed", "payment-authorised"}
    assert story.times()["order-placed"] == int(story.placed.timestamp())


def test_they_are_looked_at_last_unless_nobody_looked_for_a_while(
    poll: Poll, keeping: CommercetoolsStandIn, clock: Clock
) -> None:
    def place() -> int:
        keeping.log.clear()
        poll.sweep()
        return [each.operation for each in keeping.graphql_requests].index(ASKED)

    assert place() == 0
    clock.ahead += NEXT
    assert place() > 0
    clock.ahead += timedelta(minutes=5)
    assert place() == 0
