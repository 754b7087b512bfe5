"""Tags, by id and by name in any case: https://developers.intercom.com/docs/references/rest-api/api.intercom.io/tags"""

from __future__ import annotations

from typing import Any

from sandbox.intercom.refusals import missing, not_found


class Tags:
    """The workspace's tags. Not thread-safe: the stand-in's lock guards it."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}  # id -> name as it was first written
        self._ids: dict[str, str] = {}  # name in lower case -> id
        self._next_id = 7_522_907

    def listed(self) -> list[dict[str, Any]]:
        return [self.document(tag_id) for tag_id in self._names]

    def document(self, tag_id: str, *, applied_at: int | None = None) -> dict[str, Any]:
        """The `tag`; raises 404 for an unknown id."""
        name = self._names.get(tag_id)
        if name is None:
            raise not_found()
        document = {"type": "tag", "id": tag_id, "name": name}
        return document if applied_at is None else {**document, "applied_at": applied_at}

    def name(self, tag_id: str) -> str:
        return self._names[tag_id]

    def ensure(self, name: object) -> tuple[str, bool]:
        """The id of the tag with this name, and whether it had to be made."""
        if not isinstance(name, str) or not name.strip():
            raise missing("name is required")
        found = self._ids.get(name.lower())
        if found is not None:
            return found, False
        tag_id = str(self._next_id)
        self._next_id += 1
        self._names[tag_id], self._ids[name.lower()] = name, tag_id
        return tag_id, True

    def rename(self, tag_id: str, name: object) -> bool:
        """Whether anything changed."""
        before = self.document(tag_id)["name"]
        if not isinstance(name, str) or not name.strip():
            raise missing("name is required")
        del self._ids[before.lower()]
        self._names[tag_id], self._ids[name.lower()] = name, tag_id
        return bool(before != name)

    def delete(self, tag_id: str) -> None:
        name = self.document(tag_id)["name"]
        del self._names[tag_id], self._ids[name.lower()]
