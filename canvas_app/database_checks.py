"""What `/readyz` says about the sync's side: the database, and whether Intercom still lets the worker in.

The panel answers without either, so they make nobody unready: they are named as degraded.
"""

from __future__ import annotations

from canvas_app.database import PanelDatabase
from canvas_app.health import Check
from clients.deadline import Call
from clients.errors import Refused
from sync.storage.installations import SINGLE, load_installation


class LockedOut(Refused):
    """The worker was refused by a neighbour, for the reason that is its `reason_code`."""

    def __init__(self, reason_code: str) -> None:
        super().__init__("the worker was refused")
        self.reason_code = reason_code


def database_checks(database: PanelDatabase) -> tuple[Check, ...]:
    """For one workspace."""

    def answers(call: Call) -> None:
        database.check(lambda connection: connection.execute("SELECT 1"), call=call)

    def intercom_lets_us_in(call: Call) -> None:
        row = database.check(lambda connection: load_installation(connection, SINGLE), call=call)
        refusal = row.refused.get("intercom") if row else None
        if refusal is not None:
            raise LockedOut(refusal["reason"])

    return (
        Check("database", answers, essential=False),
        Check("intercom", intercom_lets_us_in, essential=False),
    )
