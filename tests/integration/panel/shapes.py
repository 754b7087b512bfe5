"""What nobody has confirmed: how Intercom writes its requests, how commercetools answers. Both ways of each."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.panel.agent import Body, Shape, as_documented


def old_names(body: Body) -> Body:
    """API version 1: `app_id` and `customer`."""
    renamed = {"workspace_id": "app_id", "contact": "customer"}
    return {renamed.get(name, name): value for name, value in body.items()}


def nested_canvas(body: Body) -> Body:
    """One SDK types `current_canvas` as an object that holds a `current_canvas`."""
    canvas = body.get("current_canvas")
    return body if canvas is None else {**body, "current_canvas": {"current_canvas": canvas}}


def stored_data_at_the_top(body: Body) -> Body:
    """One app reads `stored_data` beside the canvas."""
    canvas = dict(body.get("current_canvas") or {})
    stored = canvas.pop("stored_data", None)
    return body if stored is None else {**body, "current_canvas": canvas, "stored_data": stored}


def without_region(body: Body) -> Body:
    """No documented example has a region."""
    return {name: value for name, value in body.items() if name != "workspace_region"}


def numbers_for_ids(body: Body) -> Body:
    """Ids of admins, conversations and their parts as numbers."""

    def numbered(value: Any) -> Any:
        if isinstance(value, list):
            return [numbered(each) for each in value]
        if not isinstance(value, dict):
            return value
        return {
            name: int(each) if name == "id" and str(each).isdecimal() else numbered(each)
            for name, each in value.items()
        }

    return {name: value if name == "current_canvas" else numbered(value) for name, value in body.items()}


def bare_lists(body: Body) -> Body:
    """List envelopes as plain lists."""
    conversation = dict(body.get("conversation") or {})
    for name, inner in (("contacts", "contacts"), ("conversation_parts", "conversation_parts")):
        if isinstance(conversation.get(name), dict):
            conversation[name] = conversation[name].get(inner, [])
    return {**body, "conversation": conversation}


SHAPES: tuple[Shape, ...] = (
    as_documented,
    old_names,
    nested_canvas,
    stored_data_at_the_top,
    without_region,
    numbers_for_ids,
    bare_lists,
)

EVERY_SHAPE: pytest.MarkDecorator = pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)


def _switch(name: str, *values: object) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(name, values, ids=lambda value: f"{name}={value}")


BOTH_WAYS_OF_SEARCHING_EMAIL = _switch("lowercase_email_supported", True, False)
BOTH_WAYS_OF_REJECTING = _switch("rejected_field_status", 200, 400)
BOTH_WAYS_OF_TRANSLATING = _switch("language_fallback", True, False)
BOTH_WAYS_OF_REFUSING = _switch("missing_scope_style", "partial", "forbidden")
BOTH_WAYS_OF_NAMING_SCOPES = _switch("token_names_scopes", True, False)
