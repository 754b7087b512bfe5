"""What sources put down that look at things by the page: what stage 1 and 2 put down for each by itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sync.keeping import Kept
from sync.storage.links import Link
from sync.storage.traces import Trace


def told(type_: str, id_: str, kept: Kept, *, at: datetime, source: str = "backfill") -> Trace:
    """That it was read without a hint, for nobody is woken by it yet."""
    return Trace(
        at=at,
        step="read",
        subject=next(iter(sorted(kept.subjects)), None),
        resource_type=type_,
        resource_id=id_,
        order_number=kept.number,
        detail={
            "found": True,
            "version": kept.version,
            "is_news": kept.stored,
            "subjects": sorted(kept.subjects),
            "hints": [{"source": source}],
        },
    )


def corrected(link: Link, names: Iterable[str], *, at: datetime) -> Trace:
    """That a contact did not hold what was believed, in these attributes and tags."""
    detail = {"contact_id": link.contact_id, "corrected": list(names)}
    return Trace(at=at, step="compared", subject=link.key, detail=detail)
