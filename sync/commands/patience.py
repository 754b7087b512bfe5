"""What commands have in common that take their time: they can be stopped, and do not wait for what cannot come."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from sync.commands.output import CommandFailed
from sync.home import Home
from sync.storage.installations import load_installation
from sync.storage.state import open_backfill_jobs

LOOK_SECONDS: Final = 0.5  # between two looks whether the workers are done


def require_let_in(home: Home) -> None:
    """Raises `CommandFailed` when a platform refuses the workers: what is queued then waits for a person."""
    with home.database.transaction() as connection:
        row = load_installation(connection, home.row.id)
    if row is not None and row.refused:
        who = ", ".join(f"{neighbour} ({refusal.get('reason')})" for neighbour, refusal in row.refused.items())
        raise CommandFailed(f"Not let in any more by {who}. Nothing is lost: mend it, and start a worker.")


def until_worked_off(home: Home, stop: threading.Event) -> bool:
    """Waits until workers have done what was queued behind live changes; false when it was stopped before."""
    while not stop.is_set():
        with home.database.transaction() as connection:
            if open_backfill_jobs(connection, home.row.id) == 0:
                return True
        require_let_in(home)
        stop.wait(LOOK_SECONDS)
    return False


@contextmanager
def stopping(stop: threading.Event) -> Iterator[None]:
    """Ctrl-C and SIGTERM end it in good order; a second one ends it anyhow."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
