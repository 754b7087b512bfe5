"""The rules of Canvas Kit that no type can say: ids, links, options, stored data.

What breaks one of them is a bug of ours, never the fault of the data that is shown. Rules:
https://developers.intercom.com/docs/canvas-kit
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

_ID: Final = re.compile(r"[\x21-\x7e]{1,200}")
_URL: Final = re.compile(r"https://[\x21-\x7e]{1,1992}")


class InvalidCanvas(ValueError):
    """The program put together what Intercom would not accept: a bug of ours, never the data's fault."""


def check_id(name: str) -> None:
    if not _ID.fullmatch(name):
        raise InvalidCanvas(f"an id is 1 to 200 visible ASCII characters, not {name[:40]!r}")


def check_optional_id(name: str | None) -> None:
    if name is not None:
        check_id(name)


def check_url(url: str) -> None:
    try:
        parts = urlsplit(url) if _URL.fullmatch(url) and "\\" not in url else None
        host = parts.hostname if parts and parts.username is None else None
    except ValueError:
        host = None
    if not host:
        raise InvalidCanvas("a link is an absolute https address in ASCII of at most 2,000 characters")


def check_choice(name: str, options: Sequence[str], value: str | None) -> None:
    """`options` and `value` are ids."""
    check_id(name)
    if not 2 <= len(options) <= 10:
        raise InvalidCanvas(f"{name}: 2 to 10 options, not {len(options)}")
    check_unique(options)
    if value is not None and value not in options:
        raise InvalidCanvas(f"{name}: the chosen option is not among the options")


def check_not_empty(items: Sequence[object], what: str) -> None:
    if not items:
        raise InvalidCanvas(f"a {what} without anything in it")


def check_unique(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise InvalidCanvas(f"id {name!r} is used twice")
        seen.add(name)


def stored_copy(data: Mapping[str, object], limit: int) -> dict[str, object]:
    """A copy of its own that is sure to be JSON in UTF-8, and small enough."""
    try:
        text = json.dumps(dict(data), ensure_ascii=False, allow_nan=False)
        size = len(text.encode())
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidCanvas(f"stored_data is not JSON: {type(error).__name__}") from error
    if size > limit:
        raise InvalidCanvas(f"stored_data has {size} bytes, at most {limit} are allowed")
    copy: dict[str, object] = json.loads(text)
    return copy
