"""The product as a process: `gunicorn wsgi:app`, as in production."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import requests

ROOT: Final = Path(__file__).parent.parent
START_LIMIT_S: Final = 30.0
STOP_LIMIT_S: Final = 10.0


class ProductFailed(Exception):
    """The product did not start or did not stay up; the text ends with the last lines of its log."""


class Product:
    """`gunicorn wsgi:app` as a process group of its own."""

    def __init__(self, url: str, process: subprocess.Popen[bytes], log: Path) -> None:
        self.url = url
        self._process = process
        self._log = log

    @classmethod
    @contextmanager
    def started(cls, environment: Mapping[str, str], log: Path, *, app: str = "wsgi:app") -> Iterator[Product]:
        """Running until the block ends; then asked to stop, and killed if it does not within `STOP_LIMIT_S`.

        Another `app` is served under the very same settings.
        """
        log.parent.mkdir(parents=True, exist_ok=True)
        address = f"127.0.0.1:{_free_port()}"
        command = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "gunicorn.conf.py")]
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*command, "--bind", address, app],
                cwd=log.parent,  # not the project's directory: a .env that lies there holds a real shop's credentials
                env={**environment, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            yield cls(f"http://{address}", process, log)
        finally:
            _stop(process)

    @property
    def pid(self) -> int:
        """The master process; the workers are its children."""
        return self._process.pid

    def wait_until_ready(self, stopped: threading.Event) -> float:
        """Seconds until /readyz said yes; returns early when `stopped` is set. Raises `ProductFailed`."""
        began = time.monotonic()
        while not stopped.is_set():
            self.raise_if_ended()
            answer = _readiness(self.url)
            if answer == "ready":
                break
            if time.monotonic() - began > START_LIMIT_S:
                raise ProductFailed(
                    f"The product is not ready after {START_LIMIT_S:.0f} s: {answer}\n{self._last_lines()}"
                )
            stopped.wait(0.1)
        return time.monotonic() - began

    def raise_if_ended(self) -> None:
        """Raise `ProductFailed` with the end of the log when the process is gone."""
        status = self._process.poll()
        if status is not None:
            raise ProductFailed(f"The product ended with status {status}. Its last lines:\n{self._last_lines()}")

    def _last_lines(self) -> str:
        lines = self._log.read_text(errors="replace").splitlines()[-25:]
        return "\n".join(f"  {line}" for line in lines) or "  (none)"


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # the master and its workers
            process.wait()


def _readiness(url: str) -> str:
    """ "ready", or what /readyz says instead."""
    try:
        response = requests.get(f"{url}/readyz", timeout=2)
    except requests.RequestException as error:
        return f"/readyz does not answer ({type(error).__name__})"
    return "ready" if response.status_code == 200 else f"/readyz says {response.status_code} {response.text[:200]}"


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
