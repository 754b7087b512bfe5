"""Puts the doors for queues together. Imported only when one is open: the libraries behind them take ten megabytes."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from datetime import datetime
from typing import Final

from flask import Blueprint

from canvas_app.ingest.doors import doors_of
from canvas_app.ingest.intake import Intake, Intakes
from canvas_app.ingest.routes import ingest_blueprint, keyed_blueprint
from canvas_app.metrics import Metrics
from canvas_app.settings import Settings
from canvas_app.writer import Writer
from clients.amazon.sns import SnsTopics
from clients.wire.http import Http
from clients.wire.published import LIMITS, fetching
from sync.settings import VAR

FAILURES: Final = 4  # in a row, until nobody tries for a second


def ingest(settings: Settings, metrics: Metrics, *, now: Callable[[], datetime]) -> Blueprint:
    """The doors that the environment opens, over one writer."""
    intake = Intake(
        settings.database_url,
        var=VAR,
        project_key=settings.shop.project_key,
        workspace_id=settings.workspace_id,
        now=now,
    )
    atexit.register(intake.close)  # so that the last one out stops the embedded database
    return ingest_blueprint(doors_of(settings.ingest, now=now), intake, metrics)


def keyed_ingest(database_url: str | None, metrics: Metrics, *, now: Callable[[], datetime]) -> Blueprint:
    """A door for each workspace that gave its key to a queue, over one writer."""
    writer = Writer(database_url, var=VAR, now=now, failures=FAILURES)  # one workspace's locks are not everybody's
    intakes = Intakes(writer, now=now)
    atexit.register(intakes.close)
    topics = SnsTopics(fetching(Http(LIMITS), platform="amazon", purpose="sns"), topics=None, now=now)
    return keyed_blueprint(intakes.of, topics, metrics)
