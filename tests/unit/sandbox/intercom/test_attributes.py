"""Custom attributes exist before they are written, and hold one type of value."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.intercom import IntercomStandIn


def attribute(**body: Any) -> dict[str, Any]:
    return {"name": "ct_tier", "model": "contact", "data_type": "string", **body}


def test_a_value_without_its_attribute_fails_the_whole_request(api: Any) -> None:
    contact = api.made(external_id="c-1", name="Anna")
    refused = api.put(f"/contacts/{contact}", {"name": "Berta", "custom_attributes": {"orders": 3, "ct_vip": True}})
    assert refused.error == (400, "parameter_invalid", "Custom attribute 'ct_vip' does not exist")
    after = api.get(f"/contacts/{contact}").json
    assert (after["name"], after["custom_attributes"]) == ("Anna", {})


def test_names_of_attributes_are_case_sensitive(api: Any) -> None:
    refused = api.post("/contacts", {"external_id": "c-1", "custom_attributes": {"Tier": "gold"}})
    assert refused.error[2] == "Custom attribute 'Tier' does not exist"


def test_an_archived_attribute_or_one_of_companies_does_not_exist_for_contacts(api: Any) -> None:
    made = api.post("/data_attributes", attribute()).json
    api.put(f"/data_attributes/{made['id']}", {"archived": True})
    api.post("/data_attributes", attribute(name="ct_size", model="company"))
    for name in ("ct_tier", "ct_size"):
        refused = api.post("/contacts", {"external_id": "c-1", "custom_attributes": {name: "x"}})
        assert refused.error[2] == f"Custom attribute '{name}' does not exist"


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("string", ["", "gold"], [1, True]),
        ("integer", [0, -3], ["3", 3.5, True]),
        ("float", [1, 1.5], ["1.5", False]),
        ("boolean", [True, False], [1, "true"]),
        ("date", [1_795_424_400], ["2026-11-23", 1.5]),
    ],
)
def test_a_value_is_of_its_attributes_type(
    api: Any, intercom: IntercomStandIn, kind: str, good: list[Any], bad: list[Any]
) -> None:
    intercom.declare(typed=kind)
    contact = api.made(external_id="c-1")
    for value in good:
        assert api.put(f"/contacts/{contact}", {"custom_attributes": {"typed": value}}).status == 200
    for value in bad:
        refused = api.put(f"/contacts/{contact}", {"custom_attributes": {"typed": value}})
        assert refused.error[:2] == (400, "parameter_invalid"), value


def test_the_status_for_a_wrong_type_is_not_known(api: Any, intercom: IntercomStandIn) -> None:
    intercom.switches.set(attribute_type_status=422)
    assert api.post("/contacts", {"external_id": "c", "custom_attributes": {"orders": "3"}}).status == 422


@pytest.mark.parametrize("nested", [{"a": 1}, ["a"]])
def test_nested_values_are_refused(api: Any, nested: Any) -> None:
    refused = api.post("/contacts", {"external_id": "c-1", "custom_attributes": {"tier": nested}})
    assert "not of type Numeric, String or Boolean" in refused.error[2]


def test_a_string_of_255_characters_is_the_longest(api: Any, intercom: IntercomStandIn) -> None:
    contact = api.made(external_id="c-1")
    assert api.put(f"/contacts/{contact}", {"custom_attributes": {"tier": "長" * 255}}).status == 200
    assert api.put(f"/contacts/{contact}", {"custom_attributes": {"tier": "x" * 256}}).error[0] == 400
    intercom.switches.set(long_string="truncate")
    cut = api.put(f"/contacts/{contact}", {"custom_attributes": {"tier": "x" * 256}})
    assert cut.json["custom_attributes"]["tier"] == "x" * 255


def test_null_clears_a_users_value_and_perhaps_not_a_leads(api: Any, intercom: IntercomStandIn) -> None:
    user, lead = api.made(external_id="c-1"), api.made(role="lead")
    intercom.switches.set(lead_null_refused=True)
    assert api.put(f"/contacts/{user}", {"custom_attributes": {"tier": None}}).status == 200
    assert api.put(f"/contacts/{lead}", {"custom_attributes": {"tier": None}}).status == 400
    assert api.put(f"/contacts/{lead}", {"custom_attributes": {"tier": ""}}).status == 200


def test_a_list_attribute_is_read_back_as_a_string_with_options(api: Any, intercom: IntercomStandIn) -> None:
    options = [{"value": "gold"}, {"value": "silver"}]
    made = api.post("/data_attributes", attribute(data_type="options", options=options)).json
    assert (made["data_type"], made["options"]) == ("string", ["gold", "silver"])
    write = {"external_id": "c-1", "custom_attributes": {"ct_tier": "tin"}}
    assert api.post("/contacts", write).status == 400
    intercom.switches.set(unlisted_option_refused=False)
    assert api.post("/contacts", write).status == 200


def test_datetime_is_read_back_as_date(api: Any) -> None:
    assert api.post("/data_attributes", attribute(data_type="datetime")).json["data_type"] == "date"


@pytest.mark.parametrize(
    ("wrong", "code", "words"),
    [
        ({"name": "tier"}, "parameter_invalid", "You already have 'tier' in your people data"),
        ({"name": "tier", "model": "company"}, "parameter_invalid", "You already have 'tier' in your company data"),
        ({"name": "Name"}, "parameter_invalid", "'Name' is one of our standard attributes"),
        ({"name": "ct.tier"}, "parameter_invalid", "must only contain alphanumeric characters"),
        ({"name": ""}, "parameter_not_found", "Name is required"),
        ({"data_type": "money"}, "parameter_invalid", "Data Type isn't an option"),
        ({"model": "conversation"}, "parameter_invalid", "Model must be one of contact or company"),
        ({"data_type": "options"}, "parameter_invalid", "at least two options"),
        ({"data_type": "options", "options": [{"value": "one"}]}, "parameter_invalid", "at least two options"),
        ({"data_type": "options", "options": [{"value": 1}, {"value": 2}]}, "parameter_invalid", "two options"),
    ],
)
def test_what_cannot_be_an_attribute_is_refused(api: Any, wrong: dict[str, Any], code: str, words: str) -> None:
    status, given, message = api.post("/data_attributes", attribute(**wrong)).error
    assert (status, given) == (400, code)
    assert words in message


def test_the_name_of_an_archived_attribute_is_taken_until_it_is_brought_back(api: Any) -> None:
    made = api.post("/data_attributes", attribute()).json
    api.put(f"/data_attributes/{made['id']}", {"archived": True})
    assert "You already have" in api.post("/data_attributes", attribute()).error[2]
    assert api.put(f"/data_attributes/{made['id']}", {"archived": False}).json["archived"] is False
    assert api.post("/contacts", {"external_id": "c", "custom_attributes": {"ct_tier": "x"}}).status == 200


def test_an_update_leaves_the_type_alone(api: Any) -> None:
    made = api.post("/data_attributes", attribute()).json
    changed = api.put(f"/data_attributes/{made['id']}", {"data_type": "integer", "description": "VIP"}).json
    assert (changed["data_type"], changed["description"]) == ("string", "VIP")


def test_an_unknown_attribute_cannot_be_updated(api: Any) -> None:
    assert api.put("/data_attributes/1", {"archived": True}).error[:2] == (404, "field_not_found")


def test_the_251st_attribute_is_one_too_many_and_archived_ones_do_not_count(
    api: Any, intercom: IntercomStandIn
) -> None:
    intercom.declare(**{f"a{n}": "string" for n in range(247)})  # three are there already
    assert api.post("/data_attributes", attribute()).error[:2] == (400, "custom_data_limit_reached")
    some = next(iter(intercom.workspace.attributes)).id
    api.put(f"/data_attributes/{some}", {"archived": True})
    assert api.post("/data_attributes", attribute()).status == 200


def test_the_list_has_standard_attributes_without_an_id(api: Any) -> None:
    listed = api.get("/data_attributes?model=contact").json["data"]
    by_name = {each["name"]: each for each in listed}
    assert "id" not in by_name["email"]
    assert (by_name["tier"]["custom"], by_name["tier"]["full_name"]) == (True, "custom_attributes.tier")


def test_the_list_is_by_model_and_without_archived_ones_unless_asked_for(api: Any) -> None:
    made = api.post("/data_attributes", attribute(model="company")).json
    api.put(f"/data_attributes/{made['id']}", {"archived": True})
    names = {
        query: [each["name"] for each in api.get(f"/data_attributes?{query}").json["data"] if each["custom"]]
        for query in ("model=company", "model=company&include_archived=true", "", "include_archived=true")
    }
    three = ["orders", "tier", "since"]
    assert list(names.values()) == [[], ["ct_tier"], three, [*three, "ct_tier"]]


def test_attributes_of_conversations_are_elsewhere(api: Any) -> None:
    assert api.get("/data_attributes?model=conversation").error[:2] == (422, "parameter_invalid")
    assert api.get("/data_attributes?model=visitor").error[:2] == (400, "parameter_invalid")
