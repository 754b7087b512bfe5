"""Looks at the conversations that changed, in case nobody told us: notifications of Intercom may be lost.

Intercom's search finds days, not seconds, and lags behind; so each sweep lists the conversations since the day before
the newest one that was seen, and reads only those that are not as they were read last. One process has the turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import uuid4

import structlog

from clients.errors import BadAnswer, NotFound, PlanRestricted, ScopeMissing
from clients.intercom.conversation import Conversation
from clients.intercom.resources import ConversationsPage, FoundConversation
from sync.conversations.noting import note_conversation
from sync.installation import Installation
from sync.storage.changes import end_turn, take_turn
from sync.storage.conversations import close_conversations, drop_conversation, read_versions
from sync.storage.cursors import load_cursor, save_cursor

TURN: Final = "conversations"
CURSOR: Final = "conversations_since"
EVERY: Final = 60.0  # seconds
LEASE: Final = timedelta(seconds=30)  # longer than a request may take
MOST_PAGES: Final = 1_000
FRESH: Final = 5.0  # seconds; as far as our clock and Intercom's may differ

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What one sweep found. `is_ours`: false when another process has the turn."""

    is_ours: bool = True
    listed: int = 0
    read: int = 0
    news: int = 0
    closed: int = 0


class ConversationSweep:
    """Of one installation, in one process; not for several threads. Every process may have one: they take turns."""

    def __init__(self, installation: Installation, *, every: float = EVERY, holder: str | None = None) -> None:
        self._at = installation
        self._intercom = installation.intercom.as_live(False)
        self._lease = max(LEASE, timedelta(seconds=2 * every))
        self._holder = holder or uuid4().hex
        self._told_of_refusal = False

    def sweep(self) -> Looked:
        """One look. Raises what clients and storage raise; the next one then begins where this one did."""
        if not self._at.mapping.conversations.is_on or not self._take_turn():
            return Looked(is_ours=False)
        try:
            looked = self._look()
        except (ScopeMissing, PlanRestricted) as error:  # contacts can be told all the same
            if not self._told_of_refusal:
                log.error("sync.conversations_refused", reason=error.reason)
            self._told_of_refusal = True
            return Looked()
        self._told_of_refusal = False
        if looked.news or looked.closed:
            log.info("sync.conversations_changed", read=looked.read, news=looked.news, closed=looked.closed)
        return looked

    def release(self) -> None:
        """Lets another process have the turn at once."""
        with self._at.database.transaction() as connection:
            end_turn(connection, self._at.id, TURN, self._holder)

    def _take_turn(self) -> bool:
        with self._at.database.transaction() as connection:
            return take_turn(connection, self._at.id, TURN, self._holder, lease=self._lease)

    def _look(self) -> Looked:
        since = self._cursor()
        listed = read = news = closed = newest = 0
        for page in self._pages(since):
            found = page.conversations
            changed = self._changed(found)
            listed, read = listed + len(found), read + len(changed)
            news += sum(self._note(each.id) for each in changed)
            closed += self._close([each.id for each in found if not each.is_open])
            newest = max([newest, *(each.updated_at for each in found)])
        if newest > (since or 0):
            with self._at.database.transaction() as connection:
                save_cursor(connection, self._at.id, CURSOR, {"updated_at": newest})
        return Looked(listed=listed, read=read, news=news, closed=closed)

    def _cursor(self) -> int | None:
        with self._at.database.transaction() as connection:
            position = load_cursor(connection, self._at.id, CURSOR)
        return None if position is None else int(position["updated_at"])

    def _pages(self, since: int | None) -> Iterator[ConversationsPage]:
        after: str | None = None
        for _ in range(MOST_PAGES):
            page = self._intercom.search_conversations(since=since, after=after, call=self._at.call())
            yield page
            after = page.after
            if after is None or not self._take_turn():
                return

    def _changed(self, found: tuple[FoundConversation, ...]) -> list[FoundConversation]:
        opened = [each for each in found if each.is_open]
        with self._at.database.transaction() as connection:
            known = read_versions(connection, self._at.id, [each.id for each in opened])
        return [each for each in opened if known.get(each.id) is None or (known[each.id] or 0) < each.updated_at]

    def _note(self, conversation_id: str) -> bool:
        """Whether it was news; one that cannot be read is looked at again with the next sweep."""
        try:
            conversation = self._intercom.conversation(conversation_id, call=self._at.call())
        except NotFound:
            with self._at.database.transaction() as connection:
                drop_conversation(connection, self._at.id, conversation_id)
            return False
        except BadAnswer as error:
            log.warning("sync.conversation_not_read", conversation=conversation_id, reason=error.reason)
            return False
        rules, is_settled = self._at.mapping.conversations, self._is_settled(conversation)
        with self._at.database.transaction() as connection:
            return note_conversation(connection, self._at.id, rules, conversation, is_settled=is_settled)

    def _is_settled(self, conversation: Conversation) -> bool:
        """Intercom counts seconds: what is said later in the one that is now would look as if it had been read."""
        return conversation.updated_at is None or conversation.updated_at < self._at.now().timestamp() - FRESH

    def _close(self, ids: list[str]) -> int:
        if not ids:
            return 0
        with self._at.database.transaction() as connection:
            return close_conversations(connection, self._at.id, ids)
