"""The demo that begins before anything is set up: the product for many workspaces, and the App Store's page of it.

Two workspaces of Intercom and two shops, of which the product knows nothing until somebody installs the app. The
product is met at `localhost` and Intercom at 127.0.0.1, so that a browser keeps them apart as it keeps two sites apart.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from flask import Flask

from sandbox.appstore import Merchant, store_pages
from sandbox.commercetools import CommercetoolsStandIn
from sandbox.companion import Companion
from sandbox.conversations import contacts_in, conversations_of
from sandbox.inbox.conditions import ShopControl
from sandbox.inbox.endpoint import CanvasEndpoint
from sandbox.inbox.live import IntercomControl, Live
from sandbox.inbox.page import bare_app, inbox_pages, static_files
from sandbox.intercom import FJORD, NORDLICHT, IntercomPlatform, Registration, contact_from
from sandbox.places import a_place
from sandbox.product import ROOT, Product, free_port
from sandbox.serving import Say, page_socket, served, shells_own
from sandbox.shop import sample_shop
from sandbox.shop.fjord import fjord_shop

CLIENT_ID: Final = "sandbox-app"
Shops = Mapping[str, CommercetoolsStandIn]
"""By workspace."""


def run_install(*, port: int | None, stopped: threading.Event, say: Say) -> None:
    """Start everything, say where to begin, serve until `stopped` is set. Raises `PortTaken`, `ProductFailed`."""
    with ExitStack() as stack:
        listener = stack.enter_context(page_socket(port, say))
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        place = stack.enter_context(a_place(str(listener.getsockname()[1])))
        shops = {
            NORDLICHT.id: stack.enter_context(CommercetoolsStandIn.serve(sample_shop())),
            FJORD.id: stack.enter_context(CommercetoolsStandIn.serve(fjord_shop())),
        }
        platform = stack.enter_context(_platform())
        inside = free_port()
        app = Registration.of_product(
            f"http://localhost:{inside}", client_id=CLIENT_ID, client_secret=secrets.token_hex(20)
        )
        platform.register(app)
        environment = _environment(platform, app, origin, place)
        product = stack.enter_context(Product.started(environment, place / "product.log", port=inside))
        say(f"Product starts at {product.url}, its sync beside it (logs: {place.relative_to(ROOT)}/)")
        sync = stack.enter_context(Companion.started(environment, place, say, backfill=False))
        stack.enter_context(served(_pages(platform, shops, product, sync, app), listener))
        product.wait_until_ready(stopped)
        if stopped.is_set():
            return
        say(f"\n  Open {origin}/sandbox/   (the App Store's page; Ctrl-C stops everything)\n")
        while not stopped.wait(0.5):
            product.raise_if_ended()
            sync.tell_if_ended()
        say("Stopping")


@contextmanager
def _platform() -> Iterator[IntercomPlatform]:
    """Both workspaces with their conversations, and everybody who takes part in one."""
    with IntercomPlatform.serve((NORDLICHT, FJORD)) as platform:
        for identity in platform.identities:
            workspace, conversations = platform.workspace(identity.id), conversations_of(identity.id)
            for contact in contacts_in(conversations):
                workspace.put(contact_from(contact, identity.id))
            for conversation in conversations:
                workspace.put_conversation(conversation.bodies[0].get("conversation"))
        yield platform


def _environment(platform: IntercomPlatform, app: Registration, origin: str, place: Path) -> dict[str, str]:
    """The environment of product and sync: the app, and nothing of any workspace."""
    public_url = app.install_url.removesuffix("/install")
    return shells_own() | {
        "INTERCOM_CLIENT_ID": app.client_id,
        "INTERCOM_CLIENT_SECRET": app.client_secret,
        "INTERCOM_API_URL": platform.url,
        "INTERCOM_OAUTH_URL": origin,
        "SECRET_KEY": secrets.token_urlsafe(48),
        "PUBLIC_URL": public_url,
        "MAPPING_FILE": str(ROOT / "sandbox" / "mapping.toml"),
        "LOG_FORMAT": "console",
    }


def _pages(
    platform: IntercomPlatform, shops: Shops, product: Product, sync: Companion, registered: Registration
) -> Flask:
    """Intercom's web app: the App Store and consent, and an Inbox for each workspace."""
    app = bare_app()
    app.register_blueprint(static_files(), url_prefix="/sandbox")
    app.register_blueprint(store_pages(platform, {id_: merchant_of(shop) for id_, shop in shops.items()}))
    canvas = CanvasEndpoint(url=product.url, secret=registered.client_secret)
    for identity in platform.identities:
        live = Live(IntercomControl(platform.control_url(identity.id)), sync.state)
        shop = ShopControl(shops[identity.id].url)
        links = {"App Store": f"/sandbox/workspace/{identity.id}"}
        inbox = inbox_pages(identity.id, conversations_of(identity.id), canvas, shop, live, also=links)
        app.register_blueprint(inbox, url_prefix=f"/sandbox/{identity.id}")
    return app


def merchant_of(shop: CommercetoolsStandIn) -> Merchant:
    """What its Merchant Center offers for download."""
    values = {
        "CTP_PROJECT_KEY": shop.project_key,
        "CTP_CLIENT_SECRET": shop.client_secret,
        "CTP_CLIENT_ID": shop.client_id,
        "CTP_AUTH_URL": shop.auth_url,
        "CTP_API_URL": shop.api_url,
        "CTP_SCOPES": f'"{" ".join(sorted(shop.client.scopes))}"',
    }
    return Merchant(name=shop.shop.project.name, dotenv="".join(f"{name}={value}\n" for name, value in values.items()))
