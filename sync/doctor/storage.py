"""The database and the queue in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from psycopg import Connection

from sync.doctor.clocks import clock_finding
from sync.doctor.findings import Finding, failed, ok, warning
from sync.storage.installations import InstallationRow
from sync.storage.schema import missing
from sync.storage.state import QueueState, open_dead_letters, queue_state, server_state

OLDEST_SERVER: Final = 140000
LONG_WAIT: Final = timedelta(minutes=5)


def server_findings(connection: Connection, *, embedded: bool, now: datetime) -> Iterator[Finding]:
    """The server itself."""
    state = server_state(connection)
    kind = "embedded" if embedded else "external"
    version = f"PostgreSQL {state.version // 10_000}, {kind}"
    if state.version < OLDEST_SERVER:
        yield failed("database", version, "Use PostgreSQL 14 or newer")
    else:
        yield ok("database", version)
    if steps := missing(connection):
        yield warning("tables", f"{len(steps)} steps behind this version", "They are made when a worker starts")
    else:
        yield ok("tables", "as this version needs them")
    yield clock_finding("database", state.now, now)


def installation_findings(row: InstallationRow) -> Iterator[Finding]:
    """What the installation remembers of its troubles."""
    if row.events_stopped_reason is None:
        yield ok("events", f"sent of what happened since {row.live_since:%Y-%m-%d %H:%M} UTC")
    else:
        yield failed("events", f"stopped: {row.events_stopped_reason}", "python -m sync events start")
    for neighbour, refusal in row.refused.items():
        yield failed(
            f"worker at {neighbour}",
            f"not let in since {refusal.get('since', '?')}: {refusal.get('reason', '?')}",
            "Mend the credentials and restart the worker; nothing was lost",
        )


def work_findings(connection: Connection, installation: str, *, now: datetime) -> Iterator[Finding]:
    """What waits, and for whom."""
    yield from queue_findings(queue_state(connection, installation), now=now)
    letters = open_dead_letters(connection, installation)
    if not letters:
        yield ok("dead letters", "none")
        return
    most = ", ".join(f"{count} of {part} ({reason})" for (part, reason), count in list(letters.items())[:3])
    yield warning("dead letters", f"{sum(letters.values())} open: {most}", "python -m sync dead-letters list")


def queue_findings(queue: QueueState, *, now: datetime) -> Iterator[Finding]:
    """Workers, and what they have before them."""
    if queue.workers:
        yield ok("workers", f"{queue.workers} at work")
    else:
        yield warning("workers", "none gives a sign of life", "python -m sync worker")
    if queue.stalled:
        fix = "A running worker takes them over within seconds; see why the other one ended"
        yield warning("stalled jobs", f"{queue.stalled} of workers that are gone", fix)
    found = f"{queue.waiting} waiting, {queue.running} running, {queue.retrying} to be tried again"
    waits = now - queue.waiting_since if queue.waiting_since else timedelta()
    if waits > LONG_WAIT:
        minutes = int(waits.total_seconds() // 60)
        yield warning("queue", f"{found}; the oldest waits for {minutes} minutes", _why(queue))
    else:
        yield ok("queue", found)


def _why(queue: QueueState) -> str:
    if not queue.workers:
        return "Start a worker"
    return "A backfill takes its time; otherwise see the dead letters and the worker's log, or start another worker"
