"""A preview as a page shows it: each attribute with its source, its mask, the value that would be sent, and why not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from canvas_app.install.desk import desk
from clients.commercetools.shop import Shop
from clients.errors import NotFound
from sync.home import Home, home_of
from sync.mapping.contact import ContactField
from sync.mapping.reading import parse_sync_mapping
from sync.mapping.rules import AttributeRule, AttributeType, SyncMapping
from sync.people import customer_of
from sync.plan.result import Withheld
from sync.plan.subject import UNSURE
from sync.previewing import Preview, preview_customer, preview_guest

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,60}")
_MASKS: Final[Mapping[str, str]] = {
    "last4": "last 4 characters",
    "domain": "domain only",
    "initials": "initials only",
    "hash": "hashed",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One attribute. `done`: what happens to it. `in_words`: what the value says, where it does not say it itself."""

    name: str
    source: str
    mask: str
    value: str = field(repr=False)
    done: str
    is_sent: bool
    in_words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What would be sent for one customer or guest."""

    who: str
    contact: str
    stopped: tuple[str, ...]
    lines: tuple[Line, ...] = field(repr=False)
    tags: tuple[tuple[str, str], ...]
    events: tuple[tuple[str, int], ...]  # name, unix seconds
    withheld: tuple[Withheld, ...]


def shown_for(installation: str, text: str, whom: str) -> tuple[Shown, ...]:
    """Everybody that an e-mail address or a customer id leads to; nobody is no error. `text` has no faults."""
    with desk().home(installation) as saved:
        mapping = parse_sync_mapping(text, hash_key=saved.row.hash_key)
        with closing(_with(saved, mapping)) as home:
            return tuple(_shown(each, mapping) for each in _previews(home, whom))


def _with(saved: Home, mapping: SyncMapping) -> Home:
    """The same installation, as if this were its mapping."""
    return home_of(saved.settings, saved.row, mapping, saved.database, now=saved.now)


def _previews(home: Home, whom: str) -> list[Preview]:
    if "@" not in whom:
        return _of_customer(home, whom)
    found = Shop(home.settings.shop, http=home.http).by_email(whom, numbers=(), call=home.at.call())
    previews = [each for customer in found.customers for each in _of_customer(home, customer.id)]
    return [*previews, preview_guest(home.at, whom)] if found.guest_orders else previews


def _of_customer(home: Home, customer_id: str) -> list[Preview]:
    if not _ID.fullmatch(customer_id):
        return []
    try:
        return [preview_customer(home.at, customer_id)]
    except NotFound:
        return []


def _shown(preview: Preview, mapping: SyncMapping) -> Shown:
    plan = preview.plan
    customer_id = customer_of(preview.subject)
    reasons = (preview.parked_reason, preview.events_stopped_reason)
    return Shown(
        who=f"Customer {customer_id}" if customer_id else "Guest orders with this address",
        contact=_contact(preview),
        stopped=tuple(reason for reason in reasons if reason),
        lines=_lines(preview, mapping),
        tags=(
            *((tag, "added" if tag in plan.tags_add else "as it is") for tag in plan.tags),
            *((tag, "removed") for tag in plan.tags_remove),
        ),
        events=(
            *((each.name, each.second) for each in plan.intents),
            *((each.name, each.second) for each in preview.waiting),
        ),
        withheld=plan.withheld,
    )


def _contact(preview: Preview) -> str:
    if preview.contact_id is not None:
        return f"Intercom contact {preview.contact_id}"
    if preview.plan.may_create:
        return "No contact is linked yet: one is looked for, and made if there is none."
    return "No contact is linked yet: one is looked for; none is made."


def _lines(preview: Preview, mapping: SyncMapping) -> tuple[Line, ...]:
    plan = preview.plan
    rules = {rule.name: rule for rule in mapping.attributes}
    lines = [_line(name, value, rules.get(name), _done(preview, name)) for name, value in sorted(plan.desired.items())]
    cleared = sorted(name for name, value in plan.attributes.items() if value is None)
    lines += [_line(name, "", rules.get(name), "cleared") for name in cleared]
    if preview.contact_id is None and plan.may_create:
        lines += [_line(name, value, None, "if a contact is made") for name, value in sorted(plan.contact.items())]
    else:
        lines += [_line(name, value, None, "sent") for name, value in sorted(plan.fields.items())]
    return tuple(sorted(lines, key=lambda line: not line.is_sent))


def _line(name: str, value: object, rule: AttributeRule | None, done: str) -> Line:
    mask = _MASKS.get(rule.mask, rule.mask) if rule and rule.mask else ""
    source = rule.expression.text if rule else "Intercom's own field"
    is_date = rule.type is AttributeType.DATE if rule else name == ContactField.SIGNED_UP_AT.value
    in_words = _moment(value) if is_date else ""
    return Line(name, source, mask, _text(value), done, done != "as it is", in_words)


def _done(preview: Preview, name: str) -> str:
    if name not in preview.plan.attributes:
        return "as it is"
    before = preview.fingerprint.get(name)
    return "sent" if before in (None, UNSURE) else f"sent, was {_text(before)}"


def _moment(value: object) -> str:
    """A date is unix seconds in Intercom."""
    try:
        return f"{datetime.fromtimestamp(int(str(value)), UTC):%-d %b %Y, %H:%M} UTC"
    except (ValueError, OverflowError, OSError):
        return ""


def _text(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
