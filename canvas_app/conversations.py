"""What agents open is looked at by the sync as well: best effort, and never in an agent's way.

The panel's request brings the conversation along. It is noted after the answer is drawn, by one thread with a short
queue; what does not fit, or fails, is found by the sync's own look a little later.
"""

from __future__ import annotations

import queue
import threading
from contextlib import suppress
from dataclasses import replace
from typing import Final

import structlog
from psycopg import Connection

from canvas_app.database import PanelDatabase
from clients.deadline import Call, Deadline
from clients.errors import PlatformError
from clients.intercom.conversation import Conversation
from sync.conversations.noting import note_conversation
from sync.mapping.rules import ConversationRules

MOST_WAITING: Final = 100
SECONDS: Final = 2.0  # for one of them

log = structlog.get_logger(__name__)


class OpenedConversations:
    """Of one installation, in one process. Thread-safe; its thread begins with the first conversation."""

    def __init__(
        self, database: PanelDatabase, installation: str, rules: ConversationRules, *, most: int = MOST_WAITING
    ) -> None:
        self._database = database
        self._installation = installation
        self._rules = rules
        self._waiting: queue.Queue[Conversation | None] = queue.Queue(most)  # None: it was the last one
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def opened(self, conversation: Conversation, *, contact_id: str | None) -> None:
        """Returns at once. `contact_id`: who is looked at, where the conversation itself does not say."""
        if not self._rules.is_on or conversation.id is None:
            return
        if not conversation.contact_ids and contact_id is not None:
            conversation = replace(conversation, contact_ids=(contact_id,))
        with suppress(queue.Full):
            self._waiting.put_nowait(conversation)
        self._begin()

    def close(self) -> None:
        """Its thread ends once it has noted what waits; what does not fit is not missed."""
        with suppress(queue.Full):
            self._waiting.put_nowait(None)

    def _begin(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._go, name="opened", daemon=True)
                with suppress(RuntimeError):  # no more threads to be had
                    self._thread.start()

    def _go(self) -> None:
        while (conversation := self._waiting.get()) is not None:
            self._note(conversation)

    def _note(self, conversation: Conversation) -> None:
        def note(connection: Connection) -> bool:
            return note_conversation(connection, self._installation, self._rules, conversation, is_whole=False)

        try:
            self._database.check(note, call=Call(Deadline.after(SECONDS), "opened"))
        except PlatformError as error:
            log.info("panel.conversation_not_noted", conversation=conversation.id, reason=error.reason_code)
        except Exception:
            log.exception("panel.conversation_broke", conversation=conversation.id)
