"""Who looks for changes while a worker works: the poll, the sweeps of conversations and contacts, the queue's reader.

One composition for every process that has a worker, whether as its only work or beside something else.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass

from clients.amazon.settings import SqsSettings
from clients.commercetools.subscriptions import SubscriptionHealth
from clients.errors import PlatformError
from sync import doubts
from sync.conversations.sweep import EVERY, ConversationSweep
from sync.home import Home
from sync.rounds import Round
from sync.sources.poll import Poll
from sync.subscribing import catching_up, watch
from sync.subscribing.catching_up import CatchingUp
from sync.subscribing.watch import SubscriptionWatch


@dataclass(frozen=True, slots=True, kw_only=True)
class LookSettings:
    """`poll_seconds`: between the beginnings of two looks at the shop; None: others look. `conversations_seconds`:
    between two looks at the conversations that changed. `subscriptions_seconds`: between two questions whether
    commercetools delivers, where it was told to.
    """

    poll_seconds: float | None = 1.0
    conversations_seconds: float = EVERY
    subscriptions_seconds: float = watch.EVERY


class Lookouts:
    """Of one installation in one process. `stopping` ends the wait for the queue's next message."""

    def __init__(self, home: Home, *, stopping: threading.Event, settings: LookSettings | None = None) -> None:
        self._home = home
        self._stopping = stopping
        self._settings = settings or LookSettings()
        self._poll = Poll(home.at, home.shop)
        self._conversations = ConversationSweep(home.at, every=self._settings.conversations_seconds)
        health = SubscriptionHealth(home.settings.shop, home.http)
        self._subscriptions = SubscriptionWatch(home.at, health, every=self._settings.subscriptions_seconds)
        self._catching_up = CatchingUp(home.at, home.shop, stopping=stopping)

    def rounds(self) -> list[Round]:
        """Everything that the settings and the mapping ask for."""
        return [
            self._of_contacts(),
            *self._of_the_shop(),
            *self._of_conversations(),
            *self._of_the_queue(),
            *self._of_subscriptions(),
        ]

    def let_others_look(self) -> None:
        """Once all rounds have ended: other processes need not wait for our turn to run out."""
        with suppress(PlatformError):  # they get the turn a little later
            if self._settings.poll_seconds is not None:
                self._poll.release()
            if self._home.mapping.conversations.is_on:
                self._conversations.release()
            self._subscriptions.release()

    def _of_contacts(self) -> Round:
        """Those of which nobody knows what they hold."""
        return Round(name="doubts", run=lambda: doubts.wake_in_doubt(self._home.at), every=doubts.EVERY)

    def _of_the_shop(self) -> list[Round]:
        if self._settings.poll_seconds is None:
            return []
        return [Round(name="poll", run=self._poll.sweep, every=self._settings.poll_seconds)]

    def _of_conversations(self) -> list[Round]:
        if not self._home.mapping.conversations.is_on:
            return []
        every = self._settings.conversations_seconds
        return [Round(name="conversations", run=self._conversations.sweep, every=every)]

    def _of_subscriptions(self) -> list[Round]:
        """Each has a thread of its own: a reconcile may take hours."""
        every = self._settings.subscriptions_seconds
        return [
            Round(name="subscriptions", run=self._subscriptions.look, every=every),
            Round(name="reconcile", run=self._catching_up.run_if_due, every=min(every, catching_up.EVERY)),
        ]

    def _of_the_queue(self) -> list[Round]:
        """Notifications that wait in SQS; each look waits for one by itself."""
        settings = self._home.settings.sqs
        return [] if settings is None else [self._sqs(settings)]

    def _sqs(self, settings: SqsSettings) -> Round:
        from clients.amazon.sqs import SqsQueue  # not above: Amazon's library is large, and most have no queue
        from sync.sources.sqs import SqsSource

        home = self._home
        source = SqsSource(
            home.row.id,
            home.database,
            SqsQueue(settings),
            project_key=home.settings.shop.project_key,
            now=home.now,
            stopping=self._stopping,
        )
        return Round(name="sqs", run=source.look, every=0.0)
