"""What was not asked for, or could not be read, is not the same as what is not there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clients.commercetools import decode

PAYLOADS = Path(__file__).parents[3] / "payloads" / "commercetools"
CUSTOMER: dict[str, Any] = {
    "id": "c",
    "version": 1,
    "createdAt": "2026-01-01T00:00:00.000Z",
    "lastModifiedAt": "2026-01-01T00:00:00.000Z",
}


@pytest.mark.parametrize(("part", "known"), [({}, False), ({"customerGroup": None}, True)])
def test_a_group_that_was_not_read_is_not_known_to_be_none(part: dict[str, object], known: bool) -> None:
    customer = decode.customer(decode.Node(CUSTOMER | part, "customer"))
    assert (customer.group, customer.knows_group) == (None, known)


@pytest.mark.parametrize(("part", "known"), [({}, False), ({"state": None}, True)])
def test_a_workflow_state_that_was_not_read_is_not_known_to_be_none(part: dict[str, object], known: bool) -> None:
    document = json.loads((PAYLOADS / "order-in-full.json").read_text(encoding="utf-8"))
    node = {name: value for name, value in document.get("order", document).items() if name != "state"} | part
    order = decode.order(decode.Node(node, "order"))
    assert (order.workflow_state, order.knows_workflow_state) == (None, known)
