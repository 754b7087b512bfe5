"""Contact search: its language, its days, and its lag."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.intercom import IntercomStandIn

DAY = 86_400


def ask(field: str, operator: str, value: Any) -> dict[str, Any]:
    return {"query": {"field": field, "operator": operator, "value": value}}


def names(reply: Any) -> list[str]:
    assert reply.status == 200, reply
    return sorted(contact["name"] for contact in reply.json["data"])


@pytest.fixture
def three(api: Any) -> None:
    """Anna and Ben are users, Cleo a lead."""
    gold = {"tier": "Gold", "orders": 3, "since": 1_795_424_400}
    api.made(external_id="c-1", email="anna@nordmail.example", name="Anna", custom_attributes=gold)
    api.made(external_id="c-2", email="Ben@Nordmail.example", name="Ben", custom_attributes={"orders": 12})
    api.made(role="lead", email="cleo@elsewhere.example", name="Cleo")


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("field", "operator", "value", "found"),
    [
        ("email", "=", "ben@nordmail.example", ["Ben"]),
        ("email", "!=", "ben@nordmail.example", ["Anna", "Cleo"]),
        ("email", "IN", ["anna@nordmail.example", "cleo@elsewhere.example"], ["Anna", "Cleo"]),
        ("email", "NIN", ["anna@nordmail.example"], ["Ben", "Cleo"]),
        ("email", "~", "nordmail", ["Anna", "Ben"]),
        ("email", "!~", "nordmail", ["Cleo"]),
        ("email", "^", "an", ["Anna"]),
        ("email", "$", "elsewhere.example", ["Cleo"]),
        ("role", "=", "lead", ["Cleo"]),
        ("external_id", "=", "c-1", ["Anna"]),
        ("external_id", "=", None, ["Cleo"]),
        ("custom_attributes.tier", "=", "gold", ["Anna"]),
        ("custom_attributes.orders", ">", 3, ["Ben"]),
        ("custom_attributes.orders", "<=", 3, ["Anna"]),
        ("custom_attributes.orders", "<", 3, []),
        ("custom_attributes.orders", ">=", 12, ["Ben"]),
        ("custom_attributes.since", "=", 1_795_424_400, ["Anna"]),
        ("email", "=", "nobody@nordmail.example", []),
    ],
)
def test_a_filter_finds(api: Any, field: str, operator: str, value: Any, found: list[str]) -> None:
    assert names(api.post("/contacts/search", ask(field, operator, value))) == found


@pytest.mark.usefixtures("three")
def test_groups_are_joined_and_nested(api: Any) -> None:
    anna, lead = (ask("name", "=", "anna")["query"], ask("role", "=", "lead")["query"])
    either = {"operator": "OR", "value": [anna, lead]}
    assert names(api.post("/contacts/search", {"query": either})) == ["Anna", "Cleo"]
    both = {"operator": "AND", "value": [either, ask("email", "~", "nordmail")["query"]]}
    assert names(api.post("/contacts/search", {"query": both})) == ["Anna"]


@pytest.mark.usefixtures("three")
def test_whether_case_matters_in_emails_is_not_known(api: Any, intercom: IntercomStandIn) -> None:
    intercom.switches.set(email_case_sensitive=True)
    assert names(api.post("/contacts/search", ask("email", "=", "ben@nordmail.example"))) == []
    assert names(api.post("/contacts/search", ask("email", "=", "Ben@Nordmail.example"))) == ["Ben"]


def test_contacts_are_found_by_tag(api: Any) -> None:
    contact, tag = api.made(external_id="c-1", name="Anna"), api.post("/tags", {"name": "VIP"}).json["id"]
    api.post(f"/contacts/{contact}/tags", {"id": tag})
    assert names(api.post("/contacts/search", ask("tag_id", "=", tag))) == ["Anna"]
    assert names(api.post("/contacts/search", ask("tag_id", "!=", tag))) == []


def test_times_are_compared_by_day_in_the_workspaces_own_zone(api: Any, clock: Any) -> None:
    """The workspace lives in Berlin: 23:30 UTC on Monday is Tuesday there."""
    clock.now = 1_795_476_600.0  # 2026-11-23 23:30 UTC
    api.made(external_id="c-1", name="Anna")
    same_day, day_before = int(clock.now) + 3600, int(clock.now) - 3600
    assert names(api.post("/contacts/search", ask("created_at", "=", same_day))) == ["Anna"]
    assert names(api.post("/contacts/search", ask("created_at", ">", day_before))) == ["Anna"]
    assert names(api.post("/contacts/search", ask("created_at", ">", int(clock.now) - 1))) == []
    assert names(api.post("/contacts/search", ask("created_at", "<", int(clock.now) + DAY))) == ["Anna"]
    assert api.post("/contacts/search", ask("created_at", ">=", same_day)).status == 400


FILTER = ask("name", "=", "x")["query"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"query": []},
        {"query": {"field": "name", "operator": "="}},
        {"query": {"operator": "=", "value": "x"}},
        ask("shoe_size", "=", 1),
        ask("custom_attributes.shoe_size", "=", 1),
        ask("name", "<", "x"),
        ask("name", "IN", "x"),
        ask("name", "=", ["x"]),
        ask("created_at", "=", "yesterday"),
        {"query": {"operator": "AND", "value": []}},
        {"query": {"operator": "AND", "value": "x"}},
        {"query": {"operator": "AND", "value": [FILTER] * 16}},
        {"query": {"operator": "AND", "value": [{"operator": "OR", "value": [{"operator": "OR", "value": [FILTER]}]}]}},
        {"query": FILTER, "pagination": {"per_page": 151}},
        {"query": FILTER, "pagination": 5},
        {"query": FILTER, "sort": "name"},
        {"query": FILTER, "sort": {"field": "shoe_size"}},
    ],
    ids=str,
)
def test_what_is_no_query_is_refused(api: Any, body: dict[str, Any]) -> None:
    assert api.post("/contacts/search", body).error[0] == 400


def test_fifteen_filters_in_two_levels_are_allowed(api: Any) -> None:
    inner = {"operator": "OR", "value": [FILTER] * 15}
    assert api.post("/contacts/search", {"query": {"operator": "AND", "value": [inner] * 15}}).status == 200


def test_an_order_that_is_none_is_refused_by_name(api: Any) -> None:
    body = {"query": FILTER, "sort": {"field": "name", "order": "desc"}}
    assert api.post("/contacts/search", body).error[:2] == (400, "invalid_sort_order")


def test_pages_follow_the_order_asked_for(api: Any) -> None:
    for name in "bdac":
        api.made(external_id=name, name=name)
    body: dict[str, Any] = {
        "query": ask("role", "=", "user")["query"],
        "sort": {"field": "name", "order": "ascending"},
        "pagination": {"per_page": 3},
    }
    first = api.post("/contacts/search", body).json
    body["pagination"]["starting_after"] = first["pages"]["next"]["starting_after"]
    second = api.post("/contacts/search", body).json
    assert [contact["name"] for contact in first["data"] + second["data"]] == list("abcd")
    assert (first["total_count"], "next" in second["pages"]) == (4, False)


def test_archived_and_deleted_contacts_are_not_found(api: Any) -> None:
    gone, away = api.made(external_id="c-1", name="x"), api.made(external_id="c-2", name="x")
    api.delete(f"/contacts/{gone}")
    api.post(f"/contacts/{away}/archive")
    assert names(api.post("/contacts/search", {"query": FILTER})) == []
    api.post(f"/contacts/{away}/unarchive")
    assert names(api.post("/contacts/search", {"query": FILTER})) == ["x"]


def test_search_sees_the_past_where_reading_by_id_does_not(api: Any, clock: Any, intercom: IntercomStandIn) -> None:
    old = api.made(external_id="c-0", email="old@nordmail.example", name="Old")
    intercom.switches.set(search_lag_s=120)
    clock.now += 1
    api.put(f"/contacts/{old}", {"email": "new@nordmail.example"})
    api.made(external_id="c-1", email="new@nordmail.example", name="New")
    assert names(api.post("/contacts/search", ask("email", "=", "new@nordmail.example"))) == []
    assert names(api.post("/contacts/search", ask("email", "=", "old@nordmail.example"))) == ["Old"]
    assert api.get("/contacts/find_by_external_id/c-1").status == 200
    clock.now += 120
    assert names(api.post("/contacts/search", ask("email", "=", "new@nordmail.example"))) == ["New", "Old"]
