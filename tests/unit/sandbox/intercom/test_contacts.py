"""Contacts as Intercom keeps them: https://developers.intercom.com/docs/references/rest-api/api.intercom.io/contacts"""

from __future__ import annotations

import re
from typing import Any

import pytest

from sandbox.intercom import IntercomStandIn

ANNA = {"external_id": "c-1", "email": "anna@nordmail.example", "name": "Anna"}


def test_a_contact_without_a_role_is_a_user_and_200_not_201(api: Any) -> None:
    reply = api.post("/contacts", ANNA)
    assert (reply.status, reply.json["role"], reply.json["type"]) == (200, "user", "contact")
    assert re.fullmatch(r"[0-9a-f]{24}", reply.json["id"])


def test_a_contact_can_be_read_by_its_id_and_by_its_external_id(api: Any) -> None:
    contact = api.made(**ANNA)
    assert api.get(f"/contacts/{contact}").json["email"] == ANNA["email"]
    assert api.get("/contacts/find_by_external_id/c-1").json["id"] == contact


def test_an_external_id_is_percent_decoded(api: Any) -> None:
    contact = api.made(external_id="a/b c%")
    assert api.get("/contacts/find_by_external_id/a%2Fb%20c%25").json["id"] == contact


@pytest.mark.parametrize("path", ["/contacts/nobody", "/contacts/find_by_external_id/nobody"])
def test_an_unknown_contact_is_not_found(api: Any, path: str) -> None:
    assert api.get(path).error == (404, "not_found", "User Not Found")


def test_somebody_must_be_named(api: Any) -> None:
    assert api.post("/contacts", {"name": "Anna"}).error[:2] == (400, "parameter_not_found")


def test_a_user_needs_an_external_id_or_an_email(api: Any) -> None:
    assert api.post("/contacts", {"role": "user"}).error[:2] == (400, "parameter_not_found")
    assert api.post("/contacts", {"role": "lead"}).status == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "no address"},
        {"email": 7},
        {"external_id": 7},
        {"external_id": "c", "name": {"first": "A"}},
        {"external_id": "c", "signed_up_at": "2026-11-23"},
        {"external_id": "c", "signed_up_at": True},
        {"external_id": "c", "unsubscribed_from_emails": "yes"},
        {"external_id": "c", "owner_id": 1},
        {"external_id": "c", "email_verified": True},
        {"external_id": "c", "custom_attributes": ["tier"]},
        {"role": "visitor"},
    ],
)
def test_rubbish_makes_no_contact(api: Any, intercom: IntercomStandIn, wrong: dict[str, Any]) -> None:
    assert api.post("/contacts", wrong).error[:2] == (400, "parameter_invalid")
    assert intercom.contacts == ()


def test_email_verified_travels_with_the_email(api: Any) -> None:
    assert api.post("/contacts", {"email": "a@b.example", "email_verified": True}).status == 200


# external ids are unique among users


def test_a_second_user_with_the_external_id_conflicts_with_the_first_by_id(api: Any) -> None:
    contact = api.made(**ANNA)
    again = api.post("/contacts", ANNA)
    assert again.error == (409, "conflict", f"A contact matching those details already exists with id={contact}")


def test_an_archived_user_still_holds_the_external_id(api: Any) -> None:
    contact = api.made(**ANNA)
    api.post(f"/contacts/{contact}/archive")
    text = f"An archived contact matching those details already exists with id={contact}"
    assert api.post("/contacts", ANNA).error == (409, "conflict", text)


def test_an_update_onto_anothers_external_id_conflicts(api: Any) -> None:
    first, second = api.made(external_id="c-1"), api.made(external_id="c-2")
    reply = api.put(f"/contacts/{second}", {"external_id": "c-1"})
    assert reply.error == (409, "conflict", f"A contact matching those details already exists with id={first}")
    assert api.get(f"/contacts/{second}").json["external_id"] == "c-2"


def test_an_update_with_ones_own_external_id_is_no_conflict(api: Any) -> None:
    contact = api.made(**ANNA)
    assert api.put(f"/contacts/{contact}", ANNA).status == 200


