"""What is on record, in words: a line for each hint, step, event and dead letter, and what can be looked at. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from sync.console.entries import Entry

Tone: TypeAlias = Literal["plain", "info", "good", "warn", "bad"]
Detail: TypeAlias = Mapping[str, Any]

SOURCES: Final = {
    "poll": "the poll",
    "messages": "commercetools' messages",
    "sqs": "Amazon SQS",
    "pubsub": "Google Pub/Sub",
    "sns": "Amazon SNS",
    "eventgrid": "Azure Event Grid",
    "backfill": "a backfill",
    "reconcile": "a reconcile",
    "followed": "another resource that names it",
    "conversation": "a conversation that names it",
    "payment": "its payment",
    "replay": "an admin, who had it tried again",
}
TYPES: Final = {
    "order": "order",
    "customer": "customer",
    "cart": "cart",
    "payment": "payment",
    "order_number": "order number",
}
LINKED_BY: Final = {
    "external_id": "it has the customer's id",
    "email": "it has the e-mail address",
    "adopted": "it had the e-mail address and no id of its own; it has the customer's now",
    "lead": "it was a lead with the e-mail address",
    "upgraded": "it was made for the guest with this address",
    "created": "it was made here",
    "merged": "the contact of before was merged into it",
    "picked": "an agent said so",
}
WHY: Final = {
    "not_there": "Intercom has none, and the mapping says not to make one",
    "archived": "it is archived in Intercom",
    "not_restorable": "Intercom will not bring it back",
    "anothers": "it belongs to another customer",
    "ambiguous": "Intercom has several, and does not say which",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """`tone` colours it. `facts` are short, by name; `more` is all that was put down, as JSON."""

    entry: Entry
    tone: Tone
    title: str
    text: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    more: str | None = None


@dataclass(frozen=True, slots=True)
class _Said:
    title: str
    text: str = ""
    tone: Tone = "plain"
    facts: tuple[tuple[str, str], ...] = ()


def shown(entry: Entry) -> Shown:
    match entry.kind:
        case "hint":
            said = _hint(entry)
        case "event":
            said = _event(entry)
        case "dead_letter":
            said = _dead_letter(entry)
        case "step":
            said = _STEPS.get(entry.name, _other)(entry)
    return Shown(
        entry=entry, tone=said.tone, title=said.title, text=said.text, facts=said.facts, more=_more(entry.detail)
    )


def source_of(hint: Detail) -> str:
    """Who gave it, as in "heard from …"."""
    source = str(hint.get("source", "unknown"))
    told = SOURCES.get(source, source)
    return f"{told}: {hint['message_type']}" if hint.get("message_type") else told


def type_of(type_: str | None) -> str:
    return TYPES.get(type_ or "", (type_ or "resource").replace("_", " "))


def _hint(entry: Entry) -> _Said:
    resource = type_of(entry.resource_type)
    version = entry.detail.get("version")
    text = f"Heard from {source_of(dict(entry.detail) | {'source': entry.name})}."
    return _Said(f"Hint: {resource} changed", text, "info", _facts(("at least version", version)))


def _read(entry: Entry) -> _Said:
    detail, resource = entry.detail, type_of(entry.resource_type)
    if "orders" in detail:
        orders = len(detail["orders"])
        text = f"Leads to {orders} order{'' if orders == 1 else 's'}." if orders else "Leads to no order."
        return _Said(f"Read the {resource}", text)
    if not detail.get("found", True) and entry.resource_type == "cart":
        return _Said("Read the cart of the customer", "There is no active one.")
    if not detail.get("found", True):
        return _Said(f"Read the {resource}", "The shop has no such thing (any more).", "warn")
    if detail.get("wanted") and detail.get("version", 0) < detail["wanted"]:
        text = f"Still the version before: {detail['wanted']} was announced. It is read again."
        return _Said(f"Read the {resource}", text, "warn", _facts(("version", detail.get("version"))))
    text = "Kept; its contact is looked after." if detail.get("is_news") else "Nothing new."
    hints = detail.get("hints", ())
    by = ", ".join(dict.fromkeys(source_of(each) for each in hints))
    return _Said(f"Read the {resource}", text, "plain", _facts(("version", detail.get("version")), ("because of", by)))


def _plan(entry: Entry) -> _Said:
    detail = entry.detail
    parts = _counted(
        (len(detail.get("attributes", ())), "attribute"),
        (len(detail.get("fields", ())), "field"),
        (len(detail.get("tags_add", ())) + len(detail.get("tags_remove", ())), "tag"),
        (max(len(detail.get("events", ())), detail.get("open_events", 0)), "event"),
    )
    where = "conversation" if entry.name == "conversation_plan" else "contact"
    if not parts:
        return _Said("Decided: nothing to send", f"The {where} holds everything as it should be.")
    return _Said(f"Decided what to send to the {where}", f"To send: {parts}.")


def _linked(entry: Entry) -> _Said:
    how = str(entry.detail.get("linked_by"))
    title = "Made the contact" if how == "created" and "fields" in entry.detail else "Found the contact"
    sent = entry.detail.get("sent", {})
    text = f"{LINKED_BY.get(how, how).capitalize()}." if title.startswith("Found") else ""
    if sent:
        text = f"With {_counted((len(sent), 'attribute'))} from the start."
    return _Said(title, text, "good", _facts(("contact", entry.detail.get("contact_id")), *_values(sent)))


def _attributes(entry: Entry) -> _Said:
    sent = entry.detail.get("sent", {})
    what = "the conversation" if entry.name == "conversation_attributes" else "the contact"
    facts = _facts(("conversation", entry.detail.get("conversation_id")), *_values(sent))
    return _Said(f"Sent {_counted((len(sent), 'attribute'))} to {what}", "", "good", facts)


def _contact(entry: Entry) -> _Said:
    fields = ", ".join(entry.detail.get("fields", ()))
    if entry.name == "contact_conflict":
        text = "Another contact has one of them, and keeps it. The values themselves are not kept here."
        return _Said("Sent Intercom's own fields, in part", text, "warn", _facts(("fields", fields)))
    text = "The values themselves are not kept here."
    return _Said("Sent Intercom's own fields", text, "good", _facts(("fields", fields)))


def _tag(entry: Entry) -> _Said:
    done = "Put a tag on" if entry.name.endswith("added") else "Took a tag off"
    where = "the conversation" if entry.name.startswith("conversation") else "the contact"
    return _Said(f"{done} {where}", "", "good", _facts(("tag", entry.detail.get("tag"))))


def _event_sent(entry: Entry) -> _Said:
    metadata = entry.detail.get("metadata", {})
    text = "Again, to another contact than before." if entry.detail.get("readdressed") else ""
    return _Said(f"Sent the event {entry.detail.get('event')}", text, "good", _facts(*_values(metadata)))


def _refused(entry: Entry) -> _Said:
    detail = entry.detail
    part = str(detail.get("part", "")).replace("_", " ")
    text = str(detail.get("said") or detail.get("reason") or "")
    facts = _facts(("event", detail.get("event")), ("status", detail.get("status")), ("code", detail.get("code")))
    return _Said(f"Refused: {part}", text, "bad", facts)


def _failed(entry: Entry) -> _Said:
    text = f"{entry.detail.get('reason', 'It did not work')}. It is tried again."
    return _Said("An attempt failed", text, "warn", _facts(("status", entry.detail.get("status"))))


def _nobody(entry: Entry) -> _Said:
    why = str(entry.detail.get("reason"))
    title = "Put aside" if entry.name == "parked" else "No contact"
    return _Said(title, f"{WHY.get(why, why)}.".capitalize(), "warn" if entry.name == "parked" else "plain")


def _looked(entry: Entry) -> _Said:
    names = ", ".join(entry.detail.get("corrected", ())) or "nothing"
    text = "What it holds takes the place of what was believed; the difference is sent."
    return _Said("Looked at the contact", text, "info", _facts(("not as believed", names)))


def _told(entry: Entry) -> _Said:
    facts = _facts(("topic", entry.detail.get("topic")), ("about", entry.resource_id))
    return _Said("Intercom told of a change", "It is looked at.", "info", facts)


def _gone(entry: Entry) -> _Said:
    return _Said("The conversation is gone", "", "plain", _facts(("conversation", entry.detail.get("conversation_id"))))


def _other(entry: Entry) -> _Said:
    return _Said(entry.name.replace("_", " ").capitalize())


_STEPS: Final[Mapping[str, Callable[[Entry], _Said]]] = {
    "read": _read,
    "plan": _plan,
    "conversation_plan": _plan,
    "linked": _linked,
    "attributes": _attributes,
    "conversation_attributes": _attributes,
    "contact": _contact,
    "contact_conflict": _contact,
    "tag_added": _tag,
    "tag_removed": _tag,
    "conversation_tag_added": _tag,
    "conversation_tag_removed": _tag,
    "event": _event_sent,
    "refused": _refused,
    "failed": _failed,
    "no_contact": _nobody,
    "parked": _nobody,
    "doubt_settled": _looked,
    "compared": _looked,
    "told_by_intercom": _told,
    "conversation_gone": _gone,
}
_STATES: Final = {
    "planned": ("It has still to be sent.", "info"),
    "sent": ("It was sent, and its acceptance is not on record yet.", "info"),
    "confirmed": ("Intercom has accepted it.", "good"),
    "refused": ("Intercom would not have it, or it was given up.", "bad"),
}


def _event(entry: Entry) -> _Said:
    text, _ = _STATES.get(str(entry.detail.get("state")), ("", "plain"))
    tone: Tone = "bad" if entry.detail.get("state") == "refused" else "plain"
    return _Said(f"Event {entry.name} was due", text, tone, _facts(("milestone", entry.detail.get("milestone"))))


def _dead_letter(entry: Entry) -> _Said:
    detail = entry.detail
    tone: Tone = "bad" if detail.get("state") == "open" else "plain"
    facts = _facts(
        ("reason", detail.get("reason")), ("failed", f"{detail.get('times')} times"), ("note", detail.get("note"))
    )
    return _Said(f"Dead letter: {entry.name.replace('_', ' ')}", f"It is {detail.get('state')}.", tone, facts)


def _counted(*counts: tuple[int, str]) -> str:
    named = [f"{number} {thing}{'' if number == 1 else 's'}" for number, thing in counts if number]
    return " and ".join((", ".join(named[:-1]), named[-1])) if len(named) > 1 else "".join(named)


def _values(sent: Detail) -> list[tuple[str, object]]:
    return [(name, "cleared" if value is None else value) for name, value in sent.items()]


def _facts(*facts: tuple[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple((name, _text(value)) for name, value in facts if value not in (None, ""))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _more(detail: Detail) -> str | None:
    kept = {name: value for name, value in detail.items() if name != "answers" and value not in (None, [], {})}
    return json.dumps(kept, indent=2, ensure_ascii=False) if kept else None
