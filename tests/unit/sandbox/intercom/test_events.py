"""Data events: https://developers.intercom.com/docs/references/rest-api/api.intercom.io/data-events"""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.intercom import IntercomStandIn

AT = 1_795_424_000


@pytest.fixture
def anna(api: Any) -> str:
    return str(api.made(external_id="c-1", email="anna@nordmail.example"))


def event(**body: Any) -> dict[str, Any]:
    return {"event_name": "order-placed", "created_at": AT, "user_id": "c-1", **body}


@pytest.mark.usefixtures("anna")
def test_an_event_is_accepted_with_202_and_nothing_else(api: Any) -> None:
    reply = api.post("/events", event())
    assert (reply.status, reply.json) == (202, None)


@pytest.mark.parametrize("who", [{"user_id": "c-1"}, {"id": "?"}, {"email": "Anna@nordmail.example"}])
def test_a_user_is_named_in_three_ways(api: Any, intercom: IntercomStandIn, anna: str, who: dict[str, str]) -> None:
    named = {name: anna if value == "?" else value for name, value in who.items()}
    body = {"event_name": "order-placed", "created_at": AT, **named}
    assert api.post("/events", body).status == 202
    assert [each.name for each in intercom.events(anna)] == ["order-placed"]


def test_a_lead_is_named_by_its_id_alone(api: Any, intercom: IntercomStandIn) -> None:
    lead = api.made(role="lead", email="lead@nordmail.example")
    assert api.post("/events", event(user_id=None, email="lead@nordmail.example")).status == 404
    assert api.post("/events", event(user_id=None, id=lead)).status == 202


@pytest.mark.parametrize("who", [{"user_id": "nobody"}, {"id": "nobody"}, {"email": "nobody@nordmail.example"}])
def test_the_contact_must_exist(api: Any, intercom: IntercomStandIn, who: dict[str, str]) -> None:
    assert api.post("/events", event(user_id=None) | who).error == (404, "not_found", "User Not Found")
    assert intercom.events() == ()


def test_an_archived_contact_gets_no_events(api: Any, anna: str) -> None:
    api.post(f"/contacts/{anna}/archive")
    assert api.post("/events", event()).status == 404
    assert api.post("/events", event(user_id=None, id=anna)).status == 404


def test_an_email_of_two_users_names_nobody(api: Any, anna: str) -> None:
    api.made(external_id="c-2", email="anna@nordmail.example")
    status, code, message = api.post("/events", event(user_id=None, email="anna@nordmail.example")).error
    assert (status, code) == (409, "conflict")
    assert message.startswith("Multiple existing users match this email address")
    assert "id=" not in message


def test_a_new_contact_may_not_be_known_to_events_at_once(
    api: Any, clock: Any, intercom: IntercomStandIn, anna: str
) -> None:
    intercom.switches.set(event_lag_s=1)
    assert api.post("/events", event()).status == 404
    clock.now += 1
    assert api.post("/events", event()).status == 202


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"event_name": None}, "parameter_not_found"),
        ({"event_name": " "}, "parameter_not_found"),
        ({"created_at": None}, "parameter_not_found"),
        ({"created_at": "2026-11-23"}, "parameter_not_found"),
        ({"created_at": AT * 1000}, "parameter_invalid"),
        ({"user_id": None}, "parameter_not_found"),
        ({"metadata": ["a"]}, "parameter_invalid"),
    ],
)
def test_rubbish_is_no_event(api: Any, intercom: IntercomStandIn, wrong: dict[str, Any], code: str) -> None:
    assert api.post("/events", event(**wrong)).error[:2] == (400, code)
    assert intercom.events() == ()


# duplicates


def test_contact_name_and_second_make_a_duplicate_whatever_its_metadata(
    api: Any, intercom: IntercomStandIn, anna: str
) -> None:
    for body in (event(metadata={"order": "1"}), event(metadata={"order": "2"}), event(event_name="Order-PLACED")):
        assert api.post("/events", body).status == 202
    assert [each.metadata for each in intercom.events(anna)] == [{"order": "1"}]


