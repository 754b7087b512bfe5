"""A request that was understood, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.intercom.refusals import invalid


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was understood: the variable parts of its path, its query parameters, its JSON body."""

    ids: tuple[str, ...]
    query: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def pagination(self) -> Mapping[str, Any]:
        """Of a search: `per_page` and `starting_after`."""
        given = self.body.get("pagination") or {}
        if not isinstance(given, dict):
            raise invalid("pagination must be an object", field="pagination")
        return given


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it. `content` None is an empty body; `changed`: the workspace is another one than before."""

    content: Mapping[str, Any] | None
    status: int = 200
    changed: bool = False
