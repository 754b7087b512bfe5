"""`/orders/<token>`: the whole order, read live, for the teammate to whose panel the link was given.

The link says who may look, the session says who looks: both have to name the same admin of the same workspace.
"""

from __future__ import annotations

from typing import Final

import structlog
from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from canvas_app.canvas.found import Freshness
from canvas_app.canvas.found import Trouble as ShopTrouble
from canvas_app.canvas.lookup.lookup import Asked
from canvas_app.canvas.lookup.reader import Live, ShopInTrouble
from canvas_app.canvas.request import Contact
from canvas_app.install.desk import desk
from canvas_app.installation import Installation, Installations, NotSetUp, WorkspacesUnknown
from canvas_app.orders.full import FullOrder, full_order
from canvas_app.orders.links import LASTS, OrderLink, OrderLinks
from canvas_app.pages.guard import limited, signed_in_or_none
from canvas_app.pages.rendering import render
from canvas_app.pages.sessions import Admin
from canvas_app.pages.site import site
from canvas_app.pages.trouble import Trouble, Way
from canvas_app.words.labels import TROUBLES
from clients.commercetools.readings import OrderReading, Section
from clients.deadline import Call, Deadline
from clients.intercom.settings import Region
from sync.logs import correlation_id
from sync.signing import TokenExpired, TokenForged

CALL_SECONDS: Final = 6.0  # somebody looks at an empty page meanwhile

_NOBODY: Final = Contact(id=None)
_OF_THE_SETTINGS: Final = frozenset({ShopTrouble.CREDENTIALS, ShopTrouble.SCOPE})

log = structlog.get_logger(__name__)


def orders_blueprint(links: OrderLinks, installations: Installations) -> Blueprint:
    blueprint = Blueprint("orders", __name__, url_prefix="/orders", template_folder="templates")

    @blueprint.get("/<token>")
    def order(token: str) -> AnyResponse:
        link = _read(links, token)
        admin = signed_in_or_none(site())
        if admin is None:
            return redirect(_sign_in(link))
        _require_own(link, admin)
        full = _full(_installation(installations, link), link)
        log.info("orders.shown", installation=link.installation, admin=link.admin_id, order=link.order_id)
        return render("orders/order.html", order=full)

    return blueprint


def _read(links: OrderLinks, token: str) -> OrderLink:
    """Whoever guesses is slowed down; whoever has a link of ours is not."""
    try:
        return links.read(token)
    except TokenExpired as error:
        minutes = int(LASTS.total_seconds() // 60)
        text = f"Links to orders work for {minutes} minutes. Choose Refresh in the panel, then open the order again."
        raise Trouble(410, "This link has expired", text, _intercom(), reason="order_link_expired") from error
    except TokenForged as error:
        limited()
        text = "Perhaps a part of it was cut off. Open the order again from the panel in Intercom's Inbox."
        raise Trouble(404, "This link is not complete", text, _intercom(), reason="order_link_forged") from error


def _require_own(link: OrderLink, admin: Admin) -> None:
    """Nobody is told anything of an order by a link that was made for somebody else."""
    if admin.installation != link.installation:
        raise _not_theirs(
            link,
            "This order belongs to another workspace",
            "You are signed in to a different one. Switch to the right workspace in Intercom, then sign in again.",
            "order_of_another_workspace",
        )
    if admin.admin_id != link.admin_id:
        raise _not_theirs(
            link,
            "This link was made for somebody else",
            "Links to orders are good for the teammate in whose panel they stand. Open the order from your own panel. "
            "If this is your link, sign in as yourself.",
            "order_of_another_admin",
        )


def _not_theirs(link: OrderLink, title: str, text: str, reason: str) -> Trouble:
    return Trouble(403, title, text, Way("Sign in again", _sign_in(link)), _intercom(), reason=reason)


def _sign_in(link: OrderLink) -> str:
    """Where its workspace signs in, and then back to this page."""
    found = desk().described(link.installation)
    if found is None:
        raise Trouble(
            403,
            "The app is not installed in this workspace any more",
            "Its orders cannot be shown until an admin installs it again.",
            Way("Install the app", url_for("install.start")),
            reason="order_not_installed",
        )
    return url_for("install.sign_in_with_intercom", region=found.region.value.lower(), next=request.path)


def _intercom() -> Way:
    """Where the panel is."""
    admin = signed_in_or_none(site())
    found = desk().described(admin.installation) if admin else None
    return Way("Go to Intercom", desk().hosts.consent_of(found.region if found else Region.US))


def _installation(installations: Installations, link: OrderLink) -> Installation:
    try:
        found = installations.find(link.workspace_id)
    except WorkspacesUnknown as error:
        raise _later("This order cannot be read just now", "The database does not answer.", "unknown") from error
    if found is None or isinstance(found, NotSetUp):
        text = "The connection to commercetools was taken away, or does not work any more."
        way = Way("Connect commercetools", url_for("settings.shop"))
        raise Trouble(409, "No shop is connected", text, way, reason="order_without_shop")
    return found


def _full(installation: Installation, link: OrderLink) -> FullOrder:
    live = _live(installation, link)
    freshness = Freshness(live.value.read_at, live.trouble)
    full = full_order(live.value, link.relation, link.matched_by, freshness, installation.look)
    if full is not None:
        return full
    if Section.ORDERS in live.value.missing:
        raise _of_the_shop(ShopTrouble.SCOPE)
    text = "It was deleted since, or belongs to a store whose orders are not shown."
    raise Trouble(404, "This order does not exist (any more)", text, _intercom(), reason="order_gone")


def _live(installation: Installation, link: OrderLink) -> Live[OrderReading]:
    """Asked of the shop each time: whoever loads a page again wants to know how it is now."""
    call = Call(Deadline.after(CALL_SECONDS), correlation_id())
    try:
        return installation.lookup.order(link.order_id, _NOBODY, Asked(call, refresh=True))
    except ShopInTrouble as error:
        raise _of_the_shop(error.trouble) from error


def _of_the_shop(trouble: ShopTrouble) -> Trouble:
    title = TROUBLES[trouble].removesuffix(".")
    if trouble not in _OF_THE_SETTINGS:
        return _later(title, "Nothing is lost.", trouble.value)
    text = "An admin has to check the API client of commercetools: it needs the scopes view_orders and view_customers."
    ways = (Way("Open settings", url_for("settings.shop")), Way("Try again", request.path))
    return Trouble(502, title, text, *ways, reason=f"order_{trouble.value}")


def _later(title: str, text: str, reason: str) -> Trouble:
    again = Way("Try again", request.path)
    return Trouble(503, title, f"{text} Try again in a moment.", again, reason=f"order_{reason}", retry_after=5)
