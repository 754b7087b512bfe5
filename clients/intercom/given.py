"""Intercom's JSON where nobody vouches for it: what visitors typed and other apps wrote, read without believing it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, TypeAlias

Json: TypeAlias = Mapping[str, object]

LONGEST_ID: Final = 255
UNENCODABLE: Final = re.compile("[\ud800-\udfff\x00]")


def json_object(value: object) -> Json:
    """`value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def entries(envelope: object, name: str) -> list[Json]:
    """The objects of a list envelope such as `{"type": "contact.list", "contacts": [...]}`, or of a bare list."""
    values = json_object(envelope).get(name) if isinstance(envelope, dict) else envelope
    return [entry for entry in values if isinstance(entry, dict)] if isinstance(values, list) else []


def text_of_json(value: object) -> str:
    """`value` as text that can be encoded; empty for anything but text and whole numbers."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return UNENCODABLE.sub("\ufffd", str(value))


def short_name(value: object) -> str | None:
    """An id, region or role: one short visible word, else None."""
    text = text_of_json(value).strip()
    return text if text.isprintable() and 0 < len(text) <= LONGEST_ID else None


def seconds(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
