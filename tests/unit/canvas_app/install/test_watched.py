"""A backfill as its page shows it: rate and remaining time from what was seen, and what it is held by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from canvas_app.install.settings.backfill import QUIET, watched
from canvas_app.install.settings.paces import Paces
from sync.storage.backfills import BackfillRow

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def row(**more: Any) -> BackfillRow:
    values: dict[str, Any] = {
        "id": 1,
        "options": {"since": None},
        "position": {"stage": "orders", "after": None},
        "done": 100,
        "total": 400,
        "started_at": NOW - timedelta(hours=1),
        "updated_at": NOW,
        "finished_at": None,
        "wanted": "running",
        "held": None,
    }
    return BackfillRow(**(values | more))


def test_the_rate_is_told_from_two_looks() -> None:
    paces = Paces()
    assert paces.rate(row(done=100, updated_at=NOW)) is None
    assert paces.rate(row(done=150, updated_at=NOW + timedelta(seconds=10))) == 5.0


def test_a_new_stage_has_a_rate_of_its_own() -> None:
    paces = Paces()
    paces.rate(row(done=100))
    assert paces.rate(row(done=3, position={"stage": "carts"}, updated_at=NOW + timedelta(seconds=5))) is None


def test_what_stands_still_has_no_rate() -> None:
    paces = Paces()
    assert [paces.rate(row()), paces.rate(row())] == [None, None]


def test_remaining_time_is_of_the_stage() -> None:
    assert watched(row(), rate=2.0, now=NOW).left == timedelta(seconds=150)
    assert watched(row(total=None), rate=2.0, now=NOW).left is None
    assert watched(row(), rate=None, now=NOW).left is None


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, None),
        ({"held": {"waits_for": "shop", "reason": "timed_out"}}, "commercetools does not answer (timed_out)"),
        ({"held": {"waits_for": "workers", "reason": None}}, "Intercom's limit"),
        ({"updated_at": NOW - QUIET * 2}, "is a worker running?"),
        ({"updated_at": NOW - QUIET * 2, "wanted": "paused"}, None),
        ({"updated_at": NOW - QUIET * 2, "finished_at": NOW}, None),
    ],
)
def test_what_it_is_held_by_is_said(more: dict[str, Any], said: str | None) -> None:
    held_by = watched(row(**more), rate=None, now=NOW).held_by
    assert held_by is None if said is None else said in str(held_by)


def test_a_backfill_is_one_of_running_paused_and_finished() -> None:
    shown = [watched(row(**more), rate=None, now=NOW) for more in ({}, {"wanted": "paused"}, {"finished_at": NOW})]
    assert [(each.is_running, each.is_paused, each.is_finished) for each in shown] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]
