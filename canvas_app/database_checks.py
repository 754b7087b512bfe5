"""What `/readyz` says about the sync's side: the database, whether Intercom still lets the worker in, and whether
commercetools delivers where it was told to.

The panel answers without any of it, so nothing here makes anybody unready: it is named as degraded.
"""

from __future__ import annotations

import re

from canvas_app.database import PanelDatabase
from canvas_app.health import Check
from clients.deadline import Call
from clients.errors import Refused
from sync.storage.errors import StorageFault, StorageUnavailable
from sync.storage.installations import SINGLE, load_installation
from sync.storage.schema import missing
from sync.storage.subscriptions import known_subscriptions


class LockedOut(Refused):
    """The worker was refused by a neighbour, for the reason that is its `reason_code`."""

    def __init__(self, reason_code: str) -> None:
        super().__init__("the worker was refused")
        self.reason_code = reason_code


class NotDelivered(Refused):
    """A subscription was not healthy when the worker looked last; the `reason_code` is the vendor's word for it."""

    def __init__(self, health: str) -> None:
        super().__init__("commercetools does not deliver")
        self.reason_code = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", health).lower()


def database_checks(database: PanelDatabase) -> tuple[Check, ...]:
    """For one workspace."""

    def has_its_tables(call: Call) -> None:
        if lacking := database.check(missing, call=call):
            raise StorageFault(f"the database lacks {len(lacking)} steps of its schema")

    def intercom_lets_us_in(call: Call) -> None:
        try:
            row = database.check(lambda connection: load_installation(connection, SINGLE), call=call)
        except (StorageUnavailable, StorageFault):
            return  # nobody knows, and the check of the database says why
        refusal = row.refused.get("intercom") if row else None
        if refusal is not None:
            raise LockedOut(refusal["reason"])

    def commercetools_delivers(call: Call) -> None:
        try:
            known = database.check(lambda connection: known_subscriptions(connection, SINGLE), call=call)
        except (StorageUnavailable, StorageFault):
            return
        if (unhealthy := next((each for each in known or () if not each.is_healthy), None)) is not None:
            raise NotDelivered(unhealthy.health)

    return (
        Check("database", has_its_tables, essential=False),
        Check("intercom", intercom_lets_us_in, essential=False),
        Check("subscription", commercetools_delivers, essential=False),
    )
