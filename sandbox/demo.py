"""Puts the demo together: both stand-ins, the product under gunicorn, the sync's worker, and the Inbox page.

Stand-ins and page live in this process, the product and the sync in ones of their own, as in production. Only
the page's port is worth remembering; the others take whatever is free.
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
from sandbox.companion import Companion
from sandbox.conversations import WORKSPACE_ID, sample_contacts, sample_conversations
from sandbox.inbox.conditions import ShopControl
from sandbox.inbox.endpoint import CanvasEndpoint
from sandbox.inbox.live import IntercomControl, Live
from sandbox.inbox.page import inbox_app
from sandbox.intercom import IntercomStandIn, contact_from
from sandbox.places import a_place
from sandbox.product import ROOT, Product
from sandbox.shop import sample_shop

DEFAULT_PORT: Final = 8700
# Nothing else of the shell's environment reaches the product: a developer's own settings would show their shop.
_KEPT: Final = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL")

Say = Callable[[str], None]


class PortTaken(Exception):
    """The port that was asked for cannot be used; the text is for the person at the terminal."""


def run(*, port: int | None, stopped: threading.Event, say: Say) -> None:
    """Start everything, say where the page is, serve until `stopped` is set. Raises `PortTaken`, `ProductFailed`.

    A sync that ends does not end the demo: the page says that it is gone, and the panel does without it.
    """
    with ExitStack() as stack:
        listener = stack.enter_context(_page_socket(port, say))
        place = stack.enter_context(a_place(str(listener.getsockname()[1])))
        shop = stack.enter_context(CommercetoolsStandIn.serve(sample_shop()))
        intercom = stack.enter_context(_intercom())
        say(f"Sample shop listens at {shop.url}, sample Intercom at {intercom.url}")
        secret = secrets.token_hex(20)
        environment = _environment(shop, intercom, secret)
        product = stack.enter_context(Product.started(environment, place / "product.log"))
        say(f"Product starts at {product.url}, its sync beside it (logs: {place.relative_to(ROOT)}/)")
        sync = stack.enter_context(Companion.started(environment, place, say))
        waited = product.wait_until_ready(stopped)
        if stopped.is_set():
            return
        say(f"Product is ready after {waited:.1f} s")
        live = Live(IntercomControl(intercom.url), sync.state)
        canvas = CanvasEndpoint(url=product.url, secret=secret)
        page = inbox_app(sample_conversations(), canvas, ShopControl(shop.url), live)
        stack.enter_context(_served(page, listener))
        say(f"\n  Open http://127.0.0.1:{listener.getsockname()[1]}/sandbox/   (Ctrl-C stops everything)\n")
        while not stopped.wait(0.5):
            product.raise_if_ended()
            sync.tell_if_ended()
        say("Stopping")


@contextmanager
def _intercom() -> Iterator[IntercomStandIn]:
    """The workspace with all conversations, and everybody who takes part in one."""
    with IntercomStandIn.serve() as intercom:
        for contact in sample_contacts():
            intercom.put(contact_from(contact, WORKSPACE_ID))
        for conversation in sample_conversations():
            intercom.put_conversation(conversation.bodies[0].get("conversation"))
        yield intercom


def _environment(shop: CommercetoolsStandIn, intercom: IntercomStandIn, secret: str) -> dict[str, str]:
    """The environment of product and sync, with the stand-ins as shop and Intercom, and a database of their own."""
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
        "INTERCOM_ACCESS_TOKEN": intercom.access_token,
        "INTERCOM_API_URL": intercom.url,
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
