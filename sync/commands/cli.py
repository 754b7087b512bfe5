"""`python -m sync`: all commands, and what they have in common."""

from __future__ import annotations

import click

from sync.commands.backfill import backfill
from sync.commands.console_link import console_link
from sync.commands.dead_letters import dead_letters
from sync.commands.doctor import doctor
from sync.commands.door_key import door_key
from sync.commands.erase import erase
from sync.commands.events import events
from sync.commands.poll import poll
from sync.commands.preview import preview
from sync.commands.reconcile import reconcile
from sync.commands.reseal import reseal
from sync.commands.subscribe import subscribe
from sync.commands.worker import worker


class InOrder(click.Group):
    """Lists its commands as they were added: the order in which they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(
    cls=InOrder,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 done, 1 failed, 2 misconfigured. More: docs/sync.md",
)
@click.pass_context
def cli(context: click.Context) -> None:
    """Keeps Intercom contacts true to commercetools: attributes, tags and events.

    Everything is decided by the environment (a .env file is read) and by the mapping, mapping.toml.

    \b
    The first time:
      python -m sync doctor        is everything set up? says what to mend
      python -m sync preview --email anna@example.com
                                   what would be sent for a customer; sends nothing
      python -m sync backfill      brings every customer up to date, without events
      python -m sync worker        goes on from there, for ever
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


_COMMANDS = (
    doctor, preview, subscribe, backfill, worker, poll, reconcile, events, dead_letters, erase, console_link, door_key,
    reseal,
)  # fmt: skip
for _command in _COMMANDS:
    cli.add_command(_command)
