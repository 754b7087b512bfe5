"""Requests of other shapes: groups, the old name `customer`, no conversation, no region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sandbox.conversations.bodies import Person, SampleConversation, Writing, initialize_bodies
from sandbox.shop.scenarios import SCENARIOS
from sandbox.shop.scenarios.anna import ANNA
from sandbox.shop.scenarios.channels import B2B, IMPORTED
from sandbox.shop.scenarios.currencies import YEN
from sandbox.shop.scenarios.identities import BEN, GUEST_EMAIL, JONAS
from sandbox.shop.scenarios.texts import CHINESE

GROUP: Final = "group-conversation"
LEGACY_CUSTOMER: Final = "legacy-customer"
NO_CONVERSATION: Final = "without-conversation"
NO_REGION: Final = "without-region"
BARE: Final = "bare-contact"

_CUSTOMERS: Final = {scenario.name: scenario.customers[0] for scenario in SCENARIOS if scenario.customers}
_ANNA: Final = Person.of(ANNA)
_HELLO: Final = Writing(html="<p>Hello, any news on DE-10482?</p>")


def _shaped(slug: str, label: str, about: str, body: Mapping[str, Any]) -> SampleConversation:
    return SampleConversation(slug=slug, label=label, about=about, bodies=(body,))


def _anna(slug: str) -> dict[str, Any]:
    return initialize_bodies(slug, (_ANNA,), _HELLO)[0]


def _legacy() -> dict[str, Any]:
    body = _anna(LEGACY_CUSTOMER)
    return {**{name: value for name, value in body.items() if name != "contact"}, "customer": body["contact"]}


def _without(slug: str, name: str) -> dict[str, Any]:
    return {key: value for key, value in _anna(slug).items() if key != name}


def _bare() -> dict[str, Any]:
    """Only the id: how much of the contact Intercom sends is not documented; the conversation knows more."""
    body = _anna(BARE)
    return {**body, "contact": {"type": "contact", "id": _ANNA.id}}


def _group() -> SampleConversation:
    people = (
        _ANNA,
        Person.of(JONAS),
        Person.of(_CUSTOMERS[YEN]),
        Person.of(BEN),
        Person(name="Gesa Petersen", email=GUEST_EMAIL, role="lead"),
        Person.of(_CUSTOMERS[CHINESE]),
        Person.of(_CUSTOMERS[IMPORTED]),
        Person.of(_CUSTOMERS[B2B]),
    )
    writing = Writing(html="<p>We ordered together, DE-10482 and DE-20001. Who gets what?</p>", title="Hut weekend")
    return SampleConversation(
        slug=GROUP,
        label="Hut weekend — a group of eight",
        about="Intercom asks for up to five participants at once",
        bodies=initialize_bodies(GROUP, people, writing),
    )


CONVERSATIONS: Final = (
    _group(),
    _shaped(LEGACY_CUSTOMER, "Anna Kowalska — Old API version", "The contact under its old name `customer`", _legacy()),
    _shaped(
        NO_CONVERSATION,
        "Anna Kowalska — App just added",
        "No conversation in the request",
        _without(NO_CONVERSATION, "conversation"),
    ),
    _shaped(NO_REGION, "Anna Kowalska — No region", "No workspace_region", _without(NO_REGION, "workspace_region")),
    _shaped(BARE, "Anna Kowalska — Bare contact", "A contact with an id and nothing else", _bare()),
)
