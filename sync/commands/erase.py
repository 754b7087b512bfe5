"""`erase`: what we sent of a customer, and what we keep, goes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

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
from sync.erasure.erasing import Erasure, StillRunning
from sync.erasure.receipt import Receipt
from sync.home import Home
from sync.mapping.rules import Erase

ATTEMPTS: Final = 15  # a second apart: a job that writes to the contact ends first

_WHAT: Final = {
    Erase.CLEAR: "Clear what was sent to their contact in Intercom",
    Erase.DELETE: "Delete their contact in Intercom",
}


@click.command("erase")
@click.option("--customer", "customer_id", metavar="ID", required=True, help="The customer's id in commercetools.")
@yes_option
@workspace_option
@json_option
@click.pass_obj
def erase(surroundings: Surroundings, customer_id: str, yes: bool, as_json: bool) -> None:
    """Erases a customer, and prints a receipt.

    What was sent to their contact is cleared, or the contact is deleted, as `erase` in [sync] of the mapping says;
    everything that is kept here goes. The customer is never sent again. commercetools is not written to: erase there
    as well. May be repeated: the second time it prints the same receipt.

    \b
    Example:
      python -m sync erase --customer 5f0cf2f9-6e1a-4d20-9a4b-1cf4d9a5a1c7
    """
    with answering(as_json) as output, at_home(surroundings) as home:
        customer_id = _usable(customer_id)
        what = _WHAT[home.mapping.options.erase]
        confirm(f"{what}, and all that is kept here of customer {customer_id}, for good?", yes=yes, as_json=as_json)
        receipt = _erased(home, customer_id, sleep=time.sleep)
        output.json(receipt.to_json())
        _show(output, receipt)


def _usable(customer_id: str) -> str:
    """Without the spaces that a copied id brings along."""
    stripped = customer_id.strip()
    if not stripped or not stripped.isprintable() or len(stripped) > 100:
        raise CommandFailed("This is not the id of a customer.")
    return stripped


def _erased(home: Home, customer_id: str, *, sleep: Callable[[float], None]) -> Receipt:
    at = home.at
    erasure = Erasure(home.intercom, home.database, home.row.id, home.mapping, now=home.now)
    for _ in range(ATTEMPTS - 1):
        try:
            return erasure.erase(customer_id, call=at.call)
        except StillRunning:
            sleep(1.0)
    return erasure.erase(customer_id, call=at.call)


def _show(output: Output, receipt: Receipt) -> None:
    output.say(f"Customer {receipt.customer_id} was erased at {receipt.finished_at:%Y-%m-%d %H:%M:%S} UTC.", Style.GOOD)
    if not receipt.contacts:
        output.say("Intercom had no contact of theirs.")
    for contact in receipt.contacts:
        done = f"Contact {contact.id}: {contact.done.value}"
        counts = f"{contact.attributes_cleared} attributes, {contact.tags_removed} tags"
        output.say(f"{done} ({counts})" if contact.attributes_cleared or contact.tags_removed else done)
        if contact.left:
            output.say(f"  Intercom keeps until the contact itself is deleted: {', '.join(contact.left)}", Style.QUIET)
    removed = [(what, count) for what, count in receipt.removed.items() if count]
    if removed:
        output.table(("removed here", "rows"), removed)
