"""Puts the web side together for one Intercom workspace that is described by the environment."""

from __future__ import annotations

from flask import Flask

from canvas_app import logs
from canvas_app.app import create_app
from canvas_app.configuration import Configuration
from canvas_app.metrics import Metrics


def single_workspace_app(configuration: Configuration) -> Flask:
    """The app that `wsgi.py` exposes. Sets up logging for the whole process."""
    logs.configure(level=configuration.settings.log_level, form=configuration.settings.log_format)
    return create_app(metrics=Metrics())
