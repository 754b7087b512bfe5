"""Puts the doors for queues together. Imported only when one is open: the libraries behind them take ten megabytes."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from datetime import datetime

from flask import Blueprint

from canvas_app.ingest.doors import doors_of
from canvas_app.ingest.intake import Intake
from canvas_app.ingest.routes import ingest_blueprint
from canvas_app.metrics import Metrics
from canvas_app.settings import Settings
from sync.settings import VAR


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