def test_another_second_name_or_contact_is_another_event(api: Any, intercom: IntercomStandIn, anna: str) -> None:
    api.made(external_id="c-2")
    for body in (event(), event(created_at=AT + 1), event(event_name="order-paid"), event(user_id="c-2")):
        api.post("/events", body)
    assert len(intercom.events()) == 4
    assert intercom.events_sent_again == 0


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(("ignored", "kept"), [(True, 1), (False, 2)])
def test_what_is_sent_again_is_counted_whether_or_not_it_is_kept(
    api: Any, intercom: IntercomStandIn, ignored: bool, kept: int
) -> None:
    intercom.switches.set(duplicate_events_ignored=ignored)
    for _ in range(2):
        api.post("/events", event())
    assert (len(intercom.events()), intercom.events_sent_again) == (kept, 1)
    assert intercom.log.accepted["POST /events"] == 2
    assert intercom.log.effective["POST /events"] == kept


# names and metadata


def test_a_name_keeps_its_first_spelling_and_loses_dots_and_dollars(
    api: Any, intercom: IntercomStandIn, anna: str
) -> None:
    api.post("/events", event(event_name="order.placed$"))
    api.post("/events", event(event_name="ORDER-placed-", created_at=AT + 1))
    assert [each.name for each in intercom.events(anna)] == ["order-placed-", "order-placed-"]


@pytest.mark.usefixtures("anna")
def test_the_121st_name_is_refused_and_known_ones_are_not(api: Any, intercom: IntercomStandIn) -> None:
    for number in range(120):
        assert api.post("/events", event(event_name=f"e-{number}")).status == 202
    assert api.post("/events", event(event_name="one-too-many")).status == 400
    assert api.post("/events", event(event_name="E-7", created_at=AT + 1)).status == 202
    intercom.switches.set(limit_status=422)
    assert api.post("/events", event(event_name="one-too-many")).status == 422


def test_the_first_ten_keys_are_kept_without_a_word_about_the_others(
    api: Any, intercom: IntercomStandIn, anna: str
) -> None:
    assert api.post("/events", event(metadata={f"k{n:02}": n for n in reversed(range(12))})).status == 202
    assert list(intercom.events(anna)[0].metadata) == [f"k{n:02}" for n in reversed(range(2, 12))]


DOCUMENTED = [
    {"number": "DE-1"},
    {"count": 3, "weight": 1.5},
    {"placed_date": AT},
    {"order": {"url": "https://shop.example/1", "value": "DE-1"}},
    {"total": {"amount": 12_990, "currency": "eur"}},
]
UNDOCUMENTED = [
    {"gift": True},
    {"note": None},
    {"placed_date": "2026-11-23"},
    {"items": ["a"]},
    {"order": {"url": "https://shop.example/1"}},
    {"order": {"url": "javascript:alert(1)", "value": "DE-1"}},
    {"total": {"amount": 0, "currency": "eur"}},
    {"total": {"amount": -1, "currency": "eur"}},
    {"total": {"amount": 1.5, "currency": "eur"}},
    {"total": {"amount": True, "currency": "eur"}},
    {"total": {"amount": 1, "currency": "euros"}},
    {"total": {"amount": 1, "currency": "eur", "tax": 1}},
    {"address": {"city": "Berlin"}},
]


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("metadata", DOCUMENTED, ids=str)
def test_a_documented_type_of_metadata_is_kept_as_it_is(
    api: Any, intercom: IntercomStandIn, metadata: dict[str, Any]
) -> None:
    assert api.post("/events", event(metadata=metadata)).status == 202
    assert intercom.events()[0].metadata == metadata


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("metadata", UNDOCUMENTED, ids=str)
def test_metadata_that_nobody_documents_is_noticed(api: Any, metadata: dict[str, Any]) -> None:
    assert api.post("/events", event(metadata=metadata)).error[:2] == (400, "parameter_invalid")


def test_events_are_listed_newest_first(api: Any, anna: str) -> None:
    for second in (2, 3, 1):
        api.post("/events", event(created_at=AT + second))
    for who in ("user_id=c-1", f"intercom_user_id={anna}"):
        listed = api.get(f"/events?type=user&{who}&per_page=2").json
        assert [each["created_at"] for each in listed["events"]] == [AT + 3, AT + 2]
    assert api.get("/events?user_id=c-1").status == 400
    assert api.get("/events?type=user").status == 400
