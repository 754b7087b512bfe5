"""The product's web side as a process: `gunicorn wsgi:app`, as in production."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import requests

from sandbox.process import LAST_LINES, ROOT, Process, ProcessFailed, last_lines

START_LIMIT_S: Final = 30.0
STOP_LIMIT_S: Final = 10.0

__all__ = ["ROOT", "Product", "ProductFailed"]

ProductFailed = ProcessFailed


class Product:
    """`gunicorn wsgi:app` at `url`."""

    def __init__(self, url: str, process: Process) -> None:
        self.url = url
        self._process = process

    @classmethod
    @contextmanager
    def started(
        cls, environment: Mapping[str, str], log: Path, *, app: str = "wsgi:app", port: int | None = None
    ) -> Iterator[Product]:
        """Running until the block ends; then asked to stop, and killed if it does not within `STOP_LIMIT_S`.

        Another `app` is served under the very same settings. Any free port unless told.
        """
        address = f"127.0.0.1:{port or free_port()}"
        command = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "gunicorn.conf.py"), "--bind", address, app]
        log.unlink(missing_ok=True)
        with Process.running(
            "product", command, environment=environment, log=log, stop_limit_s=STOP_LIMIT_S
        ) as process:
            yield cls(f"http://{address}", process)

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
                lines = last_lines(self._process.log, LAST_LINES)
                raise ProductFailed(f"The product is not ready after {START_LIMIT_S:.0f} s: {answer}\n{lines}")
            stopped.wait(0.1)
        return time.monotonic() - began

    def raise_if_ended(self) -> None:
        """Raise `ProductFailed` with the end of the log when the process is gone."""
        self._process.raise_if_ended()


def _readiness(url: str) -> str:
    """ "ready", or what /readyz says instead."""
    try:
        response = requests.get(f"{url}/readyz", timeout=2)
    except requests.RequestException as error:
        return f"/readyz does not answer ({type(error).__name__})"
    return "ready" if response.status_code == 200 else f"/readyz says {response.status_code} {response.text[:200]}"


def free_port() -> int:
    """One that nobody listens at."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
