"""Dead letters as somebody looks for them, and what is decided about many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Literal, Protocol, TypeAlias

from psycopg import Connection
from psycopg.rows import class_row

from sync.storage import audit
from sync.storage.dead_letters import MOST_AT_ONCE, DeadLetter, State, discard_all, replay_all
from sync.storage.statements import statement

PAGE: Final = 50
COMMAND_LINE: Final = "command line"  # who decided, in the audit log, if it was no admin in a page
MOST: Final = 5_000  # that are decided about with one click

Act: TypeAlias = Literal["replay", "discard"]
_ACTIONS: Final[dict[Act, str]] = {"replay": "dead_letters_replayed", "discard": "dead_letters_discarded"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What is None may be anything. `text`: anywhere in ids, reason, note and the platform's answer."""

    state: State | None = "open"
    part: str | None = None
    reason: str | None = None
    subject: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page, the newest first. `older`: where the next one begins."""

    letters: tuple[DeadLetter, ...]
    count: int
    older: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How many there are of one kind."""

    state: State
    part: str
    reason: str
    letters: int


class Storage(Protocol):
    def transaction(self) -> AbstractContextManager[Connection]:
        """Committed at the end of the block. Raises what storage raises."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """`left`: those that were not open any more, or cannot be tried again."""

    done: tuple[int, ...]
    left: tuple[int, ...]


def find_letters(
    connection: Connection, installation: str, wanted: Filter, *, before: int | None = None, limit: int = PAGE
) -> Found:
    named = _named(installation, wanted)
    letters = _letters(connection, named | {"before": before, "limit": limit + 1})
    row = connection.execute(statement("console", "count_letters"), named).fetchone()
    assert row is not None
    older = letters[limit - 1].id if len(letters) > limit else None
    return Found(letters=letters[:limit], count=int(row[0]), older=older)


def ids_of_letters(connection: Connection, installation: str, wanted: Filter, *, limit: int = MOST) -> tuple[int, ...]:
    """Of all that are open and are what is looked for, the oldest first."""
    named = _named(installation, wanted) | {"state": "open", "before": None, "limit": limit}
    return tuple(letter.id for letter in reversed(_letters(connection, named)))


def find_letter(connection: Connection, installation: str, id_: int) -> DeadLetter | None:
    """None also for another installation's."""
    with connection.cursor(row_factory=class_row(DeadLetter)) as cursor:
        return cursor.execute(statement("console", "letter"), {"installation": installation, "id": id_}).fetchone()


def kinds_of_letters(connection: Connection, installation: str) -> tuple[Kind, ...]:
    """Those with the most letters first."""
    with connection.cursor(row_factory=class_row(Kind)) as cursor:
        return tuple(cursor.execute(statement("console", "kinds_of_letters"), {"installation": installation}))


def decide(
    database: Storage,
    installation: str,
    act: Act,
    ids: Sequence[int],
    *,
    admin_id: str,
    note: str | None,
    now: Callable[[], datetime],
) -> Decided:
    """Of this installation's letters alone. Hundreds in a transaction, in which the audit log says so as well: what
    was decided when the database goes stays decided, and the rest may be decided once more.
    """
    done: list[int] = []
    for part in _parts(tuple(dict.fromkeys(ids))):
        with database.transaction() as connection:
            decided = (replay_all if act == "replay" else discard_all)(
                connection, installation, part, now=now(), note=note
            )
            if decided:
                detail = {"letters": [letter.id for letter in decided], **({"note": note} if note else {})}
                audit.note(connection, installation, admin_id=admin_id, action=_ACTIONS[act], detail=detail, now=now())
        done += [letter.id for letter in decided]
    gone = set(done)
    return Decided(done=tuple(done), left=tuple(id_ for id_ in dict.fromkeys(ids) if id_ not in gone))


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), MOST_AT_ONCE):
        yield ids[start : start + MOST_AT_ONCE]


def _letters(connection: Connection, named: dict[str, Any]) -> tuple[DeadLetter, ...]:
    with connection.cursor(row_factory=class_row(DeadLetter)) as cursor:
        return tuple(cursor.execute(statement("console", "letters"), named))


def _named(installation: str, wanted: Filter) -> dict[str, Any]:
    text = wanted.text and f"%{_literal(wanted.text)}%"
    return asdict(wanted) | {"installation": installation, "text": text}


def _literal(text: str) -> str:
    """LIKE takes it as it is written."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
