"""Puts the web side together for one Intercom workspace that is described by the environment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from flask import Blueprint, Flask

from canvas_app.app import create_app
from canvas_app.assembled import assemble, look_ups_at_once
from canvas_app.canvas.lookup.remembered import NothingRemembered, Remembered, RememberedInDatabase
from canvas_app.canvas.memory import Seal
from canvas_app.canvas.panel import Panel
from canvas_app.canvas.routes import canvas_blueprint
from canvas_app.configuration import Configuration
from canvas_app.conversations import OpenedConversations
from canvas_app.database import PanelDatabase
from canvas_app.database_checks import database_checks
from canvas_app.health import Check
from canvas_app.installation import SingleWorkspace
from canvas_app.mapping import Mapping
from canvas_app.metrics import Metrics
from canvas_app.settings import Settings
from canvas_app.words.catalogues import words_of
from sync import logs
from sync.settings import VAR
from sync.storage.installations import SINGLE


def single_workspace_app(configuration: Configuration) -> Flask:
    """The app that `wsgi.py` exposes. Sets up logging for the whole process."""
    settings, mapping = configuration.settings, configuration.mapping
    logs.configure(level=settings.log_level, form=settings.log_format)
    metrics = Metrics()
    waiting = look_ups_at_once(configuration.serving.threads)
    database = _database(settings)
    opened = OpenedConversations(database, SINGLE, mapping.conversations) if database else None
    assembled = assemble(
        settings.shop,
        mapping,
        workspace_id=settings.workspace_id,
        remembered=_remembered(database, mapping),
        metrics=metrics,
        at_once=waiting,
        opened=opened,
    )
    shop = assembled.shop
    panel = Panel(
        installations=SingleWorkspace(assembled.installation),
        words=words_of(mapping.panel.language),
        seal=Seal(settings.intercom_secrets),
        correlation_id=logs.correlation_id,
        settings_url=f"{settings.public_url}/settings/shop" if settings.has_pages else None,
    )
    canvas = canvas_blueprint(panel, secrets=settings.intercom_secrets, metrics=metrics)
    checks = (
        Check("commercetools", lambda call: shop.ping(call=call)),
        *(database_checks(database) if database else ()),
    )
    app = create_app(metrics=metrics, blueprints=(canvas, *_doors(settings, mapping, metrics)), checks=checks)
    if database is not None:
        app.extensions["database"] = database  # for whoever ends the app
    if settings.has_pages:
        from canvas_app.install.single import open_single_pages  # what pages need, a panel on its own need not hold

        open_single_pages(app, settings)
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
