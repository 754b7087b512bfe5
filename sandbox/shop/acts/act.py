"""One act on the shop while it happens, and what is told of it afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sandbox.shop.identifiers import stable_id
from sandbox.shop.resources import Document, TypeId, Writing, timestamp

Fields = dict[str, Any]


class NotPossible(ValueError):
    """The act makes no sense as the shop is now; the text says why, to the person who asked for it."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A document that the act wrote; `version` is None when it is gone."""

    type_id: TypeId
    id: str
    version: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What an act did. `ids` names what it was about and what it made: order, customer, payment, parcel, ..."""

    act: str
    at: datetime
    ids: Mapping[str, str]
    changed: tuple[Changed, ...]

    def to_json(self) -> dict[str, Any]:
        """As the control door answers it."""
        changed = [{"type": each.type_id, "id": each.id, "version": each.version} for each in self.changed]
        return {"act": self.act, "at": timestamp(self.at), **self.ids, "changed": changed}


@dataclass(slots=True)
class Act:
    """What the functions of this package work on: the shop as it is being written, at one moment.

    `count` gives the next number for things that have no parent to be counted under.
    """

    writing: Writing
    at: datetime
    count: Callable[[], int]
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def time(self) -> str:
        """The moment as it stands in documents."""
        return timestamp(self.at)

    def the(self, type_id: TypeId, resource_id: str) -> Document:
        """A document that must be there; raises `NotPossible`."""
        found = self.writing.get(type_id, resource_id)
        if found is None:
            raise NotPossible(f"there is no {type_id} {resource_id}")
        self.ids[type_id] = resource_id
        return found

    def create(self, type_id: TypeId, document: Document) -> Document:
        """A new document, remembered under its type."""
        self.ids[type_id] = document["id"]
        return self.writing.create(type_id, document)

    def set(self, type_id: TypeId, resource_id: str, **fields: Any) -> Document:
        """A document with other fields (None takes one away), its next version, and this moment as its last change."""

        def change(document: Fields) -> None:
            document.update(fields)
            for name in [name for name, value in fields.items() if value is None]:
                del document[name]

        self.the(type_id, resource_id)
        return self.writing.change(type_id, resource_id, at=self.at, change=change)

    def tell(self, message_type: str, type_id: TypeId, resource_id: str) -> None:
        """Leave the platform's message of what was just written.

        https://docs.commercetools.com/api/projects/messages. A project that keeps no messages answers with none:
        `Switches.messages_enabled`.
        """
        version = self.the(type_id, resource_id)["version"]
        message = {
            "id": stable_id("message", f"{message_type}/{resource_id}/{version}/{self.time}"),
            "version": 1,
            "sequenceNumber": version,
            "type": message_type,
            "resource": {"typeId": type_id, "id": resource_id},
            "resourceVersion": version,
            "createdAt": self.time,
            "lastModifiedAt": self.time,
        }
        self.writing.create("message", message)

    def changed(self) -> tuple[Changed, ...]:
        """What was written so far; messages tell of it and are not part of it."""
        return tuple(
            Changed(type_id, resource_id, None if document is None else cast(int, document["version"]))
            for (type_id, resource_id), document in self.writing.written.items()
            if type_id != "message"
        )
