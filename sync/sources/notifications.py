"""What queues and push doors bring: notifications of commercetools become hints, and nothing else of them is kept.

A queue is told "taken" only after the hints are committed. What is no notification at all, though it came through a
door that only commercetools' queue can open, becomes a dead letter: refused, it would come again for ever.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg import Connection

from clients.commercetools.notifications import NotANotification, Notification, Told, notifications_in
from sync.storage.database import Database
from sync.storage.dead_letters import NOTIFICATION, Place, bury
from sync.storage.hints import Hint, ResourceType, in_batches, record_hints

MOST_KEPT: Final = 2_000  # characters of a body that could not be read
DELETIONS: Final = frozenset({"ResourceDeleted", "OrderDeleted", "CustomerDeleted"})

_LETTERS: Final = re.compile(r"[^\W\d_]")
_DIGITS: Final = re.compile(r"\d")
_WATCHED: Final = {each.value: each for each in (ResourceType.ORDER, ResourceType.PAYMENT, ResourceType.CUSTOMER)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a body. `foreign`: notifications of another project, which are none of ours to act on."""

    hints: int = 0
    passed_over: int = 0
    foreign: int = 0
    unreadable: bool = False


def take_notifications(
    database: Database,
    installation: str,
    body: bytes | str,
    *,
    project_key: str,
    source: str,
    now: datetime,
    wait: float | None = None,
) -> Taken:
    """Stores the hints of everything in `body`. When this returns, they are durable.

    `wait`: seconds for a connection to the database.
    Raises `StorageUnavailable` and its like: then nothing was kept, and the queue must bring it again.
    """
    try:
        told = notifications_in(body)
    except NotANotification as error:
        with database.transaction(timeout=wait) as connection:
            bury_unreadable(connection, installation, body, str(error), source=source, now=now)
        return Taken(unreadable=True)
    ours = [each for each in told if isinstance(each, Notification) and each.project_key == project_key]
    foreign = sum(isinstance(each, Notification) for each in told) - len(ours)
    # In the order of their keys over all parts, or two that bring much would wait for each other.
    hints = sorted(_hints(ours, source), key=lambda hint: (hint.type, hint.id))
    with database.transaction(timeout=wait) as connection:
        for part in in_batches(hints):
            record_hints(connection, installation, part)
    return Taken(hints=len(hints), passed_over=len(told) - foreign - len(hints), foreign=foreign)


def is_all_foreign(taken: Taken) -> bool:
    """Whether everything that was said belongs to another project: the door was told to the wrong subscription."""
    return taken.foreign > 0 and taken.hints == taken.passed_over == 0


def hint_of(told: Told, source: str) -> Hint | None:
    """The hint to give; None for what we do not look at: the test notification, carts, tokens and all that is new.

    A cart is named by its own id and not by its customer's, so carts are left to the poll.
    """
    if not isinstance(told, Notification) or (type_ := _WATCHED.get(told.resource_type)) is None:
        return None
    is_deletion = told.kind in DELETIONS or told.message_type in DELETIONS
    return Hint(
        source=source,
        type=type_,
        id=told.resource_id,
        version=None if is_deletion else told.version,  # what is gone will never reach it
        occurred_at=told.occurred_at if told.message_type else None,
        message_type=told.message_type,
        correlation_id=told.id,
    )


def _hints(told: Iterable[Notification], source: str) -> Iterable[Hint]:
    return (hint for each in told if (hint := hint_of(each, source)) is not None)


def bury_unreadable(
    connection: Connection, installation: str, body: bytes | str, reason: str, *, source: str, now: datetime
) -> None:
    """Keeps what came through a door and is none of what comes through it, masked; the same body only counts."""
    raw = body if isinstance(body, bytes) else body.encode("utf-8", "replace")
    digest = hashlib.sha256(raw).hexdigest()[:16]
    place = Place(part=NOTIFICATION, resource_type=NOTIFICATION, resource_id=digest)
    answer = {"source": source, "reason": reason, "length": len(raw), "body": masked_body(raw)}
    bury(connection, installation, place, "not_a_notification", now=now, answer=answer)


def masked_body(raw: bytes) -> str:
    """The shape of a text without what it says: letters become x, digits 9."""
    text = raw[: MOST_KEPT * 4].decode("utf-8", "replace")[:MOST_KEPT]
    return _DIGITS.sub("9", _LETTERS.sub("x", text))
