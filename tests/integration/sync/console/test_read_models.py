"""What the console shows is what the sync itself put down, and every value on a contact can be explained by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from sandbox.intercom.switches import Fault
from sync.commitment import MOST_READINGS
from sync.console.allowance import AllowanceView, allowance
from sync.console.entries import Entry
from sync.console.health import Health, health
from sync.console.letters import Filter, find_letter, find_letters
from sync.console.origins import Contact, contact
from sync.console.queue import queue
from sync.console.seeking import Match, sought
from sync.console.trace import BadCursor, Key, Timeline, timeline
from sync.people import guest_subject
from sync.sources.backfill import Backfill
from sync.storage.database import Database
from sync.storage.hints import Hint, ResourceType, record_hints
from sync.storage.installations import SINGLE
from tests.integration.sync.companion import MAPPING, Companion, companion

ELSEWHERE = "w:another"
EMAIL = "traced@example.com"
RULES = (
    MAPPING
    + """
[conversations]

[conversations.attributes]
ct_order_number = "order.number"
ct_order_payment = "order.payment_status"
"""
)


@dataclass(frozen=True, kw_only=True)
class World:
    """One customer with an order that was paid and shipped after the contact was made, and a conversation about it."""

    running: Companion
    customer: str
    order: str
    number: str
    conversation: str

    @property
    def subject(self) -> str:
        return f"c:{self.customer}"

    def contact(self, installation: str = SINGLE) -> Contact | None:
        with self.running.database.transaction() as connection:
            return contact(connection, installation, self.subject)

    def timeline(self, key: Key, value: str, *, installation: str = SINGLE, older: str | None = None) -> Timeline:
        with self.running.database.transaction() as connection:
            return timeline(connection, installation, key, value, older=older, limit=10 if older else 200)

    def sought(self, typed: str, *, installation: str = SINGLE) -> tuple[Match, ...]:
        with self.running.database.transaction() as connection:
            return sought(connection, installation, typed)

    def health(self) -> Health:
        with self.running.database.transaction() as connection:
            found = health(connection, SINGLE, now=datetime.now(UTC))
        assert found is not None
        return found

    def allowance(self) -> AllowanceView:
        with self.running.database.transaction() as connection:
            return allowance(connection, SINGLE, now=datetime.now(UTC))


@pytest.fixture(scope="module")
def world(shared_database: Database) -> Iterator[World]:
    with companion(shared_database, mapping=RULES) as running:
        running.sweep()
        customer = running.act("create_account", email=EMAIL, name="Traced").ids["customer"]
        order = running.act("place", customer=customer, pay="nothing", number="TRACED-1").ids["order"]
        running.sweep()
        assert running.settled()
        conversation = about(running, customer, "TRACED-1")
        assert running.settled()
        running.act("capture", order=order)
        running.sweep()
        assert running.settled()
        yield World(running=running, customer=customer, order=order, number="TRACED-1", conversation=conversation)


def about(running: Companion, customer: str, number: str) -> str:
    conversation = running.intercom.converse(running.contact_of(customer), f"<p>Where is {number}?</p>")
    running.look()
    return conversation


def known(world: World) -> Contact:
    found = world.contact()
    assert found is not None
    return found


def names(timeline: Timeline) -> list[str]:
    return [entry.name for entry in timeline.entries]


def test_every_attribute_of_a_contact_is_explained_from_its_hint_to_intercoms_answer(world: World) -> None:
    held = {name: value for name, value in world.running.attributes_of(world.customer).items() if value is not None}
    origins = {each.name: each for each in known(world).attributes if not each.is_field}
    assert {name: each.value for name, each in origins.items()} == held
    for name, origin in origins.items():
        assert origin.state == "sent"
        assert origin.rule is not None
        assert origin.rule.path == path_of(world.running, name)
        assert origin.hints, name
        assert origin.sent is not None
        assert [each for each in origin.sent.answers if each.platform == "intercom" and each.outcome == "200"]
        assert all(each.reference for each in origin.sent.answers)


def path_of(running: Companion, name: str) -> str:
    return next(rule.expression.text for rule in running.at.mapping.attributes if rule.name == name)


def test_a_value_of_the_newest_order_is_led_back_to_that_one_whatever_was_read_last(world: World) -> None:
    running = world.running
    customer = running.act("create_account", email="two.orders@example.com", name="Two").ids["customer"]
    older = running.act("place", customer=customer, pay="nothing", name="older").ids["order"]
    newest = running.act("place", customer=customer, pay="nothing", name="newest").ids["order"]
    running.sweep()
    assert running.settled()
    running.act("capture", order=older)
    running.sweep()
    assert running.settled()
    with running.database.transaction() as connection:
        found = contact(connection, SINGLE, f"c:{customer}")
    assert found is not None
    by_name = {each.name: each for each in found.attributes}
    assert {each.resource_id for each in by_name["ct_last_order_number"].readings} == {newest}
    assert newest_is_named(running, newest, by_name["ct_last_order_number"].value)
    assert {older, newest} >= {each.resource_id for each in by_name["ct_lifetime_value"].readings}


def newest_is_named(running: Companion, order: str, number: object) -> bool:
    document = running.shop.shop.get("order", order)
    return document is not None and document["orderNumber"] == number


def test_intercoms_own_fields_are_explained_without_what_they_hold(world: World) -> None:
    fields = {each.name: each for each in known(world).attributes if each.is_field}
    assert {"email", "external_id"} <= set(fields)
    assert {each.value for each in fields.values()} == {None}
    assert fields["email"].sent is not None


def test_a_tag_is_explained_by_its_condition(world: World) -> None:
    running = world.running
    customer = running.act("create_account", email="tagged@example.com", name="Tagged").ids["customer"]
    order = running.act("place", customer=customer, pay="nothing").ids["order"]
    running.act("fail_payment", order=order)
    running.sweep()
    assert running.settled()
    with running.database.transaction() as connection:
        found = contact(connection, SINGLE, f"c:{customer}")
    assert found is not None
    (tag,) = found.tags
    assert (tag.name, tag.state) == ("Payment failed", "sent")
    assert tag.rule is not None
    assert tag.rule.path == "order.payment_status == 'failed'"
    assert tag.hints
    assert tag.sent is not None
    assert [each.request for each in tag.sent.answers] == ["ensure_tag", "tag_contact"]


def test_what_a_conversation_holds_is_explained_as_well(world: World) -> None:
    (told,) = known(world).conversations
    assert told.id == world.conversation
    held = {each.name: each for each in told.attributes}
    assert held["ct_order_number"].value == world.number
    payment = held["ct_order_payment"]
    assert payment.rule is not None
    assert payment.rule.path == "order.payment_status"
    assert [each.resource_id for each in payment.readings] == [world.order]
    assert payment.sent is not None
    assert payment.sent.answers


def test_a_timeline_goes_from_the_hint_over_reading_and_decision_to_the_answer(world: World) -> None:
    shown = world.timeline(Key.SUBJECT, world.subject)
    assert all(earlier.at <= later.at for earlier, later in pairwise(shown.entries))
    steps = names(shown)
    assert steps.index("poll") < steps.index("read") < steps.index("plan") < steps.index("linked")
    assert {"attributes", "event", "order-placed"} <= set(steps)
    assert EMAIL not in str(shown.entries)


def test_pages_of_a_timeline_leave_nothing_out_and_show_nothing_twice(world: World) -> None:
    whole = {(each.kind, each.id) for each in stored(world.timeline(Key.SUBJECT, world.subject))}
    cursor, seen = "9999-01-01T00:00:00+00:00~step~1", list[tuple[str, int]]()
    while cursor:
        page = world.timeline(Key.SUBJECT, world.subject, older=cursor)
        seen += [(each.kind, each.id) for each in stored(page)]
        cursor = page.older or ""
    assert len(seen) == len(set(seen))
    assert set(seen) == whole


def stored(timeline: Timeline) -> list[Entry]:
    return [each for each in timeline.entries if each.kind != "hint"]


def test_an_order_number_leads_to_what_came_of_it(world: World) -> None:
    steps = names(world.timeline(Key.ORDER_NUMBER, world.number))
    assert {"poll", "read", "plan", "linked", "attributes", "event", "conversation_attributes"} <= set(steps)


def test_a_correlation_id_leads_from_the_hint_to_the_run_and_back(world: World) -> None:
    shown = world.timeline(Key.RESOURCE, world.order)
    hint = next(each for each in shown.entries if each.kind == "hint" and each.correlation_id)
    run = next(each for each in shown.entries if each.name == "attributes")
    for correlation_id in (hint.correlation_id, run.correlation_id):
        assert correlation_id is not None
        steps = names(world.timeline(Key.CORRELATION_ID, correlation_id))
        assert {"poll", "read", "plan"} <= set(steps)


def test_a_hint_that_nobody_has_answered_yet_is_shown_as_waiting(world: World) -> None:
    with world.running.database.transaction() as connection:
        hint = Hint(source="test", type=ResourceType.ORDER, id="unread", correlation_id="waiting-1")
        record_hints(connection, ELSEWHERE, [hint])
        for key, value in ((Key.RESOURCE, "unread"), (Key.CORRELATION_ID, "waiting-1")):
            (shown,) = timeline(connection, ELSEWHERE, key, value).entries
            assert (shown.kind, shown.name) == ("hint", "test")


@pytest.mark.parametrize("cursor", ["x", "2026-01-01~step~x", "now~step~1", "~~", "-1", "9" * 30])
def test_a_cursor_that_nobody_was_given_is_refused(world: World, cursor: str) -> None:
    for key in Key:
        with pytest.raises(BadCursor):
            world.timeline(key, "anything", older=cursor)


def test_a_customer_is_found_by_everything_that_somebody_may_type(world: World) -> None:
    of_customer = Match(Key.SUBJECT, world.subject)
    for typed in (world.customer, world.subject, f" {EMAIL.upper()} ", world.running.contact_of(world.customer).id):
        assert world.sought(typed) == (of_customer,)
    assert Match(Key.ORDER_NUMBER, world.number) in world.sought(world.number)
    assert Match(Key.RESOURCE, world.order) in world.sought(world.order)


@pytest.mark.parametrize("typed", ["", "   ", "nobody", "nobody@example.com", "\x00", "x" * 10_000, "%", "c:", "'; --"])
def test_what_nobody_knows_is_found_nowhere(world: World, typed: str) -> None:
    assert world.sought(typed) == ()


def test_a_guest_is_found_by_the_address_and_kept_under_its_hash(world: World) -> None:
    running = world.running
    running.act("place", email="guest.traced@example.com")
    running.sweep()
    assert running.settled()
    key = guest_subject("guest.traced@example.com", hash_key=running.at.mapping.hash_key)
    assert world.sought("guest.traced@example.com") == (Match(Key.SUBJECT, key),)


def test_values_that_a_backfill_brought_are_explained_by_it(world: World) -> None:
    running, before = world.running, datetime.now(UTC)
    customer = running.act("create_account", email="backfilled@example.com", name="Backfilled").ids["customer"]
    for _ in range(MOST_READINGS + 2):
        running.act("place", customer=customer)
    list(Backfill(running.at, running.source, since=before).run())
    assert running.settled()
    with running.database.transaction() as connection:
        found = contact(connection, SINGLE, f"c:{customer}")
    assert found is not None
    assert running.attributes_of(customer)["ct_orders"] == MOST_READINGS + 2
    for origin in found.attributes:
        assert origin.sent is not None
        assert "backfill" in {hint["source"] for hint in origin.hints}, origin.name
        assert not origin.is_field or origin.readings[0].resource_type == "customer"


def test_another_installation_finds_nothing_of_this_one(world: World) -> None:
    assert world.contact(ELSEWHERE) is None
    for key, value in (
        (Key.SUBJECT, world.subject),
        (Key.ORDER_NUMBER, world.number),
        (Key.RESOURCE, world.order),
        (Key.RESOURCE, world.customer),
        (Key.CORRELATION_ID, some_run(world)),
    ):
        assert world.timeline(key, value, installation=ELSEWHERE).entries == ()
    for typed in (world.customer, EMAIL, world.number, world.order, some_run(world)):
        assert world.sought(typed, installation=ELSEWHERE) == ()


def some_run(world: World) -> str:
    entries = world.timeline(Key.SUBJECT, world.subject).entries
    return next(each.correlation_id for each in entries if each.name == "plan" and each.correlation_id)


def test_health_tells_that_both_neighbours_answer_and_who_was_asked_last(world: World) -> None:
    found, now = world.health(), datetime.now(UTC)
    assert found.commercetools.condition(now) == found.intercom.condition(now) == "well"
    assert {each.name for each in found.sources} >= {"poll/order", "poll/customer"}


def test_the_queue_is_empty_and_the_last_hour_shows_what_was_done(world: World) -> None:
    with world.running.database.transaction() as connection:
        found = queue(connection, SINGLE, now=datetime.now(UTC))
        elsewhere = queue(connection, "w:nobody", now=datetime.now(UTC))
    assert found.jobs.waiting_since is None
    assert found.jobs.workers == 1
    assert not found.is_stuck
    assert len(found.minutes) == 60
    assert sum(each.reads for each in found.minutes) > 0
    assert sum(each.updates for each in found.minutes) > 0
    assert sum(each.reads for each in elsewhere.minutes) == 0


def test_the_allowance_tells_the_limit_and_what_was_asked_of_intercom(world: World) -> None:
    found = world.allowance()
    assert found.limit
    assert found.remaining is not None
    assert found.remaining <= found.limit
    assert len(found.windows) == 60
    assert found.busiest > 0


def test_a_refusal_is_found_with_intercoms_words_and_never_from_elsewhere(world: World) -> None:
    running = world.running
    running.intercom.switches.set(faults=[Fault(kind="status", status=400, door="events", times=1)])
    running.act("place", customer=world.customer)
    running.sweep()
    assert running.settled()
    with running.database.transaction() as connection:
        found = find_letters(connection, SINGLE, Filter(part="events", text=world.customer))
        (letter,) = found.letters
        assert (found.count, found.older) == (1, None)
        assert find_letter(connection, SINGLE, letter.id) == letter
        assert find_letter(connection, ELSEWHERE, letter.id) is None
        assert find_letters(connection, ELSEWHERE, Filter()).letters == ()
        assert find_letters(connection, SINGLE, Filter(text="100%_nobody")).letters == ()
    assert "dead_letter" in {each.kind for each in world.timeline(Key.SUBJECT, world.subject).entries}
    assert said(world, "refused")["part"] == "events"


def said(world: World, step: str) -> Mapping[str, object]:
    entries = world.timeline(Key.SUBJECT, world.subject).entries
    return next(each.detail for each in reversed(entries) if each.name == step)
