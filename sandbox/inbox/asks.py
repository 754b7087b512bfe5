"""What the page sends to its own server, read with care: it is a browser's word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

from sandbox.conversations import SampleConversation
from sandbox.inbox.threads import thread_of

Conversations = Mapping[str, SampleConversation]
"""By slug."""


class BadAsk(Exception):
    """The page sent something that makes no request; the text says what. Answered with 400."""


def asked() -> Mapping[str, Any]:
    """The JSON object in the request. Raises `BadAsk`."""
    # a form of another site cannot send this content type without the browser asking first
    if request.mimetype != "application/json":
        raise BadAsk("send application/json")
    ask = request.get_json(silent=True)
    if not isinstance(ask, dict):
        raise BadAsk("send a JSON object")
    return ask


def object_in(ask: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object of that name. Raises `BadAsk`."""
    value = ask.get(name)
    if not isinstance(value, dict):
        raise BadAsk(f"{name} is not an object")
    return value


def body_for(ask: Mapping[str, Any], conversations: Conversations) -> Mapping[str, Any]:
    """The Initialize body in which `contact_id` is the contact looked at; without an id, the first. Raises `BadAsk`."""
    conversation = conversations.get(str(ask.get("slug")))
    if conversation is None:
        raise BadAsk("no such conversation")
    contact_id = ask.get("contact_id")
    if contact_id is None:
        return conversation.bodies[0]
    for body in conversation.bodies:
        if thread_of(body)["contact"]["id"] == contact_id:
            return body
    raise BadAsk("no such participant")
