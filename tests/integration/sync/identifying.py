"""A stand-in workspace, and people who are looked for in it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from clients.deadline import Call, Deadline
from clients.errors import Merged, NotFound, PlatformError
from clients.intercom.calls import Intercom
from clients.intercom.door import Door
from clients.intercom.settings import IntercomSettings
from clients.intercom.spending import Allowance, InMemoryStore
from clients.wire.http import Http
from sandbox.intercom import Contact, IntercomStandIn
from sync.identity import Identity, Linked, Person
from sync.identity.outcome import Outcome
from sync.mapping.reading import parse_sync_mapping
from sync.mapping.rules import SyncMapping
from sync.people import customer_subject, guest_subject
from sync.plan.subject import Value
from sync.storage.database import Database
from sync.storage.facts import Fact, store_fact
from sync.storage.subjects import SubjectRow, load_subject

SHOP = "shop"
KEY = b"secret"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
EMAIL = "anna@nordmail.example"
ANNA, BERTA = "anna", "berta"  # customer ids


def now() -> datetime:
    return NOW


def call() -> Call:
    return Call(Deadline.after(10.0), "test")


def mapping(text: str = "") -> SyncMapping:
    return parse_sync_mapping(text, hash_key=KEY)


def guest_key(email: str = EMAIL) -> str:
    return guest_subject(email, hash_key=KEY)


def guest_id(email: str = EMAIL) -> str:
    """The external id of a contact that was made for a guest."""
    return "guest:" + guest_key(email).removeprefix("g:")


def customer(id_: str = ANNA, **changes: object) -> Person:
    """A customer whose external id is theirs, and for whom a contact may be made."""
    fields: dict[str, Value] = {"external_id": id_, "email": EMAIL, "name": "Anna Kowalska"}
    person = Person(subject=customer_subject(id_), external_id=id_, email=EMAIL, contact=fields, may_create=True)
    return replace(person, **changes)  # type: ignore[arg-type]


def guest(email: str = EMAIL, **changes: object) -> Person:
    person = Person(subject=guest_key(email), external_id=None, email=email, contact={"email": email}, may_create=True)
    return replace(person, **changes)  # type: ignore[arg-type]


@dataclass(slots=True)
class Workspace:
    """Intercom, what is on record of it, and the identity between the two."""

    stand_in: IntercomStandIn
    database: Database
    intercom: Intercom
    count: int = field(default=0)

    def has(self, *, role: str = "user", email: str | None = EMAIL, **fields: object) -> str:
        """A contact that is there already; its id."""
        self.count += 1
        id_ = f"{self.count:024x}"
        born = time.time() - 1_000 + self.count
        given = {"updated_at": int(born), "workspace_id": "w"} | fields
        contact = Contact(id=id_, role=role, born=born, email=email, **given)  # type: ignore[arg-type]
        return self.stand_in.put(contact).id

    def look(
        self,
        person: Person,
        *,
        broken: PlatformError | None = None,
        rules: str = "",
        before_requests: Iterable[Callable[[], object]] = (),
    ) -> Outcome:
        """What comes of looking for this person; the first requests each have something happen before them."""
        waiting = iter(before_requests)

        def next_call() -> Call:
            next(waiting, now)()
            return call()

        identity = Identity(self.intercom, self.database, SHOP, mapping(rules), now=now)
        return identity.contact_for(person, self.row(person.subject), broken=broken, call=next_call)

    def linked(self, person: Person, *, broken: PlatformError | None = None, rules: str = "") -> Linked:
        found = self.look(person, broken=broken, rules=rules)
        assert isinstance(found, Linked), found
        return found

    def row(self, key: str) -> SubjectRow:
        with self.database.transaction() as connection:
            return load_subject(connection, SHOP, key) or SubjectRow(installation=SHOP, key=key)

    def knows(self, id_: str, *, email: str = EMAIL, **document: object) -> None:
        """The shop told us of this customer."""
        fact = Fact(
            id=id_, version=1, document={"id": id_, "email": email, **document}, read_at=NOW, subject=f"c:{id_}"
        )
        with self.database.transaction() as connection:
            store_fact(connection, SHOP, "customer", fact)

    def contact(self, contact_id: str) -> Contact:
        found = self.stand_in.contact(contact_id)
        assert found is not None
        return found

    def broken(self, contact_id: str) -> PlatformError:
        """What Intercom says of a contact that cannot be written to any more."""
        try:
            self.intercom.contact(contact_id, call=call())
        except (NotFound, Merged) as error:
            return error
        raise AssertionError("it is there")

    @property
    def asked(self) -> list[str]:
        """The requests so far, by method and route."""
        return [f"{request.method} {request.path.partition('?')[0]}" for request in self.stand_in.requests]


@contextmanager
def serving(database: Database) -> Iterator[Workspace]:
    """An empty workspace on loopback."""
    with IntercomStandIn.serve() as stand_in:
        settings = IntercomSettings(access_token=stand_in.access_token, api_url=stand_in.url)
        door = Door(settings, http=Http(), allowance=Allowance(InMemoryStore()))
        yield Workspace(stand_in, database, Intercom(door))
