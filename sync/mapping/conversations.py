"""The table `[conversations]`: what an open conversation is told of the order that it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from clients.intercom.order_number_patterns import compiled
from clients.intercom.order_numbers import DEFAULT_PATTERNS
from sync.mapping.attributes import attribute_rule, tag_rule
from sync.mapping.faults import Spot
from sync.mapping.rules import AttributeRule, AttributeType, ConversationRules, Edits, TagRule
from sync.mapping.toml_values import Parser, flag, one_of, options, quoted, store_keys

TYPES: Final = (AttributeType.STRING, AttributeType.INTEGER, AttributeType.DATE)
"""What Intercom describes as values of a conversation's attribute."""
MOST_PATTERNS: Final = 10


def conversation_rules(table: object, panel: object, spot: Spot) -> ConversationRules:
    """The table as it was written; what is wrong with it goes to the faults of `spot`.

    `panel`: the panel's table, whose faults are the panel's.
    """
    chosen = options(table, _OPTIONS, spot)
    given = panel if isinstance(panel, dict) else {}
    patterns = [pattern for text in _list(given.get("order_number_patterns")) if (pattern := _compiled(text))]
    names = [name for name in _list(given.get("order_number_attributes")) if isinstance(name, str)]
    return ConversationRules(
        **chosen,
        patterns=tuple(patterns[:MOST_PATTERNS]) or DEFAULT_PATTERNS,
        number_attributes=tuple(names),
    )


def _compiled(text: object) -> re.Pattern[str] | None:
    try:
        return compiled(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _attributes(value: object, spot: Spot) -> tuple[AttributeRule, ...]:
    rules = [rule for name, entry in _entries(value, spot) if (rule := attribute_rule(name, entry, spot.below(name)))]
    for rule in rules:
        if rule.type not in TYPES:
            fix = f"Use {', '.join(TYPES)}: as a string, money is amount and currency, and a boolean true or false"
            spot.below(rule.name, "type").fault(f"{rule.type} is no type of a conversation's attribute", fix)
    return tuple(rules)


def _tags(value: object, spot: Spot) -> tuple[TagRule, ...]:
    rules = [rule for name, entry in _entries(value, spot) if (rule := tag_rule(name, entry, spot.below(name)))]
    seen: dict[str, str] = {}
    for rule in rules:
        if rule.name.lower() in seen:
            same = seen[rule.name.lower()]
            spot.below(rule.name).fault(f'is the same tag in Intercom as "{same}"', "Give each a name of its own")
        seen.setdefault(rule.name.lower(), rule.name)
    return tuple(rules)


def _entries(value: object, spot: Spot) -> list[tuple[str, object]]:
    if not isinstance(value, dict):
        spot.fault("is not a table", f"Write [{'.'.join(spot.path)}] on a line of its own")
        return []
    return list(value.items())


def _admin_id(value: object, spot: Spot) -> str | None:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,20}", value):
        return value
    spot.fault(f"{quoted(value)} is not the id of a teammate", 'Write the number as a text: admin_id = "1234567"')
    return None


def _edits(value: object, spot: Spot) -> Edits:
    return Edits(one_of(tuple(each.value for each in Edits), value, spot) or Edits.RESPECT)


_OPTIONS: Final[Mapping[str, Parser]] = {
    "edits": _edits,
    "newest_order": flag,
    "others_orders": flag,
    "stores": store_keys,
    "admin_id": _admin_id,
    "attributes": _attributes,
    "tags": _tags,
}
