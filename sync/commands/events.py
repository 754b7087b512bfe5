"""`events`: whether events are sent, and the switch."""

from __future__ import annotations

import click

from sync.commands.output import (
    CommandFailed,
    Output,
    Style,
    answering,
    confirm,
    json_option,
    workspace_option,
    yes_option,
)
from sync.composition import Surroundings, at_home
from sync.home import Home
from sync.storage.installations import InstallationRow, load_installation, start_events, stop_events

STOPPED_BY_HAND = "stopped by `events stop`"


@click.group("events")
def events() -> None:
    """Whether events are sent to Intercom, and the switch.

    Attributes and tags are kept true either way. Events stop by themselves when the record of what was sent is lost
    (an empty ledger in a database that had one): sending on would tell everything again.

    \b
    Examples:
      python -m sync events status
      python -m sync events start
    """


@events.command("status")
@workspace_option
@json_option
@click.pass_obj
def status(surroundings: Surroundings, as_json: bool) -> None:
    """Are events sent, since when, and if not, why."""
    with answering(as_json) as output, at_home(surroundings) as home:
        _report(output, home.row)


@events.command("start")
@yes_option
@workspace_option
@json_option
@click.pass_obj
def start(surroundings: Surroundings, yes: bool, as_json: bool) -> None:
    """Sends what happens from now on. What happened until now is remembered and never sent."""
    with answering(as_json) as output, at_home(surroundings) as home:
        if home.row.events_stopped_reason is None:
            raise CommandFailed("Events are being sent already.")
        confirm(
            f"Events are stopped: {home.row.events_stopped_reason}. Send what happens from now on?",
            yes=yes,
            as_json=as_json,
        )
        with home.database.transaction() as connection:
            start_events(connection, home.row.id, now=home.now())
        _report(output, _row(home))


@events.command("stop")
@click.option("--reason", default=STOPPED_BY_HAND, show_default=True, help="For whoever finds them stopped.")
@workspace_option
@json_option
@click.pass_obj
def stop(surroundings: Surroundings, reason: str, as_json: bool) -> None:
    """Sends no events until `events start`; what happens meanwhile is never sent."""
    with answering(as_json) as output, at_home(surroundings) as home:
        with home.database.transaction() as connection:
            stop_events(connection, home.row.id, reason.strip() or STOPPED_BY_HAND)
        _report(output, _row(home))


def _row(home: Home) -> InstallationRow:
    with home.database.transaction() as connection:
        row = load_installation(connection, home.row.id)
    assert row is not None
    return row


def _report(output: Output, row: InstallationRow) -> None:
    reason = row.events_stopped_reason
    output.json(
        {
            "sent": reason is None,
            "stopped_reason": reason,
            "live_since": row.live_since,
            "history_since": row.history_since,
        }
    )
    if reason is not None:
        output.say(f"Events are stopped: {reason}.", Style.WARNING)
        output.say("`events start` sends what happens from then on.")
        return
    output.say(f"Events are sent of what happened since {row.live_since:%Y-%m-%d %H:%M:%S} UTC.", Style.GOOD)
    if row.history_since is not None:
        output.say(
            f"Asked for by `backfill --send-history`: those since {row.history_since:%Y-%m-%d %H:%M:%S} UTC too."
        )
