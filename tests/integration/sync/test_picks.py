"""An agent's pick is remembered, and the sync looks at those whom it concerns."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sync.storage.database import Database
from sync.storage.picks import pick_customer, picked_customer, unpick_customer
from sync.storage.subjects import link_contact, load_subject
from tests.integration.sync.working import SHOP, jobs

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
CONTACT = "contact-1"


def pick(database: Database, customer_id: str, contact_id: str = CONTACT) -> None:
    with database.transaction() as connection:
        pick_customer(connection, SHOP, contact_id, customer_id, now=NOON)


def unpick(database: Database) -> None:
    with database.transaction() as connection:
        unpick_customer(connection, SHOP, CONTACT)


def picked(database: Database, *, installation: str = SHOP) -> str | None:
    with database.transaction() as connection:
        return picked_customer(connection, installation, CONTACT)


def linked(database: Database, customer_id: str) -> tuple[str | None, str | None]:
    """The contact of the customer, and how it was joined to it."""
    with database.transaction() as connection:
        row = load_subject(connection, SHOP, f"c:{customer_id}")
    return (row.contact_id, row.linked_by) if row else (None, None)


def link(database: Database, customer_id: str, contact_id: str, by: str) -> None:
    with database.transaction() as connection:
        link_contact(connection, SHOP, f"c:{customer_id}", contact_id, linked_by=by)


def test_nobody_was_picked_until_somebody_is(database: Database) -> None:
    assert picked(database) is None
    pick(database, "franz")
    assert picked(database) == "franz"


def test_the_newest_pick_counts(database: Database) -> None:
    pick(database, "franz")
    pick(database, "franziska")
    assert picked(database) == "franziska"


def test_a_pick_in_one_installation_is_none_in_another(database: Database) -> None:
    pick(database, "franz")
    assert picked(database, installation="other") is None


def test_a_pick_has_the_customer_looked_at_again(database: Database) -> None:
    pick(database, "franz")
    assert jobs(database) == [(f"{SHOP}/c:franz", 10)]


def test_a_pick_has_whoever_had_the_contact_looked_at_again(database: Database) -> None:
    link(database, "franz", CONTACT, "email")
    link(database, "anna", "another-contact", "email")
    pick(database, "franziska")
    assert jobs(database) == [(f"{SHOP}/c:franz", 10), (f"{SHOP}/c:franziska", 10)]


def test_a_pick_links_nobody_by_itself(database: Database) -> None:
    link(database, "franz", "contact-of-franz", "external_id")
    pick(database, "franz")
    assert linked(database, "franz") == ("contact-of-franz", "external_id")


def test_a_pick_that_is_taken_back_is_forgotten_and_so_is_its_link(database: Database) -> None:
    pick(database, "franz")
    link(database, "franz", CONTACT, "picked")
    unpick(database)
    assert picked(database) is None
    assert linked(database, "franz") == (None, None)


@pytest.mark.parametrize(("contact_id", "by"), [(CONTACT, "external_id"), ("another-contact", "picked")])
def test_taking_back_a_pick_leaves_other_links_alone(database: Database, contact_id: str, by: str) -> None:
    link(database, "franz", contact_id, by)
    pick(database, "franz")
    unpick(database)
    assert linked(database, "franz") == (contact_id, by)


def test_taking_back_what_was_never_picked_does_nothing(database: Database) -> None:
    unpick(database)
    assert jobs(database) == []
