"""Which orders the panel shows first: what the conversation is about, as the sync has it, then what it names."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from canvas_app.mapping import Mapping
from clients.intercom.conversation import Conversation, latest_first
from clients.intercom.order_numbers import order_numbers_named

MOST: Final = 3
NUMBER: Final = "order.number"  # what the sync writes there is the number of the order that the conversation is about


def orders_named(conversation: Conversation, mapping: Mapping) -> tuple[str, ...]:
    """At most three numbers. Agents and bots must not disagree, so what the sync has written comes first."""
    options = mapping.panel
    ours = [rule.name for rule in mapping.conversations.attributes if rule.expression.text == NUMBER]
    written = tuple(pair for pair in conversation.attributes if pair[0] in ours)
    others = tuple(pair for pair in conversation.attributes if pair[0] not in ours)
    decided = order_numbers_named(replace(conversation, attributes=written, texts=()), (), ours) if written else ()
    named = order_numbers_named(
        replace(latest_first(conversation), attributes=others),
        options.order_number_patterns,
        options.order_number_attributes,
        limit=2 * MOST,  # one of them may be what was decided, in two spellings
    )
    known = {number.casefold() for number in decided}
    return (*decided, *(number for number in named if number.casefold() not in known))[:MOST]
