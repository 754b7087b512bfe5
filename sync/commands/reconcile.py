"""`reconcile`: compares both sides with what is held here, and puts Intercom right."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from dataclasses import asdict

import click

from sync.beside import worker_beside
from sync.commands.output import CommandFailed, Output, Style, answering, json_option, workspace_option
from sync.commands.patience import stopping, until_worked_off
from sync.commands.progress import Step, progress
from sync.composition import Surroundings, at_estate, chosen
from sync.home import Home
from sync.sources.reconcile import Found, Reconcile

_LINES = (
    ("looked_at", "resources of the shop compared"),
    ("newer", "changed without being noticed, and read again"),
    ("vanished", "in no list any more, and asked for by id"),
    ("contacts", "contacts in Intercom compared"),
    ("corrected", "did not hold what was sent, and were put right"),
    ("lost", "are gone in Intercom"),
    ("appeared", "of customers that had none are there now"),
)


@click.command("reconcile")
@click.option("--no-work", is_flag=True, help="Only queue it: workers that run elsewhere do the work.")
@workspace_option
@json_option
@click.pass_obj
def reconcile(surroundings: Surroundings, no_work: bool, as_json: bool) -> None:
    """Compares commercetools, Intercom and what is held here, and puts Intercom right.

    Finds what nobody told of: changes that were missed, what was deleted in the shop, contacts whose attributes or
    tags were changed by hand, contacts that were deleted. commercetools is never written to. Worth a run each night.

    \b
    Examples:
      python -m sync reconcile
      python -m sync reconcile --no-work        beside workers that run already
    """
    with answering(as_json) as output, at_estate(surroundings) as estate:
        home = chosen(estate, surroundings.workspace)
        stop = threading.Event()
        with ExitStack() as stack:
            stack.enter_context(stopping(stop))
            if not no_work:
                stack.enter_context(worker_beside(estate, home))
            found = _found(home, output, stop)
            is_done = found.is_finished and (no_work or until_worked_off(home, stop))
        _show(output, found)
        if not is_done:
            raise CommandFailed("Stopped: what was found so far is queued for a worker.")
        output.json(asdict(found) | {"is_worked_off": not no_work})


def _found(home: Home, output: Output, stop: threading.Event) -> Found:
    found = Found()
    with progress(output) as shows:
        for found in Reconcile(home.at, home.shop).run(stop):
            in_shop = found.contacts_total is None
            shows(
                Step(
                    what="shop" if in_shop else "contacts",
                    done=found.looked_at if in_shop else found.contacts,
                    total=None if in_shop else found.contacts_total,
                    held_by="commercetools' answers" if in_shop else "Intercom's answers",
                )
            )
    return found


def _show(output: Output, found: Found) -> None:
    output.table(("", ""), [(getattr(found, name), words) for name, words in _LINES])
    for kind in found.not_readable:
        output.say(f"{kind}s were not compared: the API client lacks the scope.", Style.WARNING)
