"""JSON on its way into a column."""

from __future__ import annotations

import json
import re
from typing import Final

from psycopg.types.json import Json, Jsonb

# PostgreSQL's text holds every character but NUL. An even number of backslashes before it is text of its own.
_NUL: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def jsonb(value: object) -> Jsonb:
    """As a parameter. NUL characters are left out, for the database takes none."""
    return Jsonb(value, dumps=_dumps)


def json_in_order(value: object) -> Json:
    """As a parameter for a `json` column, which keeps the keys in their order; `jsonb` sorts them."""
    return Json(value, dumps=_dumps)


def _dumps(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if "\\u0000" in text:  # hardly ever, and looking for it takes longer than all the rest
        text = _NUL.sub(r"\1", text)
    return text.encode("utf-8", "replace").decode("utf-8")
