"""The sync's tables of `mapping.toml`: docs/mapping.md."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any, Final, TypeVar

from commerce.masks import Mask
from commerce.milestones import MilestoneName
from sync.mapping.attributes import attribute_rule, choice, path_to_one_value, tag_rule
from sync.mapping.contact import contact_options
from sync.mapping.conversations import conversation_rules
from sync.mapping.events import EVENTS, KEYS, MOST_KEYS, default_name
from sync.mapping.expressions import read_expression
from sync.mapping.faults import Fault, Lines, MappingError, Spot, did_you_mean
from sync.mapping.identity import identity_options
from sync.mapping.rules import (
    LONGEST_TEXT,
    Archived,
    CreateContacts,
    Erase,
    EventRule,
    Guests,
    KeyPath,
    SyncMapping,
    SyncOptions,
)
from sync.mapping.toml_values import TABLES, Parser, options, parsed, quoted, store_keys, texts

MOST_IDLE_MINUTES: Final = 90 * 24 * 60  # a cart is gone after 90 days unless the project says otherwise


def parse_sync_mapping(text: str, *, hash_key: bytes) -> SyncMapping:
    """The sync's part of the mapping in `text`; the panel's table is left to the panel.

    Raises MappingError with every fault at once (only one, if it is no TOML), ValueError without a `hash_key`.
    """
    if not hash_key:
        raise ValueError("the sync needs a key to hash with")
    document = parsed(text)
    faults: list[Fault] = []
    top = Spot((), Lines(text), faults)
    _check_tables(document, top)
    mapping = SyncMapping(
        hash_key=hash_key,
        attributes=tuple(_each(document, "attributes", top, attribute_rule)),
        events={rule.milestone: rule for rule in _each(document, "events", top, _event)},
        tags=tuple(_each(document, "tags", top, tag_rule)),
        options=_sync_options(document.get("sync", {}), top.below("sync")),
        identity=identity_options(document.get("identity", {}), top.below("identity")),
        contact=contact_options(document.get("contact", {}), top.below("contact")),
        conversations=conversation_rules(
            document.get("conversations", {}), document.get("panel"), top.below("conversations")
        ),
    )
    _check_same(((rule.name, "events", rule.milestone) for rule in mapping.events.values()), "event", top)
    _check_same(((rule.name, "tags", rule.name) for rule in mapping.tags), "tag", top)
    if faults:
        raise MappingError(faults)
    return mapping


def _check_tables(document: Mapping[str, object], top: Spot) -> None:
    for name, value in document.items():
        if name not in TABLES:
            top.below(name).fault("is not a table of the mapping", did_you_mean(name, TABLES, "Remove it"))
        elif not isinstance(value, dict):
            top.below(name).fault("is a value, not a table", f"Write [{name}] on a line of its own")


Rule = TypeVar("Rule")


def _each(
    document: Mapping[str, Any], table: str, top: Spot, read: Callable[[str, object, Spot], Rule | None]
) -> Iterator[Rule]:
    """The rules of a table, those left out that are at fault or switched off."""
    entries = document.get(table)
    for name, value in entries.items() if isinstance(entries, dict) else ():
        rule = read(name, value, top.below(table, name))
        if rule is not None:
            yield rule


def _check_same(names: Iterator[tuple[str, str, str]], what: str, top: Spot) -> None:
    """Intercom does not tell capitals from small letters in the names of events and tags."""
    seen: dict[str, str] = {}
    for name, table, key in names:
        if name.lower() in seen:
            fix = "Give each a name of its own"
            top.below(table, key).fault(f'is the same {what} in Intercom as "{seen[name.lower()]}"', fix)
        seen.setdefault(name.lower(), key)


def _event(name: str, value: object, spot: Spot) -> EventRule | None:
    known = [milestone.value for milestone in MilestoneName]
    if name not in known:
        spot.fault("is not an event", did_you_mean(name, known, "docs/events.md lists the events"))
        return None
    if not isinstance(value, bool | dict):
        spot.fault(f"{quoted(value)} is neither true nor false", f"Write {name} = true, or a table of its options")
    if value is False or not isinstance(value, bool | dict):
        return None
    milestone = MilestoneName(name)
    given = options(value if isinstance(value, dict) else {}, _EVENT, spot)
    rule = EventRule(
        milestone=milestone,
        name=given.get("name") or default_name(milestone),
        keys=given.get("keys", EVENTS[milestone].keys),
        paths=given.get("paths", {}),
        condition=given.get("condition"),
        line=spot.lines.of(spot.path),
    )
    _check_keys(rule, spot)
    return rule


def _check_keys(rule: EventRule, spot: Spot) -> None:
    at = spot.below("keys")
    if not 0 < len(rule.keys) <= MOST_KEYS:
        at.fault(f"are {len(rule.keys)} keys", f"Choose 1 to {MOST_KEYS}: Intercom ignores the rest")
    choice = EVENTS[rule.milestone].choice
    for key in rule.keys:
        if key not in choice and key not in rule.paths:
            fix = did_you_mean(key, (*choice, *rule.paths), "Give it a path: paths = { … }")
            at.fault(f'"{key}" is not a key of this event', fix, value=key)
    if len(set(rule.keys)) < len(rule.keys):
        at.fault("name a key twice", "Name each once")
    for key in rule.paths:
        _check_path_key(key, rule, spot.below("paths", key))


def _check_path_key(key: str, rule: EventRule, spot: Spot) -> None:
    if key in KEYS:
        spot.fault("is a key that the product fills itself", "Give it another name")
    elif not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,99}", key):
        spot.fault("is no name for a key", 'Use up to 100 letters, digits, "_" and "-"')
    elif key not in rule.keys:
        spot.fault("is not among the keys of the event", "Name it in keys as well: the order counts")


def _sync_options(table: object, spot: Spot) -> SyncOptions:
    given = options(table, _SYNC, spot)
    if "cart_abandoned_after_minutes" in given:
        given["cart_idle"] = given.pop("cart_abandoned_after_minutes")
    return SyncOptions(**given)


def _paths(value: object, spot: Spot) -> dict[str, KeyPath]:
    if not isinstance(value, dict):
        spot.fault("is not a table", 'Write paths = { gift = "order.custom.gift" }')
        return {}
    found = {}
    for key, entry in value.items():
        given = options(entry if isinstance(entry, dict) else {"path": entry}, _KEY_PATH, spot.below(key))
        if isinstance(entry, dict) and "path" not in entry:
            spot.below(key).fault("has no path", f'Write {key} = {{ path = "order.custom.gift" }}')
        if given.get("path"):
            found[key] = KeyPath(expression=given["path"], mask=given.get("mask"))
    return found


def _event_name(value: object, spot: Spot) -> str:
    if isinstance(value, str) and value.strip() and len(value) <= LONGEST_TEXT and not re.search(r"[.$]", value):
        return value
    spot.fault(f"{quoted(value)} is no name for an event", f'Use up to {LONGEST_TEXT} characters, without "." and "$"')
    return ""


def _idle(value: object, spot: Spot) -> timedelta:
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MOST_IDLE_MINUTES:
        return timedelta(minutes=value)
    spot.fault(f"{quoted(value)} is not 1 to {MOST_IDLE_MINUTES} whole minutes", "Leave it out for 60")
    return SyncOptions().cart_idle


_KEY_PATH: Final[Mapping[str, Parser]] = {"path": path_to_one_value, "mask": choice(Mask, Mask.HASH)}
_EVENT: Final[Mapping[str, Parser]] = {
    "name": _event_name,
    "keys": texts,
    "paths": _paths,
    "condition": read_expression,
}
_SYNC: Final[Mapping[str, Parser]] = {
    "create_contacts": choice(CreateContacts, CreateContacts.NEVER),
    "guests": choice(Guests, Guests.LINK),
    "erase": choice(Erase, Erase.CLEAR),
    "archived": choice(Archived, Archived.PARK),
    "stores": store_keys,
    "cart_abandoned_after_minutes": _idle,
}
