"""Compares what we hold with what is there, on both sides, and has put right what differs.

First the shop: what changed or vanished unnoticed is read again by its id, and only gone if the shop says so then.
Then Intercom: what a contact holds takes the place of what we believed that it holds, and its subject is woken; the
plan then sends the difference, as it always does. Nothing is written to Intercom from here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar
from uuid import uuid4

import structlog

from clients.commercetools.source import Change, Kind, ShopSource
from clients.commercetools.source_questions import moment
from clients.deadline import Call
from clients.errors import Merged, NotFound, ScopeMissing
from clients.intercom.resources import Contact
from sync.identity.standing import is_events_only
from sync.installation import Installation
from sync.plan.contact import doubtful
from sync.priorities import Priority
from sync.sources.comparing import Correction, correction, newer
from sync.sources.hinting import hint_of
from sync.sources.patience import patiently
from sync.sources.telling import corrected
from sync.storage.backfills import waiting_jobs
from sync.storage.hints import Hint, ResourceType, in_batches, record_hints
from sync.storage.links import Link, known_external_ids, links_of_contacts
from sync.storage.reconciling import (
    KnownFact,
    ListedCart,
    correct,
    facts_between,
    linked_after,
    newer_carts,
    older_payments,
    unlinked,
)
from sync.storage.subjects import wake_subjects
from sync.storage.traces import add_traces

SOURCE: Final = "reconcile"
Result = TypeVar("Result")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileSettings:
    """`page` and `contacts`: rows of one request (1 to 500, 1 to 150). `most_waiting`: jobs; while more wait for the
    workers, none are added. `pause`: seconds, the first of several.
    """

    page: int = 500
    contacts: int = 150
    most_waiting: int = 2_000
    pause: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How far it has come, and what it found.

    `newer`: resources of the shop that we did not know, or not as they are; `vanished`: those that are in no list any
    more. `corrected`: contacts that did not hold what we believed; `lost`: linked contacts that are gone; `appeared`:
    contacts of customers that had none. `not_readable`: kinds that a missing scope closes.
    """

    looked_at: int = 0
    newer: int = 0
    vanished: int = 0
    contacts: int = 0
    contacts_total: int | None = None
    corrected: int = 0
    lost: int = 0
    appeared: int = 0
    not_readable: tuple[Kind, ...] = ()
    is_finished: bool = False


