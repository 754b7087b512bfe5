"""Why does this contact hold that? Every hint, reading, decision, request and answer, and where each value is from."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from canvas_app.console.moments import day
from canvas_app.console.showing import Shown, shown, source_of, type_of
from canvas_app.pages.guard import signed_in
from canvas_app.pages.rendering import render
from canvas_app.pages.site import site
from sync.console.origins import Contact, contact
from sync.console.seeking import LONGEST, Match, sought
from sync.console.trace import BadCursor, Key, Timeline, timeline
from sync.people import customer_of

_NAMES: Final = {
    Key.ORDER_NUMBER: "Order",
    Key.RESOURCE: "Resource",
    Key.CORRELATION_ID: "Correlation id",
}


def register(blueprint: Blueprint) -> None:
    keys = ",".join(Key)
    blueprint.add_url_rule("/trace", "trace", ask)
    blueprint.add_url_rule("/trace", "trace_search", search, methods=["POST"])
    blueprint.add_url_rule(f"/trace/<any({keys}):key>/<path:value>", "trace_of", show)


def ask() -> Response:
    return render("console/trace.html", typed="", matches=None, longest=LONGEST)


def search() -> AnyResponse:
    """To what was meant. What was typed may be an e-mail address: it stays in this request."""
    typed = request.form.get("typed", "").strip()
    with site().storage.transaction() as connection:
        matches = sought(connection, signed_in().installation, typed)
    if len(matches) == 1:
        return redirect(_address(matches[0]), code=303)
    named = [(name_of(match.key, match.value), _address(match)) for match in matches]
    return render("console/trace.html", 200 if matches else 404, typed=typed, matches=named, longest=LONGEST)


def show(key: str, value: str) -> Response:
    found, held = _found(Key(key), value)
    if not found.entries and held is None:
        abort(404)
    older = request.args.get("older")
    return render(
        "console/trace_of.html",
        title=name_of(Key(key), value),
        key=key,
        value=value,
        days=_by_day([shown(entry) for entry in found.entries]),
        older=found.older,
        is_newest=older is None,
        held=held,
        subjects=[(name_of(Key.SUBJECT, each), each) for each in found.subjects if key != Key.SUBJECT],
        source_of=source_of,
        type_of=type_of,
    )


def name_of(key: Key, value: str) -> str:
    """`Customer 4f1c…`"""
    if key is not Key.SUBJECT:
        return f"{_NAMES[key]} {value}"
    return f"Customer {value[2:]}" if customer_of(value) else f"Guest {value[2:]}"


def _found(key: Key, value: str) -> tuple[Timeline, Contact | None]:
    installation = signed_in().installation
    if "\x00" in value or len(value) > LONGEST:
        abort(404)
    with site().storage.transaction() as connection:
        try:
            found = timeline(connection, installation, key, value, older=request.args.get("older"))
        except BadCursor:
            abort(404)
        return found, contact(connection, installation, value) if key is Key.SUBJECT else None


def _address(match: Match) -> str:
    return url_for("console.trace_of", key=match.key.value, value=match.value)


def _by_day(entries: Sequence[Shown]) -> list[tuple[str, list[Shown]]]:
    return [(title, list(group)) for title, group in groupby(entries, key=lambda entry: day(entry.entry.at))]
