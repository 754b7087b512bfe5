"""The sample shop: made-up customers and orders, one scenario for every hard case of the panel."""

from __future__ import annotations

from sandbox.shop.resources import Document, Project, SampleShop, TypeId
from sandbox.shop.scenarios import SCENARIOS
from sandbox.shop.setting import furnish

__all__ = ["Document", "Project", "SampleShop", "TypeId", "sample_shop"]


def sample_shop() -> SampleShop:
    """A fresh shop with every scenario in it; two of them share nothing that can be changed."""
    shop = SampleShop()
    furnish(shop)
    for scenario in SCENARIOS:
        scenario.put_into(shop)
    return shop
