"""commercetools: are we let in, and to all that we need."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from clients.commercetools.auth import TokenMint
from clients.commercetools.sections import Area, areas_of
from clients.commercetools.settings import ShopSettings
from clients.commercetools.source import Kind, ShopSource
from clients.deadline import Call
from clients.errors import CredentialsRefused, PlatformError, ScopeMissing
from clients.wire.http import Http
from clients.wire.retry import OneRetry
from sync.doctor.clocks import clock_finding
from sync.doctor.findings import Finding, failed, ok, warning
from sync.settings import CLIENT_ID, CLIENT_SECRET, SCOPES

COST: Final[dict[Area, str]] = {
    Area.CUSTOMERS: "no customer can be read: nothing works",
    Area.ORDERS: "no order and no cart can be read: nothing works",
    Area.PAYMENTS: "nothing is known of payments and refunds: no payment events, no payment status",
    Area.STATES: "the shop's own states of an order are not known: no workflow_state_entered",
    Area.CUSTOMER_GROUPS: "customer groups are not known: no group_changed",
    Area.DISCOUNT_CODES: "discount codes are not known",
}
NEEDED: Final = frozenset({Area.CUSTOMERS, Area.ORDERS})


def shop_findings(
    settings: ShopSettings, source: ShopSource, http: Http, *, call: Callable[[], Call], now: Callable[[], datetime]
) -> Iterator[Finding]:
    """Token, scopes, and one small question."""
    try:
        token = TokenMint(settings, http, retry=OneRetry())(call())
    except PlatformError as error:
        yield failed("commercetools", f"no token: {error.reason}", _fix(error))
        return
    yield from scope_findings(areas_of(token.scopes, settings.project_key), settings.project_key)
    try:
        page = source.listed(Kind.ORDER, limit=1, call=call())
    except PlatformError as error:
        yield failed("commercetools", f"orders cannot be read: {error.reason}", _fix(error))
        return
    yield ok("commercetools", f"project {settings.project_key} can be read")
    if page.answered_at is not None:
        yield clock_finding("commercetools", page.answered_at, now())


def scope_findings(granted: frozenset[Area], project_key: str) -> Iterator[Finding]:
    """Each scope that lacks, and what that costs."""
    lacking = [area for area in COST if area not in granted]
    for area in lacking:
        scope = f"view_{area.value}:{project_key}"
        finding = failed if area in NEEDED else warning
        yield finding(f"scope {scope}", COST[area], f"Give it to the API client, and add it to {SCOPES.name}")
    if not lacking:
        yield ok("scopes", "all that are of use")


def _fix(error: PlatformError) -> str:
    if isinstance(error, CredentialsRefused):
        return f"Check {CLIENT_ID.name} and {CLIENT_SECRET.name}, and that the project is not suspended"
    if isinstance(error, ScopeMissing):
        return f"{SCOPES.name} must name only scopes that the API client has"
    return "See whether commercetools can be reached from this machine (https://status.commercetools.com)"
