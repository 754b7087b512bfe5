"""Sample shops that cost next to nothing: making every document takes longer than most tests do."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import get_args

from sandbox.shop import Document, SampleShop, TypeId, sample_shop
from sandbox.shop.scenarios import SCENARIOS, crowd
from sandbox.shop.setting import furnish


def fresh_sample_shop() -> SampleShop:
    """One that nothing has happened in. Its documents are those of every other one: none is changed in place."""
    return _copy(_kept(sample_shop))


def small_sample_shop() -> SampleShop:
    """The same without the customer of three hundred orders: a fifth of the orders, and of what a backfill takes."""
    return _copy(_kept(_small))


def is_as_made() -> bool:
    """Whether the documents that all these shops share are still as they were made."""
    return all(_documents(_kept(make)) == _documents(make()) for make in (sample_shop, _small))


@cache
def _kept(make: Callable[[], SampleShop]) -> SampleShop:
    return make()


def _small() -> SampleShop:
    shop = SampleShop()
    furnish(shop)
    for scenario in SCENARIOS:
        if scenario is not crowd.SCENARIO:
            scenario.put_into(shop)
    return shop


def _copy(shop: SampleShop) -> SampleShop:
    copy = SampleShop(project=shop.project)
    for type_id, documents in _documents(shop).items():
        copy.add(type_id, *documents)
    return copy


def _documents(shop: SampleShop) -> dict[TypeId, list[Document]]:
    return {type_id: list(shop.all(type_id)) for type_id in get_args(TypeId)}
