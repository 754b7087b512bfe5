"""How an installation is, in the words of Intercom's health check: OK, UNHEALTHY with what to do, or UNKNOWN.

UNHEALTHY is what the workspace's admins can mend; they get an e-mail about it. What is a neighbour's fault, or ours, is
UNKNOWN. https://developers.intercom.com/docs/build-an-integration/learn-more/installation-health-check
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

import structlog

from canvas_app.mapping import MappingError, parse_mapping
from canvas_app.pages.site import Storage
from clients.commercetools.auth import TokenMint
from clients.deadline import Call, Deadline
from clients.errors import PlatformError, Refused, TryAgain
from clients.intercom.oauth import OAuth
from clients.intercom.settings import Region
from clients.wire.http import Http
from clients.wire.retry import OneRetry
from sync.credentials import open_shop, open_token
from sync.environment import ConfigurationError
from sync.logs import correlation_id
from sync.mapping.reading import parse_sync_mapping
from sync.sealing import Seal, SealBroken
from sync.storage.installed import InstalledRow, State, installed_by_workspace

SECONDS: Final = 4.0  # how long Intercom waits is not documented
_ANY_KEY: Final = b"only to check the mapping"

Verdict: TypeAlias = Mapping[str, str]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Asks the database, Intercom and the shop, in the order in which they depend on each other."""

    storage: Storage
    seal: Seal
    oauth: OAuth
    http: Http
    public_url: str
    now: Callable[[], datetime]

    def of(self, workspace_id: str) -> Verdict:
        """As Intercom takes it."""
        try:
            verdict = self._of(workspace_id)
        except PlatformError as error:
            log.warning("intercom.health_unknown", reason=error.reason_code, why=error.reason)
            verdict = {"state": "UNKNOWN"}
        log.info("intercom.health", state=verdict["state"])
        return verdict

    def _of(self, workspace_id: str) -> Verdict:
        with self.storage.transaction() as connection:
            row = installed_by_workspace(connection, workspace_id)
        if row is None or row.state is State.UNINSTALLED:
            return _reinstall("The app is not installed completely. Install it again.")
        call = Call(Deadline.after(SECONDS), correlation_id())
        return self._intercom(row, call) or self._shop(row, call) or self._mapping(row) or {"state": "OK"}

    def _intercom(self, row: InstalledRow, call: Call) -> Verdict | None:
        try:
            self.oauth.identity(open_token(self.seal, row), region=Region(row.region.upper()), call=call)
        except SealBroken:
            return _reinstall("What Intercom let us in with cannot be read any more. Install the app again.")
        except TryAgain:
            raise
        except Refused:
            return _reinstall("Intercom does not let the app in any more. Install it again.")
        return None

    def _shop(self, row: InstalledRow, call: Call) -> Verdict | None:
        if row.state is not State.CONNECTED:
            return self._mend("No shop is connected yet.", "Connect commercetools", "shop")
        try:
            settings = open_shop(self.seal, row)
            TokenMint(settings, self.http, retry=OneRetry())(call)
        except (SealBroken, ConfigurationError):
            text = "The credentials of your commercetools project cannot be read any more."
            return self._mend(text, "Connect commercetools again", "shop")
        except TryAgain:
            raise
        except Refused:
            text = "commercetools does not accept the credentials of your project any more."
            return self._mend(text, "Connect commercetools again", "shop")
        return None

    def _mapping(self, row: InstalledRow) -> Verdict | None:
        try:
            parse_mapping(row.mapping)
            parse_sync_mapping(row.mapping, hash_key=_ANY_KEY)
        except MappingError:
            return self._mend("Something is wrong with the mapping.", "Mend the mapping", "mapping")
        return None

    def _mend(self, message: str, label: str, page: str) -> Verdict:
        return {
            "state": "UNHEALTHY",
            "message": message,
            "cta_type": "URL_CTA",
            "cta_label": label,
            "cta_url": f"{self.public_url}/settings/{page}",
        }


def _reinstall(message: str) -> Verdict:
    return {"state": "UNHEALTHY", "message": message, "cta_type": "REINSTALL_CTA"}
