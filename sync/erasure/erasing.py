"""Erases a customer: what we sent to Intercom, and what we keep ourselves. docs/identity.md tells what stays.

It can be stopped at any line and begun again. First, in one transaction, everything kept here goes, the customer and
the orders are barred from ever coming back, and what is left to do is put on record; then Intercom; then the receipt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Final

from psycopg import Connection

from clients.deadline import Call
from clients.errors import Merged, NotFound, TryAgain
from clients.intercom.calls import Intercom
from sync.erasure.contact import ErasedContact, clear_conversation
from sync.erasure.receipt import ContactWork, ConversationWork, Receipt, Work
from sync.identity.outcome import OF_A_CUSTOMER
from sync.mapping.rules import SyncMapping
from sync.people import customer_subject, guest_subject
from sync.plan.contact import OURS, doubtful
from sync.storage.conversations import told_by_subjects
from sync.storage.database import Transactions
from sync.storage.erasures import (
    Remains,
    begin_erasure,
    email_of,
    finish_erasure,
    is_any_running,
    is_gone,
    load_erasure,
    note_work,
    orders_of,
    remove,
)
from sync.storage.links import Link, links_of_contacts, save_link
from sync.storage.subjects import SubjectRow, load_subject, wake_subjects


class StillRunning(TryAgain):
    """A job of this customer is at work and may still write to the contact: ask again in a moment."""

    reason_code = "still_running"


class Erasure:
    """For one installation. Thread-safe."""

    def __init__(
        self,
        intercom: Intercom,
        database: Transactions,
        installation: str,
        mapping: SyncMapping,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._intercom = intercom
        self._database = database
        self._installation = installation
        self._mapping = mapping
        self._now = now

    def erase(self, customer_id: str, *, call: Callable[[], Call], holds_lock: bool = False) -> Receipt:
        """Erases because a person said so; a second time it only says what was done.

        `holds_lock`: the caller is the customer's own job. `call` is asked for every request. Raises `StillRunning`,
        and what the client and the storage raise; whenever it is called again, it goes on from there.
        """
        work, begun_at, receipt = self._begun(customer_id)
        if receipt is not None:
            return receipt
        self._wait_for_none(work, customer_id, holds_lock=holds_lock)
        work = self._with_contact(work, call)
        for contact in work.contacts[len(work.done) :]:
            is_shared = bool(self._others(contact, work))
            done = ErasedContact(self._intercom, self._mapping, call, contact).erase(is_shared=is_shared)
            self._send_again(contact, work)
            work = replace(work, done=(*work.done, done))
            with self._database.transaction() as connection:
                note_work(connection, self._installation, customer_id, asdict(work))
        for conversation in work.conversations:
            clear_conversation(self._intercom, self._mapping, conversation, call=call)
            rest = tuple(each for each in work.conversations if each.id > conversation.id)
            with self._database.transaction() as connection:
                note_work(connection, self._installation, customer_id, asdict(replace(work, conversations=rest)))
        return self._finished(customer_id, work, begun_at)

    def erase_gone(self, customer_id: str, *, call: Callable[[], Call]) -> Receipt | None:
        """Erases because the shop has no such customer any more, as we have read ourselves; else None, and nothing.

        For the customer's own job. What anybody told us is no reason.
        """
        with self._database.transaction() as connection:
            begun = load_erasure(connection, self._installation, customer_id)
            if begun is None and not is_gone(connection, self._installation, customer_id):
                return None
        return self.erase(customer_id, call=call, holds_lock=True)

    def _begun(self, customer_id: str) -> tuple[Work, datetime, Receipt | None]:
        now = self._now()
        with self._database.transaction() as connection:
            row = load_erasure(connection, self._installation, customer_id)
            if row is not None and row.receipt is not None:
                return _NOTHING, row.begun_at, Receipt.from_json(row.receipt)
            if row is not None:
                return Work.from_json(row.work or {}), row.begun_at, None
            work = self._collected(connection, customer_id)
            remains = _remains(customer_id, work)
            begin_erasure(connection, self._installation, remains, asdict(work), now=now)
            work = replace(work, removed=remove(connection, self._installation, remains, now=now))
            note_work(connection, self._installation, customer_id, asdict(work))
        return work, now, None

    def _collected(self, connection: Connection, customer_id: str) -> Work:
        """Whose traces are to go: the customer's, and those of the guest with the same address."""
        keys = [customer_subject(customer_id)]
        if email := email_of(connection, self._installation, customer_id):
            keys.append(guest_subject(email, hash_key=self._mapping.hash_key))
        rows = [row for key in keys if (row := load_subject(connection, self._installation, key))]
        return Work(
            keys=tuple(keys),
            orders=orders_of(connection, self._installation, keys),
            contacts=tuple(_contact_work(rows)),
            conversations=tuple(
                ConversationWork(id=row.id, attributes=tuple(row.fingerprint), tags=(*row.tags_added, *row.tags_unsure))
                for row in told_by_subjects(connection, self._installation, keys)
            ),
            external_id=customer_id if self._mapping.identity.external_id == "id" else OF_A_CUSTOMER + customer_id,
        )

    def _wait_for_none(self, work: Work, customer_id: str, *, holds_lock: bool) -> None:
        others = set(work.keys) - ({customer_subject(customer_id)} if holds_lock else set())
        with self._database.transaction() as connection:
            self._refuse_running(connection, others)

    def _with_contact(self, work: Work, call: Callable[[], Call]) -> Work:
        """Where no contact is on record, the one that has the customer's id, if any."""
        if work.contacts:
            return work
        try:
            found = self._intercom.find_by_external_id(work.external_id, call=call())
        except (NotFound, Merged):
            return work
        return replace(work, contacts=(ContactWork(id=found.id),))

    def _others(self, contact: ContactWork, work: Work) -> tuple[Link, ...]:
        """Whom the contact belongs to as well. Raises `StillRunning`."""
        with self._database.transaction() as connection:
            links = links_of_contacts(connection, self._installation, [contact.id])
            others = tuple(link for link in links if link.key not in work.keys)
            self._refuse_running(connection, [link.key for link in others])
        return others

    def _send_again(self, contact: ContactWork, work: Work) -> None:
        """What the others have on the contact was cleared as well."""
        if others := self._others(contact, work):
            with self._database.transaction() as connection:
                for link in others:
                    save_link(connection, self._installation, _doubted(link))
                wake_subjects(connection, self._installation, [link.key for link in others])

    def _refuse_running(self, connection: Connection, keys: Iterable[str]) -> None:
        if is_any_running(connection, self._installation, keys):
            raise StillRunning("a job that may write to the contact is at work")

    def _finished(self, customer_id: str, work: Work, begun_at: datetime) -> Receipt:
        """A job that was at work when it began may have left something behind: it is removed as well."""
        now = self._now()
        with self._database.transaction() as connection:
            more = remove(connection, self._installation, _remains(customer_id, work), now=now)
            removed = {what: work.removed.get(what, 0) + more.get(what, 0) for what in {**work.removed, **more}}
            receipt = Receipt(
                customer_id=customer_id,
                policy=self._mapping.options.erase,
                begun_at=begun_at,
                finished_at=now,
                contacts=work.done,
                removed=removed,
            )
            finish_erasure(connection, self._installation, customer_id, receipt.to_json(), now=now)
        return receipt


_NOTHING: Final = Work(keys=(), orders=(), contacts=(), external_id="")


def _remains(customer_id: str, work: Work) -> Remains:
    return Remains(customer_id=customer_id, keys=work.keys, orders=work.orders)


def _contact_work(rows: Iterable[SubjectRow]) -> Iterable[ContactWork]:
    """One for each contact, though two of the subjects may share it."""
    by_contact: dict[str, list[SubjectRow]] = {}
    for row in rows:
        if row.contact_id is not None:
            by_contact.setdefault(row.contact_id, []).append(row)
    for contact_id, sharing in by_contact.items():
        names = sorted({name for row in sharing for name in row.fingerprint})
        yield ContactWork(
            id=contact_id,
            attributes=tuple(name for name in names if not name.startswith(OURS)),
            fields=tuple(name.removeprefix(OURS) for name in names if name.startswith(OURS)),
            tags=tuple(sorted({tag for row in sharing for tag in (*row.tags_added, *row.tags_unsure)})),
        )


def _doubted(link: Link) -> Link:
    tags = link.tags_added | link.tags_unsure
    return replace(link, fingerprint=doubtful(link.fingerprint), tags_added=frozenset(), tags_unsure=tags)
