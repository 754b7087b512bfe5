"""The demo's one address: a socket taken before anything starts, and the pages served on it."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

DEFAULT_PORT: Final = 8700
# Nothing else of the shell's environment reaches the product: a developer's own settings would show their shop.
_KEPT: Final = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL")

Say = Callable[[str], None]


class PortTaken(Exception):
    """The port that was asked for cannot be used; the text is for the person at the terminal."""


def shells_own() -> dict[str, str]:
    """What a process needs of the shell's environment, and nothing of a developer's settings."""
    return {name: os.environ[name] for name in _KEPT if name in os.environ}


@contextmanager
def page_socket(port: int | None, say: Say) -> Iterator[socket.socket]:
    """A listening socket for the page: the port asked for or nothing; the default one or any."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", DEFAULT_PORT if port is None else port))
        except (OSError, OverflowError) as error:
            if port is not None:
                raise PortTaken(f"Port {port} cannot be used: {error}. Choose another with --port.") from error
            listener.bind(("127.0.0.1", 0))
            say(f"Port {DEFAULT_PORT} is taken; using {listener.getsockname()[1]}")
        listener.listen(128)
        yield listener


class _Quiet(WSGIRequestHandler):
    """The terminal belongs to the one line with the address."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@contextmanager
def served(app: Flask, listener: socket.socket) -> Iterator[None]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet, fd=listener.fileno())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, name="inbox", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
