"""Puts the web side together where any number of workspaces install the app."""

from __future__ import annotations

import atexit
from datetime import UTC, datetime

from flask import Flask

from canvas_app.app import create_app
from canvas_app.canvas.memory import Seal as MemorySeal
from canvas_app.canvas.panel import Panel
from canvas_app.canvas.routes import canvas_blueprint
from canvas_app.console.blueprint import console_blueprint
from canvas_app.database import PanelDatabase
from canvas_app.database_checks import database_checks
from canvas_app.hosted_configuration import HostedConfiguration
from canvas_app.hosted_settings import HostedSettings
from canvas_app.ingest.opening import keyed_ingest
from canvas_app.install import desk
from canvas_app.install.asked_by_intercom import intercom_blueprint
from canvas_app.install.consent import Consent, consent_blueprint
from canvas_app.install.desk import DeskOfMany, NamesOfMany
from canvas_app.install.health import Health
from canvas_app.install.settings.blueprint import settings_blueprint
from canvas_app.metrics import Metrics
from canvas_app.orders.links import OrderLinks
from canvas_app.orders.page import orders_blueprint
from canvas_app.pages.database import LateDatabase
from canvas_app.pages.limits import RateLimit
from canvas_app.pages.opening import open_pages
from canvas_app.pages.site import Site
from canvas_app.webhooks.opening import webhooks_of_many
from canvas_app.words.catalogues import words_of
from canvas_app.workspaces import Workspaces
from clients.intercom.oauth import LIMITS, Hosts, OAuth
from clients.wire.http import Http
from sync import logs
from sync.sealing import Seal
from sync.settings import VAR


def hosted_app(configuration: HostedConfiguration) -> Flask:
    """The app that `wsgi.py` exposes. Sets up logging for the whole process."""
    settings = configuration.settings
    logs.configure(level=settings.log_level, form=settings.log_format)
    metrics, seal = Metrics(), Seal(settings.secret_keys)
    late = LateDatabase(settings.database_url, var=VAR)
    atexit.register(late.close)  # so that the last one out stops the embedded database
    oauth = _oauth(settings)
    health = Health(
        storage=late, seal=seal, oauth=oauth, http=Http(LIMITS), public_url=settings.public_url, now=_utc_now
    )
    database = PanelDatabase(settings.database_url, var=VAR)
    workspaces = Workspaces(database, seal=seal, metrics=metrics)
    order_links = OrderLinks(settings.secret_keys, public_url=settings.public_url, now=_utc_now)
    blueprints = (
        canvas_blueprint(_panel(settings, workspaces, order_links), secrets=settings.intercom_secrets, metrics=metrics),
        intercom_blueprint(late, health, secrets=settings.intercom_secrets, now=_utc_now),
    )
    app = create_app(metrics=metrics, blueprints=blueprints, checks=database_checks(database)[:1])
    app.extensions["database"] = database  # for whoever ends the app
    app.extensions["workspaces"] = workspaces
    site = _site(settings, late, oauth)
    open_pages(app, site)
    desk.attach(app, DeskOfMany(site=site, database=late, seal=seal, oauth=oauth))
    app.register_blueprint(consent_blueprint(Consent(oauth=oauth, seal=seal, mapping=configuration.mapping)))
    app.register_blueprint(settings_blueprint())
    app.register_blueprint(orders_blueprint(order_links, workspaces))
    app.register_blueprint(keyed_ingest(settings.database_url, metrics, now=_utc_now))
    app.register_blueprint(
        webhooks_of_many(settings.database_url, secrets=settings.intercom_secrets, metrics=metrics, now=_utc_now)
    )
    app.register_blueprint(console_blueprint())
    return app


def _panel(settings: HostedSettings, workspaces: Workspaces, order_links: OrderLinks) -> Panel:
    has_https = settings.public_url.startswith("https://")  # a canvas takes no other link
    return Panel(
        installations=workspaces,
        words=words_of("en"),
        seal=MemorySeal(settings.intercom_secrets),
        correlation_id=logs.correlation_id,
        settings_url=f"{settings.public_url}/settings/shop",
        install_url=f"{settings.public_url}/install",
        order_pages=order_links.of if has_https else None,
    )


def _oauth(settings: HostedSettings) -> OAuth:
    return OAuth(
        client_id=settings.client_id,
        client_secret=settings.intercom_secrets[0],
        hosts=Hosts(consent=settings.oauth_url, api=settings.api_url),
        http=Http(LIMITS),
    )


def _site(settings: HostedSettings, late: LateDatabase, oauth: OAuth) -> Site:
    return Site(
        public_url=settings.public_url,
        keys=settings.secret_keys,
        storage=late,
        workplaces=NamesOfMany(database=late),
        now=_utc_now,
        limit=RateLimit(),
        signs_in=True,
        redirects_to=oauth.hosts.all_consent,
    )


def _utc_now() -> datetime:
    return datetime.now(UTC)
