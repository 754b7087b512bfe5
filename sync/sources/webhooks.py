"""What Intercom's notifications set going. They may be lost, and come twice, late and in any order.

So none of them is ever the reason why something is right: they only have us look at once at what the next change, the
sweep of conversations or a reconcile would look at later. Nothing is asked of anybody here, and only ids are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from psycopg import Connection

from clients.intercom.conversation import Conversation
from clients.intercom.notifications import (
    ContactAppeared,
    ContactArchived,
    ContactDeleted,
    ContactMerged,
    ConversationDeleted,
    ConversationTold,
    News,
    Notification,
)
from sync.conversations.noting import note_conversation
from sync.identity.outcome import OF_A_CUSTOMER, OF_A_GUEST, LinkedBy
from sync.mapping.identity import CustomerField
from sync.mapping.rules import ConversationRules
from sync.people import CUSTOMER, GUEST, guest_subject
from sync.plan.contact import OURS, doubtful
from sync.storage.conversations import drop_conversation, move_conversations
from sync.storage.installations import load_installation
from sync.storage.links import (
    Link,
    known_external_ids,
    links_of_contacts,
    lock_contact,
    picks_of_contacts,
    save_link,
    wanting_a_contact,
)
from sync.storage.reconciling import correct
from sync.storage.subjects import subjects_of_contact, wake_subjects
from sync.storage.suggestions import suggest_contact
from sync.storage.traces import Trace, add_traces

STEP: Final = "told_by_intercom"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRules:
    """What of the mapping matters here. `external_id`: the field of a customer that contacts have as theirs."""

    external_id: CustomerField = "id"
    conversations: ConversationRules = field(default_factory=ConversationRules)


def hear(
    connection: Connection,
    installation: str,
    notification: Notification,
    news: News,
    *,
    rules: WebhookRules,
    now: datetime,
) -> tuple[str, ...]:
    """The subjects that are brought up to date for it. In the caller's transaction, alone."""
    match news:
        case ContactMerged():
            keys = _merged(connection, installation, news)
        case ContactArchived() | ContactDeleted():
            keys = _lost(connection, installation, news.contact_id)
        case ContactAppeared():
            keys = _appeared(connection, installation, news, rules.external_id)
        case ConversationTold():
            keys = _told(connection, installation, news.conversation, rules.conversations)
        case ConversationDeleted():
            drop_conversation(connection, installation, news.conversation_id)
            keys = ()
    add_traces(connection, installation, [_trace(notification, news, key, now=now) for key in keys])
    return tuple(keys)


def _merged(connection: Connection, installation: str, news: ContactMerged) -> Sequence[str]:
    """Whoever had the contact has the other one now, which got from it what it did not have."""
    for contact_id in sorted((news.contact_id, news.into)):
        lock_contact(connection, installation, contact_id)
    move_conversations(connection, installation, news.contact_id, into=news.into)
    links = links_of_contacts(connection, installation, [news.contact_id, news.into])
    keys = [link.key for link in links]
    wake_subjects(connection, installation, keys)
    gone = [link for link in links if link.contact_id == news.contact_id]
    if gone:
        for link in links:
            save_link(connection, installation, _after_merge(link, gone, into=news.into))
    return keys


def _after_merge(link: Link, gone: Sequence[Link], *, into: str) -> Link:
    """What is believed from now on: nothing is certain, and whatever went over with others is there as well."""
    is_moved = link in gone
    others = [] if is_moved else gone
    brought = {name for other in others for name in other.fingerprint if not name.startswith(OURS)}
    tags = link.tags_added.union(link.tags_unsure, *(other.tags_added | other.tags_unsure for other in others))
    return replace(
        link,
        contact_id=into,
        linked_by=LinkedBy.MERGED if is_moved and link.linked_by != LinkedBy.PICKED else link.linked_by,
        fingerprint=doubtful({**link.fingerprint, **dict.fromkeys(brought)}),
        tags_added=frozenset(),
        tags_unsure=tags,
    )


def _lost(connection: Connection, installation: str, contact_id: str) -> Sequence[str]:
    """Whether it is true, and what follows from it, is found out by writing to it."""
    links = links_of_contacts(connection, installation, [contact_id])
    wake_subjects(connection, installation, [link.key for link in links])
    for link in links:
        correct(connection, installation, link, fingerprint=doubtful(link.fingerprint), tags_added=link.tags_added)
    return [link.key for link in links]


def _appeared(
    connection: Connection, installation: str, news: ContactAppeared, external_id: CustomerField
) -> Sequence[str]:
    """Those without a contact whom this one may be."""
    keys = wanting_a_contact(
        connection,
        installation,
        _known_as(connection, installation, news, external_id),
        contact_id=news.contact_id,
        email=news.email,
    )
    wake_subjects(connection, installation, keys)
    suggest_contact(connection, installation, keys, news.contact_id)
    return keys


def _known_as(
    connection: Connection, installation: str, news: ContactAppeared, external_id: CustomerField
) -> Iterable[str]:
    """By the external id, one that we made up included, by an agent's pick, and as a guest."""
    if (id_ := news.external_id) is not None:
        yield from known_external_ids(connection, installation, external_id, [id_]).values()
        for ours, key in ((OF_A_GUEST, GUEST), (OF_A_CUSTOMER, CUSTOMER)):
            if id_.startswith(ours):
                yield key + id_.removeprefix(ours)
    yield from picks_of_contacts(connection, installation, [news.contact_id]).values()
    row = load_installation(connection, installation)
    if news.email and row is not None:
        yield guest_subject(news.email, hash_key=row.hash_key)


def _told(
    connection: Connection, installation: str, conversation: Conversation, rules: ConversationRules
) -> Sequence[str]:
    if not note_conversation(connection, installation, rules, conversation, is_whole=False):
        return ()
    ids = conversation.contact_ids
    return [key for each in ids for key in subjects_of_contact(connection, installation, each)][:1]


def _trace(notification: Notification, news: News, key: str, *, now: datetime) -> Trace:
    is_contact = isinstance(news, ContactMerged | ContactArchived | ContactDeleted | ContactAppeared)
    return Trace(
        at=now,
        step=STEP,
        subject=key,
        resource_type="contact" if is_contact else "conversation",
        resource_id=_whom(news),
        correlation_id=notification.id,
        detail={"topic": notification.topic, "said_at": notification.created_at},
    )


def _whom(news: News) -> str | None:
    match news:
        case ConversationTold():
            return news.conversation.id
        case ConversationDeleted():
            return news.conversation_id
        case _:
            return news.contact_id
