"""What becomes of contacts in Intercom is noticed when it happens, without anything that happens in the shop."""

from __future__ import annotations

from sandbox.intercom.acts import act
from sandbox.intercom.contact import Contact
from sync.storage.installations import SINGLE
from sync.storage.traces import TraceKey, find_traces
from tests.integration.sync.webhooks.town import Customer, Town


def is_up_to_date(town: Town, customer: Customer) -> bool:
    contact = town.running.contact_of(customer.id)
    return (town.subject(customer.key).contact_id, contact.custom_attributes.get("ct_last_order_number")) == (
        contact.id,
        customer.number,
    )


def test_a_user_who_appears_with_the_customers_id_is_linked(town: Town) -> None:
    customer = town.customer()
    town.does("create", external_id=customer.id)
    assert is_up_to_date(town, customer)


def test_a_lead_who_leaves_the_customers_address_becomes_theirs(town: Town) -> None:
    customer = town.customer()
    lead = town.contact(role="lead")
    town.does("change_email", contact=lead.id, email=customer.email)
    assert town.running.contact_of(customer.id).id == lead.id
    assert is_up_to_date(town, customer)


def test_a_lead_who_signs_up_is_linked(town: Town) -> None:
    customer = town.customer()
    town.does("sign_up", contact=town.contact(role="lead").id, external_id=customer.id)
    assert is_up_to_date(town, customer)


def test_a_contact_that_is_given_the_customers_address_is_linked(town: Town) -> None:
    customer = town.customer()
    other = town.contact("somebody.else@example.com", external_id="of another system")
    town.does("change_email", contact=other.id, email=customer.email)
    assert town.holds(other.id)["ct_last_order_number"] == customer.number


def test_a_guest_is_known_by_the_address_alone(town: Town) -> None:
    email = "guest.of.the.town@example.com"
    town.running.act("place", email=email, name="town-guest", number="TOWN-G1")
    town.catch_up()
    town.does("create", email=email.upper())
    contact_id = town.subject(town.guest(email)).contact_id
    assert contact_id is not None
    assert town.holds(contact_id)["ct_last_order_number"] == "TOWN-G1"


def test_a_contact_that_was_merged_is_followed_at_once(town: Town) -> None:
    customer, contact = town.linked()
    conversation = town.says(contact, customer.number)
    town.running.act("fail_payment", order=customer.order)
    town.catch_up()
    into = town.contact("merged.into@example.com")
    town.does("merge", contact=contact.id, into=into.id)
    assert town.subject(customer.key).contact_id == into.id
    town.running.act("capture", order=customer.order)
    town.catch_up()
    assert town.intercom.tags(into.id) == ()
    assert town.tags(conversation) == []


def test_what_a_guests_contact_brings_into_an_accounts_is_the_accounts_to_clear(town: Town) -> None:
    customer, contact = town.linked()
    email = f"second.{customer.email}"
    placed = town.running.act("place", email=email, name=email, number=f"{customer.number}-G").ids["order"]
    town.running.act("fail_payment", order=placed)
    town.catch_up()
    guests = town.contact(email)
    town.does("change_email", contact=guests.id, email=email.upper())
    assert town.intercom.tags(guests.id) == ("Payment failed",)
    town.does("merge", contact=guests.id, into=contact.id)
    assert town.holds(contact.id)["ct_last_order_number"] == customer.number
    assert town.intercom.tags(contact.id) == ()


def test_an_archived_contact_is_left_alone_until_it_is_back(town: Town) -> None:
    customer, contact = town.linked()
    town.does("archive", contact=contact.id)
    assert town.subject(customer.key).contact_id is None
    town.place(customer.id, f"{customer.number}-2")
    assert town.holds(contact.id)["ct_orders"] == 1
    town.does("unarchive", contact=contact.id)
    assert town.holds(contact.id)["ct_orders"] == 2
    assert town.subject(customer.key).contact_id == contact.id


def test_a_deleted_contact_gives_way_to_the_next_one(town: Town) -> None:
    customer, contact = town.linked()
    town.does("delete", contact=contact.id)
    assert town.subject(customer.key).contact_id is None
    town.does("create", external_id=customer.id)
    assert is_up_to_date(town, customer)


