"""Sample conversations: for every scenario of the shop what a customer might write, as Intercom's Initialize bodies."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sandbox.conversations import fjord, people_we_know, shapes, strangers
from sandbox.conversations.bodies import WORKSPACE_ID, SampleConversation

__all__ = [
    "WORKSPACE_ID",
    "SampleConversation",
    "contacts_in",
    "conversation",
    "conversations_of",
    "initialize_body",
    "sample_contacts",
    "sample_conversations",
]


@cache
def sample_conversations() -> tuple[SampleConversation, ...]:
    """All of them, in the order in which the simulator lists them."""
    return (*people_we_know.CONVERSATIONS, *strangers.CONVERSATIONS, *shapes.CONVERSATIONS)


def conversations_of(workspace_id: str) -> tuple[SampleConversation, ...]:
    """Those of one of the two workspaces; raises `KeyError`."""
    return {WORKSPACE_ID: sample_conversations(), fjord.WORKSPACE_ID: fjord.CONVERSATIONS}[workspace_id]


def conversation(slug: str) -> SampleConversation:
    """The one with this slug; raises `KeyError` when there is none."""
    return {each.slug: each for each in sample_conversations()}[slug]


def initialize_body(conversation: SampleConversation, *, participant: int = 0) -> dict[str, Any]:
    """A fresh body of Intercom's Initialize request for one of the participants (the first unless told)."""
    return dict(conversation.bodies[participant])


@cache
def sample_contacts() -> tuple[dict[str, Any], ...]:
    """Everybody who takes part in a sample conversation."""
    return contacts_in(sample_conversations())


def contacts_in(conversations: Sequence[SampleConversation]) -> tuple[dict[str, Any], ...]:
    """Everybody who takes part in one of them, once, as Intercom knows them."""
    found: dict[str, dict[str, Any]] = {}
    for body in (body for each in conversations for body in each.bodies):
        contact = body.get("contact") or body.get("customer") or {}
        if len(contact) > len(found.get(contact["id"], ())):
            found[contact["id"]] = dict(contact)
    return tuple(found.values())
