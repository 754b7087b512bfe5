"""Who is looked for, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from sync.people import CUSTOMER, GUEST
from sync.plan.contact import EXTERNAL_ID
from sync.plan.result import Plan
from sync.plan.subject import Value

# External ids that we make up, for contacts made here whose people have none of their own.
OF_A_GUEST: Final = "guest:"
OF_A_CUSTOMER: Final = "customer:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A subject as Intercom may know it. `email` is looked for, and only written if `contact` has it as well.

    `contact`: Intercom's own fields that a contact made for this person gets, and `attributes` the custom ones;
    `may_create`: whether one may be made.
    """

    subject: str
    external_id: str | None
    email: str | None = field(repr=False)
    contact: Mapping[str, Value] = field(default_factory=dict, repr=False)
    attributes: Mapping[str, Value] = field(default_factory=dict, repr=False)
    may_create: bool = False

    @property
    def is_guest(self) -> bool:
        return self.subject.startswith(GUEST)

    @property
    def own_id(self) -> str:
        """The external id of a contact that is made for this person: never the same for two of them."""
        return self.external_id or self.stand_in_id

    @property
    def stand_in_id(self) -> str:
        """What stands in for an external id that the person does not have."""
        if self.is_guest:
            return guest_external_id(self.subject)
        return OF_A_CUSTOMER + self.subject.removeprefix(CUSTOMER)


def person_of(subject: str, email: str | None, plan: Plan) -> Person:
    """The person that a plan is about; `email` as the shop has it."""
    external_id = plan.contact.get(EXTERNAL_ID)
    return Person(
        subject=subject,
        external_id=str(external_id) if external_id is not None else None,
        email=email,
        contact=plan.contact,
        attributes=plan.desired,
        may_create=plan.may_create,
    )


def guest_external_id(subject: str) -> str:
    """Of the contact that is made for a guest: the hash of the e-mail address that is in the subject's key."""
    return OF_A_GUEST + subject.removeprefix(GUEST)


class LinkedBy(StrEnum):
    """How a contact was found."""

    EXTERNAL_ID = "external_id"  # it has our external id
    EMAIL = "email"  # it has this e-mail address, and an external id of another system, or the person is a guest
    ADOPTED = "adopted"  # it had the e-mail address and no external id: it has ours now
    LEAD = "lead"  # it was a lead with the e-mail address, and is a user now
    UPGRADED = "upgraded"  # it was made for a guest with the account's e-mail address
    CREATED = "created"
    MERGED = "merged"  # the contact that was known went into this one
    PICKED = "picked"  # an agent said so


class Why(StrEnum):
    """Why there is no contact, or none that may be written."""

    NOT_THERE = "not_there"  # and none may be made
    ARCHIVED = "archived"  # and the mapping says to leave it alone
    NOT_RESTORABLE = "not_restorable"  # Intercom will not bring it back: blocked, or merged long ago
    ANOTHERS = "anothers"  # the contact that has our id belongs to another customer
    AMBIGUOUS = "ambiguous"  # Intercom says that there are several, and not which


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """The contact. It is on record already that it is this subject's.

    If `fresh`, what we believed of it is worth nothing: it was not this one, or was restored or merged into. Then
    `fingerprint`, `tags_added` and `tags_unsure` are what to go by in its place; they are on record as well.
    If `events_only`, another subject of the same contact keeps its attributes, fields and tags true.
    """

    contact_id: str
    linked_by: LinkedBy
    fresh: bool = False
    events_only: bool = False
    fingerprint: Mapping[str, Value] = field(default_factory=dict, repr=False)
    tags_added: frozenset[str] = frozenset()
    tags_unsure: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NoContact:
    """There is none, and nothing is wrong with that."""

    reason: Why = Why.NOT_THERE


@dataclass(frozen=True, slots=True)
class Parked:
    """There is one, and a person has to do something before it can be written."""

    reason: Why


Outcome: TypeAlias = Linked | NoContact | Parked
