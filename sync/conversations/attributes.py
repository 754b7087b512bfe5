"""The attributes of conversations that the mapping names, and what the workspace has of them.

https://developers.intercom.com/docs/references/rest-api/api.intercom.io/conversations-attributes
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from clients.deadline import Call
from clients.intercom.calls import Intercom
from clients.intercom.resources import ConversationAttribute, ConversationAttributeWrite
from sync.mapping.faults import Fault
from sync.mapping.rules import AttributeRule, AttributeType, ConversationRules

TYPES: Final[Mapping[AttributeType, str]] = {
    AttributeType.STRING: "string",
    AttributeType.INTEGER: "integer",
    AttributeType.DATE: "datetime",
}
"""Intercom's words for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationDifference:
    """Between the mapping and the workspace. With `faults` nothing is made."""

    missing: tuple[AttributeRule, ...] = ()
    faults: tuple[Fault, ...] = ()


def conversation_difference(
    rules: ConversationRules, present: Sequence[ConversationAttribute]
) -> ConversationDifference:
    """One that is archived counts as missing: it cannot be brought back, and its name is free."""
    live = [attribute for attribute in present if not attribute.archived]
    missing, faults = [], []
    for rule in rules.attributes:
        found = [attribute for attribute in live if attribute.name == rule.name]
        key = f"conversations.attributes.{rule.name}"
        if not found:
            missing.append(rule)
        elif len(found) > 1:
            fix = "Archive all of them but one: Intercom takes no values for either"
            faults.append(Fault(rule.line, key, f"is the name of {len(found)} attributes in Intercom", fix))
        elif found[0].data_type != TYPES.get(rule.type):
            what = f"is of type {found[0].data_type} in Intercom, and {rule.type} here"
            faults.append(Fault(rule.line, key, what, "Choose another name here: types never change"))
    return ConversationDifference(missing=tuple(missing), faults=tuple(faults))


def read_conversation_difference(
    intercom: Intercom, rules: ConversationRules, *, call: Callable[[], Call]
) -> ConversationDifference:
    """Asks the workspace what it has, if the mapping names any."""
    if not rules.attributes:
        return ConversationDifference()
    return conversation_difference(rules, intercom.conversation_attributes(call=call()))


def make_conversation_attributes(
    intercom: Intercom, found: ConversationDifference, *, call: Callable[[], Call]
) -> tuple[str, ...]:
    """Makes what is missing; the names."""
    for rule in found.missing:
        write = ConversationAttributeWrite(name=rule.name, data_type=TYPES[rule.type])
        intercom.create_conversation_attribute(write, call=call())
    return tuple(rule.name for rule in found.missing)
