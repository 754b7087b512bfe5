"""Puts the web side together for one Intercom workspace that is described by the environment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from flask import Blueprint, Flask

from canvas_app.app import create_app
from canvas_app.canvas.formats import Formats
from canvas_app.canvas.lookup.breaker import Breaker
from canvas_app.canvas.lookup.links import Links
from canvas_app.canvas.lookup.lookup import Lookup
from canvas_app.canvas.lookup.reader import Reader
from canvas_app.canvas.lookup.remembered import NothingRemembered, Remembered, RememberedInDatabase
from canvas_app.canvas.memory import Seal
from canvas_app.canvas.panel import Panel
from canvas_app.canvas.routes import canvas_blueprint
from canvas_app.canvas.screens import Look
from canvas_app.configuration import Configuration
from canvas_app.conversations import OpenedConversations
from canvas_app.database import PanelDatabase
from canvas_app.database_checks import database_checks
from canvas_app.health import Check
from canvas_app.installation import Installation, SingleWorkspace
from canvas_app.mapping import Mapping, PanelOptions
from canvas_app.metrics import Metrics
from canvas_app.settings import Settings
from canvas_app.words.catalogues import words_of
from clients.commercetools.readings import Section
from clients.commercetools.shop import Shop
from clients.wire.http import Exchange, Http, HttpLimits, log_exchange
from sync import logs
from sync.settings import VAR
from sync.storage.installations import SINGLE


def single_workspace_app(configuration: Configuration) -> Flask:
    """The app that `wsgi.py` exposes. Sets up logging for the whole process."""
    settings, mapping = configuration.settings, configuration.mapping
    logs.configure(level=settings.log_level, form=settings.log_format)
    metrics = Metrics()
    waiting = look_ups_at_once(configuration.serving.threads)
    http = Http(HttpLimits(pool_maxsize=waiting), observe=_observer(metrics))
    shop = _shop(settings, mapping, http)
    database = _database(settings)
    installation = Installation(
        workspace_id=settings.workspace_id,
        mapping=mapping,
        lookup=Lookup(
            shop=shop,
            reader=Reader(metrics=metrics, breaker=Breaker(), threads=waiting),
            links=Links(),
            identity=mapping.identity,
            fresh_seconds=mapping.panel.cache_seconds,
            remembered=_remembered(database, mapping),
        ),
        look=_look(settings, mapping),
    )
    panel = Panel(
        installations=SingleWorkspace(installation),
        words=words_of(mapping.panel.language),
        seal=Seal(settings.intercom_secrets),
        correlation_id=logs.correlation_id,
        opened=OpenedConversations(database, SINGLE, mapping.conversations).opened if database else None,
    )
    canvas = canvas_blueprint(panel, secrets=settings.intercom_secrets, metrics=metrics)
    checks = (
        Check("commercetools", lambda call: shop.ping(call=call)),
        *(database_checks(database) if database else ()),
    )
    app = create_app(metrics=metrics, blueprints=(canvas, *_doors(settings, mapping, metrics)), checks=checks)
    if database is not None:
        app.extensions["database"] = database  # for whoever ends the app
    return app


def _doors(settings: Settings, mapping: Mapping, metrics: Metrics) -> Iterator[Blueprint]:
    """For queues that push, and for Intercom's notifications: what they need, a panel on its own need not hold."""
    if settings.ingest.opens_any:
        from canvas_app.ingest.opening import ingest

        yield ingest(settings, metrics, now=_utc_now)
    if settings.has_database:
        from canvas_app.webhooks.opening import webhooks

        yield webhooks(settings, mapping, metrics, now=_utc_now)


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _database(settings: Settings) -> PanelDatabase | None:
    """The database that the sync keeps. A panel on its own has none, and needs none."""
    if not settings.has_database:
        return None
    return PanelDatabase(settings.database_url, var=VAR)


def _remembered(database: PanelDatabase | None, mapping: Mapping) -> Remembered:
    if database is None:
        return NothingRemembered()
    return RememberedInDatabase(database, SINGLE, stores=mapping.panel.stores)


def _observer(metrics: Metrics) -> Callable[[Exchange], None]:
    """Every request to the shop is logged and counted."""

    def observe(exchange: Exchange) -> None:
        log_exchange(exchange)
        metrics.observe_exchange(exchange)

    return observe


def look_ups_at_once(threads: int) -> int:
    """How many may wait for the shop: never all threads, so that a hanging shop leaves some to answer at once."""
    return max(1, threads * 2 // 3)


def _shop(settings: Settings, mapping: Mapping, http: Http) -> Shop:
    panel = mapping.panel
    return Shop(
        settings.shop,
        allowed=panel.fields,
        stores=panel.stores,
        languages=tuple(dict.fromkeys((panel.language, "en"))),
        without=_unwanted(panel),
        http=http,
    )


def _unwanted(panel: PanelOptions) -> frozenset[Section]:
    """What is not shown need not be read."""
    shown = {Section.CART: panel.show_cart, Section.HISTORY: panel.show_lifetime}
    return frozenset(section for section, is_shown in shown.items() if not is_shown)


def _look(settings: Settings, mapping: Mapping) -> Look:
    panel = mapping.panel
    return Look(
        words=words_of(panel.language),
        formats=Formats.of(panel.language, panel.time_zone),
        options=panel.for_project(api_url=settings.shop.api_url, project_key=settings.shop.project_key),
    )
