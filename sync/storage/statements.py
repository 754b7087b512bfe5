"""SQL by name: each file in `sql/` holds statements that are named and described, as

-- name --
-- what it is for
SELECT ...
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Final

_NAME: Final = re.compile(r"^-- (\w+) --$", re.MULTILINE)


@cache
def statement(file: str, name: str) -> str:
    """The statement `name` of `sql/<file>.sql`; `KeyError` when there is none."""
    return _statements(file)[name]


@cache
def _statements(file: str) -> dict[str, str]:
    text = resources.files("sync.storage").joinpath("sql", f"{file}.sql").read_text(encoding="utf-8")
    _, *parts = _NAME.split(text)
    return {name: sql.strip() for name, sql in zip(parts[::2], parts[1::2], strict=True)}
