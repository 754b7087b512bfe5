"""The backfill: asked for here, carried out by a worker, watched here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from flask import Blueprint, Response, request

from canvas_app.install.settings.changing import connected, noted
from canvas_app.install.settings.paces import Paces
from canvas_app.pages.rendering import go_to, render
from canvas_app.pages.site import site
from sync.sources.requested import pause_backfill, request_backfill, resume_backfill
from sync.storage.backfills import BackfillRow, newest_backfill

QUIET: Final = timedelta(seconds=30)  # without a sign of progress, nobody seems to be at work
STAGES: Final = (
    ("customers", "Read customers"),
    ("orders", "Read orders"),
    ("carts", "Read carts"),
    ("subjects", "Bring contacts up to date"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A backfill as the page shows it. `rate` is of the present stage, a second; `left` while it can be told."""

    row: BackfillRow
    stage: str
    title: str
    number: int
    rate: float | None
    left: timedelta | None
    held_by: str | None

    @property
    def is_finished(self) -> bool:
        return self.row.finished_at is not None

    @property
    def is_paused(self) -> bool:
        return not self.is_finished and self.row.wanted == "paused"

    @property
    def is_running(self) -> bool:
        return not self.is_finished and not self.is_paused


def register(blueprint: Blueprint) -> None:
    pages = _Pages(Paces())
    blueprint.add_url_rule("/backfill", "backfill", pages.show)
    blueprint.add_url_rule("/backfill/progress", "backfill_progress", pages.progress)
    blueprint.add_url_rule("/backfill", "backfill_start", pages.start, methods=["POST"])
    blueprint.add_url_rule("/backfill/pause", "backfill_pause", _pause, methods=["POST"])
    blueprint.add_url_rule("/backfill/resume", "backfill_resume", _resume, methods=["POST"])


class _Pages:
    def __init__(self, paces: Paces) -> None:
        self._paces = paces

    def show(self) -> Response:
        return self._page()

    def progress(self) -> Response:
        """The part of the page that changes."""
        return render("settings/backfill_progress.html", watched=self._watched(connected().id), stages=STAGES)

    def start(self) -> Response:
        at = connected()
        try:
            since = _day(request.form.get("since", "").strip())
        except ValueError:
            return self._page("Give a day such as 2026-01-31, or leave it empty.", 422)
        if since is not None and since > site().now():
            return self._page("This day is in the future.", 422)
        with site().storage.transaction() as connection:
            request_backfill(connection, at.id, now=site().now(), since=since)
            noted(connection, "backfill_started", {"since": since.date().isoformat() if since else None})
        return go_to("settings.backfill", say="Started. A worker takes it up within seconds.")

    def _page(self, wrong: str | None = None, status: int = 200) -> Response:
        return render(
            "settings/backfill.html",
            status,
            watched=self._watched(connected().id),
            wrong=wrong,
            since=request.form.get("since", "") if wrong else "",
            stages=STAGES,
        )

    def _watched(self, installation: str) -> Watched | None:
        with site().storage.transaction() as connection:
            row = newest_backfill(connection, installation)
        if row is None:
            return None
        return watched(row, rate=self._paces.rate(row), now=site().now())


def _pause() -> Response:
    at = connected()
    with site().storage.transaction() as connection:
        if is_paused := pause_backfill(connection, at.id):
            noted(connection, "backfill_paused", {})
    if not is_paused:
        return go_to("settings.backfill", say="There was nothing to pause.", tone="info")
    return go_to("settings.backfill", say="Paused. It stops after the page that it is at.")


def _resume() -> Response:
    at = connected()
    with site().storage.transaction() as connection:
        if goes_on := resume_backfill(connection, at.id):
            noted(connection, "backfill_resumed", {})
    if not goes_on:
        return go_to("settings.backfill", say="There was nothing to resume.", tone="info")
    return go_to("settings.backfill", say="It goes on where it was.")


def _day(text: str) -> datetime | None:
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC) if text else None


def watched(row: BackfillRow, *, rate: float | None, now: datetime) -> Watched:
    """How far it has come, as its row says. Pure."""
    stage = str(row.position.get("stage", STAGES[0][0]))
    names = [name for name, _ in STAGES]
    number = names.index(stage) if stage in names else 0
    return Watched(
        row=row,
        stage=stage,
        title=STAGES[number][1],
        number=number,
        rate=rate,
        left=_left(row, rate),
        held_by=_held_by(row, now),
    )


def _left(row: BackfillRow, rate: float | None) -> timedelta | None:
    """Of the present stage; None while it cannot be told."""
    if not rate or row.total is None or row.total <= row.done:
        return None
    return timedelta(seconds=round((row.total - row.done) / rate))


def _held_by(row: BackfillRow, now: datetime) -> str | None:
    if row.finished_at is not None or row.wanted == "paused":
        return None
    match row.held:
        case {"waits_for": "shop", "reason": reason}:
            return f"commercetools does not answer ({reason})"
        case {"waits_for": "workers"}:
            return "the workers have enough to do: Intercom's limit decides how fast they are"
    if now - row.updated_at > QUIET:
        return "nobody seems to be at work: is a worker running?"
    return None
