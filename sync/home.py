"""One installation with its database and both platforms, none of which was asked anything yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from clients.commercetools.source import LIMITS, ShopSource
from clients.commercetools.subscriptions import HEALTH
from clients.intercom.calls import Intercom
from clients.intercom.door import Door
from clients.intercom.spending import Allowance
from clients.wire.http import Exchange, Http, log_exchange
from sync.installation import Installation
from sync.mapping.rules import SyncMapping
from sync.settings import InstallationSettings
from sync.storage.allowance import BATCH, DatabaseStore
from sync.storage.database import Database
from sync.storage.installations import InstallationRow


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Home:
    """What an installation works with. Thread-safe. `at`: the same as the stages and the sources know it."""

    settings: InstallationSettings
    database: Database
    row: InstallationRow
    mapping: SyncMapping
    shop: ShopSource
    intercom: Intercom
    allowance: Allowance
    http: Http
    mapping_path: Path
    now: Callable[[], datetime]
    at: Installation

    def close(self) -> None:
        """Whoever still asks a platform gets an answer; connections are not kept."""
        self.http.close()


def home_of(
    settings: InstallationSettings,
    row: InstallationRow,
    mapping: SyncMapping,
    database: Database,
    *,
    directory: Path = Path(),
    now: Callable[[], datetime],
) -> Home:
    """To be closed. No other installation's trouble is this one's: connections and allowance are its own."""
    http = Http(LIMITS, observe=_observe)
    shop = ShopSource(settings.shop, needs=mapping.needs, http=http)
    allowance = Allowance(DatabaseStore(database, row.id), batch=BATCH)
    intercom = Intercom(Door(settings.intercom, http=http, allowance=allowance))
    return Home(
        settings=settings,
        database=database,
        row=row,
        mapping=mapping,
        shop=shop,
        intercom=intercom,
        allowance=allowance,
        http=http,
        mapping_path=directory / settings.mapping_file,
        now=now,
        at=Installation(id=row.id, database=database, mapping=mapping, shop=shop, intercom=intercom, now=now),
    )


def _observe(exchange: Exchange) -> None:
    """Every request is logged, but for looks again and again that went well: what they find is told anyway."""
    if not (exchange.purpose.startswith(("Changed", HEALTH)) and exchange.outcome == "200"):
        log_exchange(exchange)
