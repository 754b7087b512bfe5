"""What doctor makes of what it sees."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from clients.commercetools.sections import Area
from clients.intercom.resources import Workspace
from clients.intercom.settings import IntercomSettings
from sync.doctor.clocks import clock_finding
from sync.doctor.findings import Level
from sync.doctor.matching import match_finding
from sync.doctor.shop import scope_findings
from sync.doctor.storage import queue_findings
from sync.preflight import workspace_problems
from sync.storage.state import QueueState

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
IDLE = QueueState(waiting=0, retrying=0, running=0, waiting_since=None, workers=1, stalled=0)


def queue(**facts: object) -> list[tuple[Level, str]]:
    values = {"waiting": 0, "retrying": 0, "running": 0, "waiting_since": None, "workers": 1, "stalled": 0} | facts
    return [(each.level, each.what) for each in queue_findings(QueueState(**values), now=NOW)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seconds", "level"), [(0, Level.OK), (4, Level.OK), (90, Level.WARNING), (-90, Level.WARNING)]
)
def test_clocks_that_differ_are_worth_a_word(seconds: int, level: Level) -> None:
    assert clock_finding("Intercom", NOW + timedelta(seconds=seconds), NOW).level is level


def test_a_clock_that_differs_says_to_which_side() -> None:
    assert clock_finding("x", NOW - timedelta(seconds=90), NOW).found == "90 seconds behind ours"


def test_an_idle_queue_is_fine() -> None:
    assert queue() == [(Level.OK, "workers"), (Level.OK, "queue")]


def test_a_queue_that_stands_still_is_a_warning() -> None:
    assert (Level.WARNING, "queue") in queue(waiting=3, waiting_since=NOW - timedelta(minutes=6))


def test_jobs_of_workers_that_are_gone_are_a_warning() -> None:
    assert (Level.WARNING, "stalled jobs") in queue(stalled=2)


def test_all_scopes_are_one_line() -> None:
    assert [each.level for each in scope_findings(frozenset(Area), "shop")] == [Level.OK]


def test_a_scope_that_lacks_costs_what_it_opens() -> None:
    levels = {each.what: each.level for each in scope_findings(frozenset({Area.ORDERS}), "shop")}
    assert levels["scope view_customers:shop"] is Level.FAILED
    assert levels["scope view_payments:shop"] is Level.WARNING


@pytest.mark.parametrize(("found", "level"), [(0, Level.WARNING), (9, Level.WARNING), (10, Level.OK), (20, Level.OK)])
def test_half_of_a_sample_is_enough(found: int, level: Level) -> None:
    assert match_finding("id", sampled=20, with_value=20, found=found).level is level


def test_a_field_that_customers_lack_is_said() -> None:
    assert "8 have no customerNumber" in match_finding("customerNumber", sampled=20, with_value=12, found=0).found


WORKSPACE = Workspace(id="w1", name="Shop", region="EU", time_zone=None, admin_id="1")
EU = IntercomSettings(access_token="t", api_url="https://api.eu.intercom.io")
US = IntercomSettings(access_token="t")
HERE = IntercomSettings(access_token="t", api_url="http://127.0.0.1:1")


@pytest.mark.parametrize("settings", [EU, HERE])
def test_the_right_workspace_has_no_problems(settings: IntercomSettings) -> None:
    assert workspace_problems(WORKSPACE, settings, wanted="w1", known=None) == ()


@pytest.mark.parametrize(
    ("wanted", "known", "words"),
    [("w2", None, "and the variable names w2"), (None, "w2", "and this database was filled for w2")],
)
def test_another_workspace_is_named(wanted: str | None, known: str | None, words: str) -> None:
    (problem,) = workspace_problems(WORKSPACE, EU, wanted=wanted, known=known)
    assert problem.wrong == f"the access token belongs to workspace w1, {words}"


def test_another_region_is_named_with_its_host() -> None:
    (problem,) = workspace_problems(WORKSPACE, US, wanted=None, known=None)
    assert (problem.wrong, problem.fix) == (
        "leads to US, and the workspace is hosted in EU",
        "Use https://api.eu.intercom.io",
    )
