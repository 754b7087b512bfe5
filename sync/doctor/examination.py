"""Looks at everything, one after the other, whatever fails on the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from clients.commercetools.source import LIMITS, ShopSource
from clients.deadline import Call, Deadline
from clients.errors import PlatformError
from clients.intercom.calls import Intercom
from clients.intercom.door import Door
from clients.intercom.spending import Allowance, InMemoryStore, Store
from clients.wire.http import Http
from sync import logs
from sync.composition import Surroundings, reach_database
from sync.configuration import load_mapping
from sync.doctor.findings import Finding, Level, failed, ok, warning
from sync.doctor.matching import matching_findings
from sync.doctor.shop import shop_findings
from sync.doctor.storage import installation_findings, server_findings, work_findings
from sync.doctor.workspace import workspace_findings
from sync.mapping.rules import SyncMapping
from sync.settings import SyncSettings
from sync.storage.allowance import DatabaseStore
from sync.storage.database import Database
from sync.storage.installations import SINGLE, InstallationRow, load_installation
from sync.storage.schema import missing

CALL_SECONDS = 10.0
ANY_KEY = b"nothing that is hashed here is ever sent"


class Examination:
    """Of one installation, changing nothing: not even tables are made."""

    def __init__(self, surroundings: Surroundings, settings: SyncSettings) -> None:
        self._surroundings = surroundings
        self._settings = settings
        self._row: InstallationRow | None = None

    def findings(self) -> Iterator[Finding]:
        """One after the other, as they are known. Raises ConfigurationError if the mapping has just been changed."""
        with ExitStack() as stack:
            store: Store = InMemoryStore()
            try:
                database = stack.enter_context(reach_database(self._settings, directory=self._surroundings.directory))
                yield from self._database(database)
            except PlatformError as error:
                yield failed("database", f"cannot be used ({error.reason})", "Start it, or correct DATABASE_URL")
            else:
                store = DatabaseStore(database, SINGLE) if self._row else store
            http = Http(LIMITS)
            stack.callback(http.close)
            yield from self._platforms(http, store)

    def _database(self, database: Database) -> Iterator[Finding]:
        now = self._surroundings.now()
        with database.transaction() as connection:
            found = list(server_findings(connection, embedded=self._settings.database_url is None, now=now))
            if not missing(connection):
                self._row = load_installation(connection, SINGLE)
            if self._row is not None:
                found += [*installation_findings(self._row), *work_findings(connection, self._row.id, now=now)]
        yield from found
        if self._row is None:
            yield warning("installation", "nothing was synced with this database yet", "python -m sync backfill")

    def _platforms(self, http: Http, store: Store) -> Iterator[Finding]:
        settings, row, now = self._settings, self._row, self._surroundings.now
        mapping = load_mapping(
            settings, directory=self._surroundings.directory, hash_key=row.hash_key if row else ANY_KEY
        )
        yield mapping_finding(mapping)
        source = ShopSource(settings.shop, needs=mapping.needs, http=http)
        allowance = Allowance(store)
        intercom = Intercom(Door(settings.intercom, http=http, allowance=allowance))
        shop = list(shop_findings(settings.shop, source, http, call=self._call, now=now))
        yield from shop
        workspace = list(
            workspace_findings(
                intercom,
                allowance,
                settings.intercom,
                mapping,
                wanted=settings.workspace_id,
                known=row.workspace_id if row else None,
                call=self._call,
                now=now,
            )
        )
        yield from workspace
        if not any(finding.level is Level.FAILED for finding in (*shop, *workspace)):
            yield from matching_findings(source, intercom, mapping, call=self._call, now=now())

    def _call(self) -> Call:
        return Call(Deadline.after(CALL_SECONDS), logs.new_correlation_id())


def mapping_finding(mapping: SyncMapping) -> Finding:
    """How much the mapping lets out."""
    counts = (len(mapping.attributes), len(mapping.events), len(mapping.tags))
    if not any(counts) and not mapping.conversations.is_on:
        return warning("mapping", "names nothing, so nothing is sent", "docs/mapping.md tells how to name attributes")
    rules = mapping.conversations
    more = f"; of conversations {len(rules.attributes)} attributes, {len(rules.tags)} tags" if rules.is_on else ""
    return ok("mapping", "{} attributes, {} events, {} tags".format(*counts) + more)
