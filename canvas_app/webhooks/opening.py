"""Puts the door for Intercom's notifications together. Imported only when there is a database behind it."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from flask import Blueprint

from canvas_app.mapping import Mapping
from canvas_app.metrics import Metrics
from canvas_app.settings import Settings
from canvas_app.webhooks.hearing import WAIT_SECONDS, Hearing
from canvas_app.webhooks.hearing_of_many import HearingOfMany
from canvas_app.webhooks.routes import WebhookDoor, webhooks_blueprint
from canvas_app.writer import Writer
from sync.settings import VAR
from sync.sources.webhooks import WebhookRules

PLACES: Final = 8  # notifications at the database at the same time
FAILURES: Final = 4  # that one of them met a lock says nothing of the next, and each is brought but once more


def webhooks(settings: Settings, mapping: Mapping, metrics: Metrics, *, now: Callable[[], datetime]) -> Blueprint:
    """The door, over a writer of its own: a queue that pushes thousands does not make Intercom wait."""
    writer = Writer(
        settings.database_url,
        var=VAR,
        project_key=settings.shop.project_key,
        workspace_id=settings.workspace_id,
        now=now,
        places=PLACES,
        wait=WAIT_SECONDS,
        failures=FAILURES,
    )
    atexit.register(writer.close)  # so that the last one out stops the embedded database
    rules = WebhookRules(external_id=mapping.identity.external_id, conversations=mapping.conversations)
    door = WebhookDoor(
        secrets=settings.intercom_secrets,
        workspace_id=settings.workspace_id,
        hearing=Hearing(writer, rules, now=now),
        metrics=metrics,
    )
    return webhooks_blueprint(door)


def webhooks_of_many(
    database_url: str | None, *, secrets: Sequence[str], metrics: Metrics, now: Callable[[], datetime]
) -> Blueprint:
    """The same for all workspaces that installed the app."""
    writer = Writer(database_url, var=VAR, now=now, places=PLACES, wait=WAIT_SECONDS, failures=FAILURES)
    atexit.register(writer.close)
    hearing = HearingOfMany(writer, now=now)
    return webhooks_blueprint(WebhookDoor(secrets=secrets, workspace_id=None, hearing=hearing, metrics=metrics))
