"""Do customers and contacts find each other: a sample of customers, looked up in Intercom by what the mapping says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from clients.commercetools import decode
from clients.commercetools.source import Kind, ShopSource
from clients.deadline import Call
from clients.errors import Merged, NotFound, PlatformError
from clients.intercom.calls import Intercom
from sync.doctor.findings import Finding, ok, warning
from sync.mapping.rules import SyncMapping
from sync.plan.contact import external_id

WHAT: Final = "match rate"
SAMPLE: Final = 20
RECENT: Final = timedelta(days=30)
ENOUGH: Final = 0.5  # of those sampled


def matching_findings(
    source: ShopSource,
    intercom: Intercom,
    mapping: SyncMapping,
    *,
    call: Callable[[], Call],
    now: datetime,
    sample: int = SAMPLE,
) -> Iterator[Finding]:
    """Of customers that changed lately; of any when none did."""
    try:
        ids = _sampled(source, call=call, since=now - RECENT, sample=sample)
        known = [value for id_ in ids if (value := _external_id(source, mapping, id_, call=call))]
        found = sum(_is_known(intercom, value, call=call) for value in known)
    except PlatformError as error:
        yield warning(WHAT, f"could not be sampled: {error.reason}", "See the lines about both platforms")
        return
    yield match_finding(mapping.identity.external_id, sampled=len(ids), with_value=len(known), found=found)


def match_finding(field: str, *, sampled: int, with_value: int, found: int) -> Finding:
    """`with_value`: customers of the sample that have the field at all; `found`: those whom Intercom knows by it."""
    if not sampled:
        return ok(WHAT, "the shop has no customers yet")
    said = f"{found} of {sampled} sampled customers have a contact with their {field} as external_id"
    if with_value < sampled:
        said += f"; {sampled - with_value} have no {field}"
    if found >= sampled * ENOUGH:
        return ok(WHAT, said)
    return warning(
        WHAT,
        said,
        "Before the first backfill that may be so. Otherwise see which field your workspace has as external_id, and"
        " name it in [identity] of the mapping; contacts are also found by e-mail",
    )


def _sampled(source: ShopSource, *, call: Callable[[], Call], since: datetime, sample: int) -> tuple[str, ...]:
    page = source.changed_since(Kind.CUSTOMER, since, limit=sample, call=call())
    if not page.changes:
        page = source.listed(Kind.CUSTOMER, limit=sample, call=call())
    return tuple(change.id for change in page.changes)


def _external_id(source: ShopSource, mapping: SyncMapping, customer_id: str, *, call: Callable[[], Call]) -> str | None:
    if mapping.identity.external_id == "id":
        return customer_id
    node = source.customer(customer_id, call=call())
    return None if node is None else external_id(mapping, decode.customer(decode.Node(node, "customer")))


def _is_known(intercom: Intercom, value: str, *, call: Callable[[], Call]) -> bool:
    try:
        intercom.find_by_external_id(value, call=call())
    except (NotFound, Merged):
        return False
    return True
