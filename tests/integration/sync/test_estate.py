"""What a worker works for, as the database has it: one installation that breaks is nobody else's trouble."""

from __future__ import annotations

from typing import Final

from sync.storage.database import Database
from tests.integration.sync.hosting import MAPPING, estate_of, tenants

UNFORESEEN: Final = "[sync]\ncreate_contacts = 0x" + "f" * 5000  # Python writes no number of so many digits


def test_what_nobody_foresaw_holds_up_its_own_workspace_alone(database: Database) -> None:
    with tenants(database, "wool", "silk", "linen") as (wool, silk, linen):
        for each, mapping in ((wool, MAPPING), (silk, UNFORESEEN), (linen, MAPPING)):
            each.installs(mapping=mapping)
        with estate_of(wool) as estate:
            estate.look()
            assert [home.row.id for home in estate.homes] == [linen.id, wool.id]
            assert ([*estate.faults], silk.refused()) == ([silk.id], {"setup"})
            silk.decides(MAPPING)
            estate.look()
            assert [home.row.id for home in estate.homes] == [linen.id, silk.id, wool.id]
            assert (dict(estate.faults), silk.refused()) == ({}, set())
