"""The shapes that a request can take."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.inbox.variants import Variants

BODY = {"workspace_id": "w", "workspace_region": "EU", "contact": {"id": "c"}}
CANVAS = {"content": {"components": []}, "stored_data": {"screen": "overview"}}


def submitted(variants: Variants) -> dict[str, Any]:
    return variants.submit(BODY, component_id="refresh", input_values={"q": "1"}, current_canvas=CANVAS)


def test_without_variants_the_body_is_the_documented_one() -> None:
    assert submitted(Variants()) == {
        **BODY,
        "current_canvas": CANVAS,
        "input_values": {"q": "1"},
        "component_id": "refresh",
    }


def test_a_legacy_body_calls_the_contact_customer() -> None:
    assert Variants(legacy_customer=True).initialize(BODY) == {
        "workspace_id": "w",
        "workspace_region": "EU",
        "customer": {"id": "c"},
    }


def test_the_region_can_be_missing() -> None:
    assert "workspace_region" not in Variants(no_region=True).initialize(BODY)


def test_the_canvas_can_be_nested_twice() -> None:
    assert submitted(Variants(nested_canvas=True))["current_canvas"] == {"current_canvas": CANVAS}


def test_stored_data_can_stand_at_the_top() -> None:
    body = submitted(Variants(top_level_stored_data=True))
    assert (body["stored_data"], body["current_canvas"]) == ({"screen": "overview"}, {"content": {"components": []}})


@pytest.mark.parametrize("options", [None, [], "x", {"legacy_customer": "yes", "unknown": True}])
def test_what_is_not_true_is_off(options: object) -> None:
    assert Variants.from_json(options) == Variants()


def test_a_body_is_not_changed_in_place() -> None:
    before = dict(BODY)
    Variants(legacy_customer=True, no_region=True).initialize(BODY)
    assert before == BODY
