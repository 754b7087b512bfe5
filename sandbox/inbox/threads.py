"""A sample conversation as the page shows it: derived from the same Initialize body that the product gets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.inbox.words import words_of


def thread_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """Contact, attributes and messages of the conversation in `body`; without a conversation, no messages."""
    contact = _mapping(body.get("contact") or body.get("customer"))
    conversation = _mapping(body.get("conversation"))
    source = _mapping(conversation.get("source"))
    messages = [_message(source, conversation.get("created_at"), contact)] if source else []
    messages += [_message(part, part.get("created_at"), contact) for part in _parts(conversation)]
    return {
        "title": words_of(conversation.get("title") or source.get("subject") or ""),
        "contact": {key: contact.get(key) for key in ("id", "name", "email", "external_id", "role")},
        "attributes": {
            str(name): str(value)
            for name, value in _mapping(conversation.get("custom_attributes")).items()
            if value is not None and value != ""
        },
        "messages": [message for message in messages if message["text"] or message["subject"]],
        "snippet": next((message["text"].split("\n")[0] for message in reversed(messages) if message["text"]), ""),
    }


def _message(part: Mapping[str, Any], at: object, contact: Mapping[str, Any]) -> dict[str, Any]:
    author = _mapping(part.get("author"))
    by_contact = author.get("type", "user") in ("user", "lead", "contact")
    name = author.get("name") or (contact.get("name") if by_contact else None)
    return {
        "author": name or author.get("email") or ("Contact" if by_contact else "Teammate"),
        "by": "contact" if by_contact else "admin",
        "note": part.get("part_type") == "note",
        "at": at if isinstance(at, int) else None,
        "subject": words_of(part.get("subject")),
        "text": words_of(part.get("body")),
    }


def _parts(conversation: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    parts = conversation.get("conversation_parts")
    listed = parts.get("conversation_parts") if isinstance(parts, Mapping) else parts
    return [part for part in listed if isinstance(part, Mapping)] if isinstance(listed, list) else []


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
