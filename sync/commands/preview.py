"""`preview`: what would be sent for a customer, and what would not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import click

from clients.commercetools.shop import Shop
from clients.errors import NotFound
from sync.commands.output import CommandFailed, Output, Style, answering, json_option, workspace_option
from sync.composition import Surroundings, at_home
from sync.home import Home
from sync.people import customer_of
from sync.plan.result import Intent, Plan
from sync.plan.subject import UNSURE
from sync.previewing import Preview, preview_customer, preview_guest


@click.command("preview")
@click.option("--customer", "customer_id", metavar="ID", help="A customer of the shop, by id.")
@click.option("--email", help="Customers with this e-mail address, and orders made with it as a guest.")
@workspace_option
@json_option
@click.pass_obj
def preview(surroundings: Surroundings, customer_id: str | None, email: str | None, as_json: bool) -> None:
    """Exactly what would be sent for a customer now, and what the mapping withholds, with the reasons.

    Reads the shop as it is now. Sends nothing, and keeps nothing.

    \b
    Examples:
      python -m sync preview --email anna@example.com
      python -m sync preview --customer 5f0cf2f9-6e1a-4d20-9a4b-1cf4d9a5a1c7 --json
    """
    if (customer_id is None) == (email is None):
        raise click.UsageError("Say whose: --customer ID or --email ADDRESS.")
    with answering(as_json) as output, at_home(surroundings) as home:
        previews = _of_customer(home, customer_id) if customer_id is not None else _of_email(home, str(email))
        output.json([_document(each) for each in previews])
        for number, each in enumerate(previews):
            if number:
                output.say("")
            _show(output, each)


def _of_customer(home: Home, customer_id: str) -> list[Preview]:
    try:
        return [preview_customer(home.at, customer_id.strip())]
    except NotFound as error:
        raise CommandFailed("The shop has no customer with this id.") from error


def _of_email(home: Home, email: str) -> list[Preview]:
    """Everybody that an address leads to. Guests only if there is something about them."""
    at = home.at
    found = Shop(home.settings.shop, http=home.http).by_email(email.strip(), numbers=(), call=at.call())
    previews = [preview_customer(at, customer.id) for customer in found.customers]
    if found.guest_orders or not previews:
        previews.append(preview_guest(at, email))
    if not found.customers and not found.guest_orders:
        raise CommandFailed("The shop knows neither a customer nor a guest order with this address.")
    return previews


def _show(output: Output, preview: Preview) -> None:
    plan = preview.plan
    customer_id = customer_of(preview.subject)
    output.say(f"Customer {customer_id}" if customer_id else f"Guest {preview.subject}", Style.BOLD)
    output.say(_contact(preview))
    if preview.parked_reason:
        output.say(f"Nothing is sent: {preview.parked_reason}", Style.WARNING)
    if preview.events_stopped_reason:
        output.say(f"Events are stopped: {preview.events_stopped_reason}", Style.WARNING)
    is_new = preview.contact_id is None and plan.may_create
    _show_attributes(output, plan, preview.fingerprint, is_new=is_new)
    _show_tags(output, plan)
    _show_events(output, preview)
    _show_withheld(output, plan)


def _contact(preview: Preview) -> str:
    if preview.contact_id is not None:
        return f"Intercom contact {preview.contact_id}"
    if preview.plan.may_create:
        return "No contact is linked yet: one is looked for, and made if there is none."
    return "No contact is linked yet: one is looked for; none is made."


def _show_attributes(output: Output, plan: Plan, fingerprint: Mapping[str, object], *, is_new: bool) -> None:
    rows = [(name, _shown(value), _change(plan, fingerprint, name)) for name, value in sorted(plan.desired.items())]
    rows += [(name, "", "cleared") for name, value in sorted(plan.attributes.items()) if value is None]
    rows += [(name, _shown(value), "sent") for name, value in sorted(plan.fields.items())]
    if is_new:
        rows += [(name, _shown(value), "sent if a contact is made") for name, value in sorted(plan.contact.items())]
    output.say("")
    if not rows:
        output.say("No attribute has a value.")
        return
    styles = [Style.QUIET if row[2] == "as it is" else Style.PLAIN for row in rows]
    output.table(("attribute", "value", "what is done"), rows, styles=styles)


def _change(plan: Plan, fingerprint: Mapping[str, object], name: str) -> str:
    if name not in plan.attributes:
        return "as it is"
    before = fingerprint.get(name)
    return "sent" if before in (None, UNSURE) else f"sent, was {_shown(before)}"


def _show_tags(output: Output, plan: Plan) -> None:
    if not (plan.tags or plan.tags_remove):
        return
    rows = [(tag, "added" if tag in plan.tags_add else "as it is") for tag in plan.tags]
    rows += [(tag, "removed") for tag in plan.tags_remove]
    output.say("")
    output.table(("tag", "what is done"), rows)


def _show_events(output: Output, preview: Preview) -> None:
    if preview.plan.intents:
        output.say("")
        rows = [(_second(each.second), each.name, _said(each.metadata)) for each in preview.plan.intents]
        output.table(("event at", "name", "says"), rows)
    if preview.waiting:
        output.say("")
        rows = [(_second(each.second), each.name, _said(each.metadata)) for each in preview.waiting]
        output.table(("already on its way", "name", "says"), rows)


def _show_withheld(output: Output, plan: Plan) -> None:
    if plan.withheld:
        output.say("")
        rows = [(each.kind.value, each.name, each.reason) for each in plan.withheld]
        output.table(("withheld", "name", "because"), rows)


def _said(metadata: Mapping[str, object]) -> str:
    return ", ".join(f"{key}: {_shown(value)}" for key, value in metadata.items())


def _shown(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case {"amount": int(amount), "currency": str(currency)}:
            return f"{amount / 100:.2f} {currency.upper()}"
        case _:
            return str(value)


def _second(second: int) -> str:
    return f"{datetime.fromtimestamp(second, UTC):%Y-%m-%d %H:%M:%S}"


def _document(preview: Preview) -> dict[str, object]:
    plan = preview.plan
    return {
        "subject": preview.subject,
        "contact_id": preview.contact_id,
        "may_create_contact": plan.may_create,
        "parked_reason": preview.parked_reason,
        "events_stopped_reason": preview.events_stopped_reason,
        "attributes": plan.desired,
        "sent": {"attributes": plan.attributes, "fields": plan.fields},
        "contact_when_made": plan.contact,
        "tags": {"all": plan.tags, "add": plan.tags_add, "remove": plan.tags_remove},
        "events": [_event(each) for each in plan.intents],
        "waiting_events": [
            {"name": each.name, "created_at": each.second, "metadata": each.metadata} for each in preview.waiting
        ],
        "withheld": [{"kind": each.kind.value, "name": each.name, "reason": each.reason} for each in plan.withheld],
    }


def _event(intent: Intent) -> dict[str, object]:
    return {"name": intent.name, "created_at": intent.second, "metadata": intent.metadata}
