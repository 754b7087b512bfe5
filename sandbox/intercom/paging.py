"""Pages with a cursor: https://developers.intercom.com/docs/build-an-integration/learn-more/rest-apis/pagination"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Final

from sandbox.intercom.refusals import invalid

MOST: Final = 150


def per_page(value: object, default: int) -> int:
    """The size of a page asked for."""
    try:
        size = default if value is None else int(str(value))
    except ValueError as error:
        raise invalid("per_page must be a number", field="per_page") from error
    if not 1 <= size <= MOST:
        raise invalid(f"per_page must be between 1 and {MOST}", field="per_page")
    return size


def position(cursor: object) -> int:
    """Where `starting_after` points to; 0 without one."""
    if cursor is None:
        return 0
    try:
        return int(base64.urlsafe_b64decode(str(cursor).encode()).decode().removeprefix("at:"))
    except (binascii.Error, ValueError) as error:
        raise invalid("starting_after is not valid", field="starting_after") from error


def pages(*, size: int, page: int, total: int, following: int | None) -> Mapping[str, Any]:
    """The `pages` of an answer; `following` is the position after this page, None at the end."""
    document: dict[str, Any] = {"type": "pages", "page": page, "per_page": size, "total_pages": -(-total // size)}
    if following is not None:
        cursor = base64.urlsafe_b64encode(f"at:{following}".encode()).decode()
        document["next"] = {"per_page": size, "starting_after": cursor}
    return document
