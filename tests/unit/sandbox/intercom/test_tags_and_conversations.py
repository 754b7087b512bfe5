"""Tags on contacts and conversations."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.intercom import IntercomStandIn


@pytest.fixture
def anna(api: Any) -> str:
    return str(api.made(external_id="c-1"))


@pytest.fixture
def vip(api: Any) -> str:
    return str(api.post("/tags", {"name": "VIP"}).json["id"])


@pytest.fixture
def conversation(intercom: IntercomStandIn, anna: str) -> str:
    contact = intercom.contact(anna)
    assert contact is not None
    intercom.workspace.conversations.attributes.add("ct_order")
    return intercom.workspace.conversations.open(contact, now=intercom.workspace.now, title="Parcel")


def test_a_tag_is_made_once_in_any_case(api: Any, vip: str) -> None:
    again = api.post("/tags", {"name": "vip"}).json
    assert (again["id"], again["name"]) == (vip, "VIP")
    assert [tag["name"] for tag in api.get("/tags").json["data"]] == ["VIP"]


def test_a_tag_is_renamed_by_its_id(api: Any, vip: str) -> None:
    assert api.post("/tags", {"id": vip, "name": "Gold"}).json["name"] == "Gold"
    assert api.get(f"/tags/{vip}").json["name"] == "Gold"
    assert api.post("/tags", {"name": "VIP"}).json["id"] != vip


def test_a_tag_needs_a_name(api: Any, vip: str) -> None:
    assert api.post("/tags", {}).error[:2] == (400, "parameter_not_found")
    assert api.post("/tags", {"id": vip}).error[:2] == (400, "parameter_not_found")


def test_tagging_twice_has_one_effect(api: Any, intercom: IntercomStandIn, anna: str, vip: str) -> None:
    replies = [api.post(f"/contacts/{anna}/tags", {"id": vip}) for _ in range(2)]
    assert [reply.json["name"] for reply in replies] == ["VIP", "VIP"]
    assert intercom.tags(anna) == ("VIP",)
    assert intercom.log.accepted["POST /contacts/{id}/tags"] == 2
    assert intercom.log.effective["POST /contacts/{id}/tags"] == 1


def test_untagging_takes_one_tag_off(api: Any, intercom: IntercomStandIn, anna: str, vip: str) -> None:
    other = api.post("/tags", {"name": "late"}).json["id"]
    for tag in (vip, other):
        api.post(f"/contacts/{anna}/tags", {"id": tag})
    assert api.delete(f"/contacts/{anna}/tags/{vip}").json["id"] == vip
    assert intercom.tags(anna) == ("late",)
    assert [tag["id"] for tag in api.get(f"/contacts/{anna}/tags").json["data"]] == [other]


def test_contact_and_tag_must_exist(api: Any, anna: str, vip: str) -> None:
    assert api.post("/contacts/nobody/tags", {"id": vip}).error == (404, "not_found", "User Not Found")
    assert api.post(f"/contacts/{anna}/tags", {"id": "1"}).error == (404, "not_found", "Resource Not Found")
    assert api.delete(f"/contacts/{anna}/tags/1").error == (404, "not_found", "Resource Not Found")


def test_a_contact_shows_ten_of_its_tags_and_counts_them_all(api: Any, anna: str) -> None:
    for number in range(11):
        tag = api.post("/tags", {"name": f"t{number}"}).json["id"]
        api.post(f"/contacts/{anna}/tags", {"id": tag})
    tags = api.get(f"/contacts/{anna}").json["tags"]
    assert (len(tags["data"]), tags["total_count"], tags["has_more"]) == (10, 11, True)
    assert len(api.get(f"/contacts/{anna}/tags").json["data"]) == 11


def test_many_are_tagged_at_once_and_missing_ones_skipped(api: Any, intercom: IntercomStandIn, anna: str) -> None:
    told = api.post("/tags", {"name": "sale", "users": [{"id": anna}, {"id": "nobody"}]}).json
    assert told["users"] == [{"id": anna, "tagged": True}]
    assert intercom.tags(anna) == ("sale",)
    api.post("/tags", {"name": "sale", "users": [{"id": anna, "untag": True}]})
    assert intercom.tags(anna) == ()


def test_a_deleted_tag_is_on_nobody(api: Any, intercom: IntercomStandIn, anna: str, vip: str) -> None:
    api.post(f"/contacts/{anna}/tags", {"id": vip})
    assert api.delete(f"/tags/{vip}").status == 200
    assert intercom.tags(anna) == ()
    assert api.get(f"/tags/{vip}").status == 404


# conversations


def search(*filters: tuple[str, Any]) -> dict[str, Any]:
    parts = [{"field": field, "operator": "=", "value": value} for field, value in filters]
    return {"query": {"operator": "AND", "value": parts}}


def test_the_open_conversations_of_a_contact_are_found(
    api: Any, intercom: IntercomStandIn, anna: str, conversation: str
) -> None:
    contact = intercom.contact(anna)
    assert contact is not None
    intercom.workspace.conversations.open(contact, now=intercom.workspace.now, state="closed")
    found = api.post("/conversations/search", search(("contact_ids", anna), ("open", True))).json
    assert [each["id"] for each in found["conversations"]] == [conversation]
    assert api.post("/conversations/search", search(("contact_ids", "nobody"))).json["conversations"] == []


def test_a_conversations_attribute_must_exist(api: Any, conversation: str) -> None:
    path = f"/conversations/{conversation}"
    assert api.put(path, {"custom_attributes": {"ct_order": "DE-1"}}).json["custom_attributes"] == {"ct_order": "DE-1"}
    refused = api.put(path, {"title": "x", "custom_attributes": {"ct_vip": True}})
    assert refused.error == (400, "parameter_invalid", "Conversation attribute 'ct_vip' does not exist")
    assert api.get(path).json["title"] == "Parcel"


def test_an_unknown_conversation_is_not_found(api: Any, vip: str) -> None:
    assert api.put("/conversations/1", {"read": True}).status == 404
    assert api.post("/conversations/1/tags", {"id": vip, "admin_id": "1"}).status == 404


def test_a_conversation_is_tagged_in_the_name_of_a_teammate(api: Any, conversation: str, vip: str) -> None:
    path = f"/conversations/{conversation}/tags"
    assert api.post(path, {"id": vip}).error[:2] == (400, "parameter_not_found")
    assert api.post(path, {"id": vip, "admin_id": "7301550"}).json["name"] == "VIP"
    assert [each["id"] for each in api.get(f"/conversations/{conversation}").json["tags"]["tags"]] == [vip]
    assert api.delete(f"{path}/{vip}").error[:2] == (400, "parameter_not_found")
    assert api.delete(f"{path}/{vip}", {"admin_id": "7301550"}).status == 200
    assert api.delete(f"{path}/{vip}", {"admin_id": "7301550"}).error[:2] == (404, "tag_not_found")


def test_a_conversation_is_read_with_what_was_written_in_it(
    api: Any, intercom: IntercomStandIn, conversation: str
) -> None:
    intercom.reply(conversation, "<p>#1001</p>")
    parts = api.get(f"/conversations/{conversation}").json["conversation_parts"]
    assert [each["body"] for each in parts["conversation_parts"]] == ["<p>#1001</p>"]
    (found,) = api.post("/conversations/search", search(("open", True))).json["conversations"]
    assert "conversation_parts" not in found


def test_a_conversations_attribute_is_cleared_by_an_empty_text(api: Any, conversation: str) -> None:
    path = f"/conversations/{conversation}"
    api.put(path, {"custom_attributes": {"ct_order": "DE-1"}})
    assert api.put(path, {"custom_attributes": {"ct_order": ""}}).json["custom_attributes"] == {}


def test_a_conversations_attribute_has_a_type(api: Any, conversation: str) -> None:
    assert api.post("/conversations/attributes", {"name": "ct_items", "data_type": "integer"}).status == 200
    assert api.post("/conversations/attributes", {"name": "ct_sum", "data_type": "money"}).status == 422
    refused = api.put(f"/conversations/{conversation}", {"custom_attributes": {"ct_items": "two"}})
    assert refused.error[:2] == (400, "parameter_invalid")


def test_two_attributes_of_one_name_take_no_values(api: Any, conversation: str) -> None:
    api.post("/conversations/attributes", {"name": "ct_order", "data_type": "string"})
    refused = api.put(f"/conversations/{conversation}", {"custom_attributes": {"ct_order": "DE-1"}})
    assert refused.error[:2] == (400, "INVALID_PARAMETER")


def test_a_new_conversation_is_found_when_search_has_caught_up(
    api: Any, intercom: IntercomStandIn, conversation: str
) -> None:
    intercom.switches.set(search_lag_s=60.0)
    assert api.post("/conversations/search", search(("open", True))).json["conversations"] == []
    intercom.switches.set(search_lag_s=0.0)
    (found,) = api.post("/conversations/search", search(("open", True))).json["conversations"]
    assert found["id"] == conversation


def test_another_process_writes_to_a_conversation_as_its_contact_would(
    api: Any, intercom: IntercomStandIn, conversation: str
) -> None:
    asked = {"replies": [{"conversation": conversation, "body": "<p>#1001</p>"}]}
    assert api.post("/_control", asked).status == 200
    found = intercom.conversation(conversation)
    assert found is not None
    assert [part["body"] for part in found["conversation_parts"]["conversation_parts"]] == ["<p>#1001</p>"]
    assert api.post("/_control", {"replies": [{"conversation": "1"}]}).status == 400
