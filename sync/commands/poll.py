"""`poll`: one look at what changed in the shop."""

from __future__ import annotations

import click

from sync.commands.output import CommandFailed, Style, answering, json_option, workspace_option
from sync.composition import Surroundings, at_home
from sync.sources.poll import Poll


@click.command("poll")
@workspace_option
@json_option
@click.pass_obj
def poll(surroundings: Surroundings, as_json: bool) -> None:
    """Looks once at what changed in the shop, and queues it for the worker.

    The worker does this each second by itself; this is for a look by hand, or from a timer beside workers that were
    started with --no-poll. The first look of all remembers where it began and finds nothing: `backfill` brings in
    what is older.

    \b
    Example:
      python -m sync poll
    """
    with answering(as_json) as output, at_home(surroundings) as home:
        source = Poll(home.at, home.shop)
        sweep = source.sweep()
        if not sweep.is_ours:
            raise CommandFailed("A worker is looking already: there is nothing to do here.")
        source.release()
        failed = {kind.value: reason for kind, reason in sweep.failed.items()}
        output.json(
            {
                "looked_at": sweep.looked_at,
                "hints": sweep.hints,
                "carts_woken": sweep.carts_woken,
                "failed": failed,
            }
        )
        output.say(f"{sweep.looked_at} resources looked at, {sweep.hints} queued.", Style.GOOD)
        if sweep.carts_woken:
            output.say(f"{sweep.carts_woken} customers whose carts were left alone.")
        for kind, reason in failed.items():
            output.say(f"{kind}s could not be read: {reason}", Style.BAD)
        if failed:
            raise click.exceptions.Exit(1)
