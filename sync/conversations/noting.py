"""Somebody has looked at a conversation: what it says is kept, and its customer is woken if that is news.

The sweep, the panel and whoever else hears of a conversation call `note_conversation`. Nothing is asked of anybody
here; a number that no order is known for becomes a hint, by which stage 1 asks the shop.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from psycopg import Connection

from clients.intercom.conversation import Conversation
from sync.conversations.numbers import Numbers, numbers_in
from sync.mapping.rules import ConversationRules
from sync.plan.conversation import doubts
from sync.plan.subject import Value
from sync.storage.conversations import ConversationRow, close_conversations, lock_conversation, save_noted
from sync.storage.facts import orders_by_number
from sync.storage.hints import Hint, ResourceType, record_hints
from sync.storage.subjects import subjects_of_contact, wake_subjects

SOURCE: Final = "conversation"


def note_conversation(
    connection: Connection,
    installation: str,
    rules: ConversationRules,
    conversation: Conversation,
    *,
    is_whole: bool = True,
    is_settled: bool = True,
) -> bool:
    """Whether it was news. In the caller's transaction, of which it should be the last thing.

    `is_whole`: with all its messages. What is older than what was read before is left out. Unless it `is_settled`, more
    may be said in the second in which it was read, and it is to be looked at again.
    """
    if not rules.is_on or conversation.id is None:
        return False
    known = lock_conversation(connection, installation, conversation.id)
    if _is_stale(known, conversation, is_whole=is_whole):
        return False
    if conversation.is_open is False:
        return close_conversations(connection, installation, [conversation.id]) > 0
    contact_id = _contact(connection, installation, conversation) or (known.contact_id if known else None)
    if contact_id is None:
        return False
    row = _row(known, conversation, rules, contact_id, is_whole=is_whole)
    if not is_settled and row.read_version is not None:
        row = replace(row, read_version=row.read_version - 1)
    doubtful = doubts(known.fingerprint, row.held, rules) if known else {}
    save_noted(connection, installation, row, doubts=doubtful)
    has_new_numbers = known is None or row.numbers != tuple(known.numbers)
    if has_new_numbers:
        _ask_the_shop(connection, installation, row)
    if not (has_new_numbers or doubtful or not known or not known.open or known.contact_id != contact_id):
        return False
    wake_subjects(connection, installation, subjects_of_contact(connection, installation, contact_id)[:1])
    return True


def _is_stale(known: ConversationRow | None, conversation: Conversation, *, is_whole: bool) -> bool:
    """A part of it has to be newer than what was read whole, or it could only take away."""
    if known is not None and not known.open and not is_whole and conversation.is_open is None:
        return True
    if known is None or known.read_version is None or conversation.updated_at is None:
        return False
    if is_whole:
        return conversation.updated_at < known.read_version
    return conversation.updated_at <= known.read_version and known.open


def _contact(connection: Connection, installation: str, conversation: Conversation) -> str | None:
    """Of several, the first one that somebody is linked to."""
    ids = conversation.contact_ids
    linked = (each for each in ids if subjects_of_contact(connection, installation, each))
    return next(linked, None) or next(iter(ids), None)


def _row(
    known: ConversationRow | None,
    conversation: Conversation,
    rules: ConversationRules,
    contact_id: str,
    *,
    is_whole: bool,
) -> ConversationRow:
    before = Numbers(pins=tuple(known.pins), said=tuple(known.said), all=tuple(known.numbers)) if known else None
    told = known.fingerprint if known else {}
    found = numbers_in(conversation, rules, before=before, told=told, is_whole=is_whole)
    held: dict[str, Value] = {
        rule.name: conversation.values[rule.name] for rule in rules.attributes if rule.name in conversation.values
    }
    assert conversation.id is not None
    return ConversationRow(
        id=conversation.id,
        contact_id=contact_id,
        pins=found.pins,
        said=found.said,
        numbers=found.all,
        held=held,
        read_version=conversation.updated_at if is_whole else None,
    )


def _ask_the_shop(connection: Connection, installation: str, row: ConversationRow) -> None:
    """For the numbers that no order is known for."""
    unknown = [number for number in row.numbers if not orders_by_number(connection, installation, number)]
    hints = [Hint(source=SOURCE, type=ResourceType.ORDER_NUMBER, id=number) for number in sorted(unknown)]
    record_hints(connection, installation, hints)
