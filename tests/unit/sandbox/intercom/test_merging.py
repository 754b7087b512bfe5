"""Contacts that became one."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.intercom import IntercomStandIn

Pair = tuple[str, str]


@pytest.fixture
def pair(api: Any) -> Pair:
    """A lead and a user with one e-mail."""
    lead = api.made(role="lead", email="A@b.example", phone="+49", custom_attributes={"tier": "gold", "orders": 1})
    return lead, api.made(external_id="c-1", email="a@b.example", custom_attributes={"orders": 2})


def test_a_user_gets_of_a_lead_only_what_was_missing(api: Any, pair: Pair) -> None:
    lead, user = pair
    merged = api.post("/contacts/merge", {"from": lead, "into": user}).json
    assert (merged["id"], merged["phone"], merged["email"]) == (user, "+49", "a@b.example")
    assert merged["custom_attributes"] == {"tier": "gold", "orders": 2}


def test_whoever_reads_the_lead_is_sent_to_the_user(api: Any, pair: Pair) -> None:
    lead, user = pair
    api.post("/contacts/merge", {"from": lead, "into": user})
    for gone in (api.get(f"/contacts/{lead}"), api.put(f"/contacts/{lead}", {"name": "A"})):
        assert gone.error[:2] == (410, "contact_merged")
        assert gone.headers["Link"] == f'</contacts/{user}>; rel="canonical"'


def test_a_merged_contact_may_be_just_not_found(api: Any, intercom: IntercomStandIn, pair: Pair) -> None:
    intercom.switches.set(merged_status=404)
    api.post("/contacts/merge", {"from": pair[0], "into": pair[1]})
    assert api.get(f"/contacts/{pair[0]}").error == (404, "not_found", "User Not Found")


def test_a_chain_of_merges_leads_to_its_end(api: Any, intercom: IntercomStandIn) -> None:
    first, second, third = (api.made(external_id=f"c-{n}") for n in range(3))
    intercom.merge_away(first, second)
    intercom.merge_away(second, third)
    assert api.get(f"/contacts/{first}").headers["Link"] == f'</contacts/{third}>; rel="canonical"'
    assert api.get("/contacts/find_by_external_id/c-0").status == 404


def test_only_leads_are_merged_and_only_into_users(api: Any, pair: Pair) -> None:
    lead, user = pair
    other = api.made(external_id="c-2", email="a@b.example")
    text = "Contact merges can only be performed on a lead into a user"
    for source, target in ((user, lead), (other, user), (user, user), (lead, lead)):
        assert api.post("/contacts/merge", {"from": source, "into": target}).error == (400, "invalid_merge", text)


def test_strangers_are_merged_on_demand_only(api: Any) -> None:
    lead, user = api.made(role="lead", email="x@y.example"), api.made(external_id="c-1", email="a@b.example")
    ask = {"from": lead, "into": user}
    assert api.post("/contacts/merge", ask).error[:2] == (400, "invalid_merge")
    assert api.post("/contacts/merge", {**ask, "skip_duplicate_validation": True}).status == 200


def test_merging_a_second_time_fails(api: Any, pair: Pair) -> None:
    ask = {"from": pair[0], "into": pair[1]}
    assert [api.post("/contacts/merge", ask).status for _ in range(2)] == [200, 410]


def test_a_merge_names_both(api: Any) -> None:
    assert api.post("/contacts/merge", {"from": "x"}).error[:2] == (400, "parameter_invalid")


def test_what_was_merged_away_is_not_restored(api: Any, pair: Pair) -> None:
    api.post("/contacts/merge", {"from": pair[0], "into": pair[1]})
    refused = api.post(f"/contacts/{pair[0]}/unarchive")
    assert refused.error == (400, "bad_request", "User has been merged and is not restorable.")


def test_merged_contacts_are_in_no_list(api: Any, pair: Pair) -> None:
    api.post("/contacts/merge", {"from": pair[0], "into": pair[1]})
    search = {"query": {"field": "phone", "operator": "=", "value": "+49"}}
    for page in (api.get("/contacts"), api.post("/contacts/search", search)):
        assert [contact["id"] for contact in page.json["data"]] == [pair[1]]


def test_a_merge_of_nobody_is_a_mistake_of_the_test(intercom: IntercomStandIn) -> None:
    with pytest.raises(KeyError):
        intercom.merge_away("x", "y")
