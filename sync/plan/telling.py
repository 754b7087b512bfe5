"""Which milestones of one resource are told now, and what the ledger remembers of all of them.

A milestone gets its status once. What was there before we came is the baseline: milestones whose own time is before
`since`, and those without a time of their own of anything that is itself older. This is asked when something is
seen for the first time (the resource, or a part of it that could not be read before): what appears later happened
while we watched, whatever time it carries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from commerce.milestones import Milestone, MilestoneName
from sync.mapping.events import EVENTS
from sync.plan.subject import LedgerRow, Said, Status

_PART_OF: Final[Mapping[MilestoneName, str]] = {
    MilestoneName.PAYMENT_AUTHORISED: "payments",
    MilestoneName.PAYMENT_CAPTURED: "payments",
    MilestoneName.PAYMENT_FAILED: "payments",
    MilestoneName.REFUND_ISSUED: "payments",
    MilestoneName.CHARGED_BACK: "payments",
    MilestoneName.PARCEL_SHIPPED: "shippings",
    MilestoneName.DELIVERY_SHIPPED: "shippings",
    MilestoneName.RETURN_REQUESTED: "returns",
    MilestoneName.RETURN_RECEIVED: "returns",
    MilestoneName.RETURN_REFUNDED: "returns",
}
_TOLD: Final = frozenset({Status.PLANNED, Status.CONFIRMED, Status.BASELINE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Since when things are told. `born_at`: when the resource itself came to be (an order: was placed).

    `seen_before`: None at first sight of the resource, else the parts that could be read then. `is_loud`: the
    baseline is told as well, as far as it is not older than `since`.
    """

    since: datetime
    born_at: datetime
    seen_before: frozenset[str] | None
    is_loud: bool = False


def due(found: Iterable[Milestone], row: LedgerRow, watch: Watch) -> tuple[tuple[Milestone, ...], dict[str, Status]]:
    """The milestones to be told, oldest first, and the status of every other one that is new."""
    told: list[Milestone] = []
    statuses = dict(row.milestones)
    in_order = sorted(found, key=lambda each: (happened_at(each), not each.is_durable, each.key))
    for milestone in in_order:
        status = statuses.get(milestone.key)
        if status is not None and not (status is Status.BASELINE and _is_told_loudly(milestone, watch)):
            continue
        statuses[milestone.key] = _first_status(milestone, statuses, watch)
        if statuses[milestone.key] is Status.PLANNED:
            told.append(milestone)
    statuses |= dict.fromkeys(_implied(in_order, statuses), Status.SKIPPED)
    new = {key: status for key, status in statuses.items() if row.milestones.get(key) is not status}
    return tuple(told), new


def happened_at(milestone: Milestone) -> datetime:
    """When it happened, by the best knowledge that there is."""
    moment = milestone.occurred_at or milestone.noticed_at
    assert moment is not None  # commerce.entries gives every milestone a time to stand in
    return moment


def with_message_times(found: Iterable[Milestone], said: Iterable[Said], *, now: datetime) -> Iterator[Milestone]:
    """Milestones without a time of their own get that of the newest message that tells of them."""
    heard = tuple(said)
    for milestone in found:
        types = EVENTS[milestone.name].messages
        times = [each.at for each in heard if each.message_type in types]
        if milestone.occurred_at is None and times:
            yield replace(milestone, noticed_at=min(max(times), now))
        else:
            yield milestone


def _first_status(milestone: Milestone, statuses: Mapping[str, Status], watch: Watch) -> Status:
    if any(statuses.get(key) in _TOLD for key in milestone.told_by):
        return Status.SKIPPED
    return Status.BASELINE if _is_history(milestone, watch) else Status.PLANNED


def _is_history(milestone: Milestone, watch: Watch) -> bool:
    part = _PART_OF.get(milestone.name)
    is_new_to_us = watch.seen_before is None or (part is not None and part not in watch.seen_before)
    return is_new_to_us and _is_before_us(milestone, watch)


def _is_before_us(milestone: Milestone, watch: Watch) -> bool:
    """By its own time, else by that of what it happened to: nothing happens to an order before it is placed."""
    return (milestone.occurred_at or watch.born_at) < watch.since


def _is_told_loudly(milestone: Milestone, watch: Watch) -> bool:
    return watch.is_loud and milestone.is_durable and not _is_before_us(milestone, watch)


def _implied(found: Iterable[Milestone], statuses: Mapping[str, Status]) -> set[str]:
    """Steps that lie behind what was found, and were never told: from now on they never will be."""
    reached = {_step(key) for key in statuses}
    return {key for milestone in found for key in milestone.implies if _step(key) not in reached}


def _step(key: str) -> str:
    """A key without the version that it was seen in."""
    return key.partition("@")[0]
