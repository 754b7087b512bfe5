"""Stored secrets under the newest key, so that the ones before it can be thrown away."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from sync.credentials import open_shop_values, open_token, seal_shop, seal_token
from sync.sealing import Seal, SealBroken
from sync.storage.database import Database
from sync.storage.installed import InstalledRow, all_installed, reseal_row

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resealed:
    """How many installations' secrets were sealed anew; those that no key opens, by id."""

    resealed: int
    broken: tuple[str, ...]


def reseal(database: Database, seal: Seal) -> Resealed:
    """Seals with the newest key what another one sealed. Any number of processes may do it at once."""
    with database.transaction() as connection:
        rows = [row for row in all_installed(connection) if _is_old(row, seal)]
    resealed, broken = 0, []
    for row in rows:
        try:
            token = seal_token(seal, row.id, open_token(seal, row))
            shop = None if row.shop is None else seal_shop(seal, row.id, open_shop_values(seal, row))
        except SealBroken as error:
            broken.append(row.id)
            log.error("sync.seal_broken", installation=row.id, reason=str(error))
            continue
        with database.transaction() as connection:
            resealed += reseal_row(connection, row, token=token, shop=shop)
    if resealed:
        log.info("sync.resealed", installations=resealed)
    return Resealed(resealed=resealed, broken=tuple(broken))


def _is_old(row: InstalledRow, seal: Seal) -> bool:
    return any(sealed is not None and seal.is_old(sealed) for sealed in (row.token, row.shop))
