"""The simulator as a Flask app under `/sandbox/`: static pages, and the calls that Intercom's servers would make.

Only for this machine: it answers to no other host name than loopback's, so that a web page elsewhere cannot use it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Flask, Response, jsonify, redirect, send_from_directory
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from sandbox.conversations import SampleConversation
from sandbox.inbox.asks import BadAsk, Conversations, asked, body_for, object_in
from sandbox.inbox.conditions import NotSwitched, ShopControl
from sandbox.inbox.endpoint import CanvasEndpoint, Exchange
from sandbox.inbox.live import Live, NotDone, live_calls
from sandbox.inbox.replies import as_held, conversation_id_of
from sandbox.inbox.threads import thread_of
from sandbox.inbox.variants import Variants

STATIC: Final = Path(__file__).parent / "static"
_MORE_LINKS: Final = "<!-- more links -->"
LOOPBACK: Final = ["127.0.0.1", "localhost"]
# Nothing inline, nothing from elsewhere: what a contact or the shop wrote cannot run here.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def inbox_app(
    conversations: Sequence[SampleConversation],
    endpoint: CanvasEndpoint,
    shop: ShopControl,
    live: Live | None = None,
    *,
    also: Mapping[str, str] | None = None,
) -> Flask:
    """The page for `conversations`, calling the product at `endpoint` and switching the stand-in through `shop`.

    With `live` it shows the contacts as Intercom holds them, and has buttons that act in the shop.
    """
    app = bare_app()
    app.register_blueprint(inbox_pages("inbox", conversations, endpoint, shop, live, also=also), url_prefix="/sandbox")
    app.add_url_rule("/", view_func=lambda: redirect("/sandbox/"))
    return app


def bare_app() -> Flask:
    """Answers to loopback alone, lets nothing foreign in, and says what is wrong as JSON."""
    app = Flask("sandbox.inbox", static_folder=None)
    app.config["TRUSTED_HOSTS"] = LOOPBACK
    app.json.sort_keys = False  # type: ignore[attr-defined]  # an event's keys have an order
    app.after_request(_guarded)
    app.register_error_handler(BadAsk, lambda error: _problem(str(error), 400))
    app.register_error_handler(NotDone, lambda error: _problem(str(error), 409))
    app.register_error_handler(NotSwitched, lambda error: _problem(str(error), 502))
    app.register_error_handler(HTTPException, lambda error: _problem(error.name, error.code or 500))
    return app


def inbox_pages(
    name: str,
    conversations: Sequence[SampleConversation],
    endpoint: CanvasEndpoint,
    shop: ShopControl,
    live: Live | None,
    *,
    also: Mapping[str, str] | None = None,
) -> Blueprint:
    """The simulator of one workspace, under the prefix of its registration. `also`: more links, by their words."""
    whole = Blueprint(name, __name__)
    by_slug = {each.slug: each for each in conversations}
    whole.register_blueprint(_pages(also or {}))
    whole.register_blueprint(_calls(by_slug, endpoint, shop, live))
    whole.register_blueprint(live_calls(by_slug, shop, live))
    return whole


def _pages(also: Mapping[str, str]) -> Blueprint:
    pages = Blueprint("pages", __name__)
    links = "".join(f'<a href="{escape(url)}">{escape(words)}</a>' for words, url in also.items())

    @pages.get("/")
    def inbox() -> Response:
        page = (STATIC / "index.html").read_text(encoding="utf-8").replace(_MORE_LINKS, links)
        return Response(page, mimetype="text/html")

    @pages.get("/catalogue")
    def catalogue() -> Response:
        return send_from_directory(STATIC, "catalogue.html")

    pages.register_blueprint(static_files())
    return pages


def static_files() -> Blueprint:
    """Styles and scripts of the pages, under `static/`."""
    files = Blueprint("files", __name__)

    @files.get("/static/<path:name>")
    def static(name: str) -> Response:
        return send_from_directory(STATIC, name)

    return files


def _calls(conversations: Conversations, endpoint: CanvasEndpoint, shop: ShopControl, live: Live | None) -> Blueprint:
    calls = Blueprint("calls", __name__)

    def body_now(ask: Mapping[str, Any]) -> Mapping[str, Any]:
        """What Intercom would send now: with all that was said and written since."""
        body = body_for(ask, conversations)
        if live is None:
            return body
        try:
            return as_held(body, live.intercom.conversation(conversation_id_of(body)))
        except NotSwitched:  # which must not keep the panel from being shown
            return body

    @calls.get("/conversations")
    def listed() -> Response:
        return jsonify([_listed(conversation) for conversation in conversations.values()])

    @calls.post("/open")
    def opened() -> Response:
        ask = asked()
        return _called("initialize", Variants.from_json(ask.get("options")).initialize(body_now(ask)))

    @calls.post("/submit")
    def submitted() -> Response:
        ask = asked()
        component_id = ask.get("component_id")
        if not isinstance(component_id, str):
            raise BadAsk("component_id is missing")
        body = Variants.from_json(ask.get("options")).submit(
            body_now(ask),
            component_id=component_id,
            input_values=object_in(ask, "input_values"),
            current_canvas=object_in(ask, "current_canvas"),
        )
        return _called("submit", body)

    @calls.get("/conditions")
    def conditions() -> Response:
        return jsonify(shop.conditions().to_json())

    @calls.post("/conditions")
    def switched() -> Response:
        return jsonify(shop.change(asked()).to_json())

    def _called(flow: Any, body: Mapping[str, Any]) -> Response:
        before = _counted(shop)
        exchange = endpoint.call(flow, body)
        after = _counted(shop)
        upstream = None if before is None or after is None else after - before
        return jsonify(_told(exchange, upstream))

    return calls


def _listed(conversation: SampleConversation) -> dict[str, Any]:
    """As the list and the thread of the page need it."""
    return {
        "slug": conversation.slug,
        "label": conversation.label,
        "about": conversation.about,
        "participants": [thread_of(body)["contact"] for body in conversation.bodies],
        **thread_of(conversation.bodies[0]),
    }


def _told(exchange: Exchange, upstream_requests: int | None) -> dict[str, Any]:
    return {
        "canvas": exchange.canvas,
        "ms": exchange.ms,
        "status": exchange.status,
        "problem": exchange.problem,
        "upstream_requests": upstream_requests,
        "request": exchange.sent.decode(),
        "signature": exchange.signature,
        "answer": exchange.answer,
    }


def _counted(shop: ShopControl) -> int | None:
    """The stand-in's count; None when it cannot be asked, which must not keep the panel from being shown."""
    try:
        return shop.requests_so_far()
    except NotSwitched:
        return None


def _problem(text: str, status: int) -> tuple[Response, int]:
    return jsonify({"problem": text}), status


def _guarded(response: AnyResponse) -> AnyResponse:
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response
