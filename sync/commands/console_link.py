"""`console-link`: a way into settings and console without signing in with Intercom."""

from __future__ import annotations

from collections.abc import Iterator

import click

from sync.commands.output import Style, answering, json_option, workspace_option
from sync.composition import WORKSPACE, Surroundings, open_database
from sync.console_links import LASTS
from sync.console_links import console_link as address_of
from sync.environment import ConfigurationError, Problem
from sync.settings import PUBLIC_URL, SECRET_KEY, SyncSettings
from sync.storage.installations import SINGLE
from sync.storage.installed import InstalledRow, State, all_installed


@click.command("console-link")
@workspace_option
@json_option
@click.pass_obj
def console_link(surroundings: Surroundings, as_json: bool) -> None:
    """Prints a link that lets one browser into settings and console, once.

    It is good for fifteen minutes, the session that it opens for eight hours. Whoever has the link gets in: treat it
    as a password.

    \b
    Examples:
      python -m sync console-link
      python -m sync console-link --workspace abc123
    """
    with answering(as_json) as output:
        settings = surroundings.settings()
        surroundings.begin_logs(settings, for_people=True)
        if problems := tuple(_missing(settings)):
            raise ConfigurationError(problems)
        installation = _installation(surroundings, settings)
        now = surroundings.now()
        address = address_of(
            settings.secret_keys, public_url=str(settings.public_url), installation=installation, now=now
        )
        output.json({"link": address, "expires_at": (now + LASTS).isoformat()})
        output.say(address, Style.BOLD)
        output.aside(f"Good once, for {int(LASTS.total_seconds() // 60)} minutes.")


def _missing(settings: SyncSettings) -> Iterator[Problem]:
    if not settings.secret_keys:
        yield Problem(SECRET_KEY.name, "not set, and signs links", SECRET_KEY.fix)
    if not settings.public_url:
        yield Problem(PUBLIC_URL.name, "not set, and links lead there", PUBLIC_URL.fix)


def _installation(surroundings: Surroundings, settings: SyncSettings) -> str:
    """Also of a workspace without a shop: its settings are where one is connected. Raises ConfigurationError."""
    if settings.single is not None:
        return SINGLE
    with open_database(settings, directory=surroundings.directory) as database, database.transaction() as connection:
        there = [row for row in all_installed(connection) if row.state is not State.UNINSTALLED]
    return _chosen(there, surroundings.workspace).id


def _chosen(there: list[InstalledRow], workspace: str | None) -> InstalledRow:
    named = [row for row in there if workspace in (None, row.workspace_id, row.id)]
    if len(named) == 1:
        return named[0]
    if not there:
        raise ConfigurationError([Problem(WORKSPACE, "no workspace has installed the app", "Install the app in one")])
    wrong = "not given, and there are several" if workspace is None else "names no workspace that installed the app"
    names = ", ".join(row.workspace_id for row in there)
    raise ConfigurationError([Problem(WORKSPACE, wrong, f"Give one of: {names}")])
