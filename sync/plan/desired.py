"""What attributes and tags should be, and the difference to what was sent: of a contact, and of a conversation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sync.mapping.expressions import NotComputable
from sync.mapping.rules import AttributeRule, TagRule
from sync.plan.contact import OURS
from sync.plan.document import Document
from sync.plan.result import Withheld, WithheldKind
from sync.plan.subject import Value
from sync.plan.values import WrongType, attribute_value, masked


def desired_attributes(
    rules: Iterable[AttributeRule], said: Document, *, hash_key: bytes
) -> tuple[dict[str, Value], tuple[Withheld, ...]]:
    """The attributes that have a value, by name."""
    desired: dict[str, Value] = {}
    withheld: list[Withheld] = []
    for rule in rules:
        try:
            value = _attribute(rule, said, hash_key)
        except (NotComputable, WrongType) as error:
            withheld.append(Withheld(WithheldKind.ATTRIBUTE, rule.name, str(error)))
            continue
        if value is not None:
            desired[rule.name] = value
    return desired, tuple(withheld)


def _attribute(rule: AttributeRule, said: Document, hash_key: bytes) -> Value:
    if rule.condition and not rule.condition.holds(said):
        return None
    return attribute_value(masked(rule.expression.value(said), rule.mask, hash_key=hash_key), rule.type)


def difference(fingerprint: Mapping[str, Value], desired: Mapping[str, Value]) -> dict[str, Value]:
    """What to send so that Intercom, which holds `fingerprint`, holds what is desired: None clears what is not."""
    changed = {name: value for name, value in desired.items() if not _is_same(fingerprint.get(name), value)}
    gone = [
        name for name, value in fingerprint.items() if value is not None and name not in desired and name[0] != OURS
    ]
    return changed | dict.fromkeys(gone)


def _is_same(sent: Value, value: Value) -> bool:
    """To Python, true is 1; to Intercom it is not."""
    return sent == value and isinstance(sent, bool) == isinstance(value, bool)


def tags_that_hold(rules: Iterable[TagRule], said: Document) -> tuple[frozenset[str], tuple[Withheld, ...]]:
    """The tags whose condition holds, by name."""
    tags, withheld = set(), []
    for rule in rules:
        try:
            if rule.condition.holds(said):
                tags.add(rule.name)
        except NotComputable as error:
            withheld.append(Withheld(WithheldKind.TAG, rule.name, str(error)))
    return frozenset(tags), tuple(withheld)