class Reconcile:
    """Of one installation, once."""

    def __init__(
        self, installation: Installation, source: ShopSource, *, settings: ReconcileSettings | None = None
    ) -> None:
        self._at = installation
        self._source = source
        self._intercom = installation.intercom.as_live(False)
        self._settings = settings or ReconcileSettings()
        self._owned = tuple(rule.name for rule in installation.mapping.attributes)
        self._stop = threading.Event()
        self._found = Found()

    def run(self, stop: threading.Event | None = None) -> Generator[Found, None, None]:
        """What was found so far, after each page. Ends early once `stop` is set.

        Raises what the database and the platforms raise, after some tries.
        """
        self._stop = stop or self._stop
        for _ in self._pages():
            yield self._found
            if self._stop.is_set():
                return
            self._let_workers_catch_up()
        self._found = replace(self._found, is_finished=True)
        log.info(
            "sync.reconciled",
            newer=self._found.newer,
            vanished=self._found.vanished,
            contacts=self._found.contacts,
            corrected=self._found.corrected,
            lost=self._found.lost,
            appeared=self._found.appeared,
        )
        yield self._found

    def _pages(self) -> Iterator[None]:
        for kind in (Kind.CUSTOMER, Kind.ORDER, Kind.PAYMENT, Kind.CART):
            try:
                yield from self._shop(kind)
            except ScopeMissing:
                self._found = replace(self._found, not_readable=(*self._found.not_readable, kind))
        yield from self._workspace()

    # the shop

    def _shop(self, kind: Kind) -> Iterator[None]:
        after: str | None = None
        while True:
            page = self._patiently(
                lambda after=after: self._source.listed(  # type: ignore[misc]
                    kind, after_id=after, limit=self._settings.page, call=self._call()
                )
            )
            last = page.changes[-1].id if page.is_full else None
            changed, vanished = self._differences(kind, page.changes, after, last)
            hints = [hint_of(kind, each, source=SOURCE) for each in changed]
            self._hint(
                [*(hint for hint in hints if hint is not None), *(_hint_of_known(kind, each) for each in vanished)]
            )
            self._count(looked_at=len(page.changes), newer=len(changed), vanished=len(vanished))
            yield
            if last is None:
                return
            after = last

    def _differences(
        self, kind: Kind, listed: Sequence[Change], after: str | None, last: str | None
    ) -> tuple[Sequence[Change], Sequence[KnownFact]]:
        with self._at.database.transaction() as connection:
            if kind is Kind.PAYMENT:
                versions = {change.id: change.version for change in listed}
                older = older_payments(connection, self._at.id, versions)
                return [change for change in listed if change.id in older], ()
            known = facts_between(connection, self._at.id, kind.value, after=after, last=last)
            if kind is Kind.CART:
                carts = newer_carts(connection, self._at.id, _carts(listed))
                changed: Sequence[Change] = [change for change in listed if change.id in carts]
            else:
                changed = newer(listed, {fact.id: fact.version for fact in known})
        there = {change.id for change in listed}
        return changed, [fact for fact in known if fact.id not in there]

    def _hint(self, hints: Sequence[Hint]) -> None:
        for part in in_batches(hints):
            with self._at.database.transaction() as connection:
                record_hints(connection, self._at.id, part, priority=Priority.BACKFILL)

    # the workspace

    def _workspace(self) -> Iterator[None]:
        tags = self._patiently(lambda: self._intercom.tags(call=self._call()))
        names = {tag.id: tag.name for tag in tags}
        seen: set[str] = set()
        after: str | None = None
        while True:
            page = self._patiently(
                lambda after=after: self._intercom.list_contacts(  # type: ignore[misc]
                    after, per_page=self._settings.contacts, call=self._call()
                )
            )
            seen |= self._compare(page.contacts, names)
            self._count(contacts=len(page.contacts))
            self._found = replace(self._found, contacts_total=page.total)
            yield
            after = page.after
            if after is None:
                break
        yield from self._unseen(seen, names)

    def _compare(self, contacts: Sequence[Contact], names: dict[str, str]) -> set[str]:
        """The keys of the subjects that these contacts belong to."""
        with self._at.database.transaction() as connection:
            links = links_of_contacts(connection, self._at.id, (contact.id for contact in contacts))
        of_contact: dict[str, list[Link]] = {}
        for link in links:
            of_contact.setdefault(link.contact_id, []).append(link)
        for contact in contacts:
            theirs = of_contact.get(contact.id, [])
            for link in theirs:
                if not is_events_only(theirs, link.key) and self._correction(contact, link, names) is not None:
                    self._look_again(link.key, contact.id, names)
        self._appeared(contact for contact in contacts if contact.id not in of_contact)
        return {link.key for link in links}

    def _correction(self, contact: Contact, link: Link, names: dict[str, str]) -> Correction | None:
        return correction(
            contact, fingerprint=link.fingerprint, tags_added=link.tags_added, owned=self._owned, tag_names=names
        )

    def _look_again(self, key: str, contact_id: str, names: dict[str, str]) -> None:
        """Asks for this one contact and corrects what is believed of it, unless it is being written to meanwhile."""
        with self._at.database.transaction() as connection:
            links = links_of_contacts(connection, self._at.id, [contact_id])
        link = next((each for each in links if each.key == key), None)
        if link is None:
            return
        contact = self._contact(contact_id)
        if contact is None:
            if self._corrected(link, _gone(link)):
                self._count(lost=1)
            return
        found = self._correction(contact, link, names)
        if found is not None and self._corrected(link, found):
            self._count(corrected=1)
            log.info("sync.contact_corrected", subject=key, contact_id=contact_id, names=list(found.names))

    def _contact(self, contact_id: str) -> Contact | None:
        """None when it is gone, merged or archived."""
        try:
            contact = self._patiently(lambda: self._intercom.contact(contact_id, call=self._call()))
        except (NotFound, Merged):
            return None
        return None if contact.archived else contact

    def _corrected(self, link: Link, found: Correction) -> bool:
        with self._at.database.transaction() as connection:
            if not correct(connection, self._at.id, link, fingerprint=found.fingerprint, tags_added=found.tags_added):
                return False
            add_traces(connection, self._at.id, [corrected(link, found.names, at=self._at.now())])
            wake_subjects(connection, self._at.id, [link.key], priority=Priority.BACKFILL)
        return True

    def _appeared(self, contacts: Iterable[Contact]) -> None:
        """Wakes customers without a contact whose external id a contact has."""
        ids = [contact.external_id for contact in contacts if contact.external_id]
        if not ids:
            return
        with self._at.database.transaction() as connection:
            subjects = known_external_ids(connection, self._at.id, self._at.mapping.identity.external_id, ids)
            keys = unlinked(connection, self._at.id, subjects.values())
            wake_subjects(connection, self._at.id, keys, priority=Priority.BACKFILL)
        self._count(appeared=len(keys))

    def _unseen(self, seen: set[str], names: dict[str, str]) -> Iterator[None]:
        """Contacts that no page had: gone, or made since."""
        after = ""
        while True:
            with self._at.database.transaction() as connection:
                linked = linked_after(connection, self._at.id, after, limit=self._settings.page)
            if not linked:
                return
            for key, contact_id in linked:
                if key not in seen:
                    self._look_again(key, contact_id, names)
            after = linked[-1][0]
            yield

    # both

    def _count(self, **more: int) -> None:
        self._found = replace(self._found, **{name: getattr(self._found, name) + each for name, each in more.items()})

    def _call(self) -> Call:
        return self._at.call(uuid4().hex)

    def _patiently(self, ask: Callable[[], Result]) -> Result:
        return patiently(ask, wait=self._stop.wait, first=self._settings.pause)

    def _let_workers_catch_up(self) -> None:
        most = self._settings.most_waiting
        while not self._stop.is_set():
            with self._at.database.transaction() as connection:
                if waiting_jobs(connection, self._at.id, most=most) < most:
                    return
            self._stop.wait(self._settings.pause)


def _carts(listed: Iterable[Change]) -> Iterator[ListedCart]:
    for change in listed:
        if change.customer_id is not None:
            touched = moment(change.last_modified_at)
            yield ListedCart(id=change.id, version=change.version, customer_id=change.customer_id, touched=touched)


def _hint_of_known(kind: Kind, fact: KnownFact) -> Hint:
    read_by = fact.customer_id if kind is Kind.CART and fact.customer_id else fact.id
    return Hint(source=SOURCE, type=ResourceType(kind.value), id=read_by)


def _gone(link: Link) -> Correction:
    """The contact is not there any more: nothing that is believed of it is sure."""
    return Correction(fingerprint=doubtful(link.fingerprint), tags_added=link.tags_added, names=())
