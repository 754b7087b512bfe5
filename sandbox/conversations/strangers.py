"""Contacts without an account behind them that we could be sure of: found by e-mail, or not at all."""

from __future__ import annotations

from typing import Any, Final

from sandbox.conversations.bodies import Person, SampleConversation, Writing, initialize_bodies
from sandbox.shop.identifiers import stable_id
from sandbox.shop.scenarios.identities import EMAIL_IN_ANOTHER_CASE, GUEST, GUEST_EMAIL, SHARED_EMAIL, TWO_CUSTOMERS

EMAILLESS_LEAD: Final = "lead-without-email"
NO_MATCH: Final = "no-match"
FOREIGN_ID: Final = "external-id-of-another-system"
SPOOFED_EMAIL: Final = "somebody-elses-email"


def _stranger(slug: str, label: str, person: Person, text: str, about: str, **more: Any) -> SampleConversation:
    bodies = initialize_bodies(slug, (person,), Writing(html=f"<p>{text}</p>", **more))
    return SampleConversation(slug=slug, label=label, about=about, bodies=bodies)


CONVERSATIONS: Final = (
    _stranger(
        EMAIL_IN_ANOTHER_CASE,
        "Jonas Lindqvist — Tent poles",
        Person(name="Jonas Lindqvist", email="JONAS.lindqvist@nordmail.example", role="lead"),
        "One pole of my tent is bent.",
        "Found by an e-mail address that is stored in another case",
    ),
    _stranger(
        TWO_CUSTOMERS,
        "Familie Huber — Which account?",
        Person(name="F. Huber", email=SHARED_EMAIL),
        "We both use this address. Where is the lamp?",
        "Two customers with one e-mail address: choose",
    ),
    _stranger(
        GUEST,
        "Gesa Petersen — Ordered as a guest",
        Person(name="Gesa Petersen", email=GUEST_EMAIL, role="lead"),
        "I ordered without an account.",
        "Guest orders only, one of them with the address in another case",
    ),
    _stranger(
        EMAILLESS_LEAD,
        "Visitor — Order DE-20301",
        Person(name=None, email=None, role="lead"),
        "Where is order DE-20301?",
        "A lead without an e-mail address or id",
    ),
    _stranger(
        NO_MATCH,
        "Viktor Nemo — Hello?",
        Person(name="Viktor Nemo", email="viktor.nemo@elsewhere.example"),
        "Do you repair zips?",
        "No customer matches",
    ),
    _stranger(
        FOREIGN_ID,
        "Jonas Lindqvist — From the app",
        Person(
            name="Jonas Lindqvist",
            email="jonas.lindqvist@nordmail.example",
            external_id=stable_id("app-user", "jonas"),
        ),
        "Writing from the app this time.",
        "An external id that the shop does not know, an e-mail address that it does",
    ),
    _stranger(
        SPOOFED_EMAIL,
        "“Anna” — Please change my address",
        Person(name="Anna K", email="anna.kowalska@nordmail.example", role="lead"),
        "This is Anna, send DE-10482 to my new address please.",
        "A visitor who typed Anna's e-mail address: unverified, no addresses shown",
    ),
)
