"""What may be used only once: the state of a sign-in, a link that lets somebody in."""

from __future__ import annotations

from datetime import datetime

from psycopg import Connection

from sync.storage.statements import statement


def use(connection: Connection, digest: bytes, *, expires: datetime, now: datetime) -> bool:
    """Whether it is good: not expired, and never used before. `digest`: of the thing itself, which is not kept.

    Of several who use it at once, one succeeds.
    """
    if expires <= now:
        return False
    return connection.execute(statement("once", "use"), {"digest": digest, "expires": expires}).rowcount > 0
