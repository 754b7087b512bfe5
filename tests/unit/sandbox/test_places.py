"""A demo's directory: empty at every start, its own while it runs, gone when the next demo starts."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from sandbox.places import a_place


def test_a_place_is_empty_at_every_start(tmp_path: Path) -> None:
    with a_place("8700", demos=tmp_path) as place:
        (place / "var" / "postgres").mkdir(parents=True)
        (place / "sync.log").write_text("old")
    with a_place("8700", demos=tmp_path) as again:
        assert [each.name for each in again.iterdir()] == [".in-use"]


def test_the_logs_outlive_the_demo_and_the_database_does_not(tmp_path: Path) -> None:
    with a_place("8700", demos=tmp_path) as place:
        (place / "var").mkdir()
        (place / "sync.log").write_text("kept")
    assert sorted(each.name for each in place.iterdir()) == [".in-use", "sync.log"]


def test_a_demo_that_runs_is_left_alone(tmp_path: Path) -> None:
    with a_place("8700", demos=tmp_path) as first, a_place("8701", demos=tmp_path):
        assert first.exists()


def test_what_is_left_of_earlier_demos_is_removed(tmp_path: Path) -> None:
    (tmp_path / "product-1234.log").write_text("old")
    (tmp_path / "1234" / "var" / "postgres").mkdir(parents=True)
    with a_place("8700", demos=tmp_path):
        assert [each.name for each in tmp_path.iterdir()] == ["8700"]


def test_a_database_server_that_a_kill_left_running_is_stopped(tmp_path: Path) -> None:
    data = tmp_path / "1234" / "var" / "postgres"
    data.mkdir(parents=True)
    server = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"], cwd=data, stderr=subprocess.DEVNULL
    )
    (data / "postmaster.pid").write_text(f"{server.pid}\n{data}\n")
    until = time.monotonic() + 5
    while Path(f"/proc/{server.pid}/cwd").resolve() != data.resolve() and time.monotonic() < until:
        time.sleep(0.01)
    with a_place("8700", demos=tmp_path):
        assert server.wait(5) != 0
    assert not data.exists()


def test_a_database_that_is_just_being_started_is_stopped(tmp_path: Path) -> None:
    with a_place("8700", demos=tmp_path) as place:
        data = place / "var" / "postgres"
        sleeping = [sys.executable, "-c", "import time; time.sleep(60)", str(data)]
        starter = subprocess.Popen(sleeping, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 5
        while str(data).encode() not in Path(f"/proc/{starter.pid}/cmdline").read_bytes() and time.monotonic() < until:
            time.sleep(0.01)
    assert starter.wait(5) != 0


def test_a_process_that_works_elsewhere_is_left_alone(tmp_path: Path) -> None:
    data = tmp_path / "1234" / "var" / "postgres"
    data.mkdir(parents=True)
    with subprocess.Popen([sys.executable, "-c", "input()", f"{data}-other"], stdin=subprocess.PIPE) as other:
        (data / "postmaster.pid").write_text(f"{other.pid}\n")
        with a_place("8700", demos=tmp_path):
            assert other.poll() is None
        other.communicate(b"\n")
