"""`python -m sandbox`: one address, and nothing left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.demo import DEFAULT_PORT
from sandbox.product import Product, ProductFailed

ROOT = Path(__file__).parents[2]

StartDemo = Callable[..., Any]


def children_of(pid: int) -> set[int]:
    """Every process that `pid` started, and those that they started."""
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found |= {child} | children_of(child)
    return found


def alive(pids: set[int]) -> set[int]:
    """Those that still run. One that has ended may stay listed until its parent, or init, takes note of it."""
    return {pid for pid in pids if _state(pid) not in ("", "Z", "X")}


def server_in(place: Path) -> int:
    """The process of the database server; 0 while there is none, below 0 while its directory is being made."""
    with contextlib.suppress(OSError, IndexError, ValueError):
        return int((place / "var" / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    return 0


def _state(pid: int) -> str:
    """The letter of /proc/<pid>/stat behind the name; "" for a process that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_being_stopped_is_success_and_leaves_nobody_behind(start_demo: StartDemo, signum: signal.Signals) -> None:
    demo = start_demo("--port", "0")
    assert requests.get(demo.url, timeout=30).status_code == 200
    started = children_of(demo.process.pid)
    assert len(started) >= 2, "gunicorn's master and its worker"
    demo.process.send_signal(signum)
    assert demo.process.wait(60) == 0
    assert alive(started) == set()


def test_being_stopped_later_ends_the_database_as_well(start_demo: StartDemo) -> None:
    demo = start_demo("--port", "0")
    place = ROOT / "var" / "demo" / demo.url.split(":")[2].split("/")[0]
    until = time.monotonic() + 60
    while (server := server_in(place)) <= 0 and time.monotonic() < until:
        time.sleep(0.1)
    assert alive({server}) == {server}
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(60) == 0
    assert (alive({server}), (place / "var").exists()) == (set(), False)


def test_a_default_port_that_is_taken_is_replaced_and_said_so(start_demo: StartDemo) -> None:
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):  # then somebody else holds it, which is as good
            holder.bind(("127.0.0.1", DEFAULT_PORT))
            holder.listen()
        demo = start_demo()
        assert f":{DEFAULT_PORT}/" not in demo.url
        assert f"Port {DEFAULT_PORT} is taken" in demo.said


def test_a_chosen_port_that_is_taken_is_an_error() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken = str(holder.getsockname()[1])
        ended = subprocess.run(
            [sys.executable, "-m", "sandbox", "--port", taken], cwd=ROOT, capture_output=True, text=True, timeout=60
        )
    assert ended.returncode == 1
    assert f"Port {taken} cannot be used" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_product_that_dies_ends_the_demo_with_its_last_lines(start_demo: StartDemo) -> None:
    demo = start_demo("--port", "0")
    children = children_of(demo.process.pid)
    for pid in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert demo.process.wait(60) == 1


def test_a_product_that_cannot_start_says_why(tmp_path: Path) -> None:
    with (
        Product.started({"PATH": os.environ["PATH"]}, tmp_path / "product.log") as product,
        pytest.raises(ProductFailed, match=r"status 2[\s\S]*CTP_PROJECT_KEY"),
    ):
        product.wait_until_ready(threading.Event())


def test_help_names_the_port() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "sandbox", "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert "--port" in said.stdout
