"""The benchmarks run: real processes, next to no load, figures that mean nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
PANEL = ("cold", "warm", "crowd", "broken-shop", "outage", "memory", "pieces")
SYNC = ("hints", "ingest", "queue", "visible", "allowance", "backfill")


def benchmarks(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def crowd() -> dict[str, Any]:
    ended = benchmarks("--quick", "--only", "crowd", "--json", "-")
    assert ended.returncode == 0, ended.stderr
    written: dict[str, Any] = json.loads(ended.stdout)
    return written


def test_fifty_agents_at_once_cost_the_shop_one_request(crowd: dict[str, Any]) -> None:
    asked = next(figure for figure in crowd["figures"] if figure["what"].startswith("requests to the shop"))
    assert (asked["value"], asked["met"]) == (1, True)


def test_the_results_say_what_they_were_measured_on(crowd: dict[str, Any]) -> None:
    assert crowd["surroundings"]["cores"] == os.cpu_count()


def test_the_help_names_every_scenario() -> None:
    ended = benchmarks("--help")
    assert ended.returncode == 0
    assert all(name in ended.stdout for name in (*PANEL, *SYNC))


def test_a_scenario_that_does_not_exist_is_refused() -> None:
    ended = benchmarks("--only", "everything")
    assert ended.returncode == 2
    assert "everything" in ended.stderr
