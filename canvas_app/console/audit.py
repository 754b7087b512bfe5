"""Who did what. The newest first; nothing in it can be changed here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, Response, request

from canvas_app.pages.guard import signed_in
from canvas_app.pages.rendering import render
from canvas_app.pages.sessions import OPERATOR
from canvas_app.pages.site import site
from sync.console.letters import COMMAND_LINE
from sync.storage.audit import AuditRow, recent

PAGE: Final = 50
LARGEST: Final = 2**63 - 1
_MOST_OF_A_LIST: Final = 12


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/audit", "audit", show)


def show() -> Response:
    before = request.args.get("before", type=int)
    with site().storage.transaction() as connection:
        rows = recent(connection, signed_in().installation, limit=PAGE + 1, before=_within(before))
    page = rows[:PAGE]
    return render(
        "console/audit.html",
        rows=[(row, who(row), what(row), told(row.detail)) for row in page],
        older=page[-1].id if len(rows) > PAGE else None,
        is_first=before is None,
    )


def who(row: AuditRow) -> str:
    """Intercom's ids say who somebody is; names and addresses are not kept."""
    if row.admin_id == signed_in().admin_id:
        return "You"
    known = {OPERATOR: "Operator, by a one-time link", COMMAND_LINE: "The command line", "intercom": "Intercom"}
    return known.get(row.admin_id, f"Admin {row.admin_id}")


def what(row: AuditRow) -> str:
    """`shop_connected` is Shop connected."""
    return row.action.replace("_", " ").capitalize()


def told(detail: Mapping[str, Any]) -> list[tuple[str, str]]:
    """By name, as text."""
    return [(name.replace("_", " "), _text(value)) for name, value in detail.items() if value not in (None, [], {}, "")]


def _text(value: object) -> str:
    if isinstance(value, list):
        shown = ", ".join(_text(each) for each in value[:_MOST_OF_A_LIST])
        left = len(value) - _MOST_OF_A_LIST
        return f"{shown} and {left:,} more" if left > 0 else shown
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_text(each)}" for name, each in value.items())
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _within(number: int | None) -> int | None:
    return None if number is None else max(0, min(number, LARGEST))
