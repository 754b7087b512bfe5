"""Signing in is consent once more, and brings a token. The one that we work with is replaced only if it has ended.

Whether a second consent ends the first token is written nowhere. Where it does, whoever signs in would stop the sync.
"""

from __future__ import annotations

from datetime import datetime

import structlog

from canvas_app.pages.site import Storage
from clients.deadline import Call
from clients.errors import CredentialsRefused, PlatformError
from clients.intercom.oauth import OAuth
from clients.intercom.settings import Region
from sync.credentials import open_token, seal_token
from sync.sealing import Seal, SealBroken
from sync.storage.installed import InstalledRow, NotInstalled, replace_token

log = structlog.get_logger(__name__)


def keep_working(
    row: InstalledRow, fresh: str, *, oauth: OAuth, seal: Seal, storage: Storage, now: datetime, call: Call
) -> None:
    """`fresh` takes the place of the token of `row`, if Intercom does not accept that any more."""
    if _works(row, oauth, seal, call):
        return
    try:
        with storage.transaction() as connection:
            replace_token(connection, row.id, token=seal_token(seal, row.id, fresh), now=now)
    except NotInstalled:
        return  # the app was uninstalled a moment ago
    log.info("install.token_replaced", installation=row.id)


def _works(row: InstalledRow, oauth: OAuth, seal: Seal, call: Call) -> bool:
    try:
        oauth.identity(open_token(seal, row), region=Region(row.region.upper()), call=call)
    except (SealBroken, CredentialsRefused):
        return False
    except PlatformError:
        return True  # nothing is known against it
    return True
