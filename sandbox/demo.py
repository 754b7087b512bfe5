"""Puts the demo together: both stand-ins, the product under gunicorn, the sync's worker, and the Inbox page.

Stand-ins and page live in this process, the product and the sync in ones of their own, as in production. Only
the page's port is worth remembering; the others take whatever is free.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from clients.intercom.notifications import TOPICS
from sandbox.commercetools import CommercetoolsStandIn
from sandbox.companion import Companion
from sandbox.console_door import ConsoleDoor, console_pages
from sandbox.conversations import WORKSPACE_ID, sample_contacts, sample_conversations
from sandbox.inbox.conditions import ShopControl
from sandbox.inbox.endpoint import CanvasEndpoint
from sandbox.inbox.live import IntercomControl, Live
from sandbox.inbox.page import inbox_app
from sandbox.intercom import IntercomStandIn, contact_from
from sandbox.places import a_place
from sandbox.product import ROOT, Product, free_port
from sandbox.serving import DEFAULT_PORT, PortTaken, Say, page_socket, served, shells_own
from sandbox.shop import sample_shop

__all__ = ["DEFAULT_PORT", "PortTaken", "run"]


def run(*, port: int | None, stopped: threading.Event, say: Say) -> None:
    """Start everything, say where the page is, serve until `stopped` is set. Raises `PortTaken`, `ProductFailed`.

    A sync that ends does not end the demo: the page says that it is gone, and the panel does without it.
    """
    with ExitStack() as stack:
        listener = stack.enter_context(page_socket(port, say))
        place = stack.enter_context(a_place(str(listener.getsockname()[1])))
        shop = stack.enter_context(CommercetoolsStandIn.serve(sample_shop()))
        intercom = stack.enter_context(_intercom())
        say(f"Sample shop listens at {shop.url}, sample Intercom at {intercom.url}")
        secret = secrets.token_hex(20)
        inside = free_port()
        environment = _environment(shop, intercom, secret, public_url=f"http://localhost:{inside}")
        product = stack.enter_context(Product.started(environment, place / "product.log", port=inside))
        say(f"Product starts at {product.url}, its sync beside it (logs: {place.relative_to(ROOT)}/)")
        sync = stack.enter_context(Companion.started(environment, place, say))
        waited = product.wait_until_ready(stopped)
        if stopped.is_set():
            return
        say(f"Product is ready after {waited:.1f} s")
        _subscribe(intercom, product, secret, say)
        live = Live(IntercomControl(intercom.url), sync.state)
        canvas = CanvasEndpoint(url=product.url, secret=secret)
        links = {"Console": "/sandbox/console"}
        page = inbox_app(sample_conversations(), canvas, ShopControl(shop.url), live, also=links)
        page.register_blueprint(console_pages(ConsoleDoor(environment, place)), url_prefix="/sandbox")
        stack.enter_context(served(page, listener))
        say(f"\n  Open http://127.0.0.1:{listener.getsockname()[1]}/sandbox/   (Ctrl-C stops everything)\n")
        while not stopped.wait(0.5):
            product.raise_if_ended()
            sync.tell_if_ended()
        say("Stopping")


def _subscribe(intercom: IntercomStandIn, product: Product, secret: str, say: Say) -> None:
    """As a person does in the Developer Hub. Without it everything arrives all the same, only later."""
    try:
        intercom.subscribe(f"{product.url}/intercom/webhooks", secret, TOPICS)
    except ValueError as error:
        say(f"Intercom tells nobody of replies: {error}")


@contextmanager
def _intercom() -> Iterator[IntercomStandIn]:
    """The workspace with all conversations, and everybody who takes part in one."""
    with IntercomStandIn.serve() as intercom:
        for contact in sample_contacts():
            intercom.put(contact_from(contact, WORKSPACE_ID))
        for conversation in sample_conversations():
            intercom.put_conversation(conversation.bodies[0].get("conversation"))
        yield intercom


def _environment(
    shop: CommercetoolsStandIn, intercom: IntercomStandIn, secret: str, *, public_url: str
) -> dict[str, str]:
    """The environment of product and sync, with the stand-ins as shop and Intercom, and a database of their own."""
    return shells_own() | {
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
        "SECRET_KEY": secrets.token_urlsafe(48),
        "PUBLIC_URL": public_url,
        "MAPPING_FILE": str(ROOT / "sandbox" / "mapping.toml"),
        "LOG_FORMAT": "console",
    }
