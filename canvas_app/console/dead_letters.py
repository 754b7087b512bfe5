"""What will not succeed until a person changes something: found, read, tried again or given up, one or many."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final, cast, get_args

from flask import Blueprint, Response, abort, request, url_for

from canvas_app.console.audit import LARGEST
from canvas_app.pages.guard import signed_in
from canvas_app.pages.rendering import go_to, render
from canvas_app.pages.site import site
from canvas_app.pages.trouble import Trouble, Way
from sync.console.letters import (
    Act,
    Decided,
    Filter,
    decide,
    find_letter,
    find_letters,
    ids_of_letters,
    kinds_of_letters,
)
from sync.console.seeking import sought
from sync.console.trace import Key
from sync.storage.dead_letters import NOTIFICATION, DeadLetter, State

LONGEST: Final = 200  # characters of what is looked for, and of a reason
_STATES: Final = (("open", "Open"), ("replayed", "Replayed"), ("discarded", "Discarded"), ("all", "All"))
_DONE: Final[dict[Act, str]] = {"replay": "handed to the worker, to be tried again", "discard": "discarded"}


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/dead-letters", "dead_letters", show)
    blueprint.add_url_rule("/dead-letters/search", "dead_letters_search", search, methods=["POST"])
    blueprint.add_url_rule("/dead-letters/decide", "dead_letters_decide", settle, methods=["POST"])
    blueprint.add_url_rule("/dead-letters/<int:id_>", "dead_letters_one", show_one)


def show() -> Response:
    installation, wanted = signed_in().installation, _wanted(request.args)
    before = request.args.get("before", type=int)
    with site().storage.transaction() as connection:
        found = find_letters(connection, installation, wanted, before=_within(before))
        kinds = kinds_of_letters(connection, installation)
    return render(
        "console/dead_letters.html",
        found=found,
        wanted=wanted,
        asked=_asked(wanted),
        states=_STATES,
        failed_parts=_choices(kind.part for kind in kinds),
        reasons=_choices(kind.reason for kind in kinds),
        open_count=sum(kind.letters for kind in kinds if kind.state == "open"),
        is_first=before is None,
        place=place_of,
    )


def search() -> Response:
    """To the page that shows it. An e-mail address becomes whose it is before it could stand in an address bar."""
    text = request.form.get("text", "").strip()[:LONGEST]
    asked = {name: request.form.get(name, "").strip()[:LONGEST] for name in ("state", "part", "reason")}
    if "@" not in text:
        return go_to("console.dead_letters", **_given(asked | {"text": text}))
    with site().storage.transaction() as connection:
        found = sought(connection, signed_in().installation, text)
    subjects = [match.value for match in found if match.key is Key.SUBJECT]
    if not subjects:
        return go_to("console.dead_letters", say="Nobody with this e-mail address is known here.", tone="info")
    return go_to("console.dead_letters", **_given(asked | {"subject": subjects[0]}))


def show_one(id_: int) -> Response:
    with site().storage.transaction() as connection:
        letter = find_letter(connection, signed_in().installation, _within(id_) or 0)
    if letter is None:
        abort(404)
    return render(
        "console/dead_letter.html",
        letter=letter,
        place=place_of(letter),
        answer=json.dumps(letter.answer, indent=2, ensure_ascii=False) if letter.answer else None,
        can_replay=letter.part != NOTIFICATION,
    )


def settle() -> Response:
    """Of those that were ticked, or all that the filter shows."""
    act, note = request.form.get("act"), request.form.get("note", "").strip()[:LONGEST]
    if act not in get_args(Act):
        abort(400)
    if act == "discard" and not note:
        raise Trouble(
            422,
            "A reason is missing",
            "Whoever looks at this later wants to know why it was given up. Write it beside the button, then discard.",
            Way("Back to the dead letters", _back()),
        )
    decided = decide(
        site().storage,
        signed_in().installation,
        cast(Act, act),
        _chosen(),
        admin_id=signed_in().admin_id,
        note=note or None,
        now=site().now,
    )
    say, tone = _said(decided, cast(Act, act))
    return go_to("console.dead_letters", say=say, tone="good" if tone else "info", **_given(dict(_filters())))


def _chosen() -> tuple[int, ...]:
    if request.form.get("everything"):
        with site().storage.transaction() as connection:
            return ids_of_letters(connection, signed_in().installation, _wanted(dict(_filters())))
    ids = [each for each in request.form.getlist("letter") if each.isascii() and each.isdecimal() and len(each) < 19]
    if not ids:
        raise Trouble(422, "Nothing was chosen", "Tick the dead letters that you mean.", Way("Go back", _back()))
    return tuple(int(each) for each in ids)


def _said(decided: Decided, act: Act) -> tuple[str, bool]:
    number, left = len(decided.done), len(decided.left)
    say = f"{number:,} dead letter{'' if number == 1 else 's'} {_DONE[act]}."
    if left:
        say += f" {left:,} left as {'it is' if left == 1 else 'they are'}: not open any more, or nothing to try again."
    return say, number > 0


def place_of(letter: DeadLetter) -> tuple[str, str | None]:
    """What it is about, and where the trace of it is."""
    if letter.subject is not None:
        name = f"{'Customer' if letter.subject.startswith('c:') else 'Guest'} {letter.subject[2:]}"
        return name, url_for("console.trace_of", key=Key.SUBJECT.value, value=letter.subject)
    if letter.resource_id is not None:
        name = f"{(letter.resource_type or 'resource').replace('_', ' ').capitalize()} {letter.resource_id}"
        return name, url_for("console.trace_of", key=Key.RESOURCE.value, value=letter.resource_id)
    return "The installation", None


def _choices(values: Iterable[str]) -> list[tuple[str, str]]:
    return [("", "Any"), *((each, each.replace("_", " ").capitalize()) for each in sorted(set(values)))]


def _wanted(asked: dict[str, str]) -> Filter:
    state = asked.get("state") or "open"
    if state not in dict(_STATES):
        state = "open"
    return Filter(
        state=None if state == "all" else cast(State, state),
        part=_text(asked, "part"),
        reason=_text(asked, "reason"),
        subject=_text(asked, "subject"),
        text=_text(asked, "text"),
    )


def _asked(wanted: Filter) -> dict[str, Any]:
    """As the address of the page has it."""
    return _given(
        {
            "state": wanted.state or "all",
            "part": wanted.part or "",
            "reason": wanted.reason or "",
            "subject": wanted.subject or "",
            "text": wanted.text or "",
        }
    )


def _given(asked: dict[str, str]) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if value and (name, value) != ("state", "open")}


def _filters() -> list[tuple[str, str]]:
    """What the list was filtered by that a form was sent from."""
    return [(name, request.form.get(f"of_{name}", "")) for name in ("state", "part", "reason", "subject", "text")]


def _back() -> str:
    return url_for("console.dead_letters", **_given(dict(_filters())))


def _text(asked: dict[str, str], name: str) -> str | None:
    return asked.get(name, "").replace("\x00", "")[:LONGEST] or None


def _within(number: int | None) -> int | None:
    return None if number is None else max(0, min(number, LARGEST))
