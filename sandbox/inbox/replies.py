"""The conversation as Intercom holds it by now, and what a participant writes into it from the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any, Final

from sandbox.inbox.asks import BadAsk

LONGEST: Final = 5_000
_HELD: Final = ("custom_attributes", "conversation_parts", "tags", "open", "state", "updated_at")


def as_held(body: Mapping[str, Any], conversation: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """An Initialize body with its conversation as it is now; as it was, where Intercom has none."""
    before = body.get("conversation")
    if conversation is None or not isinstance(before, Mapping):
        return body
    return {**body, "conversation": {**before, **{name: conversation[name] for name in _HELD if name in conversation}}}


def conversation_id_of(body: Mapping[str, Any]) -> str | None:
    conversation = body.get("conversation")
    return str(conversation["id"]) if isinstance(conversation, Mapping) and conversation.get("id") else None


def html_of(text: object) -> str:
    """As the Messenger sends what somebody typed: a paragraph for each block, `<br>` for each line. Raises `BadAsk`."""
    if not isinstance(text, str) or not text.strip():
        raise BadAsk("There is nothing to send.")
    if len(text) > LONGEST:
        raise BadAsk(f"At most {LONGEST:,} characters.")
    blocks = re.split(r"\n\s*\n", text.strip().replace("\r\n", "\n"))
    return "".join(f"<p>{escape(block, quote=False).replace(chr(10), '<br>')}</p>" for block in blocks)
