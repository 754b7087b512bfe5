"""`backfill`: every customer, once, from the beginning."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

import click

from sync.beside import worker_beside
from sync.commands.moments import Moment
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
from sync.commands.patience import LOOK_SECONDS, require_let_in, stopping
from sync.commands.progress import Shows, Step, progress
from sync.composition import Surroundings, at_estate, chosen
from sync.held_by import held_by
from sync.home import Home
from sync.sources.backfill import AlreadyRunning, Backfill, Progress, Stage
from sync.sources.poll import Poll
from sync.storage.allowance import state_of
from sync.storage.state import open_backfill_jobs, open_dead_letters, queue_state, server_state

CONTACTS: Final = "contacts"


@click.command("backfill")
@click.option("--since", type=Moment(), help="Only what was changed in the shop since then.")
@click.option("--send-history", type=Moment(), help="Send events, too, of what happened since then.")
@click.option("--no-work", is_flag=True, help="Only queue it: workers that run elsewhere do the work.")
@yes_option
@workspace_option
@json_option
@click.pass_obj
def backfill(
    surroundings: Surroundings,
    since: datetime | None,
    send_history: datetime | None,
    no_work: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Brings every customer of the shop up to date in Intercom, once.

    Attributes and tags are sent, events are not: what happened before the first start is remembered and never told,
    unless --send-history says since when. Changes that happen meanwhile go first.

    May be stopped at any time; run again, it goes on where it was. A second run sends only what differs.

    \b
    Examples:
      python -m sync backfill
      python -m sync backfill --since 2026-01-01
      python -m sync backfill --send-history 2026-11-01
      python -m sync backfill --no-work         beside workers that run already
    """
    with answering(as_json) as output, at_estate(surroundings) as estate:
        home = chosen(estate, surroundings.workspace)
        if send_history is not None:
            question = (
                f"Send events of what happened since {send_history:%Y-%m-%d %H:%M} UTC? They may start Workflows."
            )
            confirm(question, yes=yes, as_json=as_json)
        run = _Run(home, output, Backfill(home.at, home.shop, since=since, send_history=send_history))
        with ExitStack() as stack:
            stack.enter_context(stopping(run.stop))
            if no_work:
                _watch_from_now(home)
                run.warn_without_worker()
            else:
                stack.enter_context(worker_beside(estate, home))
            run.carry_out(waits=not no_work)
        run.report(queued_only=no_work)


@dataclass
class _Run:
    """One run of the command."""

    home: Home
    output: Output
    source: Backfill
    stop: threading.Event = field(default_factory=threading.Event)
    done: dict[str, int] = field(default_factory=dict)
    is_finished: bool = False
    began: float = field(default_factory=time.monotonic)

    def carry_out(self, *, waits: bool) -> None:
        """`waits`: until the workers have done what they were given, too."""
        with progress(self.output) as shows:
            last: Progress | None = None
            try:
                for last in self.source.run(self.stop):
                    self._show(last, shows)
            except AlreadyRunning as error:
                raise CommandFailed("Another backfill is running.") from error
            if last is None or not last.is_finished:
                return
            self.is_finished = self._until_done(last, shows) if waits else True

    def _until_done(self, last: Progress, shows: Shows) -> bool:
        while not self.stop.is_set():
            if self._show(replace(last, waits_for="workers"), shows) == 0:
                return True
            require_let_in(self.home)
            self.stop.wait(LOOK_SECONDS)
        return False

    def _show(self, known: Progress, shows: Shows) -> int:
        """How many jobs are open."""
        home = self.home
        with home.database.transaction() as connection:
            open_jobs = open_backfill_jobs(connection, home.row.id)
            workers = queue_state(connection, home.row.id).workers
            now = server_state(connection).now.timestamp()
        with home.database.transaction() as connection:
            allowance = state_of(connection, home.row.id)
        held = held_by(known, workers=workers, allowance=allowance, now=now)
        is_last = known.stage is Stage.SUBJECTS
        what = CONTACTS if is_last else known.stage.value
        # a subject that was given to the workers is not done yet
        done = max(self.done.get(what, 0), known.done - open_jobs) if is_last else known.done
        self.done[what] = done
        shows(Step(what=what, done=done, total=known.total, held_by=held))
        return open_jobs

    def warn_without_worker(self) -> None:
        with self.home.database.transaction() as connection:
            workers = queue_state(connection, self.home.row.id).workers
        if not workers:
            self.output.aside("No worker runs: this only fills the queue, and waits once it is full.", Style.WARNING)

    def report(self, *, queued_only: bool) -> None:
        """What came of it; raises `CommandFailed` when it was stopped."""
        if not self.is_finished:
            raise CommandFailed("Stopped. Run again, it goes on where it was; a worker does what is queued.")
        with self.home.database.transaction() as connection:
            letters = sum(open_dead_letters(connection, self.home.row.id).values())
        seconds = round(time.monotonic() - self.began, 1)
        document = {"finished": True, "queued_only": queued_only, "done": self.done, "seconds": seconds}
        self.output.json(document | {"open_dead_letters": letters})
        what = "Everything is queued for the workers" if queued_only else "Every customer is up to date in Intercom"
        self.output.say(f"{what}, after {seconds} seconds.", Style.GOOD)
        if letters:
            self.output.say(f"{letters} dead letters are open: `dead-letters list`.", Style.WARNING)


def _watch_from_now(home: Home) -> None:
    """A first look of all remembers where it began, so that no change between this and the worker's first is missed."""
    poll = Poll(home.at, home.shop)
    if poll.sweep().is_ours:
        poll.release()
