"""The stock of documents behind the stand-in: commercetools resources in their REST shape.

A document is never changed in place: every change puts a new version beside the old one,
so a request that is being answered sees one state, and the past can be asked for (stale
reads). Safe to use from several threads.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Literal

Document = Mapping[str, Any]
"""One resource as commercetools' REST API sends it, e.g. https://docs.commercetools.com/api/projects/orders#order"""

TypeId = Literal[
    "business-unit",
    "cart",
    "channel",
    "customer",
    "customer-group",
    "discount-code",
    "order",
    "payment",
    "state",
    "store",
]
"""commercetools' own names of resource types, as they stand in a reference's `typeId`."""


def timestamp(moment: datetime) -> str:
    """A moment as commercetools writes it: UTC with milliseconds and a Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class _Version:
    """What a resource was from `since` (seconds of the shop's monotonic clock) on; None = it did not exist."""

    since: float
    document: Document | None


@dataclass(frozen=True, slots=True)
class Project:
    """The commercetools project that the shop lives in."""

    key: str = "nordlicht-demo"
    name: str = "Nordlicht Outdoor (sample shop)"
    languages: tuple[str, ...] = ("en", "de")
    currencies: tuple[str, ...] = ("EUR", "USD", "JPY", "KWD", "HUF")
    countries: tuple[str, ...] = ("DE", "AT", "PL", "US", "JP", "KW", "HU")


class SampleShop:
    """All resources of one project, by type and id.

    `clock` is a monotonic clock in seconds; it dates changes for stale reads only. The times
    inside the documents come from whoever writes them.
    """

    def __init__(self, *, project: Project | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.project = project or Project()
        self._clock = clock
        self._lock = threading.Lock()
        self._documents: dict[TypeId, Mapping[str, Document]] = {}
        self._past: dict[tuple[TypeId, str], tuple[_Version, ...]] = {}
        self._revision = 0

    @property
    def revision(self) -> int:
        """Goes up with every change of anything."""
        return self._revision

    def all(self, type_id: TypeId, *, seconds_ago: float = 0.0) -> Iterable[Document]:
        """Every document of a type, in the order in which they came; as of `seconds_ago`."""
        current = self._documents.get(type_id, {})
        if not seconds_ago:
            return current.values()
        seen = (self.get(type_id, resource_id, seconds_ago=seconds_ago) for resource_id in current)
        return [document for document in seen if document is not None]

    def get(self, type_id: TypeId, resource_id: str, *, seconds_ago: float = 0.0) -> Document | None:
        """One document by id, None when there is none (or was none `seconds_ago`)."""
        if seconds_ago:
            at = self._clock() - seconds_ago
            for version in reversed(self._past.get((type_id, resource_id), ())):
                if version.since <= at:
                    return version.document
            return None
        return self._documents.get(type_id, {}).get(resource_id)

    def add(self, type_id: TypeId, *documents: Document) -> None:
        """Put documents in as they are: for filling the shop. They count as having always been there."""
        with self._lock:
            added = {document["id"]: document for document in documents}
            self._documents[type_id] = MappingProxyType({**self._documents.get(type_id, {}), **added})
            for resource_id, document in added.items():
                self._past[type_id, resource_id] = (_Version(float("-inf"), document),)
            self._revision += 1

    def create(self, type_id: TypeId, document: Document) -> Document:
        """Put a new document in as of now; before, there was none."""
        return self._store(type_id, document)

    def change(
        self, type_id: TypeId, resource_id: str, *, at: datetime, change: Callable[[dict[str, Any]], object]
    ) -> Document:
        """Replace a document by a changed copy with the next `version` and `lastModifiedAt` = `at`.

        `change` gets a copy of the top level to assign to; what it returns does not matter.
        Raises `KeyError` when there is no such document.
        """
        with self._lock:
            changed = dict(self._documents[type_id][resource_id])
            change(changed)
            changed["version"] += 1
            changed["lastModifiedAt"] = timestamp(at)
            return self._store_locked(type_id, changed)

    def _store(self, type_id: TypeId, document: Document) -> Document:
        with self._lock:
            return self._store_locked(type_id, document)

    def _store_locked(self, type_id: TypeId, document: Document) -> Document:
        resource_id = document["id"]
        self._documents[type_id] = MappingProxyType({**self._documents.get(type_id, {}), resource_id: document})
        past = self._past.get((type_id, resource_id), (_Version(float("-inf"), None),))
        self._past[type_id, resource_id] = (*past[-9:], _Version(self._clock(), document))
        self._revision += 1
        return document
