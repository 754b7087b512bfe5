"""Whether the workspace has room for what the mapping names: Intercom's limits are one for the whole workspace."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from sync.mapping.faults import Fault
from sync.mapping.rules import SyncMapping

MOST_ATTRIBUTES: Final = 250  # custom attributes, archived ones not counted
MOST_EVENT_NAMES: Final = 120  # active names


def budget_faults(
    mapping: SyncMapping, *, attributes_in_use: Collection[str] = (), events_in_use: Collection[str] = ()
) -> tuple[Fault, ...]:
    """What does not fit any more: one fault for each rule beyond the limit, in the order of the file.

    `attributes_in_use` and `events_in_use` are the names of all custom attributes and active events that the workspace
    has, those of this mapping included or not: a name that is there already needs no room. Event names count
    without regard to capitals.
    """
    attributes = [(rule.name, f"attributes.{rule.name}", rule.line) for rule in mapping.attributes]
    events = [(rule.name.lower(), f"events.{rule.milestone}", rule.line) for rule in mapping.events.values()]
    return (
        *_beyond(attributes, set(attributes_in_use), MOST_ATTRIBUTES, "custom attributes"),
        *_beyond(events, {name.lower() for name in events_in_use}, MOST_EVENT_NAMES, "event names"),
    )


def _beyond(rules: Iterable[tuple[str, str, int]], used: set[str], most: int, what: str) -> Iterable[Fault]:
    for name, key, line in rules:
        if name not in used and len(used) >= most:
            fix = f"Remove it, or archive one of the {len(used)} {what} that are in use"
            yield Fault(line, key, f"does not fit: Intercom has room for {most} {what}", fix)
        else:
            used.add(name)