def test_an_external_id_that_was_given_up_is_free(api: Any) -> None:
    contact = api.made(external_id="c-1")
    api.put(f"/contacts/{contact}", {"external_id": "c-2"})
    assert api.post("/contacts", {"external_id": "c-1"}).status == 200


def test_two_users_may_have_one_email(api: Any, intercom: IntercomStandIn) -> None:
    api.made(external_id="c-1", email="one@nordmail.example")
    api.made(external_id="c-2", email="one@nordmail.example")
    assert len(intercom.contacts) == 2


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        ({"email": "a@b.example"}, {"email": "A@b.example", "external_id": "c-1"}, 409),
        ({"email": "a@b.example", "external_id": "c-1"}, {"email": "a@b.example"}, 409),
        ({"email": "a@b.example", "external_id": "c-1"}, {"email": "a@b.example", "external_id": "c-2"}, 200),
        ({"email": "a@b.example", "role": "lead"}, {"email": "a@b.example", "external_id": "c-1"}, 200),
        ({"email": "a@b.example"}, {"email": "a@b.example", "role": "lead"}, 200),
    ],
)
def test_where_emails_conflict_it_is_with_a_user_without_external_id(
    api: Any, intercom: IntercomStandIn, first: dict[str, Any], second: dict[str, Any], status: int
) -> None:
    intercom.switches.set(email_only_conflicts=True)
    api.made(**first)
    assert api.post("/contacts", second).status == status


def test_where_emails_conflict_an_update_to_the_email_does_so_too(api: Any, intercom: IntercomStandIn) -> None:
    intercom.switches.set(email_only_conflicts=True)
    first, second = api.made(email="a@b.example"), api.made(email="c@d.example")
    assert api.put(f"/contacts/{second}", {"email": "a@b.example"}).error[2].endswith(f"id={first}")


# updates


def test_what_an_update_does_not_name_stays(api: Any) -> None:
    contact = api.made(**ANNA, custom_attributes={"tier": "gold", "orders": 1})
    after = api.put(f"/contacts/{contact}", {"custom_attributes": {"orders": 2}}).json
    assert (after["name"], after["custom_attributes"]) == ("Anna", {"tier": "gold", "orders": 2})


def test_null_clears(api: Any) -> None:
    contact = api.made(**ANNA, phone="+49 30 1", custom_attributes={"tier": "gold"})
    after = api.put(f"/contacts/{contact}", {"phone": None, "custom_attributes": {"tier": None}}).json
    assert (after["phone"], after["custom_attributes"]) == (None, {})


def test_an_update_that_changes_nothing_is_accepted_without_effect(
    api: Any, clock: Any, intercom: IntercomStandIn
) -> None:
    contact = api.made(**ANNA)
    clock.now += 60
    assert api.put(f"/contacts/{contact}", {"name": "Anna"}).json["updated_at"] == int(clock.now) - 60
    assert intercom.log.accepted["PUT /contacts/{id}"] == 1
    assert intercom.log.effective["PUT /contacts/{id}"] == 0


def test_an_unknown_name_in_an_update_is_ignored(api: Any) -> None:
    contact = api.made(**ANNA)
    assert api.put(f"/contacts/{contact}", {"loyalty": "gold"}).status == 200


# leads


def test_a_lead_is_not_found_by_external_id_and_holds_none(api: Any) -> None:
    lead = api.post("/contacts", {"role": "lead", "external_id": "c-1"}).json
    assert lead["external_id"] is None
    assert api.get("/contacts/find_by_external_id/c-1").status == 404
    assert api.post("/contacts", {"external_id": "c-1"}).status == 200


def test_several_leads_may_have_one_email(api: Any, intercom: IntercomStandIn) -> None:
    intercom.switches.set(email_only_conflicts=True)
    for _ in range(2):
        api.made(role="lead", email="a@b.example")


def test_a_lead_becomes_a_user_and_never_again_a_lead(api: Any) -> None:
    lead = api.made(role="lead", email="a@b.example")
    user = api.put(f"/contacts/{lead}", {"role": "user", "external_id": "c-1"})
    assert (user.json["role"], user.json["external_id"]) == ("user", "c-1")
    refused = api.put(f"/contacts/{lead}", {"role": "lead"})
    assert refused.error == (400, "client_error", "Contact with user role can't be converted to a lead")


