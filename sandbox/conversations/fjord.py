"""Conversations of the second workspace, with customers of the second shop."""

from __future__ import annotations

from typing import Final

from sandbox.conversations.bodies import Person, Reply, SampleConversation, Writing, initialize_bodies
from sandbox.shop.fjord import FREYA, SAME_ADDRESS

WORKSPACE_ID: Final = "fjrdfld2"
REGION: Final = "US"
_AGENT: Final = {"id": "8140077", "name": "Robin Teammate", "email": "robin.teammate@fjordfield.example"}


def _of(slug: str, about: str, person: Person, writing: Writing) -> SampleConversation:
    """As `initialize_bodies` makes it for the first workspace, moved to the second."""
    bodies = initialize_bodies(slug, (person,), writing)
    moved = tuple(
        body
        | {
            "workspace_id": WORKSPACE_ID,
            "workspace_region": REGION,
            "admin": body["admin"] | _AGENT,
            "contact": body["contact"] | {"workspace_id": WORKSPACE_ID},
        }
        for body in bodies
    )
    return SampleConversation(slug=slug, label=f"{person.name} — {writing.title}", about=about, bodies=moved)


CONVERSATIONS: Final = (
    _of(
        "fjord-kayak",
        "Two orders, one of them on its way",
        Person.of(FREYA),
        Writing(
            html="<p>Hello, where is the kayak of order FF-1001?</p>",
            title="Where is my kayak?",
            replies=(Reply(html="<p>I will have a look.</p>", from_admin=True),),
        ),
    ),
    _of(
        "fjord-same-address",
        "The e-mail address of a customer of the other shop",
        Person.of(SAME_ADDRESS),
        Writing(html="<p>Can I still change the address of FF-1003?</p>", title="Another address"),
    ),
    _of(
        "fjord-foreign-order",
        "Names an order of the other shop, which is not found here",
        Person.of(FREYA),
        Writing(html="<p>And what about DE-10482?</p>", title="An order from elsewhere"),
    ),
)
