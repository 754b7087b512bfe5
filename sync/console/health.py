"""How the two neighbours are, and what keeps this installation from its work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from psycopg import Connection
from psycopg.rows import class_row, dict_row

from sync.console.letters import Kind, kinds_of_letters
from sync.storage.backfills import BackfillRow, newest_backfill
from sync.storage.installations import InstallationRow, Neighbour, load_installation
from sync.storage.statements import statement
from sync.storage.subscriptions import KnownSubscription, known_subscriptions

NEWEST_STEPS: Final = 1_000  # in which a platform's last answer is looked for
LATELY: Final = timedelta(minutes=5)
_POLLS: Final = "poll/"

Condition: TypeAlias = Literal["well", "failing", "refused", "unheard"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """When a source looked last; `name` such as `poll/order`."""

    name: str
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighbourView:
    """`refused`: why it does not let us in, since `refused_since`. `failed_with`: a status or reason code, the last."""

    name: Neighbour
    refused: str | None = None
    refused_since: datetime | None = None
    answered_at: datetime | None = None
    failed_at: datetime | None = None
    failed_with: str | None = None

    def condition(self, now: datetime) -> Condition:
        if self.refused is not None:
            return "refused"
        if self.failed_at and now - self.failed_at < LATELY and self.failed_at > (self.answered_at or self.failed_at):
            return "failing"
        if self.failed_at and self.answered_at is None:
            return "failing"
        return "well" if self.answered_at else "unheard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """`letters`: open dead letters."""

    installation: InstallationRow
    commercetools: NeighbourView
    intercom: NeighbourView
    sources: tuple[Looked, ...]
    subscriptions: tuple[KnownSubscription, ...]
    letters: tuple[Kind, ...]
    backfill: BackfillRow | None


def health(connection: Connection, installation: str, *, now: datetime) -> Health | None:
    """None for an installation that never worked: nothing is on record of it."""
    row = load_installation(connection, installation)
    if row is None:
        return None
    named = {"installation": installation}
    with connection.cursor(row_factory=class_row(Looked)) as cursor:
        sources = tuple(cursor.execute(statement("console", "looks"), named))
    with connection.cursor(row_factory=dict_row) as answers:
        rows = answers.execute(statement("console", "answers"), named | {"now": now, "most": NEWEST_STEPS}).fetchall()
    heard = {each.pop("platform"): each for each in rows}
    polled = max((each.updated_at for each in sources if each.name.startswith(_POLLS)), default=None)
    return Health(
        installation=row,
        commercetools=_neighbour(row, "commercetools", heard.get("commercetools", {}), polled),
        intercom=_neighbour(row, "intercom", heard.get("intercom", {}), None),
        sources=sources,
        subscriptions=known_subscriptions(connection, installation),
        letters=tuple(each for each in kinds_of_letters(connection, installation) if each.state == "open"),
        backfill=newest_backfill(connection, installation),
    )


def _neighbour(
    row: InstallationRow, name: Neighbour, heard: dict[str, datetime | str], looked_at: datetime | None
) -> NeighbourView:
    refusal = row.refused.get(name)
    answered = [each for each in (heard.get("answered_at"), looked_at) if isinstance(each, datetime)]
    failed_at, failed_with = heard.get("failed_at"), heard.get("failed_with")
    return NeighbourView(
        name=name,
        refused=refusal["reason"] if refusal else None,
        refused_since=datetime.fromisoformat(refusal["since"]) if refusal else None,
        answered_at=max(answered, default=None),
        failed_at=failed_at if isinstance(failed_at, datetime) else None,
        failed_with=failed_with if isinstance(failed_with, str) else None,
    )
