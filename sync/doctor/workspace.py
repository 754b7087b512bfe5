"""Intercom: the right workspace, its attributes, and what it allows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from clients.deadline import Call
from clients.errors import CredentialsRefused, PlatformError
from clients.intercom.announcements import Announcement
from clients.intercom.calls import Intercom
from clients.intercom.settings import IntercomSettings
from clients.intercom.spending import Allowance
from sync.attributes import Difference, read_difference
from sync.conversations.attributes import ConversationDifference, read_conversation_difference
from sync.doctor.clocks import clock_finding
from sync.doctor.findings import Finding, failed, ok, warning
from sync.mapping.budget import MOST_ATTRIBUTES
from sync.mapping.rules import SyncMapping
from sync.preflight import workspace_problems
from sync.settings import ACCESS_TOKEN

WINDOW: Final = 10  # seconds for which Intercom's limit counts
ALMOST_FULL: Final = 0.9


def workspace_findings(
    intercom: Intercom,
    allowance: Allowance,
    settings: IntercomSettings,
    mapping: SyncMapping,
    *,
    wanted: str | None,
    known: str | None,
    call: Callable[[], Call],
    now: Callable[[], datetime],
) -> Iterator[Finding]:
    """`wanted`: the workspace that the environment names; `known`: the one that the database was filled for."""
    try:
        workspace = intercom.me(call=call())
        if problems := workspace_problems(workspace, settings, wanted=wanted, known=known):
            yield from (failed("Intercom", f"{each.name} {each.wrong}", each.fix) for each in problems)
            return
        yield ok("Intercom", f"workspace {workspace.id} ({workspace.name or 'no name'}, {workspace.region or '?'})")
        if (heard := allowance.heard) is not None:
            yield from announced_findings(heard, now=now())
        yield from attribute_findings(mapping, read_difference(intercom, mapping, call=call))
        if mapping.conversations.is_on:
            found = read_conversation_difference(intercom, mapping.conversations, call=call)
            yield from conversation_findings(mapping, found)
    except PlatformError as error:
        yield failed("Intercom", error.reason, _fix(error))


def announced_findings(heard: Announcement, *, now: datetime) -> Iterator[Finding]:
    """What the last answer said about the limit, and about the time."""
    if heard.limit is not None:
        left = "" if heard.remaining is None else f", {heard.remaining} left in this window"
        yield ok("limit", f"{heard.limit} calls in {WINDOW} seconds{left}")
    if heard.date is not None:
        yield clock_finding("Intercom", datetime.fromtimestamp(heard.date, UTC), now)


def attribute_findings(mapping: SyncMapping, found: Difference) -> Iterator[Finding]:
    """What the mapping names, against what the workspace has."""
    for fault in found.faults:
        yield failed(f"mapping line {fault.line}", f"{fault.key} {fault.message}", fault.fix)
    if found.missing:
        names = _names([rule.name for rule in found.missing])
        yield warning("attributes", f"not in the workspace yet: {names}", "The worker makes them when it starts")
    if found.archived:
        names = _names([attribute.name for attribute in found.archived])
        yield warning("attributes", f"archived: {names}", "The worker brings them back when it starts")
    if mapping.attributes and found.is_none:
        yield ok("attributes", f"all {len(mapping.attributes)} of the mapping are there")
    room = f"{found.in_use} of {MOST_ATTRIBUTES} in use"
    if found.in_use >= MOST_ATTRIBUTES * ALMOST_FULL:
        yield warning("room for attributes", room, "Archive attributes that nobody uses any more")
    else:
        yield ok("room for attributes", room)


def conversation_findings(mapping: SyncMapping, found: ConversationDifference) -> Iterator[Finding]:
    """What the mapping names for conversations, against what the workspace has."""
    for fault in found.faults:
        yield failed(f"mapping line {fault.line}", f"{fault.key} {fault.message}", fault.fix)
    if found.missing:
        names = _names([rule.name for rule in found.missing])
        yield warning(
            "conversation attributes", f"not in the workspace yet: {names}", "The worker makes them when it starts"
        )
    elif mapping.conversations.attributes and not found.faults:
        count = len(mapping.conversations.attributes)
        yield ok("conversation attributes", f"all {count} of the mapping are there")


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more


def _fix(error: PlatformError) -> str:
    if isinstance(error, CredentialsRefused):
        return f"Check {ACCESS_TOKEN.name}: {ACCESS_TOKEN.fix}; a token is worth nothing in another region"
    return "See whether Intercom can be reached from this machine (https://www.intercomstatus.com)"
