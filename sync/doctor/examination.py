"""Looks at everything, one after the other, whatever fails on the way."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace

from clients.commercetools.source import LIMITS, ShopSource
from clients.commercetools.subscriptions import SubscriptionHealth
from clients.deadline import Call, Deadline
from clients.errors import PlatformError
from clients.intercom.calls import Intercom
from clients.intercom.door import Door
from clients.intercom.spending import Allowance, InMemoryStore, Store
from clients.wire.http import Http
from sync import logs
from sync.composition import Surroundings, reach_database
from sync.configuration import load_mapping
from sync.doctor.doors import queue_findings, subscription_findings
from sync.doctor.findings import Finding, Level, failed, ok, warning
from sync.doctor.matching import matching_findings
from sync.doctor.shop import shop_findings
from sync.doctor.storage import installation_findings, server_findings, work_findings
from sync.doctor.workspace import workspace_findings
from sync.environment import ConfigurationError
from sync.mapping.rules import SyncMapping
from sync.registers import mapping_of, settings_of
from sync.sealing import Seal
from sync.settings import InstallationSettings, SyncSettings
from sync.storage.allowance import DatabaseStore
from sync.storage.database import Database
from sync.storage.installations import InstallationRow, load_installation
from sync.storage.installed import InstalledRow, State, all_installed
from sync.storage.schema import missing
from sync.storage.subscriptions import known_subscriptions, reconcile_due

CALL_SECONDS = 10.0
ANY_KEY = b"nothing that is hashed here is ever sent"


class Examination:
    """Of the database and each installation, or the one that is named. Changes nothing: not even tables are made."""

    def __init__(self, surroundings: Surroundings, settings: SyncSettings) -> None:
        self._surroundings = surroundings
        self._settings = settings

    def findings(self) -> Iterator[Finding]:
        """One after the other, as they are known. Raises ConfigurationError if the mapping has just been changed."""
        with ExitStack() as stack:
            database: Database | None = None
            try:
                database = stack.enter_context(reach_database(self._settings, directory=self._surroundings.directory))
                has_tables = yield from self._server(database)
            except PlatformError as error:
                yield failed("database", f"cannot be used ({error.reason})", "Start it, or correct DATABASE_URL")
                database, has_tables = None, False
            yield from self._installations(database, has_tables=has_tables)

    def _server(self, database: Database) -> Generator[Finding, None, bool]:
        """Whether it has its tables."""
        with database.transaction() as connection:
            found = list(server_findings(connection, embedded=database.is_embedded, now=self._surroundings.now()))
            has_tables = not missing(connection)
        yield from found
        return has_tables

    def _installations(self, database: Database | None, *, has_tables: bool) -> Iterator[Finding]:
        tables = database if has_tables else None
        if (one := self._settings.single) is not None:
            yield from self._examined(one, tables, self._mapping_of_file)
        elif tables is None:
            yield warning("installations", "nobody can say which there are", "Start a worker, which makes the tables")
        else:
            yield from self._installed(tables)

    def _installed(self, database: Database) -> Iterator[Finding]:
        meant = self._surroundings.workspace
        with database.transaction() as connection:
            rows = [row for row in all_installed(connection) if row.state is not State.UNINSTALLED]
        chosen = [row for row in rows if meant in (None, row.workspace_id, row.id)]
        if not chosen:
            there = ", ".join(row.workspace_id for row in rows) or "none"
            yield failed("installations", "no such workspace has the app", f"Workspaces that have it: {there}")
        for row in chosen:
            for finding in self._workspace(row, database):
                named = replace(finding, what=f"{row.workspace_id}: {finding.what}")
                yield finding if len(chosen) == 1 else named

    def _workspace(self, row: InstalledRow, database: Database) -> Iterator[Finding]:
        if row.state is State.INSTALLED:
            yield warning("installation", "no shop is connected yet", "Connect it in the settings of the app")
            return
        try:
            seal = Seal(self._settings.secret_keys)
            settings = settings_of(row, seal=seal, api_url=self._settings.api_url)
            yield from self._examined(settings, database, lambda hash_key: mapping_of(row, hash_key=hash_key))
        except ConfigurationError as error:
            yield from (failed(each.name, each.wrong, each.fix) for each in error.problems)

    def _mapping_of_file(self, hash_key: bytes) -> SyncMapping:
        assert self._settings.single is not None
        return load_mapping(self._settings.single, directory=self._surroundings.directory, hash_key=hash_key)

    def _examined(
        self, settings: InstallationSettings, database: Database | None, mapping: Callable[[bytes], SyncMapping]
    ) -> Iterator[Finding]:
        row: InstallationRow | None = None
        if database is not None:
            now = self._surroundings.now()
            with database.transaction() as connection:
                row = load_installation(connection, settings.id)
                found = (
                    [] if row is None else [*installation_findings(row), *work_findings(connection, row.id, now=now)]
                )
            yield from found
        if row is None:
            yield warning("installation", "nothing was synced with this database yet", "python -m sync backfill")
        read = mapping(row.hash_key if row else ANY_KEY)
        yield mapping_finding(read)
        store = InMemoryStore() if database is None or row is None else DatabaseStore(database, row.id)
        with closing(Http(LIMITS)) as http:
            yield from self._platforms(settings, row, read, http, store)
            yield from self._doors(settings, database, read, http)

    def _platforms(
        self,
        settings: InstallationSettings,
        row: InstallationRow | None,
        mapping: SyncMapping,
        http: Http,
        store: Store,
    ) -> Iterator[Finding]:
        now = self._surroundings.now
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

    def _doors(
        self, settings: InstallationSettings, database: Database | None, mapping: SyncMapping, http: Http
    ) -> Iterator[Finding]:
        if database is not None:
            with database.transaction() as connection:
                known, due = known_subscriptions(connection, settings.id), reconcile_due(connection, settings.id)
            health = SubscriptionHealth(settings.shop, http)
            yield from subscription_findings(known, mapping, health, due=due, call=self._call)
        yield from queue_findings(settings.sqs)

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
