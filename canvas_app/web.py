"""The web side as the environment describes it: for one workspace, or for any number that install the app."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flask import Flask

from canvas_app.configuration import Configuration
from sync.environment import with_dotenv
from sync.settings import is_hosted


def web_app(environ: Mapping[str, str], *, dotenv: Path) -> Flask:
    """Raises ConfigurationError with every problem at once."""
    surroundings = with_dotenv(environ, dotenv)
    if is_hosted(surroundings):
        from canvas_app.hosted import hosted_app  # a panel on its own need not hold what pages need
        from canvas_app.hosted_configuration import HostedConfiguration

        return hosted_app(HostedConfiguration.load(surroundings))
    from canvas_app.single_workspace import single_workspace_app

    return single_workspace_app(Configuration.load(environ, dotenv=dotenv))


def check_configuration(environ: Mapping[str, str], *, dotenv: Path) -> None:
    """Raises ConfigurationError with every problem at once."""
    surroundings = with_dotenv(environ, dotenv)
    if is_hosted(surroundings):
        from canvas_app.hosted_configuration import HostedConfiguration

        HostedConfiguration.load(surroundings)
    else:
        Configuration.load(environ, dotenv=dotenv)