def test_all_of_it_is_found_out_without_being_told(town: Town) -> None:
    town.intercom.switches.set(webhooks_lost=True)
    customer = town.customer()
    made = town.contact(external_id=customer.id)
    town.place(customer.id, f"{customer.number}-2")
    assert town.holds(made.id)["ct_orders"] == 2
    into = town.contact("told.by.nobody@example.com")
    town.does("merge", contact=made.id, into=into.id)
    town.place(customer.id, f"{customer.number}-3")
    assert town.holds(into.id)["ct_orders"] == 3
    town.does("archive", contact=into.id)
    town.place(customer.id, f"{customer.number}-4")
    assert town.subject(customer.key).contact_id is None


def test_whom_intercoms_search_does_not_show_yet_is_found_all_the_same(town: Town) -> None:
    town.intercom.switches.set(search_lag_s=600.0, find_lag_s=600.0)
    customer, other = town.customer(), town.customer()
    town.does("create", email=customer.email)
    town.does("create", external_id=other.id)
    assert is_up_to_date(town, customer)
    assert is_up_to_date(town, other)


def test_somebody_whom_nobody_looks_for_changes_nothing(town: Town) -> None:
    before = town.writes()
    town.does("create", email="nobody.here@example.com", external_id="of-yet-another-system")
    assert town.writes() == before


def told_again(town: Town, contact: Contact, *topics: str, **more: object) -> int:
    """How many writes follow when Intercom tells of the contact as it is."""
    before = town.writes()
    held = town.intercom.contact(contact.id)
    assert held is not None
    assert [town.ear.told(topic, held.document() | more) for topic in topics] == [200] * len(topics)
    town.quiet()
    return town.writes() - before


def test_what_we_write_ourselves_is_told_and_leads_to_nothing(town: Town) -> None:
    """Or it would never end."""
    customer, contact = town.linked()
    town.running.act("fail_payment", order=customer.order)
    town.catch_up()
    heard = {each.topic for each in town.intercom.webhooks.deliveries}
    assert {"contact.user.updated", "contact.user.tag.created"} <= heard
    topics = ("contact.user.created", "contact.email.updated", "contact.lead.signed_up", "contact.unarchive")
    assert told_again(town, contact, *topics) == 0


def test_a_merge_that_is_told_again_leads_to_nothing(town: Town) -> None:
    _, contact = town.linked()
    into = town.contact("merged.once@example.com")
    town.does("merge", contact=contact.id, into=into.id)
    assert told_again(town, into, "contact.merged", merged_from={"type": "contact", "id": contact.id}) == 0
    assert told_again(town, into, "contact.merged") == 0


def test_what_comes_twice_and_out_of_order_ends_the_same(town: Town) -> None:
    customer, contact = town.linked()
    town.intercom.switches.set(webhooks_doubled=True, webhooks_shuffled=True)
    first, second = (town.contact(f"hop.{each}.{customer.email}") for each in "ab")
    for given in (
        {"act": "merge", "contact": contact.id, "into": first.id},
        {"act": "merge", "contact": first.id, "into": second.id},
        {"act": "archive", "contact": second.id},
        {"act": "unarchive", "contact": second.id},
    ):
        act(town.intercom, given)
    town.quiet()
    town.place(customer.id, f"{customer.number}-2")
    assert town.subject(customer.key).contact_id == second.id
    assert town.holds(second.id)["ct_orders"] == 2


def test_a_trace_tells_that_intercom_told_us_and_no_address(town: Town) -> None:
    customer, contact = town.linked()
    town.does("archive", contact=contact.id)
    with town.database.transaction() as connection:
        newest, *_ = find_traces(connection, SINGLE, TraceKey.RESOURCE, contact.id)
        everything = connection.execute("SELECT string_agg(trace::text, '') FROM trace").fetchone()
    assert (newest.step, newest.detail["topic"], newest.subject) == (
        "told_by_intercom",
        "contact.archived",
        customer.key,
    )
    assert everything is not None
    assert customer.email not in str(everything[0]).lower()
