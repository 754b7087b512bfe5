"""The stock of documents behind the stand-in: commercetools resources in their REST shape.

A document is never changed in place: every change puts a new version beside the old one, and what
changes together is published together. A request that is being answered keeps to one `Stock` and so
sees one state; the past can be asked for as well (stale reads). Safe to use from several threads.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final, Literal

VERSIONS_KEPT: Final = 30  # of each document, for stale reads

Document = Mapping[str, Any]
"""One resource as commercetools' REST API sends it, e.g. https://docs.commercetools.com/api/projects/orders#order"""

TypeId = Literal[
    "business-unit",
    "cart",
    "channel",
    "customer",
    "customer-group",
    "discount-code",
    "message",
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


Documents = Mapping[TypeId, Mapping[str, Document]]
Past = Mapping[tuple[TypeId, str], tuple[_Version, ...]]


@dataclass(frozen=True, slots=True)
class Stock:
    """The shop as it was at one moment, whatever happens to it meanwhile. Equal when nothing happened between."""

    shop: SampleShop
    revision: int
    documents: Documents = field(repr=False, compare=False)
    past: Past = field(repr=False, compare=False)
    taken_at: float = field(compare=False)  # seconds of the shop's monotonic clock

    @property
    def project(self) -> Project:
        return self.shop.project

    def all(self, type_id: TypeId, *, seconds_ago: float = 0.0) -> Iterable[Document]:
        """Every document of a type, in the order in which they came; as of `seconds_ago`."""
        current = self.documents.get(type_id, {})
        if not seconds_ago:
            return current.values()
        since_gone = [each for kind, each in list(self.past) if kind == type_id and each not in current]
        seen = (self.get(type_id, each, seconds_ago=seconds_ago) for each in (*current, *since_gone))
        return [document for document in seen if document is not None]

    def get(self, type_id: TypeId, resource_id: str, *, seconds_ago: float = 0.0) -> Document | None:
        """One document by id, None when there is none (or was none `seconds_ago`)."""
        if not seconds_ago:
            return self.documents.get(type_id, {}).get(resource_id)
        at = self.taken_at - seconds_ago
        versions = reversed(self.past.get((type_id, resource_id), ()))
        return next((version.document for version in versions if version.since <= at), None)


class Writing:
    """Changes that are published together: see `SampleShop.writing`. Reads through it see what it wrote."""

    def __init__(self, documents: Documents) -> None:
        self._documents: dict[TypeId, Mapping[str, Document]] = dict(documents)
        self._own: dict[TypeId, dict[str, Document]] = {}
        self.written: dict[tuple[TypeId, str], Document | None] = {}

    def all(self, type_id: TypeId) -> Iterable[Document]:
        """Every document of a type, in the order in which they came."""
        return self._documents.get(type_id, {}).values()

    def get(self, type_id: TypeId, resource_id: str) -> Document | None:
        """One document by id, None when there is none."""
        return self._documents.get(type_id, {}).get(resource_id)

    def create(self, type_id: TypeId, document: Document) -> Document:
        """Put a new document in."""
        self._mine(type_id)[document["id"]] = document
        self.written[type_id, document["id"]] = document
        return document

    def change(
        self, type_id: TypeId, resource_id: str, *, at: datetime, change: Callable[[dict[str, Any]], object]
    ) -> Document:
        """Replace a document by a changed copy with the next `version` and `lastModifiedAt` = `at`.

        `change` gets a copy of the top level to assign to; what it returns does not matter.
        Raises `KeyError` when there is no such document.
        """
        changed = dict(self._documents.get(type_id, {})[resource_id])
        change(changed)
        changed["version"] += 1
        changed["lastModifiedAt"] = timestamp(at)
        return self.create(type_id, changed)

    def remove(self, type_id: TypeId, resource_id: str) -> Document:
        """Take a document out; what refers to it keeps its reference. Raises `KeyError` when there is none."""
        self.written[type_id, resource_id] = None
        return self._mine(type_id).pop(resource_id)

    def published(self) -> Documents:
        """The documents with everything that was written."""
        return {**self._documents, **{type_id: MappingProxyType(own) for type_id, own in self._own.items()}}

    def _mine(self, type_id: TypeId) -> dict[str, Document]:
        if type_id not in self._own:
            self._own[type_id] = dict(self._documents.get(type_id, {}))
            self._documents[type_id] = self._own[type_id]
        return self._own[type_id]


class SampleShop:
    """All resources of one project, by type and id.

    `clock` is a monotonic clock in seconds; it dates changes for stale reads only. The times
    inside the documents come from whoever writes them.
    """

    def __init__(self, *, project: Project | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.project = project or Project()
        self._clock = clock
        self._lock = threading.Lock()
        self._past: dict[tuple[TypeId, str], tuple[_Version, ...]] = {}
        self._published: tuple[int, Documents] = (0, {})  # swapped as one

    @property
    def revision(self) -> int:
        """Goes up with every change of anything."""
        return self._published[0]

    def now(self) -> Stock:
        """What there is at this moment."""
        revision, documents = self._published
        return Stock(self, revision, documents, self._past, self._clock())

    def all(self, type_id: TypeId, *, seconds_ago: float = 0.0) -> Iterable[Document]:
        """Every document of a type, in the order in which they came; as of `seconds_ago`."""
        return self.now().all(type_id, seconds_ago=seconds_ago)

    def get(self, type_id: TypeId, resource_id: str, *, seconds_ago: float = 0.0) -> Document | None:
        """One document by id, None when there is none (or was none `seconds_ago`)."""
        return self.now().get(type_id, resource_id, seconds_ago=seconds_ago)

    def add(self, type_id: TypeId, *documents: Document) -> None:
        """Put documents in as they are: for filling the shop. They count as having always been there."""
        with self._lock:
            revision, published = self._published
            added = {document["id"]: document for document in documents}
            for resource_id, document in added.items():
                self._past[type_id, resource_id] = (_Version(float("-inf"), document),)
            together = MappingProxyType({**published.get(type_id, {}), **added})
            self._published = (revision + 1, {**published, type_id: together})

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Changes that readers see all at once when the block ends, and never when it raises."""
        with self._lock:
            revision, published = self._published
            writing = Writing(published)
            yield writing
            since = self._clock()
            for key, document in writing.written.items():
                past = self._past.get(key, (_Version(float("-inf"), None),))
                self._past[key] = (*past[1 - VERSIONS_KEPT :], _Version(since, document))
            self._published = (revision + 1, writing.published())

    def create(self, type_id: TypeId, document: Document) -> Document:
        """Put a new document in as of now; before, there was none."""
        with self.writing() as writing:
            return writing.create(type_id, document)

    def change(
        self, type_id: TypeId, resource_id: str, *, at: datetime, change: Callable[[dict[str, Any]], object]
    ) -> Document:
        """One change: see `Writing.change`."""
        with self.writing() as writing:
            return writing.change(type_id, resource_id, at=at, change=change)
