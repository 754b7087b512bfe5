"""Which order numbers a conversation names, in the order in which they count.

A number counts by how new it is: what somebody has just written into an attribute, or into a reply, is what the
conversation is about now. What we wrote ourselves names nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from clients.intercom.conversation import Conversation, latest_first
from clients.intercom.order_numbers import order_numbers_named
from sync.mapping.rules import ConversationRules
from sync.plan.conversation import is_same_value
from sync.plan.subject import UNSURE, Value

MOST: Final = 6  # numbers of one conversation, other spellings counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """`pins`: what others wrote into attributes; `said`: what messages name, the newest first; `all`: as they count."""

    pins: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    all: tuple[str, ...] = ()


def numbers_in(
    conversation: Conversation,
    rules: ConversationRules,
    *,
    before: Numbers | None,
    told: Mapping[str, Value],
    is_whole: bool = True,
) -> Numbers:
    """`told` is what we wrote; `before`: what was found the last time. One that is not whole can only add numbers."""
    pins, said = _pins(conversation, rules, told), _said(conversation, rules)
    if before is None:
        return Numbers(pins=pins, said=said, all=_joined(pins, said))
    if any(number not in before.pins for number in pins):
        found = _joined(pins, said, before.all)
    elif said and (said[:1] != before.said[:1] if is_whole else said[0] not in before.said):
        found = _joined(said, before.all)
    else:
        found = before.all
    return Numbers(pins=pins, said=said if is_whole else before.said, all=found)


def _joined(*parts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(number for part in parts for number in part))[:MOST]


def _pins(conversation: Conversation, rules: ConversationRules, told: Mapping[str, Value]) -> tuple[str, ...]:
    attributes = tuple((name, value) for name, value in conversation.attributes if not _is_ours(name, value, told))
    by_others = replace(conversation, attributes=attributes, texts=())
    return order_numbers_named(by_others, rules.patterns, rules.number_attributes, limit=MOST)


def _is_ours(name: str, value: str, told: Mapping[str, Value]) -> bool:
    return name in told and (told[name] == UNSURE or is_same_value(value, told[name]))


def _said(conversation: Conversation, rules: ConversationRules) -> tuple[str, ...]:
    return order_numbers_named(replace(latest_first(conversation), attributes=()), rules.patterns, limit=MOST)
