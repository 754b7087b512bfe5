"""The attributes that the mapping names, against what the workspace has; what is missing is made here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response

from canvas_app.install.desk import desk
from canvas_app.install.settings.changing import connected, noted
from canvas_app.pages.rendering import go_to, render
from canvas_app.pages.site import site
from clients.errors import PlanRestricted, ScopeMissing
from sync.attributes import Difference, read_difference, settle_difference
from sync.conversations.attributes import (
    ConversationDifference,
    make_conversation_attributes,
    read_conversation_difference,
)
from sync.home import Home
from sync.mapping.faults import Fault
from sync.storage.conversations import hold_alone

MOST_ATTRIBUTES: Final = 250


@dataclass(frozen=True, slots=True)
class Line:
    """One attribute. `state`: there, missing, archived, wrong."""

    name: str
    type: str
    of: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """`conversations`: None when Intercom does not let us look at theirs."""

    contacts: Difference
    conversations: ConversationDifference | None

    @property
    def faults(self) -> tuple[Fault, ...]:
        return (*self.contacts.faults, *(self.conversations.faults if self.conversations else ()))

    @property
    def to_make(self) -> int:
        own = len(self.contacts.missing) + len(self.contacts.archived)
        return own + (len(self.conversations.missing) if self.conversations else 0)


def register(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/attributes", "attributes", _show)
    blueprint.add_url_rule("/attributes", "attributes_create", _create, methods=["POST"])


def _show() -> Response:
    with desk().home(connected().id) as home:
        compared = compare(home)
        lines = _lines(home, compared)
    return render("settings/attributes.html", compared=compared, lines=lines, most=MOST_ATTRIBUTES)


def _create() -> Response:
    """With faults nothing is made: half of a mapping is no use."""
    with desk().home(connected().id) as home:
        compared = compare(home)
        if compared.faults:
            say = "Nothing was made: first mend what is wrong."
            return go_to("settings.attributes", say=say, tone="bad")
        made = settle_difference(home.intercom, compared.contacts, call=home.at.call)
        made += _make_for_conversations(home)
    with site().storage.transaction() as connection:
        noted(connection, "attributes_created", {"names": list(made)})
    say = f"{len(made)} attributes were made." if made else "All attributes are there: nothing had to be made."
    return go_to("settings.attributes", say=say)


def compare(home: Home) -> Compared:
    contacts = read_difference(home.intercom, home.mapping, call=home.at.call)
    return Compared(contacts=contacts, conversations=_of_conversations(home))


def _of_conversations(home: Home) -> ConversationDifference | None:
    try:
        return read_conversation_difference(home.intercom, home.mapping.conversations, call=home.at.call)
    except (ScopeMissing, PlanRestricted):
        return None


def _make_for_conversations(home: Home) -> tuple[str, ...]:
    """Intercom lets two of one name be made, and then takes values for neither: one at a time looks and makes."""
    with home.database.transaction() as connection:
        hold_alone(connection, f"{home.row.id}/conversation attributes")
        found = _of_conversations(home)
        if found is None:
            return ()
        return make_conversation_attributes(home.intercom, found, call=home.at.call)


def _lines(home: Home, compared: Compared) -> tuple[Line, ...]:
    mapping, contacts, conversations = home.mapping, compared.contacts, compared.conversations
    wrong = {fault.key for fault in compared.faults}
    missing = {rule.name for rule in contacts.missing}
    archived = {attribute.name for attribute in contacts.archived}
    own = [
        Line(rule.name, rule.type, "contact", _state(f"attributes.{rule.name}", rule.name, wrong, missing, archived))
        for rule in mapping.attributes
    ]
    if conversations is None:
        return tuple(own)
    lacking = {rule.name for rule in conversations.missing}
    theirs = [
        Line(
            rule.name,
            rule.type,
            "conversation",
            _state(f"conversations.attributes.{rule.name}", rule.name, wrong, lacking, set()),
        )
        for rule in mapping.conversations.attributes
    ]
    return (*own, *theirs)


def _state(key: str, name: str, wrong: set[str], missing: set[str], archived: set[str]) -> str:
    if key in wrong:
        return "wrong"
    return "missing" if name in missing else "archived" if name in archived else "there"
