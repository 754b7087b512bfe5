"""What the demo answers is valid by Intercom's own description of a canvas. No browser needed.

Whatever clicking can bring up is held to it in tests/integration/panel/remembered, where a click takes less time.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from tests.contract.conftest import require_contract
from tests.e2e.conftest import Demo

Problems = Callable[[Any], list[str]]


def described_by(schema: str) -> Problems:
    spec = importlib.util.spec_from_file_location("check", require_contract("check.py"))
    assert spec
    assert spec.loader
    check = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(check)
    problems: Problems = check.Canvases(require_contract(schema)).problems
    return problems


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


def test_every_conversation_has_a_valid_first_screen_and_a_valid_one_when_it_is_refreshed(
    demo: Demo, session: requests.Session
) -> None:
    first, second = (described_by(f"canvas-{flow}-response.schema.json") for flow in ("initialize", "submit"))

    def ask(path: str, body: dict[str, Any]) -> dict[str, Any]:
        exchange: dict[str, Any] = session.post(f"{demo.url}{path}", json=body, timeout=60).json()
        assert exchange["problem"] is None, (path, body.get("slug"), body.get("component_id"))
        return exchange

    for conversation in session.get(f"{demo.url}conversations", timeout=60).json():
        for participant in conversation["participants"]:
            who = {"slug": conversation["slug"], "contact_id": participant["id"]}
            exchange = ask("open", who)
            assert first(exchange["answer"]) == [], who
            clicked = {"component_id": "refresh", "input_values": {}, "current_canvas": exchange["canvas"]}
            assert second(ask("submit", who | clicked)["answer"]) == [], who
