"""Documents that everybody may read: fetched now and then, kept in between."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from clients.errors import BadAnswer, PlatformError, Unreachable
from clients.wire.published import Published

URL = "https://example.com/certificates"


@dataclass
class Library:
    """Counts who asks; `trouble` is what it answers with instead."""

    asked: int = 0
    now: float = 1000.0
    trouble: PlatformError | None = None
    documents: Published[int] = field(init=False)

    def __post_init__(self) -> None:
        self.documents = Published(self.fetch, int, keep=100.0, pause=10.0, clock=lambda: self.now)

    def fetch(self, url: str) -> bytes:
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble
        return str(self.asked).encode()


def test_a_copy_serves_for_a_while() -> None:
    library = Library()
    assert [library.documents.get(URL) for _ in range(3)] == [1, 1, 1]


def test_an_old_copy_is_replaced() -> None:
    library = Library()
    library.documents.get(URL)
    library.now += 100
    assert library.documents.get(URL) == 2


def test_an_old_copy_is_better_than_none() -> None:
    library = Library()
    library.documents.get(URL)
    library.now += 100
    library.trouble = Unreachable("away")
    assert library.documents.get(URL) == 1


def test_a_newer_copy_can_be_asked_for_but_not_without_end() -> None:
    library = Library()
    library.documents.get(URL)
    assert library.documents.get_again(URL) == 1
    library.now += 10
    assert [library.documents.get_again(URL) for _ in range(3)] == [2, 2, 2]


def test_an_address_that_failed_is_left_alone_for_a_while() -> None:
    library = Library(trouble=Unreachable("away"))
    for _ in range(3):
        with pytest.raises(Unreachable):
            library.documents.get(URL)
    assert library.asked == 1
    library.now += 10
    library.trouble = None
    assert library.documents.get(URL) == 2


def test_what_cannot_be_read_is_a_bad_answer() -> None:
    documents = Published(lambda _: b"no number", int)
    with pytest.raises(BadAnswer):
        documents.get(URL)
