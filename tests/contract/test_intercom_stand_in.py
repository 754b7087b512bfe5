"""The Intercom stand-in answers in the shapes of Intercom's own description, version 2.16.

Where it does not, it is because Intercom does not either; those places are written down here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from sandbox.intercom import Fault, IntercomStandIn
from sandbox.intercom.routes import ROUTES, route_for

Problems = Callable[[str, str, int, Any], list[str]]

NULL_WITHOUT_BEING_NULLABLE = {
    "email": "a contact without an e-mail has null; the description forgets to say so",
    "email_domain": "follows email",
}
"""Fields of a contact of which the description says that they are strings always."""

NOT_DESCRIBED = {
    ("POST", "/contacts", 409): "a conflict happens, but is on no description",
    ("POST", "/contacts", 400): "so does an unknown attribute",
    ("PUT", "/contacts/{contact_id}", 400): "so does an unknown attribute",
    ("PUT", "/contacts/{contact_id}", 409): "and a conflict",
    ("GET", "/contacts/{contact_id}", 404): "only 410 is described",
    ("GET", "/contacts/find_by_external_id/{external_id}", 404): "only 410 is described",
    ("POST", "/events", 404): "told in words only",
    ("POST", "/events", 400): "not told",
    ("GET", "/me", 429): "nowhere described for any request",
}
"""Answers for which there is no schema; held to the general one for errors."""

LISTED_EVENTS = "GET /events is described as a summary; without summary=true it lists the events themselves"


def as_json_schema(node: Any) -> Any:
    """OpenAPI 3.0 to JSON Schema: `nullable`, `$ref` with siblings, formats that mean something else."""
    if isinstance(node, list):
        return [as_json_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    schema = {key: value if key in ("enum", "required") else as_json_schema(value) for key, value in node.items()}
    for name in ("format", "discriminator", "example", "default"):
        if not isinstance(schema.get(name), dict):
            schema.pop(name, None)
    if schema.get("nullable") is True:
        schema.pop("nullable")
        return {"anyOf": [{"type": "null"}, schema]}
    return schema


@pytest.fixture(scope="session")
def description(contract: Callable[[str], Path]) -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = json.loads(contract("intercom-2.16.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="session")
def problems(description: Mapping[str, Any]) -> Problems:
    """`problems(method, template, status, content)`: what the description has against an answer."""
    components = as_json_schema(description["components"])
    contact = components["schemas"]["contact"]["properties"]
    for name in NULL_WITHOUT_BEING_NULLABLE:
        contact[name] = {"anyOf": [{"type": "null"}, contact[name]]}

    def found(method: str, template: str, status: int, content: Any) -> list[str]:
        responses = description["paths"][template][method.lower()]["responses"]
        if (method, template, status) in NOT_DESCRIBED:
            assert str(status) not in responses, "it is described by now"
            schema: Any = {"$ref": "#/components/schemas/error"}
        else:
            schema = responses[str(status)].get("content", {}).get("application/json", {}).get("schema", {})
        whole = {"allOf": [as_json_schema(schema)], "components": components}
        errors = jsonschema_rs.Draft202012Validator(whole).iter_errors(content)
        return [f"{'/'.join(map(str, error.instance_path))}: {error.message[:200]}" for error in errors]

    return found


class Caller:
    """Asks the stand-in and checks every answer against the description."""

    def __init__(self, stand_in: IntercomStandIn, problems: Problems, description: Mapping[str, Any]) -> None:
        self.stand_in = stand_in
        self._problems = problems
        self._templates = list(description["paths"])
        self.checked: set[tuple[str, int]] = set()

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.stand_in.access_token}", "Intercom-Version": "2.16"}
        sent = b"" if body is None else json.dumps(body).encode()
        answer, _ = self.stand_in.respond(method, path, headers, sent)
        content = json.loads(answer.body) if answer.body else None
        route, _ids = route_for(method, path.partition("?")[0])
        if answer.body:
            assert self._problems(method, self._template(path), answer.status, content) == []
        self.checked.add((route.name, answer.status))
        return content

    def _template(self, path: str) -> Any:
        parts = path.partition("?")[0].split("/")
        fitting = [template for template in self._templates if _fits(template.split("/"), parts)]
        return min(fitting, key=lambda template: template.count("{"))


def _fits(template: list[str], parts: list[str]) -> bool:
    pairs = list(zip(template, parts, strict=False))
    return len(template) == len(parts) and all(t.startswith("{") or t == part for t, part in pairs)


@pytest.fixture
def caller(problems: Problems, description: Mapping[str, Any]) -> Caller:
    stand_in = IntercomStandIn()
    stand_in.declare(ct_orders="integer", ct_tier="string")
    stand_in.workspace.conversations.attributes.add("ct_order")
    return Caller(stand_in, problems, description)


def ask_for_contacts(caller: Caller) -> None:
    anna = caller("POST", "/contacts", {"external_id": "c-1", "email": "a@b.example", "name": "Anna"})["id"]
    other = caller("POST", "/contacts", {"external_id": "c-2"})["id"]
    caller("POST", "/contacts", {"external_id": "c-1"})
    caller("PUT", f"/contacts/{anna}", {"custom_attributes": {"ct_orders": 2}, "avatar": "https://a.example/a.png"})
    caller("PUT", f"/contacts/{anna}", {"custom_attributes": {"ct_unknown": 2}})
    caller("PUT", f"/contacts/{other}", {"external_id": "c-1"})
    caller("GET", f"/contacts/{anna}")
    caller("GET", "/contacts/nobody")
    caller("GET", "/contacts/find_by_external_id/c-1")
    caller("GET", "/contacts/find_by_external_id/nobody")
    caller("GET", "/contacts?per_page=1")
    caller("POST", "/contacts/search", {"query": {"field": "role", "operator": "=", "value": "user"}})
    caller("POST", "/contacts/search", {"query": {"field": "role", "operator": "<", "value": "user"}})
    caller("POST", f"/contacts/{anna}/archive")
    caller("POST", f"/contacts/{anna}/unarchive")
    caller("DELETE", f"/contacts/{anna}")


def merge(caller: Caller) -> None:
    anna = caller("POST", "/contacts", {"external_id": "m-1", "email": "m@b.example"})["id"]
    lead = caller("POST", "/contacts", {"role": "lead", "custom_attributes": {"ct_tier": "x"}})["id"]
    caller("POST", "/contacts/merge", {"from": lead, "into": anna})
    caller("POST", "/contacts/merge", {"from": lead, "into": anna, "skip_duplicate_validation": True})
    caller("GET", f"/contacts/{lead}")


def tag(caller: Caller) -> None:
    anna = caller("POST", "/contacts", {"external_id": "t-1"})["id"]
    vip = caller("POST", "/tags", {"name": "VIP"})["id"]
    caller("POST", "/tags", {"name": "sale", "users": [{"id": anna}]})
    caller("POST", f"/contacts/{anna}/tags", {"id": vip})
    caller("POST", f"/contacts/{anna}/tags", {"id": "1"})
    caller("GET", f"/contacts/{anna}/tags")
    caller("GET", f"/contacts/{anna}")
    caller("GET", "/tags")
    caller("GET", f"/tags/{vip}")
    caller("DELETE", f"/contacts/{anna}/tags/{vip}")
    caller("DELETE", f"/tags/{vip}")


def ask_for_conversations(caller: Caller) -> None:
    anna = caller("POST", "/contacts", {"external_id": "v-1"})["id"]
    contact, workspace = caller.stand_in.contact(anna), caller.stand_in.workspace
    assert contact is not None
    path = f"/conversations/{workspace.conversations.open(contact, now=workspace.now)}"
    late = caller("POST", "/tags", {"name": "late"})["id"]
    caller("POST", f"{path}/tags", {"id": late, "admin_id": "7301550"})
    caller("PUT", path, {"custom_attributes": {"ct_order": "DE-1"}})
    query = {"field": "contact_ids", "operator": "=", "value": anna}
    caller("POST", "/conversations/search", {"query": query})
    caller("GET", path)
    workspace.conversations.reply(path.rpartition("/")[2], "<p>#1001</p>", now=workspace.now)
    caller("GET", path)
    caller("GET", "/conversations/1")
    caller("POST", "/conversations/attributes", {"name": "ct_total", "data_type": "string"})
    caller("POST", "/conversations/attributes", {"name": "ct_total", "data_type": "money"})
    caller("GET", "/conversations/attributes?include_archived=true")
    caller("DELETE", f"{path}/tags/{late}", {"admin_id": "7301550"})


def declare_attributes(caller: Caller) -> None:
    made = caller("POST", "/data_attributes", {"name": "ct_a", "model": "contact", "data_type": "datetime"})["id"]
    caller("POST", "/data_attributes", {"name": "ct_a", "model": "company", "data_type": "string"})
    options = [{"value": "a"}, {"value": "b"}]
    caller("POST", "/data_attributes", {"name": "ct_b", "model": "contact", "data_type": "options", "options": options})
    caller("PUT", f"/data_attributes/{made}", {"archived": True})
    caller("PUT", "/data_attributes/1", {"archived": True})
    caller("GET", "/data_attributes?include_archived=true")
    caller("GET", "/data_attributes?model=conversation")


def send_events(caller: Caller) -> None:
    anna = caller("POST", "/contacts", {"external_id": "e-1"})["id"]
    event = {"event_name": "order-placed", "created_at": 1, "id": anna}
    caller("POST", "/events", event)
    caller("POST", "/events", {**event, "id": "nobody"})
    caller("POST", "/events", {**event, "created_at": None})


def exceed_the_limit(caller: Caller) -> None:
    caller("GET", "/me")
    caller.stand_in.switches.set(rate_limit=0)
    caller("GET", "/me")


DAY = (ask_for_contacts, merge, tag, ask_for_conversations, declare_attributes, send_events, exceed_the_limit)


@pytest.mark.parametrize("part", DAY, ids=lambda part: part.__name__)
def test_every_answer_is_as_described(caller: Caller, part: Callable[[Caller], None]) -> None:
    part(caller)


def test_no_route_and_no_status_is_left_out(caller: Caller) -> None:
    for part in DAY:
        part(caller)
    asked = {name for name, status in caller.checked if status < 300}
    assert {route.name for route in ROUTES} - asked == {"GET /events"}, LISTED_EVENTS
    assert {status for _, status in caller.checked} == {200, 202, 400, 404, 409, 410, 422, 429}


def test_a_wrong_token_is_refused_as_described(problems: Problems) -> None:
    stand_in = IntercomStandIn()
    answer, _ = stand_in.respond("GET", "/tags", {"Authorization": "Bearer wrong"}, b"")
    assert problems("GET", "/tags", answer.status, json.loads(answer.body)) == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 409, 422, 429, 500, 503])
def test_a_fault_has_the_shape_of_errors(problems: Problems, status: int) -> None:
    stand_in = IntercomStandIn()
    stand_in.switches.set(faults=[Fault(kind="status", status=status)])
    answer, _ = stand_in.respond("GET", "/tags", {}, b"")
    # every error that is described has one schema
    assert (answer.status, problems("GET", "/tags", 401, json.loads(answer.body))) == (status, [])


@pytest.mark.parametrize(
    "broken",
    [{"tags": []}, {"id": 1}, {"created_at": "2026-11-23"}, {"custom_attributes": None}],
    ids=str,
)
def test_an_answer_of_another_shape_would_be_noticed(
    caller: Caller, problems: Problems, broken: dict[str, Any]
) -> None:
    contact = caller("POST", "/contacts", {"external_id": "c-1"})
    assert problems("POST", "/contacts", 200, contact | broken) != []


def test_the_stand_in_serves_paths_that_exist(description: Mapping[str, Any]) -> None:
    shapes = {
        (method.upper(), "/".join("{}" if part.startswith("{") else part for part in path.split("/")))
        for path, item in description["paths"].items()
        for method in item
    }
    served = {
        (route.method, "/".join("{}" if part.startswith("{") else part for part in route.name.split(" ")[1].split("/")))
        for route in ROUTES
    }
    assert served - shapes == set()
