"""`worker`: brings contacts up to date, for ever."""

from __future__ import annotations

import click

from sync.commands.output import answering, json_option
from sync.composition import Surroundings, at_estate
from sync.crew import CrewSettings
from sync.looking import LookSettings
from sync.sealing import Seal
from sync.service import Service
from sync.worker import WorkerSettings


@click.command("worker")
@click.option(
    "--concurrency",
    type=click.IntRange(1, 64),
    default=WorkerSettings().concurrency,
    show_default=True,
    help="Customers that are worked on at the same time.",
)
@click.option(
    "--poll-seconds",
    type=click.FloatRange(0.2, 3600.0),
    default=1.0,
    show_default=True,
    help="How often the shop is asked what changed.",
)
@click.option(
    "--conversations-seconds",
    type=click.FloatRange(1.0, 3600.0),
    default=LookSettings().conversations_seconds,
    show_default=True,
    help="How often Intercom is asked which conversations changed.",
)
@click.option("--no-poll", is_flag=True, help="Leave that to other workers.")
@json_option
@click.pass_obj
def worker(
    surroundings: Surroundings,
    concurrency: int,
    poll_seconds: float,
    conversations_seconds: float,
    no_poll: bool,
    as_json: bool,
) -> None:
    """Brings contacts up to date, for ever.

    Watches the shop, works off what it finds, tries again what failed, and forgets what is old enough. Any number may
    run, on any number of machines that share a database (DATABASE_URL): they take turns in watching the shop.

    First it looks whether the workspace is the right one, and makes the attributes that the mapping names and Intercom
    does not have. Where workspaces install the app by themselves, it works for all of them, as they come and go.
    SIGTERM or Ctrl-C ends what has begun, and then the process.

    \b
    Examples:
      python -m sync worker
      LOG_FORMAT=console python -m sync worker --concurrency 16
    """
    with answering(as_json) as output, at_estate(surroundings, for_people=False) as estate:
        settings = CrewSettings(
            worker=WorkerSettings(concurrency=concurrency),
            looks=LookSettings(
                poll_seconds=None if no_poll else poll_seconds, conversations_seconds=conversations_seconds
            ),
        )
        keys = surroundings.settings().secret_keys
        Service(estate, settings=settings, seal=Seal(keys) if keys else None).run()
        output.json({"stopped": True})
