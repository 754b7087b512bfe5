"""Days and moments on the command line."""

from __future__ import annotations

from datetime import UTC, datetime

import click


class Moment(click.ParamType[datetime]):
    """A day (2026-11-01) or a moment (2026-11-01T12:00:00+01:00) in the past; without a time zone it is UTC."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
        except ValueError:
            self.fail("is no date: write 2026-11-01 or 2026-11-01T12:00:00Z", param, ctx)
        moment = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        if moment > datetime.now(UTC):
            self.fail("lies in the future", param, ctx)
        return moment
