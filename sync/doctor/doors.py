"""Who tells us of changes at once: the subscriptions that were made here, and the queue that the worker reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol

from clients.amazon.settings import SqsSettings
from clients.commercetools.subscription import Status
from clients.deadline import Call
from clients.errors import CredentialsRefused, NotFound, PlatformError, Rejected
from sync.doctor.findings import Finding, failed, ok, warning
from sync.mapping.rules import SyncMapping
from sync.storage.subscriptions import KnownSubscription
from sync.subscribing.wanted import wanted

if TYPE_CHECKING:
    from clients.amazon.sqs import QueueState

QUEUE: Final = "SQS queue"
AGAIN: Final = "python -m sync subscribe"
MUCH: Final = 1_000  # messages that wait: a worker takes them faster than a shop makes them


class Health(Protocol):
    def of(self, subscription_id: str, *, call: Call) -> Status | None: ...


def subscription_findings(
    known: Iterable[KnownSubscription],
    mapping: SyncMapping,
    health: Health,
    *,
    due: datetime | None,
    call: Callable[[], Call],
) -> Iterator[Finding]:
    """`due`: since when both sides are to be compared, None when they need not be."""
    needed = frozenset(wanted(mapping.events).messages)
    subscriptions = tuple(known)
    for each in subscriptions:
        yield _health_finding(each, health, call=call)
        if lacking := sorted(needed - set(each.messages)):
            said = f"does not tell {', '.join(lacking)}, which events of the mapping are dated by"
            yield warning(f"subscription {each.key}", said, AGAIN)
    if not subscriptions:
        yield ok("subscription", "none was made here; changes are found by asking each second")
    if due is not None:
        said = f"due since {due:%Y-%m-%d %H:%M} UTC: notifications may have been lost before"
        yield warning("reconcile", said, "A running worker does it by itself")


def _health_finding(known: KnownSubscription, health: Health, *, call: Callable[[], Call]) -> Finding:
    what = f"subscription {known.key}"
    try:
        status = health.of(known.id, call=call())
    except PlatformError as error:
        fix = "See whether commercetools can be reached from this machine"
        return warning(what, f"commercetools does not say how it is: {error.reason}", fix)
    match status:
        case None:
            fix = f"{AGAIN} makes it again; {AGAIN} --forget --key {known.key} has nobody ask any more"
            return warning(what, "was deleted in commercetools", fix)
        case Status.HEALTHY:
            return ok(what, f"healthy, tells {known.destination}")
        case Status.TEMPORARY_ERROR:
            fix = "commercetools goes on trying; see whether the queue is there, and what its cloud says"
            return warning(what, f"commercetools cannot reach {known.destination}", fix)
        case _:
            fix = f"See its policy (docs/doors.md), then {AGAIN} with the same destination: it says more"
            return failed(what, f"commercetools does not deliver to {known.destination}", fix)


def queue_findings(settings: SqsSettings | None) -> Iterator[Finding]:
    """Is it there, what waits in it, and may we empty it."""
    if settings is None:
        return
    from clients.amazon.sqs import DENIED, SqsQueue  # not above: Amazon's library is large, and most have no queue

    queue = SqsQueue(settings)
    try:
        may_delete = queue.may_delete()
        try:
            yield from _depth(queue.state())
        except PlatformError as error:
            if error.code not in DENIED:
                raise
            yield warning(
                QUEUE, "is there, and what waits in it cannot be seen", "Allow sqs:GetQueueAttributes as well"
            )
        if not may_delete:
            yield failed(QUEUE, "messages may not be deleted: they come again and again", "Allow sqs:DeleteMessage")
    except PlatformError as error:
        yield failed(QUEUE, f"cannot be read: {error.reason}", _fix(error))
    finally:
        queue.close()


def _depth(state: QueueState) -> Iterator[Finding]:
    found = f"about {state.waiting + state.delayed} messages waiting, {state.taken} taken"
    if state.waiting > MUCH:
        fix = (
            "See whether a worker runs with this queue; nobody else should fill it (CloudWatch knows the oldest's age)"
        )
        yield warning(QUEUE, found, fix)
    else:
        yield ok(QUEUE, found)
    if state.takes_out is None:
        fix = "Give it a redrive policy (docs/doors.md): what cannot be taken would come again for days"
        yield warning(QUEUE, "has no dead-letter queue", fix)


def _fix(error: PlatformError) -> str:
    match error:
        case CredentialsRefused():
            return "Check the role or the keys of AWS that this runs with"
        case NotFound():
            return "Check SQS_QUEUE_URL, and the region in it"
        case Rejected():
            return "See docs/doors.md, Amazon SQS"
        case _:
            return "See whether Amazon can be reached from this machine"
