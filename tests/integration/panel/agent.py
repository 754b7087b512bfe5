"""A support agent at the panel's doors: opens sample conversations, clicks, and reads what the canvas says."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from flask import Flask

from sandbox.commercetools import CommercetoolsStandIn
from sandbox.conversations import conversation, initialize_body
from sandbox.inbox.intercom_json import body_signature, intercom_bytes

SECRET: Final = "intercom-secret"

Body: TypeAlias = dict[str, Any]
Shape: TypeAlias = Callable[[Body], Body]
"""How Intercom might write the same request: a body in, another body out."""
Check: TypeAlias = Callable[[str, Any], list[str]]
"""What is wrong with the answer of a door (`initialize`, `submit`); empty when nothing is."""

_INVISIBLE: Final = re.compile("[\u2060\u2068\u2069]")  # what keeps shop texts from being read as markdown


def as_documented(body: Body) -> Body:
    """Intercom's own examples: https://developers.intercom.com/docs/canvas-kit"""
    return body


@dataclass(frozen=True, slots=True)
class Screen:
    """One canvas as the agent reads it."""

    answer: Mapping[str, Any] = field(repr=False)

    @property
    def lines(self) -> tuple[str, ...]:
        """One line for each text, row and button, top to bottom; the parts of a row are joined by ` | `."""
        return tuple(_INVISIBLE.sub("", line) for part in self.components for line in _lines(part))

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def ids(self) -> tuple[str, ...]:
        """What can be clicked and sends a request."""
        return tuple(part["id"] for part in self._parts() if part.get("action", {}).get("type") == "submit")

    @property
    def all_ids(self) -> tuple[str, ...]:
        return tuple(part["id"] for part in self._parts() if "id" in part)

    @property
    def urls(self) -> tuple[str, ...]:
        """Where links lead."""
        return tuple(part["action"]["url"] for part in self._parts() if part.get("action", {}).get("type") == "url")

    @property
    def stored(self) -> Mapping[str, Any]:
        stored: Mapping[str, Any] = self.answer["canvas"].get("stored_data", {})
        return stored

    @property
    def components(self) -> list[dict[str, Any]]:
        components: list[dict[str, Any]] = self.answer["canvas"]["content"]["components"]
        return components

    def id_of(self, words: str) -> str:
        """The id of the one clickable thing that says `words`."""
        found = [part["id"] for part in self._parts() if "action" in part and words in _clean(" | ".join(_words(part)))]
        assert len(found) == 1, f"{words!r} stands on {len(found)} things to click:\n{self.text}"
        return str(found[0])

    def says(self, *words: str) -> bool:
        """Whether each of `words` is a line of its own."""
        missing = [each for each in words if each not in self.lines]
        assert not missing, f"not said: {missing}\n\n{self.text}"
        return True

    def mentions(self, words: str) -> bool:
        """Whether `words` stand anywhere, within a line."""
        return words in self.text

    def _parts(self) -> Iterator[dict[str, Any]]:
        for component in self.components:
            yield component
            yield from component.get("items", ())


class Agent:
    """Opens and clicks. Every canvas that comes back is checked; `screens` keeps them all.

    `upstream` counts the GraphQL requests that the last open or click cost.
    """

    def __init__(self, app: Flask, stand_in: CommercetoolsStandIn, check: Check, shape: Shape = as_documented) -> None:
        self.app = app
        self._door = app.test_client()
        self._stand_in = stand_in
        self._check = check
        self._shape = shape
        self._body: Body = {}
        self.screens: list[Screen] = []
        self.upstream = 0

    @property
    def screen(self) -> Screen:
        """What the agent looks at."""
        return self.screens[-1]

    @property
    def contact(self) -> Mapping[str, Any]:
        """Of the open conversation."""
        contact: Mapping[str, Any] = self._body["contact"]
        return contact

    def open(self, slug: str, *, participant: int = 0, **contact: Any) -> Screen:
        """Switch to a sample conversation; `contact` replaces fields of the contact."""
        body = copy.deepcopy(initialize_body(conversation(slug), participant=participant))
        if contact:
            body["contact"] |= contact
        return self.open_body(body)

    def open_body(self, body: Body) -> Screen:
        """Switch to a conversation given as an Initialize body."""
        self._body = body
        return self._ask("initialize", body)

    def click(self, component_id: str, *, inputs: Mapping[str, Any] | None = None, **typed: Any) -> Screen:
        """Click something on the screen, or send any component id; what was typed goes along by component id."""
        canvas = self.screen.answer["canvas"]
        return self.submit(
            component_id=component_id,
            input_values=dict(inputs if inputs is not None else typed),
            current_canvas={"content": canvas["content"], "stored_data": canvas.get("stored_data", {})},
        )

    def choose(self, words: str) -> Screen:
        """Click the one thing that says `words`."""
        return self.click(self.screen.id_of(words))

    def submit(self, **members: Any) -> Screen:
        """A Submit request of the open conversation with these members."""
        return self._ask("submit", {**copy.deepcopy(self._body), **members})

    def search(self, query: str) -> Screen:
        """Open the search, type, press the button."""
        self.click("search")
        return self.click("find", query=query)

    def texts(self) -> tuple[str, ...]:
        """The lines on the screen."""
        return self.screen.lines

    def _ask(self, door: str, body: Body) -> Screen:
        raw = intercom_bytes(self._shape(copy.deepcopy(body)))
        before = self._asked()
        answer = self._door.post(
            f"/canvas/{door}",
            data=raw,
            headers={"X-Body-Signature": body_signature(raw, SECRET), "Content-Type": "application/json"},
        )
        self.upstream = self._asked() - before
        assert answer.status_code == 200, answer.get_data(as_text=True)
        content = json.loads(answer.get_data())
        assert self._check(door, content) == []
        self.screens.append(Screen(content))
        return self.screen

    def _asked(self) -> int:
        return sum(self._stand_in.log.by_operation.values())


def _clean(text: str) -> str:
    return _INVISIBLE.sub("", text)


def _lines(component: Mapping[str, Any]) -> Iterator[str]:
    match component["type"]:
        case "list":
            yield from (" | ".join(_words(item)) for item in component["items"])
        case "data-table":
            yield from (f"{row['field']}: {row['value']}" for row in component["items"])
        case "divider" | "spacer":
            return
        case _:
            yield " | ".join(_words(component))


def _words(part: Mapping[str, Any]) -> Iterator[str]:
    for name in ("text", "label", "title", "subtitle", "tertiary_text", "placeholder", "value"):
        if part.get(name):
            yield str(part[name])
