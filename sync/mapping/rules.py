"""What a mapping says, read and checked: which attributes, events and tags there are, and the sync's options."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

from clients.intercom.order_numbers import DEFAULT_PATTERNS
from commerce.masks import Mask
from commerce.milestones import MilestoneName
from sync.mapping.contact import ContactField, ContactOptions
from sync.mapping.events import EVENTS
from sync.mapping.expressions import Expression
from sync.mapping.identity import IdentityOptions

LONGEST_TEXT: Final = 255  # characters that Intercom keeps of an attribute's value


class AttributeType(StrEnum):
    """The types of an attribute in Intercom; a date is unix seconds there."""

    STRING = "string"
    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "boolean"
    DATE = "date"


class CreateContacts(StrEnum):
    """For whom a contact is made when there is none."""

    ALL = "all"
    WITH_ORDERS = "with_orders"
    NEVER = "never"


class Guests(StrEnum):
    """What is done for people who ordered without an account."""

    IGNORE = "ignore"
    LINK = "link"  # kept true on a contact that has their e-mail address
    CREATE = "create"  # and made one if there is none, as far as `create_contacts` allows


class Erase(StrEnum):
    """What becomes of the contact of an erased customer."""

    CLEAR = "clear"  # it stays, without anything that we sent
    DELETE = "delete"


class Archived(StrEnum):
    """What is done about a contact that was archived in Intercom."""

    PARK = "park"  # left alone until somebody restores it
    RESTORE = "restore"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeRule:
    """One attribute of the contact; without `condition` it always holds. `line` is where it stands in the file."""

    name: str
    expression: Expression
    type: AttributeType = AttributeType.STRING
    mask: Mask | None = None
    condition: Expression | None = None
    line: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPath:
    """An event key of the merchant's own."""

    expression: Expression
    mask: Mask | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRule:
    """One event: its name in Intercom, and its keys in their order, those of `paths` among them."""

    milestone: MilestoneName
    name: str
    keys: tuple[str, ...]
    paths: Mapping[str, KeyPath] = field(default_factory=dict)
    condition: Expression | None = None
    line: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRule:
    """One tag, on the contact as long as `condition` holds."""

    name: str
    condition: Expression
    line: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncOptions:
    """The table `[sync]`. `stores` are keys, none = all; a cart counts as abandoned after `cart_idle`."""

    create_contacts: CreateContacts = CreateContacts.NEVER
    guests: Guests = Guests.LINK
    erase: Erase = Erase.CLEAR
    archived: Archived = Archived.PARK
    stores: tuple[str, ...] = ()
    cart_idle: timedelta = timedelta(minutes=60)


class Edits(StrEnum):
    """What becomes of an attribute that somebody else has written."""

    RESPECT = "respect"  # left alone until the order has another value for it
    OVERWRITE = "overwrite"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationRules:
    """`admin_id`: in whose name tags are put on; None: whose the token is. `stores` are keys, none = all.

    `newest_order`: a conversation that names no order is about the newest one of its customer. `patterns` and
    `number_attributes` are the panel's, so that both find the same numbers.
    """

    attributes: tuple[AttributeRule, ...] = ()
    tags: tuple[TagRule, ...] = ()
    admin_id: str | None = None
    edits: Edits = Edits.RESPECT
    others_orders: bool = False
    newest_order: bool = True
    stores: tuple[str, ...] = ()
    patterns: tuple[re.Pattern[str], ...] = DEFAULT_PATTERNS
    number_attributes: tuple[str, ...] = ()

    @property
    def is_on(self) -> bool:
        """Whether conversations are told anything."""
        return bool(self.attributes or self.tags)


_NEEDED_FOR_EXTERNAL_ID: Final[Mapping[str, str]] = {
    "customerNumber": "customer.number",
    "externalId": "customer.external_id",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncMapping:
    """The file as far as the sync needs it. Without arguments: closed, nothing is sent.

    `hash_key` is the secret behind the mask `hash` and behind what is remembered of an e-mail address.
    """

    hash_key: bytes = field(repr=False)
    attributes: tuple[AttributeRule, ...] = ()
    events: Mapping[MilestoneName, EventRule] = field(default_factory=dict)
    tags: tuple[TagRule, ...] = ()
    options: SyncOptions = SyncOptions()
    identity: IdentityOptions = field(default_factory=IdentityOptions)
    contact: ContactOptions = field(default_factory=ContactOptions)
    conversations: ConversationRules = field(default_factory=ConversationRules)

    @property
    def allowed(self) -> frozenset[str]:
        """The fields that paths name, by what the shop has to be asked for (see shapes.py)."""
        return frozenset().union(*(expression.needs for expression in self._expressions()))

    @property
    def needs(self) -> frozenset[str]:
        """All that stage 1 has to ask for: what is allowed to be sent, and what tells people and changes apart."""
        people = {"customer.email"} | ({"order.email"} if self.options.guests is not Guests.IGNORE else set())
        if self.identity.external_id in _NEEDED_FOR_EXTERNAL_ID:
            people.add(_NEEDED_FOR_EXTERNAL_ID[self.identity.external_id])
        return self.sent.union(people, *(EVENTS[milestone].needs for milestone in self.events))

    @property
    def sent(self) -> frozenset[str]:
        """The fields that may reach Intercom, whole or masked: those of paths, and of contacts that are made here."""
        emails = {"order.email"} if self._sends_emails_of_guests else set()
        return self.allowed.union(self.contact.needs, emails)

    @property
    def _sends_emails_of_guests(self) -> bool:
        return ContactField.EMAIL in self.contact.fields and self.options.guests is Guests.CREATE

    def _expressions(self) -> Iterator[Expression]:
        for attribute in (*self.attributes, *self.conversations.attributes):
            yield attribute.expression
            yield from _present(attribute.condition)
        for event in self.events.values():
            yield from (path.expression for path in event.paths.values())
            yield from _present(event.condition)
        yield from (tag.condition for tag in (*self.tags, *self.conversations.tags))


def _present(expression: Expression | None) -> Iterator[Expression]:
    if expression is not None:
        yield expression
