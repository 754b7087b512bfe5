"""`subscribe`: has commercetools tell us of changes, and makes what Intercom needs for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import click

from clients.commercetools.subscription import Format, Subscription
from clients.commercetools.subscriptions import Subscriptions
from clients.errors import Rejected
from sync.commands.output import CommandFailed, Output, Style, answering, json_option, workspace_option
from sync.composition import Surroundings, at_home
from sync.environment import ConfigurationError, with_dotenv
from sync.home import Home
from sync.storage.subscriptions import forget_subscription
from sync.subscribing.acting import Shop, Workspace, without_secrets
from sync.subscribing.destinations import Named, Refused, chosen, door_warnings
from sync.subscribing.plan import Deed, Step, SubscriptionPlan
from sync.subscribing.wanted import Chosen

DEFAULT_KEY: Final = "intercom-sync"
_FORMATS: Final = {"platform": Format.PLATFORM, "cloudevents": Format.CLOUD_EVENTS}
_STYLES: Final = {Deed.CREATE: Style.GOOD, Deed.RESTORE: Style.GOOD, Deed.CHANGE: Style.WARNING, Deed.REMOVE: Style.BAD}
_NO_DESTINATION: Final = (
    "no destination was named, so commercetools tells nobody and changes are found by asking each second alone; name"
    " one with --sqs, --sns, --pubsub, --eventgrid or --eventbridge (docs/doors.md)"
)


@click.command("subscribe")
@click.option("--sqs", metavar="QUEUE_URL", help="Tell an Amazon SQS queue.")
@click.option("--sns", metavar="TOPIC_ARN", help="Tell an Amazon SNS topic.")
@click.option("--pubsub", metavar="PROJECT/TOPIC", help="Tell a Google Pub/Sub topic.")
@click.option(
    "--eventgrid", metavar="URI", help="Tell an Azure Event Grid topic; in CloudEvents, with --access-key-from."
)
@click.option("--eventbridge", metavar="ACCOUNT/REGION", help="Tell Amazon EventBridge.")
@click.option("--access-key-from", metavar="NAME", help="The variable that holds the destination's access key.")
@click.option("--access-secret-from", metavar="NAME", help="The variable that holds the secret of that key (Amazon).")
@click.option(
    "--format", "format_", type=click.Choice(list(_FORMATS)), help="Default: platform; for Event Grid cloudevents."
)
@click.option("--key", default=DEFAULT_KEY, show_default=True, help="Of the subscription; one for each destination.")
@click.option("--dry-run", is_flag=True, help="Only show what would be done.")
@click.option(
    "--forget", is_flag=True, help="Only stop watching the subscription of this key, deleted in commercetools."
)
@workspace_option
@json_option
@click.pass_obj
def subscribe(
    surroundings: Surroundings,
    /,
    key: str,
    format_: str | None,
    access_key_from: str | None,
    access_secret_from: str | None,
    dry_run: bool,
    forget: bool,
    as_json: bool,
    **destinations: str | None,
) -> None:
    """Has commercetools tell us of changes at once, and makes the attributes and tags that the mapping names.

    Creates or updates a Subscription of the project: changes of customers, orders and payments, and the messages
    that tell what a change does not. commercetools tries the destination with a test notification first. It takes
    the scope manage_subscriptions, for this call alone: nothing else needs it. Without an option for the destination,
    the queue or topic of SQS_QUEUE_URL or SNS_TOPIC_ARNS is meant.

    Shows what it will do, then does it. Safe to repeat: what is right already is left alone.

    \b
    Examples:
      python -m sync subscribe --dry-run
      python -m sync subscribe --sqs https://sqs.eu-central-1.amazonaws.com/123456789012/commercetools
      python -m sync subscribe --pubsub my-project/commercetools
      python -m sync subscribe --eventgrid https://name.westeurope-1.eventgrid.azure.net/api/events \\
                               --access-key-from EVENTGRID_TOPIC_KEY
    """
    with answering(as_json) as output:
        environ = with_dotenv(surroundings.environ, surroundings.directory / ".env")
        named = Named(
            key=key,
            named={f"--{name}": text for name, text in destinations.items() if text is not None},
            format=_FORMATS[format_] if format_ else None,
            access_key_from=access_key_from,
            access_secret_from=access_secret_from,
        )
        asked_for = _chosen(surroundings, named, environ)
        with at_home(surroundings) as home:
            if forget:
                _forget(home, output, key)
            else:
                _subscribe(home, output, asked_for, environ, dry_run=dry_run)


def _chosen(surroundings: Surroundings, named: Named, environ: Mapping[str, str]) -> Chosen:
    """With everything that is wrong, of the options and of the environment."""
    problems = []
    found = None
    try:
        found = chosen(named, environ)
    except Refused as refused:
        problems += refused.problems
    try:
        surroundings.settings()
    except ConfigurationError as error:
        problems += error.problems
    if problems or found is None:
        raise ConfigurationError(problems)
    return found


def _subscribe(home: Home, output: Output, asked_for: Chosen, environ: Mapping[str, str], *, dry_run: bool) -> None:
    shop = Shop(home, asked_for, Subscriptions(home.settings.shop, home.http))
    workspace = Workspace(home)
    plan, there = shop.plan(), workspace.plan()
    steps = (*there.steps, *plan.steps)
    warnings = (*there.warnings, *_warnings(asked_for, plan, environ))
    _show(output, steps, plan, asked_for)
    for each in warnings:
        output.say(f"! {each}", Style.WARNING)
    subscription = plan.present
    if not dry_run:
        workspace.carry_out(there)
        subscription = _carried_out(shop, plan, made=len(there.steps))
        _conclude(output, steps, subscription)
    elif steps:
        output.say("Nothing was changed. Without --dry-run this is done.")
    output.json(
        {
            "dry_run": dry_run,
            "nothing_to_do": not steps,
            "steps": steps,
            "warnings": warnings,
            "subscription": _document(subscription),
        }
    )


def _carried_out(shop: Shop, plan: SubscriptionPlan, *, made: int) -> Subscription | None:
    """`made`: steps that were done before, and need not be done again."""
    try:
        return shop.carry_out(plan)
    except Rejected as error:
        destination = plan.draft.destination if plan.draft else None
        said = without_secrets(error.said or error.reason, destination.secrets if destination else {})
        where = destination.where if destination else "the subscription"
        before = f" The {made} steps in Intercom were done." if made else ""
        fix = "docs/doors.md tells what each destination needs."
        raise CommandFailed(
            f"commercetools did not take {where}. It says: {said.rstrip('.')}. {fix}{before}"
        ) from error


def _warnings(asked_for: Chosen, plan: SubscriptionPlan, environ: Mapping[str, str]) -> tuple[str, ...]:
    if plan.draft is None:
        return plan.warnings or (_NO_DESTINATION,)
    doors = door_warnings(plan.draft.destination, environ) if asked_for.destination else ()
    return (*plan.warnings, *doors, *_next_steps(plan))


def _next_steps(plan: SubscriptionPlan) -> tuple[str, ...]:
    is_new = plan.present is None or any(each.action == "changeDestination" for each in plan.updates)
    if is_new and plan.draft is not None and plan.draft.destination.type == "EventBridge":
        return (
            "associate the partner event source with an event bus in Amazon EventBridge: until then nothing arrives",
        )
    return ()


def _show(output: Output, steps: tuple[Step, ...], plan: SubscriptionPlan, asked_for: Chosen) -> None:
    if asked_for.taken_from is not None and plan.present is None:
        output.say(f"The destination is that of {asked_for.taken_from}.", Style.QUIET)
    if steps:
        rows = [(each.deed.value, each.what, each.name, each.why) for each in steps]
        output.table(("", "what", "name", ""), rows, styles=[_STYLES[each.deed] for each in steps])
        return
    status = f"; subscription {plan.present.key} is {plan.present.status}" if plan.present else ""
    output.say(f"Nothing to do: every attribute and tag is there{status}.", Style.GOOD)


def _conclude(output: Output, steps: tuple[Step, ...], subscription: Subscription | None) -> None:
    if not steps:
        return
    output.say(f"Done: {len(steps)} steps.", Style.GOOD)
    if subscription is not None and (source := subscription.destination.place.get("source")):
        output.say(f"The partner event source is {source}.")
    if any(each.what in ("subscription", "changes", "message") for each in steps):
        output.say("commercetools takes up to a minute to go by it. The worker watches whether it delivers.")


def _document(subscription: Subscription | None) -> dict[str, object] | None:
    if subscription is None:
        return None
    return {
        "id": subscription.id,
        "key": subscription.key,
        "status": subscription.status,
        "format": subscription.format,
        "destination": {"type": subscription.destination.type, **subscription.destination.place},
    }


def _forget(home: Home, output: Output, key: str) -> None:
    with home.database.transaction() as connection:
        was_known = forget_subscription(connection, home.row.id, key)
    if not was_known:
        raise CommandFailed(f"No subscription of key {key} is watched.")
    output.say(f"{key} is not watched any more. In commercetools nothing was changed.")
    output.json({"forgotten": key})
