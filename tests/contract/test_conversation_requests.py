"""What we send to Intercom about conversations is what its description of version 2.16 takes."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from clients.deadline import Call, Deadline
from clients.intercom.calls import Intercom
from clients.intercom.door import Door
from clients.intercom.resources import AttributeValue, ConversationAttributeWrite
from clients.intercom.settings import IntercomSettings
from clients.intercom.spending import Allowance, InMemoryStore
from clients.wire.http import Http, HttpLimits
from sandbox.intercom import IntercomStandIn
from sandbox.intercom.contact import Contact

ANNA = Contact(id="a1", workspace_id="w", role="user", born=1.0, updated_at=1, external_id="c-1")
ADMIN = "7301550"


@pytest.fixture
def requests(contract: Callable[[str], Path]) -> Any:
    spec = importlib.util.spec_from_file_location("contracts_check", contract("check.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.IntercomRequests(contract("intercom-2.16.json"))


@pytest.fixture
def stand_in() -> Iterator[IntercomStandIn]:
    with IntercomStandIn.serve() as serving:
        serving.put(ANNA)
        yield serving


@pytest.fixture
def calls(stand_in: IntercomStandIn) -> Iterator[Intercom]:
    http = Http(HttpLimits())
    settings = IntercomSettings(access_token=stand_in.access_token, api_url=stand_in.url)
    yield Intercom(Door(settings, http=http, allowance=Allowance(InMemoryStore())))
    http.close()


def call() -> Call:
    return Call(Deadline.after(5.0), "test")


def test_every_request_about_conversations_is_as_described(
    requests: Any, stand_in: IntercomStandIn, calls: Intercom
) -> None:
    conversation = stand_in.converse(ANNA, "<p>Where is DE-1?</p>")
    kinds = {"ct_order": "string", "ct_items": "integer", "ct_placed_at": "datetime"}
    for name, kind in kinds.items():
        calls.create_conversation_attribute(ConversationAttributeWrite(name=name, data_type=kind), call=call())
    assert [each.name for each in calls.conversation_attributes(call=call())] == [
        "ct_order",
        "ct_items",
        "ct_placed_at",
    ]
    values: dict[str, AttributeValue] = {"ct_order": "DE-1", "ct_items": 3, "ct_placed_at": 1_700_000_000}
    assert calls.update_conversation(conversation, values, call=call()).values == values
    assert calls.update_conversation(conversation, dict.fromkeys(values), call=call()).values == {}
    tag = calls.ensure_tag("Payment failed", call=call())
    calls.tag_conversation(conversation, tag.id, admin_id=ADMIN, call=call())
    calls.untag_conversation(conversation, tag.id, admin_id=ADMIN, call=call())
    calls.search_conversations(call=call())
    page = calls.search_conversations(since=1_700_000_000, per_page=1, call=call())
    assert [(each.id, each.is_open) for each in page.conversations] == [(conversation, True)]
    assert calls.conversation(conversation, call=call()).contact_ids == (ANNA.id,)
    sent = [(each.method, each.path, dict(each.body) or None) for each in stand_in.requests]
    assert [problem for each in sent for problem in requests.problems(*each)] == []
    assert len(sent) == 12