# archived, deleted


@pytest.mark.parametrize(("found", "status"), [(False, 404), (True, 200)])
def test_whether_an_archived_contact_is_read_is_not_known(
    api: Any, intercom: IntercomStandIn, found: bool, status: int
) -> None:
    intercom.switches.set(archived_found=found)
    contact = api.made(**ANNA)
    assert api.post(f"/contacts/{contact}/archive").json == {
        "type": "contact",
        "id": contact,
        "external_id": "c-1",
        "archived": True,
    }
    assert api.get(f"/contacts/{contact}").status == status
    assert api.get("/contacts/find_by_external_id/c-1").status == status


def test_archiving_twice_is_harmless_and_unarchiving_brings_everything_back(api: Any) -> None:
    contact = api.made(**ANNA, custom_attributes={"tier": "gold"})
    assert [api.post(f"/contacts/{contact}/archive").status for _ in range(2)] == [200, 200]
    assert api.post(f"/contacts/{contact}/unarchive").json["archived"] is False
    assert api.get(f"/contacts/{contact}").json["custom_attributes"] == {"tier": "gold"}


def test_a_deleted_contact_is_gone_with_its_events_and_its_external_id_is_free(
    api: Any, intercom: IntercomStandIn
) -> None:
    contact = api.made(**ANNA)
    api.post("/events", {"event_name": "order-placed", "created_at": 1, "id": contact})
    assert api.delete(f"/contacts/{contact}").json["deleted"] is True
    assert api.get(f"/contacts/{contact}").status == 404
    assert api.delete(f"/contacts/{contact}").status == 404
    assert intercom.events() == ()
    assert api.post("/contacts", ANNA).status == 200


def test_a_development_workspace_archives_its_oldest(api: Any, intercom: IntercomStandIn) -> None:
    intercom.switches.set(max_contacts=2)
    first, *_ = (api.made(external_id=f"c-{n}") for n in range(3))
    assert [contact.archived for contact in intercom.contacts] == [True, False, False]
    assert api.post("/contacts", {"external_id": "c-0"}).error[2].endswith(f"id={first}")


def test_a_new_contact_may_not_be_found_at_once(api: Any, clock: Any, intercom: IntercomStandIn) -> None:
    intercom.switches.set(find_lag_s=2)
    contact = api.made(**ANNA)
    assert api.get("/contacts/find_by_external_id/c-1").status == 404
    assert api.get(f"/contacts/{contact}").status == 200
    clock.now += 2
    assert api.get("/contacts/find_by_external_id/c-1").status == 200


# lists


def test_a_list_is_walked_by_its_cursor(api: Any) -> None:
    made = [api.made(external_id=f"c-{n}") for n in range(5)]
    seen, after = [], ""
    for _ in range(3):
        page = api.get(f"/contacts?per_page=2{after}").json
        seen += [contact["id"] for contact in page["data"]]
        after = f"&starting_after={page['pages'].get('next', {}).get('starting_after', '')}"
    assert (seen, page["total_count"], "next" in page["pages"]) == (made, 5, False)


def test_a_list_that_is_walked_while_contacts_go_skips_nobody(api: Any) -> None:
    made = [api.made(external_id=f"c-{n}") for n in range(4)]
    first = api.get("/contacts?per_page=2").json
    api.delete(f"/contacts/{made[0]}")
    api.post(f"/contacts/{made[1]}/archive")
    rest = api.get(f"/contacts?per_page=2&starting_after={first['pages']['next']['starting_after']}").json
    assert [contact["id"] for contact in rest["data"]] == made[2:]


@pytest.mark.parametrize(
    "query", ["per_page=0", "per_page=151", "per_page=x", "starting_after=%C3%BC", "starting_after=eA"]
)
def test_a_page_that_cannot_be_is_refused(api: Any, query: str) -> None:
    assert api.get(f"/contacts?{query}").error[:2] == (400, "parameter_invalid")
