"""Sample shops that cost next to nothing: making every document takes longer than most tests do."""

from __future__ import annotations

from functools import cache
from typing import get_args

from sandbox.shop import Document, SampleShop, TypeId, sample_shop


def fresh_sample_shop() -> SampleShop:
    """One that nothing has happened in. Its documents are those of every other one: none is changed in place."""
    whole = _whole_shop()
    shop = SampleShop(project=whole.project)
    for type_id, documents in _documents(whole).items():
        shop.add(type_id, *documents)
    return shop


def is_as_made() -> bool:
    """Whether the documents that all these shops share are still what `sample_shop` makes."""
    return _documents(_whole_shop()) == _documents(sample_shop())


@cache
def _whole_shop() -> SampleShop:
    return sample_shop()


def _documents(shop: SampleShop) -> dict[TypeId, list[Document]]:
    return {type_id: list(shop.all(type_id)) for type_id in get_args(TypeId)}
