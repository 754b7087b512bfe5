"""Every canvas that clicking can bring up is valid by Intercom's own description of a canvas. No browser needed."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from tests.contract.conftest import require_contract

Problems = Callable[[Any], list[str]]

# Rows of a long list lead to screens of the same kind.
CLICKS_FOLLOWED = 5


def described_by(schema: str) -> Problems:
    spec = importlib.util.spec_from_file_location("check", require_contract("check.py"))
    assert spec
    assert spec.loader
    check = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(check)
    problems: Problems = check.Canvases(require_contract(schema)).problems
    return problems


@pytest.fixture(scope="module")
def initialize_problems() -> Problems:
    return described_by("canvas-initialize-response.schema.json")


@pytest.fixture(scope="module")
def submit_problems() -> Problems:
    return described_by("canvas-submit-response.schema.json")


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


def submits(canvas: dict[str, Any]) -> list[str]:
    """Ids of everything on the canvas that sends a Submit when it is clicked."""
    components = canvas["content"]["components"]
    clickable = [*components, *(item for component in components for item in component.get("items", []))]
    return [
        each["id"] for each in clickable if each.get("action", {}).get("type") == "submit" and not each.get("disabled")
    ]


def test_every_canvas_is_valid_two_clicks_deep(
    start_demo: Callable[..., Any], session: requests.Session, initialize_problems: Problems, submit_problems: Problems
) -> None:
    # one of its own: which of several customers was picked is remembered, and other tests want to be asked
    demo = start_demo("--port", "0")

    def ask(path: str, body: dict[str, Any]) -> dict[str, Any]:
        exchange: dict[str, Any] = session.post(f"{demo.url}{path}", json=body, timeout=15).json()
        assert exchange["problem"] is None, (path, body.get("slug"), body.get("component_id"))
        return exchange

    def follow(who: dict[str, Any], canvas: dict[str, Any], depth: int) -> None:
        for component_id in submits(canvas)[:CLICKS_FOLLOWED]:
            clicked = {"component_id": component_id, "input_values": {"query": "anna"}, "current_canvas": canvas}
            exchange = ask("submit", who | clicked)
            assert submit_problems(exchange["answer"]) == [], (who, component_id)
            if depth > 1:
                follow(who, exchange["canvas"], depth - 1)

    for conversation in session.get(f"{demo.url}conversations", timeout=15).json():
        for participant in conversation["participants"]:
            who = {"slug": conversation["slug"], "contact_id": participant["id"]}
            exchange = ask("open", who)
            assert initialize_problems(exchange["answer"]) == [], who
            follow(who, exchange["canvas"], 2)
