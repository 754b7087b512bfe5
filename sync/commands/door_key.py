"""`door-key`: a key with which a workspace's cloud queue may push to us."""

from __future__ import annotations

from typing import Final

import click

from sync.commands.output import CommandFailed, Style, answering, confirm, json_option, workspace_option, yes_option
from sync.composition import Surroundings, at_estate, chosen
from sync.console.letters import COMMAND_LINE
from sync.storage.audit import note
from sync.storage.installed import give_door_key

DOORS: Final = ("pubsub", "sns", "eventgrid")


@click.command("door-key")
@workspace_option
@yes_option
@json_option
@click.pass_obj
def door_key(surroundings: Surroundings, yes: bool, as_json: bool) -> None:
    """Makes a new key for the doors of a workspace, and prints the addresses that its queues push to.

    For workspaces that install the app by themselves; the doors of a single workspace are opened by variables. The key
    is shown this once: whoever has it can push for the workspace. The one before it stops working at once.
    docs/doors.md tells how to set up each queue.

    \b
    Example:
      python -m sync door-key --workspace abc123
    """
    with answering(as_json) as output, at_estate(surroundings) as estate:
        if estate.is_fixed:
            raise CommandFailed("The doors of a single workspace are opened by variables: see docs/doors.md.")
        home = chosen(estate, surroundings.workspace)
        confirm(f"Queues that push for {home.row.workspace_id} need the new key then. Go on?", yes=yes, as_json=as_json)
        with estate.database.transaction() as connection:
            key = give_door_key(connection, home.row.id, now=home.now())
            note(connection, home.row.id, admin_id=COMMAND_LINE, action="door_key_made", detail={}, now=home.now())
        public = surroundings.settings().public_url or ""
        addresses = {door: f"{public}/ingest/{door}/{key}" for door in DOORS}
        output.json({"addresses": addresses})
        for address in addresses.values():
            output.say(address, Style.BOLD)
