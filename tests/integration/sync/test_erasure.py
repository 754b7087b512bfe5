"""What an erasure takes away, what it keeps from coming back, and that it can be stopped anywhere."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from clients.deadline import Call
from clients.errors import Unreachable
from clients.intercom.resources import ContactWrite
from sandbox.intercom import Fault
from sync.erasure.erasing import Erasure, StillRunning
from sync.erasure.receipt import Done, Receipt
from sync.plan.subject import UNSURE
from sync.storage.dead_letters import Place, bury
from sync.storage.facts import Fact, load_facts, mark_gone, store_fact
from sync.storage.hints import Hint, ResourceType, record_hints
from sync.storage.intents import NewIntent, open_intents, plan_intents
from sync.storage.ledger import LedgerEntry, load_ledger, save_ledger
from sync.storage.subjects import load_subject, save_fingerprint, save_tags, wake_subjects
from sync.storage.traces import Trace, add_traces
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
    guest_key,
    mapping,
    now,
)

SUBJECT = "c:anna"
RULES = '[attributes]\nct_orders = { path = "lifetime.orders", type = "integer" }\nct_last = "order.number"\n'
DELETE = RULES + '[sync]\nerase = "delete"'
HELD = {"ct_orders": 3, "ct_last": "DE-1", "@email": EMAIL, "@name": "Anna Kowalska", "@external_id": ANNA}


def an_order(id_: str, *, customer_id: str | None = ANNA, email: str = EMAIL, at: str = "2026-11-01T08:00:00Z") -> Fact:
    document = {"id": id_, "customerEmail": email, "createdAt": at}
    subject = f"c:{customer_id}" if customer_id else guest_key(email)
    return Fact(
        id=id_, version=1, document=document, read_at=NOW, subject=subject, customer_id=customer_id, number=f"DE-{id_}"
    )


@pytest.fixture
def known(workspace: Workspace) -> str:
    """Anna, with everything that is ever kept of somebody; the id of her contact."""
    workspace.knows(ANNA)
    workspace.stand_in.declare(ct_orders="integer", ct_last="string", plan="string")
    contact = workspace.linked(customer()).contact_id
    _hold(workspace, contact)
    with workspace.database.transaction() as connection:
        for fact in (an_order("1"), an_order("2", customer_id=None)):
            store_fact(connection, SHOP, "order", fact)
        store_fact(connection, SHOP, "cart", Fact(id="cart-1", version=1, document={}, read_at=NOW, customer_id=ANNA))
        save_fingerprint(connection, SHOP, SUBJECT, contact, HELD)
        save_tags(connection, SHOP, SUBJECT, contact, ["VIP"])
        save_ledger(connection, SHOP, SUBJECT, [_seen("customer", ANNA), _seen("order", "1")])
        save_ledger(connection, SHOP, guest_key(), [_seen("order", "2")])
        plan_intents(connection, SHOP, SUBJECT, [_shipped()], now=NOW)
        bury(connection, SHOP, Place(part="events", subject=SUBJECT), "rejected", now=NOW, answer={"said": EMAIL})
        add_traces(connection, SHOP, [Trace(at=NOW, step="plan", subject=SUBJECT, detail={"ct_last": "DE-1"})])
        record_hints(connection, SHOP, [Hint(source="poll", type=ResourceType.ORDER, id="1")])
    return contact


def _hold(workspace: Workspace, contact: str) -> None:
    """The contact holds what we sent, and what others did."""
    tags = {name: workspace.intercom.ensure_tag(name, call=call()) for name in ("VIP", "By hand")}
    for tag in tags.values():
        workspace.intercom.tag_contact(contact, tag.id, call=call())
    held = ContactWrite(custom_attributes={"ct_orders": 3, "ct_last": "DE-1", "plan": "gold"})
    workspace.intercom.update_contact(contact, held, call=call())


def _seen(type_: str, id_: str) -> LedgerEntry:
    observation = {"version": 3, "email": "0123456789abcdef", "group": "VIP"} if type_ == "customer" else {"version": 1}
    return LedgerEntry(
        resource_type=type_,
        resource_id=id_,
        subject="",
        observation=observation,
        milestones={f"{type_}/{id_}/placed": "confirmed", f"{type_}/{id_}/shipped": "planned"},
    )


def _shipped() -> NewIntent:
    return NewIntent(
        resource_type="order",
        resource_id="1",
        milestone_key="order/1/shipped",
        name="order-shipped",
        second=int(NOW.timestamp()),
        metadata={"order_number": "DE-1"},
    )


def erasing(workspace: Workspace, rules: str = RULES) -> Erasure:
    return Erasure(workspace.intercom, workspace.database, SHOP, mapping(rules), now=now)


def erase(workspace: Workspace, rules: str = RULES) -> Receipt:
    return erasing(workspace, rules).erase(ANNA, call=call)


def everything_kept(workspace: Workspace) -> str:
    """All rows of all our tables, as one text."""
    tables = (
        "customer_fact order_fact cart_fact payment_link subject ledger intent trace dead_letter hint resource pick"
        " erasure erased"
    )
    with workspace.database.transaction() as connection:
        rows = [
            row
            for table in tables.split()
            for row in connection.execute(f"SELECT '{table}', to_jsonb(t)::text FROM {table} AS t")
        ]
    return json.dumps(rows)


def test_a_cleared_contact_has_nothing_that_we_sent_and_all_that_others_did(workspace: Workspace, known: str) -> None:
    receipt = erase(workspace)
    contact = workspace.contact(known)
    assert (dict(contact.custom_attributes), contact.name) == ({"plan": "gold"}, None)
    assert workspace.stand_in.tags(known) == ("By hand",)
    (told,) = receipt.contacts
    assert (told.done, told.attributes_cleared, told.tags_removed) == (Done.CLEARED, 2, 1)
    assert (told.fields_cleared, told.left) == (("name",), ("email", "external_id", "events"))


def test_a_deleted_contact_is_gone(workspace: Workspace, known: str) -> None:
    receipt = erase(workspace, DELETE)
    assert (workspace.stand_in.contact(known), receipt.contacts[0].done) == (None, Done.DELETED)


def test_nothing_personal_is_kept_here(workspace: Workspace, known: str) -> None:
    assert EMAIL in everything_kept(workspace)
    erase(workspace)
    kept = everything_kept(workspace)
    assert [word for word in (EMAIL, "Kowalska", "DE-1", "VIP", "0123456789abcdef", "ct_last") if word in kept] == []


def test_the_ledger_stays_so_that_no_event_comes_back(workspace: Workspace, known: str) -> None:
    erase(workspace)
    with workspace.database.transaction() as connection:
        (row,) = load_ledger(connection, SHOP, [("order", "1")])
        intents = open_intents(connection, SHOP, SUBJECT)
    assert row.milestones == {"order/1/placed": "confirmed", "order/1/shipped": "skipped"}
    assert intents == ()


def test_the_receipt_says_what_was_done_in_ids_and_counts_and_stays(workspace: Workspace, known: str) -> None:
    receipt = erase(workspace)
    assert receipt.removed["orders"] == 2
    assert receipt.removed["ledger_rows_blanked"] == 2
    assert {"customers", "carts", "dead_letters", "hints"} <= receipt.removed.keys()
    assert Receipt.from_json(json.loads(json.dumps(receipt.to_json()))) == receipt
    asked = len(workspace.stand_in.requests)
    assert erase(workspace) == receipt
    assert len(workspace.stand_in.requests) == asked


@pytest.mark.parametrize(
    "fact",
    [
        an_order("1"),
        an_order("1", customer_id=None, email="anonymised@example.com"),
        an_order("3"),
        an_order("4", customer_id=None),
    ],
    ids=["known order", "known order, anonymised", "unknown order of the customer", "unknown older order as a guest"],
)
def test_no_order_of_the_customer_is_stored_again(workspace: Workspace, known: str, fact: Fact) -> None:
    erase(workspace)
    with workspace.database.transaction() as connection:
        assert not store_fact(connection, SHOP, "order", fact).stored
        assert fact.subject is None or load_facts(connection, SHOP, fact.subject).orders == ()


def test_a_later_order_of_a_guest_with_the_address_is_somebodys_new_business(workspace: Workspace, known: str) -> None:
    erase(workspace)
    later = an_order("5", customer_id=None, at="2026-11-22T08:00:00Z")
    with workspace.database.transaction() as connection:
        assert store_fact(connection, SHOP, "order", later).stored


def test_an_erased_customer_is_never_stored_or_woken_again(workspace: Workspace, known: str) -> None:
    erase(workspace)
    workspace.knows(ANNA)
    with workspace.database.transaction() as connection:
        assert load_facts(connection, SHOP, SUBJECT).customer is None
        assert wake_subjects(connection, SHOP, [SUBJECT, "c:berta"]) == 1
        assert load_subject(connection, SHOP, SUBJECT) is None


def test_the_guest_with_the_same_address_goes_as_well(workspace: Workspace) -> None:
    workspace.knows(ANNA)
    contact = workspace.linked(guest()).contact_id
    receipt = erase(workspace, DELETE)
    assert [each.id for each in receipt.contacts] == [contact]
    assert workspace.stand_in.contacts == ()


def test_a_guest_whose_address_another_customer_has_stays(workspace: Workspace) -> None:
    workspace.knows(ANNA)
    workspace.knows(BERTA)
    contact = workspace.linked(guest()).contact_id
    erase(workspace, DELETE)
    assert workspace.row(guest_key()).contact_id == contact


def test_a_contact_that_another_customer_shares_is_cleared_and_sent_again(workspace: Workspace, known: str) -> None:
    second = workspace.linked(customer(BERTA)).contact_id
    workspace.stand_in.merge_away(second, known)
    workspace.linked(customer(BERTA), broken=workspace.broken(second))
    with workspace.database.transaction() as connection:
        save_fingerprint(connection, SHOP, "c:berta", known, {"ct_orders": 3})
    receipt = erase(workspace, DELETE)
    assert receipt.contacts[0].done is Done.SHARED
    assert workspace.row("c:berta").fingerprint == {"ct_orders": UNSURE}
    assert workspace.row("c:berta").woken_at is not None


def test_an_archived_contact_is_cleared_and_stays_archived(workspace: Workspace, known: str) -> None:
    workspace.intercom.archive(known, call=call())
    erase(workspace)
    contact = workspace.contact(known)
    assert (contact.archived, dict(contact.custom_attributes)) == (True, {"plan": "gold"})


def test_a_contact_that_is_gone_already_is_no_obstacle(workspace: Workspace, known: str) -> None:
    workspace.intercom.delete(known, call=call())
    assert erase(workspace).contacts[0].done is Done.GONE


def test_a_contact_with_the_customers_id_is_found_though_nothing_is_on_record(workspace: Workspace) -> None:
    contact = workspace.has(external_id=ANNA)
    assert [each.id for each in erase(workspace, DELETE).contacts] == [contact]


def test_nothing_is_touched_while_a_job_of_the_customer_is_at_work(workspace: Workspace, known: str) -> None:
    with workspace.database.transaction() as connection:
        wake_subjects(connection, SHOP, [SUBJECT])
        connection.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE lock = %s", (f"{SHOP}/{SUBJECT}",))
    with pytest.raises(StillRunning):
        erase(workspace)
    assert workspace.contact(known).custom_attributes["ct_orders"] == 3
    with workspace.database.transaction() as connection:
        connection.execute("UPDATE procrastinate_jobs SET status = 'succeeded'")
    assert erase(workspace).contacts[0].done is Done.CLEARED


@pytest.mark.parametrize("requests", range(6))
@pytest.mark.parametrize("handled", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("rules", [RULES, DELETE], ids=["clear", "delete"])
def test_it_goes_on_wherever_it_was_stopped(
    workspace: Workspace, known: str, requests: int, handled: bool, rules: str
) -> None:
    def stop() -> None:
        workspace.stand_in.switches.set(faults=[Fault(kind="reset", times=1, handled=handled)])

    with contextlib.suppress(Unreachable):
        erasing(workspace, rules).erase(ANNA, call=_calls(requests, stop))
    workspace.stand_in.switches.set(faults=[])
    receipt = erase(workspace, rules)
    contact = workspace.stand_in.contact(known)
    assert contact is None or dict(contact.custom_attributes) == {"plan": "gold"}
    assert receipt.removed["orders"] == 2


def _calls(before: int, then: Callable[[], Any]) -> Callable[[], Call]:
    """Calls, and something that happens before the one after so many."""
    left = [before]

    def next_call() -> Call:
        if left[0] == 0:
            then()
        left[0] -= 1
        return call()

    return next_call


def test_what_anybody_says_erases_nobody(workspace: Workspace, known: str) -> None:
    assert erasing(workspace).erase_gone(ANNA, call=call) is None
    assert workspace.contact(known).custom_attributes["ct_orders"] == 3


def test_our_own_reading_that_the_customer_is_gone_does(workspace: Workspace, known: str) -> None:
    with workspace.database.transaction() as connection:
        mark_gone(connection, SHOP, "customer", ANNA, at=NOW)
    receipt = erasing(workspace).erase_gone(ANNA, call=call)
    assert receipt is not None
    assert receipt.contacts[0].done is Done.CLEARED
