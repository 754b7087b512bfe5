"""Starts real gunicorn for tests that need a real process, on a port of its own on 127.0.0.1."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import requests

ROOT = Path(__file__).parents[1]
GUNICORN = (str(Path(sys.executable).with_name("gunicorn")), "wsgi:app")

# Enough to start. Nothing listens on the shop's port, so whoever reads the shop finds it unreachable at once.
ENVIRONMENT: Mapping[str, str] = {
    "PATH": os.environ["PATH"],
    "CTP_PROJECT_KEY": "sunrise-shop",
    "CTP_CLIENT_ID": "client-1",
    "CTP_CLIENT_SECRET": "shop-secret",
    "CTP_AUTH_URL": "http://127.0.0.1:9",
    "CTP_API_URL": "http://127.0.0.1:9",
    "CTP_SCOPES": "view_orders:sunrise-shop view_customers:sunrise-shop",
    "INTERCOM_CLIENT_SECRET": "intercom-secret",
}


@dataclass(frozen=True, slots=True)
class Server:
    """A running web server: where it is, its process, and the file that its log lines go to."""

    url: str
    process: subprocess.Popen[bytes]
    log_file: Path

    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8")


def free_port() -> int:
    """One that the system gives to nobody who asks for any: between now and its use no connection can take it."""
    for _ in range(50):
        port = random.randrange(10_000, 30_000)  # Linux gives those from 32768 on
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise RuntimeError("no port is free")


@contextmanager
def serving(
    folder: Path,
    *,
    environ: Mapping[str, str] = ENVIRONMENT,
    command: Sequence[str] = GUNICORN,
    directory: Path = ROOT,
    user: int | None = None,
    patience: float = 60.0,
) -> Iterator[Server]:
    """gunicorn, answering `/healthz`; its log goes to a file in `folder`. Stopped when the block ends.

    `user` is the uid to run as. Raises RuntimeError with the log when it is not up within `patience` seconds.
    """
    port = free_port()
    log_file = folder / "gunicorn.log"
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            command, cwd=directory, env={**environ, "PORT": str(port)}, stdout=log, stderr=log, user=user, group=user
        )
    server = Server(f"http://127.0.0.1:{port}", process, log_file)
    try:
        _wait_until_up(server, patience)
        yield server
    finally:
        _stop(process)


def _wait_until_up(server: Server, patience: float) -> None:
    give_up = time.monotonic() + patience
    while time.monotonic() < give_up and server.process.poll() is None:
        try:
            requests.get(f"{server.url}/healthz", timeout=2).raise_for_status()
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"not up (exit status {server.process.poll()}):\n{server.log()}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
