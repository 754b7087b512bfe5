"""Every case of docs/identity.md, against the stand-in workspace and a real database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from clients.errors import Conflict, Unreachable
from sandbox.intercom import Fault
from sync.identity import Linked, LinkedBy, NoContact, Parked, Why
from sync.plan.contact import contact_difference
from sync.plan.subject import UNSURE
from sync.storage.picks import pick_customer
from sync.storage.subjects import link_contact, save_fingerprint, save_tags
from tests.integration.sync.identifying import (
    ANNA,
    BERTA,
    EMAIL,
    NOW,
    SHOP,
    Workspace,
    call,
    customer,
    guest,
    guest_id,
    guest_key,
)

RESTORE = '[sync]\narchived = "restore"'


def test_a_known_link_is_taken_without_a_question(workspace: Workspace) -> None:
    first = workspace.linked(customer())
    asked = len(workspace.asked)
    assert workspace.look(customer()) == Linked(contact_id=first.contact_id, linked_by=LinkedBy.CREATED)
    assert len(workspace.asked) == asked


def test_a_user_with_our_external_id_is_linked(workspace: Workspace) -> None:
    contact = workspace.has(external_id=ANNA, email="another@nordmail.example")
    found = workspace.linked(customer())
    assert (found.contact_id, found.linked_by, found.fresh) == (contact, LinkedBy.EXTERNAL_ID, True)


def test_a_user_with_the_email_alone_becomes_ours(workspace: Workspace) -> None:
    contact = workspace.has()
    found = workspace.linked(customer())
    assert (found.contact_id, found.linked_by) == (contact, LinkedBy.ADOPTED)
    assert workspace.contact(contact).external_id == ANNA


@pytest.mark.parametrize(
    ("held", "asked", "exact"),
    [
        ("Anna@Nordmail.example", "anna@nordmail.example", False),
        ("anna@nordmail.example", "Anna@Nordmail.example", False),
        ("anna@nordmail.example", "Anna@Nordmail.example", True),
    ],
)
def test_the_email_is_compared_in_small_letters(workspace: Workspace, held: str, asked: str, exact: bool) -> None:
    workspace.stand_in.switches.set(email_case_sensitive=exact)
    contact = workspace.has(email=held)
    assert workspace.linked(customer(email=asked)).contact_id == contact


def test_a_user_with_a_foreign_external_id_is_linked_and_keeps_it(workspace: Workspace) -> None:
    contact = workspace.has(external_id="crm-77", name="Anna K.")
    found = workspace.linked(customer())
    assert (found.contact_id, found.linked_by) == (contact, LinkedBy.EMAIL)
    assert workspace.contact(contact).external_id == "crm-77"
    assert len(workspace.stand_in.contacts) == 1


def test_a_lead_becomes_the_user_where_there_is_none(workspace: Workspace) -> None:
    lead = workspace.has(role="lead")
    found = workspace.linked(customer())
    assert (found.contact_id, found.linked_by) == (lead, LinkedBy.LEAD)
    assert (workspace.contact(lead).role, workspace.contact(lead).external_id) == ("user", ANNA)


def test_a_lead_goes_into_the_user_where_there_is_one(workspace: Workspace) -> None:
    user, lead = workspace.has(), workspace.has(role="lead")
    assert workspace.linked(customer()).contact_id == user
    assert workspace.stand_in.contact(lead) is None


def test_a_lead_that_an_agent_picked_for_another_is_not_merged(workspace: Workspace) -> None:
    workspace.has()
    lead = workspace.has(role="lead")
    with workspace.database.transaction() as connection:
        pick_customer(connection, SHOP, lead, BERTA, now=NOW)
    workspace.linked(customer())
    assert workspace.contact(lead).role == "lead"


def test_of_several_users_the_one_that_changed_last_is_taken(workspace: Workspace) -> None:
    workspace.has(updated_at=1_000)
    newest = workspace.has(updated_at=3_000)
    workspace.has(updated_at=2_000)
    assert workspace.linked(customer()).contact_id == newest


def test_nobody_is_there_and_none_may_be_made(workspace: Workspace) -> None:
    assert workspace.look(customer(may_create=False)) == NoContact(Why.NOT_THERE)
    assert workspace.stand_in.contacts == ()


def test_a_contact_is_made_with_what_the_mapping_names(workspace: Workspace) -> None:
    found = workspace.linked(customer())
    made = workspace.contact(found.contact_id)
    assert (made.role, made.external_id, made.email, made.name) == ("user", ANNA, EMAIL, "Anna Kowalska")
    assert found.fingerprint == {"@external_id": ANNA, "@email": EMAIL, "@name": "Anna Kowalska", "@phone": ""}


def test_a_contact_whose_creation_was_not_answered_is_still_known_as_made_here(workspace: Workspace) -> None:
    workspace.stand_in.switches.set(faults=[Fault(kind="reset", door="contacts", handled=True, times=2)])
    for _ in range(2):  # the look by external id, then the creation
        with pytest.raises(Unreachable):
            workspace.look(customer())
    found = workspace.linked(customer())
    assert (found.linked_by, len(workspace.stand_in.contacts)) == (LinkedBy.CREATED, 1)
    assert set(found.fingerprint) >= {"@email", "@name", "@external_id"}


def test_an_archived_contact_is_left_alone(workspace: Workspace) -> None:
    contact = workspace.has(external_id=ANNA, archived=True)
    assert workspace.look(customer()) == Parked(Why.ARCHIVED)
    assert workspace.contact(contact).archived


def test_a_contact_archived_later_stays_the_customers_while_it_is_left_alone(workspace: Workspace) -> None:
    contact = workspace.linked(customer()).contact_id
    with workspace.database.transaction() as connection:
        save_fingerprint(connection, SHOP, "c:anna", contact, {"ct_orders": 3})
    workspace.intercom.archive(contact, call=call())
    assert workspace.look(customer(), broken=workspace.broken(contact)) == Parked(Why.ARCHIVED)
    row = workspace.row("c:anna")
    assert (row.contact_id, row.fingerprint) == (contact, {"ct_orders": 3})


def test_a_contact_that_intercom_will_not_restore_waits_for_a_person(workspace: Workspace) -> None:
    contact = workspace.has(external_id=ANNA, archived=True)
    refused = Fault(kind="status", status=400, door="contacts", times=1)
    before = [_nothing, _nothing, _nothing, lambda: workspace.stand_in.switches.set(faults=[refused])]
    assert workspace.look(customer(), before_requests=before, rules=RESTORE) == Parked(Why.NOT_RESTORABLE)
    assert workspace.contact(contact).archived


def test_an_archived_contact_is_restored_where_the_mapping_says_so(workspace: Workspace) -> None:
    contact = workspace.has(external_id=ANNA, archived=True)
    assert workspace.linked(customer(), rules=RESTORE).contact_id == contact
    assert not workspace.contact(contact).archived


def test_a_restored_contact_is_sent_everything_again(workspace: Workspace) -> None:
    contact = workspace.linked(customer()).contact_id
    with workspace.database.transaction() as connection:
        save_fingerprint(connection, SHOP, "c:anna", contact, {"ct_orders": 3, "@email": EMAIL})
        save_tags(connection, SHOP, "c:anna", contact, ["VIP"])
    workspace.stand_in.put(replace(workspace.contact(contact), archived=True))
    found = workspace.linked(customer(), broken=workspace.broken(contact), rules=RESTORE)
    assert (found.contact_id, found.fresh) == (contact, True)
    assert (found.fingerprint["ct_orders"], found.fingerprint["@email"]) == (UNSURE, UNSURE)
    assert (set(found.tags_added), set(found.tags_unsure)) == (set(), {"VIP"})


def test_a_contact_that_search_does_not_show_yet_is_found_by_the_conflict(workspace: Workspace) -> None:
    workspace.stand_in.switches.set(find_lag_s=5_000.0, search_lag_s=5_000.0)
    contact = workspace.has(external_id=ANNA)
    found = workspace.linked(customer())
    assert (found.contact_id, found.linked_by) == (contact, LinkedBy.EXTERNAL_ID)
    assert len(workspace.stand_in.contacts) == 1


def test_a_conflict_that_names_nobody_waits_for_a_person(workspace: Workspace) -> None:
    fault = Fault(kind="status", status=409, door="contacts")
    before = [_nothing, _nothing, lambda: workspace.stand_in.switches.set(faults=[fault])]
    assert workspace.look(customer(), before_requests=before) == Parked(Why.AMBIGUOUS)


@pytest.mark.parametrize("merged_status", [410, 404])
def test_a_merged_contact_is_followed(workspace: Workspace, merged_status: int) -> None:
    workspace.stand_in.switches.set(merged_status=merged_status)
    contact = workspace.linked(customer()).contact_id
    into = workspace.has()
    workspace.stand_in.merge_away(contact, into)
    found = workspace.linked(customer(), broken=workspace.broken(contact))
    assert (found.contact_id, found.fresh) == (into, True)
    assert workspace.contact(into).external_id == ANNA


def test_two_customers_whose_contacts_are_merged_share_it_and_one_keeps_it_true(workspace: Workspace) -> None:
    first = workspace.linked(customer()).contact_id
    second = workspace.linked(customer(BERTA)).contact_id
    workspace.stand_in.merge_away(second, first)
    found = workspace.linked(customer(BERTA), broken=workspace.broken(second))
    assert (found.contact_id, found.linked_by, found.events_only) == (first, LinkedBy.MERGED, True)
    assert not workspace.linked(customer()).events_only
    assert workspace.linked(customer(BERTA)).events_only


def test_a_deleted_contact_is_looked_for_again(workspace: Workspace) -> None:
    contact = workspace.linked(customer()).contact_id
    workspace.intercom.delete(contact, call=call())
    found = workspace.linked(customer(), broken=workspace.broken(contact))
    assert found.contact_id != contact
    assert workspace.contact(found.contact_id).external_id == ANNA


def test_a_deleted_contact_is_forgotten_where_none_may_be_made(workspace: Workspace) -> None:
    contact = workspace.linked(customer()).contact_id
    workspace.intercom.delete(contact, call=call())
    assert workspace.look(customer(may_create=False), broken=workspace.broken(contact)) == NoContact(Why.NOT_THERE)
    assert workspace.row("c:anna").contact_id is None


def test_a_guest_is_linked_to_the_contact_with_their_email(workspace: Workspace) -> None:
    contact = workspace.has(external_id="crm-77")
    found = workspace.linked(guest(may_create=False))
    assert (found.contact_id, found.linked_by, found.events_only) == (contact, LinkedBy.EMAIL, False)


def test_a_guest_is_linked_to_a_lead_that_stays_one(workspace: Workspace) -> None:
    lead = workspace.has(role="lead")
    assert workspace.linked(guest()).contact_id == lead
    assert (workspace.contact(lead).role, workspace.contact(lead).external_id) == ("lead", None)


def test_a_guest_gets_a_contact_under_a_hash_if_allowed(workspace: Workspace) -> None:
    found = workspace.linked(guest())
    assert (workspace.contact(found.contact_id).external_id, found.linked_by) == (guest_id(), LinkedBy.CREATED)
    assert workspace.look(guest("other@nordmail.example", may_create=False)) == NoContact(Why.NOT_THERE)


def test_a_guest_with_an_account_tells_events_alone(workspace: Workspace) -> None:
    workspace.knows(ANNA)
    contact = workspace.linked(customer()).contact_id
    workspace.stand_in.switches.set(search_lag_s=5_000.0)
    found = workspace.linked(guest())
    assert (found.contact_id, found.events_only) == (contact, True)


def test_a_guest_whose_address_two_accounts_have_is_neither(workspace: Workspace) -> None:
    for id_ in (ANNA, BERTA):
        workspace.knows(id_)
        workspace.linked(customer(id_))
    assert workspace.look(guest(may_create=False)) == NoContact(Why.NOT_THERE)


def test_a_guests_contact_becomes_the_accounts(workspace: Workspace) -> None:
    contact = workspace.linked(guest()).contact_id
    with workspace.database.transaction() as connection:
        save_fingerprint(connection, SHOP, guest_key(), contact, {"ct_last": "1", "@email": EMAIL})
    found = workspace.linked(customer())
    assert (found.contact_id, found.linked_by, found.events_only) == (contact, LinkedBy.UPGRADED, False)
    assert workspace.contact(contact).external_id == ANNA
    assert found.fingerprint["ct_last"] == UNSURE, "what the guest's orders said is ours to clear"
    assert workspace.linked(guest()).events_only


def test_a_guests_contact_of_another_address_stays_the_guests(workspace: Workspace) -> None:
    contact = workspace.linked(guest("other@nordmail.example")).contact_id
    workspace.stand_in.put(replace(workspace.contact(contact), email=EMAIL))
    assert workspace.linked(customer()).contact_id != contact
    assert workspace.contact(contact).external_id == guest_id("other@nordmail.example")


def test_a_customer_whose_email_changed_keeps_the_contact_and_gives_it_the_new_one(workspace: Workspace) -> None:
    first = workspace.linked(customer())
    moved = customer(email="new@nordmail.example", contact={"external_id": ANNA, "email": "new@nordmail.example"})
    found = workspace.linked(moved)
    assert found.contact_id == first.contact_id
    changed = contact_difference(workspace.row("c:anna").fingerprint, moved.contact)
    assert changed == {"email": "new@nordmail.example", "name": None}


def test_two_customers_with_one_email_are_kept_apart(workspace: Workspace) -> None:
    existing = workspace.has()
    first, second = workspace.linked(customer()), workspace.linked(customer(BERTA))
    assert (first.contact_id, second.linked_by) == (existing, LinkedBy.CREATED)
    made = workspace.contact(second.contact_id)
    assert (made.external_id, made.email) == (BERTA, EMAIL)


def test_a_contact_with_the_id_of_another_customer_is_never_taken(workspace: Workspace) -> None:
    workspace.knows(BERTA)
    contact = workspace.has(external_id=BERTA)
    assert workspace.linked(customer()).contact_id != contact


def test_a_contact_taken_by_email_goes_to_the_customer_whose_id_it_has(workspace: Workspace) -> None:
    contact = workspace.has(external_id=BERTA)  # a customer that we have not heard of yet
    assert workspace.linked(customer()).contact_id == contact
    assert workspace.linked(customer(BERTA)).contact_id == contact
    assert workspace.row("c:anna").contact_id is None
    assert workspace.linked(customer()).contact_id != contact


def test_two_customers_who_come_at_once_take_one_contact_each(workspace: Workspace) -> None:
    workspace.has()
    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(lambda id_: workspace.linked(customer(id_)), (ANNA, BERTA)))
    assert len({each.contact_id for each in found}) == 2
    assert {contact.external_id for contact in workspace.stand_in.contacts} == {ANNA, BERTA}


def test_an_address_that_another_user_keeps_is_left_to_it(workspace: Workspace) -> None:
    workspace.stand_in.switches.set(email_only_conflicts=True)
    contact = workspace.has()
    with workspace.database.transaction() as connection:
        link_contact(connection, SHOP, "c:berta", contact, linked_by="picked")
        pick_customer(connection, SHOP, contact, BERTA, now=NOW)
    found = workspace.linked(customer())
    made = workspace.contact(found.contact_id)
    assert (made.external_id, made.email) == (ANNA, None)
    assert contact_difference(found.fingerprint, customer().contact) == {}, "it is not asked for again"


def test_an_agents_pick_wins_over_search(workspace: Workspace) -> None:
    workspace.has(updated_at=9_000)
    picked = workspace.has(updated_at=1_000, external_id="crm-77")
    with workspace.database.transaction() as connection:
        pick_customer(connection, SHOP, picked, ANNA, now=NOW)
    found = workspace.linked(customer())
    assert (found.contact_id, found.linked_by) == (picked, LinkedBy.PICKED)


def test_a_pick_moves_a_customer_who_was_linked_by_email(workspace: Workspace) -> None:
    first, second = workspace.has(external_id="crm-77"), workspace.has(external_id="crm-78", email="b@nordmail.example")
    workspace.linked(customer())
    with workspace.database.transaction() as connection:
        pick_customer(connection, SHOP, first, BERTA, now=NOW)
        pick_customer(connection, SHOP, second, ANNA, now=NOW)
    assert workspace.linked(customer()).contact_id == second
    assert workspace.linked(customer(BERTA)).contact_id == first


def test_a_pick_moves_nobody_away_from_the_contact_with_their_id(workspace: Workspace) -> None:
    ours, other = workspace.has(external_id=ANNA), workspace.has(external_id="crm-78")
    workspace.linked(customer())
    with workspace.database.transaction() as connection:
        pick_customer(connection, SHOP, other, ANNA, now=NOW)
    assert workspace.linked(customer()) == Linked(contact_id=ours, linked_by=LinkedBy.EXTERNAL_ID)


def test_a_contact_that_an_agent_picked_for_another_is_not_taken(workspace: Workspace) -> None:
    picked = workspace.has()
    with workspace.database.transaction() as connection:
        pick_customer(connection, SHOP, picked, BERTA, now=NOW)
    assert workspace.linked(customer()).contact_id != picked


def test_a_customer_without_the_field_is_found_by_email_and_made_under_a_stand_in_id(workspace: Workspace) -> None:
    nameless = customer(external_id=None, contact={"email": EMAIL})
    found = workspace.linked(nameless)
    assert workspace.contact(found.contact_id).external_id == "customer:anna"
    later = {"external_id": "10023", "email": EMAIL}
    assert contact_difference(found.fingerprint, later) == {"external_id": "10023"}


def test_a_contact_under_a_stand_in_id_is_still_the_customers_when_its_link_is_lost(workspace: Workspace) -> None:
    first = workspace.linked(customer(external_id=None, contact={"email": EMAIL}))
    with workspace.database.transaction() as connection:
        link_contact(connection, SHOP, "c:anna", None, linked_by=None)
    found = workspace.linked(customer(external_id="10023"))
    assert (found.contact_id, found.fingerprint["@external_id"]) == (first.contact_id, UNSURE)


def test_a_refused_address_does_not_break_the_link(workspace: Workspace) -> None:
    first = workspace.linked(customer())
    conflict = Conflict("HTTP 409: conflict", contact_id=None, archived=False)
    assert workspace.linked(customer(), broken=conflict).contact_id == first.contact_id


def _nothing() -> None:
    """Before a request that goes as it goes."""
