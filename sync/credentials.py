"""The secrets of an installation, sealed and opened: its token in Intercom, and the credentials of its shop."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from clients.commercetools.settings import ShopSettings
from sync.environment import ConfigurationError
from sync.sealing import Seal, SealBroken
from sync.settings import SHOP_VARIABLES, foreign_scopes, shop_settings
from sync.storage.installed import InstalledRow

TOKEN: Final = "token"  # noqa: S105  # what the field is called
SHOP: Final = "shop"


def seal_token(seal: Seal, installation: str, token: str) -> bytes:
    """The access token, as the row takes it."""
    return seal.seal(token, context=_context(installation, TOKEN))


def open_token(seal: Seal, row: InstalledRow) -> str:
    """Raises `SealBroken`, also when it is forgotten."""
    if row.token is None:
        raise SealBroken("there is no token")
    return seal.open(row.token, context=_context(row.id, TOKEN))


def seal_shop(seal: Seal, installation: str, values: Mapping[str, str]) -> bytes:
    """The six values of the Merchant Center's `.env`, by name; others are left out."""
    named = {each.name: values[each.name] for each in SHOP_VARIABLES if each.name in values}
    return seal.seal(json.dumps(named), context=_context(installation, SHOP))


def open_shop_values(seal: Seal, row: InstalledRow) -> Mapping[str, str]:
    """What `seal_shop` was given. Raises `SealBroken`, also when there is none."""
    if row.shop is None:
        raise SealBroken("there are no credentials of a shop")
    values: dict[str, str] = json.loads(seal.open(row.shop, context=_context(row.id, SHOP)))
    return values


def open_shop(seal: Seal, row: InstalledRow) -> ShopSettings:
    """Raises `SealBroken`, and ConfigurationError for values that were fine when they were sealed."""
    values = open_shop_values(seal, row)
    own = (problem for each in SHOP_VARIABLES for problem in each.problems(values))
    if problems := (*own, *foreign_scopes(values)):
        raise ConfigurationError(problems)
    return shop_settings(values)


def _context(installation: str, field: str) -> str:
    return f"{installation}/{field}"
