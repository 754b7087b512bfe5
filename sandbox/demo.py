"""Puts the demo together: the stand-in shop, the product under gunicorn as in production, and the Inbox page.

Shop and page live in this process, the product in one of its own. Only the page's port is worth remembering;
the other two take whatever is free.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from sandbox.commercetools import CommercetoolsStandIn
from sandbox.conversations import WORKSPACE_ID, sample_conversations
from sandbox.inbox.conditions import ShopControl
from sandbox.inbox.endpoint import CanvasEndpoint
from sandbox.inbox.page import inbox_app
from sandbox.product import ROOT, Product
from sandbox.shop import sample_shop

DEFAULT_PORT: Final = 8700
# Nothing else of the shell's environment reaches the product: a developer's own settings would show their shop.
_KEPT: Final = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL")

Say = Callable[[str], None]


class PortTaken(Exception):
    """The port that was asked for cannot be used; the text is for the person at the terminal."""


def run(*, port: int | None, stopped: threading.Event, say: Say) -> None:
    """Start everything, say where the page is, serve until `stopped` is set. Raises `PortTaken`, `ProductFailed`."""
    with ExitStack() as stack:
        listener = stack.enter_context(_page_socket(port, say))
        shop = stack.enter_context(CommercetoolsStandIn.serve(sample_shop()))
        say(f"Sample shop listens at {shop.url}")
        secret = secrets.token_hex(20)
        log = ROOT / "var" / "demo" / f"product-{listener.getsockname()[1]}.log"
        product = stack.enter_context(Product.started(_environment(shop, secret), log))
        say(f"Product starts at {product.url} (its log: {log.relative_to(ROOT)})")
        waited = product.wait_until_ready(stopped)
        if stopped.is_set():
            return
        say(f"Product is ready after {waited:.1f} s")
        page = inbox_app(sample_conversations(), CanvasEndpoint(url=product.url, secret=secret), ShopControl(shop.url))
        stack.enter_context(_served(page, listener))
        say(f"\n  Open http://127.0.0.1:{listener.getsockname()[1]}/sandbox/   (Ctrl-C stops everything)\n")
        while not stopped.wait(0.5):
            product.raise_if_ended()
        say("Stopping")


def _environment(shop: CommercetoolsStandIn, secret: str) -> dict[str, str]:
    """The product's environment, with the stand-in as the shop."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {
        "CTP_PROJECT_KEY": shop.project_key,
        "CTP_CLIENT_ID": shop.client_id,
        "CTP_CLIENT_SECRET": shop.client_secret,
        "CTP_AUTH_URL": shop.auth_url,
        "CTP_API_URL": shop.api_url,
        "CTP_SCOPES": " ".join(sorted(shop.client.scopes)),
        "INTERCOM_CLIENT_SECRET": secret,
        "INTERCOM_WORKSPACE_ID": WORKSPACE_ID,
        "MAPPING_FILE": str(ROOT / "sandbox" / "mapping.toml"),
        "LOG_FORMAT": "console",
    }


@contextmanager
def _page_socket(port: int | None, say: Say) -> Iterator[socket.socket]:
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
def _served(app: Flask, listener: socket.socket) -> Iterator[None]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet, fd=listener.fileno())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, name="inbox", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
