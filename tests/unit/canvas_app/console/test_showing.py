"""Whatever is on record is told in words, and whatever is missing or odd in it breaks no page."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from canvas_app.console.moments import clock, count, moment, span
from canvas_app.console.showing import _STEPS, SOURCES, shown, source_of
from sync.console.entries import Entry, with_hints

AT = datetime(2026, 11, 23, 14, 2, 7, 120_000, tzinfo=UTC)
SYNC = Path(__file__).parents[4] / "sync"
_PUT_DOWN = re.compile(
    r'(?:_trace|\bstep|_confirm)\(\s*(?:after, )?"([a-z_]+)"|\bstep="([a-z_]+)"|STEP: Final = "([a-z_]+)"'
)


def entry(name: str, kind: str = "step", **detail: object) -> Entry:
    return Entry(kind=kind, at=AT, id=1, name=name, resource_type="order", resource_id="o-1", detail=detail)  # type: ignore[arg-type]


def steps_of_the_sync() -> set[str]:
    texts = [path.read_text(encoding="utf-8") for path in SYNC.rglob("*.py")]
    return {name for text in texts for found in _PUT_DOWN.findall(text) for name in found if name}


def test_every_step_that_the_sync_puts_down_is_told_in_words_of_its_own() -> None:
    steps = steps_of_the_sync()
    assert {"read", "plan", "linked", "attributes", "event", "refused", "failed", "compared"} <= steps
    assert steps - set(_STEPS) == set()


@pytest.mark.parametrize("name", [*sorted(_STEPS), "something_new"])
def test_a_step_of_which_nothing_else_is_known_has_a_title(name: str) -> None:
    assert shown(entry(name)).title
    assert shown(entry(name)).more is None


@pytest.mark.parametrize("kind", ["hint", "event", "dead_letter"])
def test_hints_events_and_dead_letters_of_which_little_is_known_have_a_title(kind: str) -> None:
    assert shown(entry("anything", kind)).title


def test_a_reading_tells_its_version_and_what_it_was_made_for() -> None:
    hints = [{"source": "messages", "message_type": "OrderCreated"}, {"source": "poll"}]
    told = shown(entry("read", found=True, version=3, is_news=True, hints=hints))
    assert told.title == "Read the order"
    assert told.facts == (("version", "3"), ("because of", "commercetools' messages: OrderCreated, the poll"))


def test_a_reading_that_came_too_early_is_told_as_one() -> None:
    told = shown(entry("read", found=True, version=3, wanted=4, is_news=False))
    assert (told.tone, told.text) == ("warn", "Still the version before: 4 was announced. It is read again.")


def test_values_that_were_sent_are_shown_and_cleared_ones_are_called_so() -> None:
    told = shown(entry("attributes", sent={"ct_orders": 2, "ct_cart_items": None, "ct_vip": True}))
    assert told.title == "Sent 3 attributes to the contact"
    assert told.facts == (("ct_orders", "2"), ("ct_cart_items", "cleared"), ("ct_vip", "yes"))


def test_a_plan_counts_what_differs() -> None:
    told = shown(entry("plan", attributes={"a": 1}, tags_add=["x"], tags_remove=["y"], events=["m"], open_events=1))
    assert told.text == "To send: 1 attribute, 2 tags and 1 event."
    assert shown(entry("plan")).title == "Decided: nothing to send"


def test_a_refusal_is_told_in_the_platforms_words() -> None:
    told = shown(entry("refused", part="attributes", said="Custom attribute 'x' does not exist", status=400))
    assert (told.tone, told.text) == ("bad", "Custom attribute 'x' does not exist")


def test_a_hint_comes_before_the_reading_that_it_caused_and_is_shown_once() -> None:
    earlier = (AT - timedelta(seconds=2)).isoformat()
    hints = [{"source": "poll", "received_at": earlier}, {"source": "poll"}]
    reading = entry("read", hints=hints)
    again = Entry(
        kind="step", at=AT, id=2, name="read", resource_type="order", resource_id="o-1", detail={"hints": hints}
    )
    assert [each.name for each in with_hints([reading, again])] == ["poll", "read", "read"]


def test_a_source_that_nobody_named_is_told_by_its_own_name() -> None:
    assert source_of({"source": "carrier_pigeon"}) == "carrier_pigeon"
    assert source_of({}) == "unknown"
    assert source_of({"source": "sqs"}) == SOURCES["sqs"]


def test_times_and_numbers_are_written_for_people() -> None:
    assert moment(AT) == "23 Nov 2026, 14:02:07 UTC"
    assert clock(AT) == "14:02:07.120"
    spans = [timedelta(), timedelta(seconds=59), timedelta(minutes=12), timedelta(hours=3), timedelta(days=2)]
    assert [span(each) for each in spans] == ["1 s", "59 s", "12 min", "3 h", "2 days"]
    assert [count(1, "job"), count(1204, "job"), count(1204)] == ["1 job", "1,204 jobs", "1,204"]
