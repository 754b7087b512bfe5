"""Pages for what goes wrong. Machines that ask this process keep their small JSON."""

from __future__ import annotations

from typing import Final

import structlog
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from canvas_app.app import broken, http_error
from canvas_app.pages.rendering import render
from canvas_app.pages.trouble import Trouble, Way
from clients.errors import PlatformError, TryAgain

_FOR_MACHINES: Final = ("canvas", "ingest", "health", "webhooks", "intercom")
_WORDS: Final = {
    400: ("This request cannot be read", "Go back, open the page again, and repeat what you did."),
    404: ("There is nothing here", "The address may be mistyped, or what it showed is gone."),
    405: ("This page cannot be asked like that", "Open it again from the start."),
    413: ("That is too much at once", "Send less, and try again."),
}

log = structlog.get_logger(__name__)


def register(app: Flask) -> None:
    """From here on people are shown pages, whatever goes wrong."""
    app.register_error_handler(Trouble, trouble_page)
    app.register_error_handler(PlatformError, _platform_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _broken)


def _http_error(error: HTTPException) -> Response:
    return _http_page(error) if _is_for_people() else http_error(error)


def _broken(error: Exception) -> Response:
    answer = broken(error)  # logs it
    return _broken_page() if _is_for_people() else answer


def _platform_error(error: PlatformError) -> Response:
    return _platform_page(error) if _is_for_people() else broken(error)


def trouble_page(trouble: Trouble) -> Response:
    """The page that says it, with the ways on."""
    if trouble.reason:
        log.info("pages.trouble", reason=trouble.reason, status=trouble.status)
    response = render(
        "pages/trouble.html",
        trouble.status,
        title=trouble.title,
        text=trouble.text,
        ways=trouble.ways or (Way("Go to the start", "/"),),
        correlation_id=g.get("correlation_id"),
    )
    if trouble.retry_after is not None:
        response.headers["Retry-After"] = str(trouble.retry_after)
    return response


def _is_for_people() -> bool:
    """Whether a browser shows the answer. What matches no route is a person's mistake when HTML is wanted."""
    if request.blueprint is not None:
        return request.blueprint not in _FOR_MACHINES
    return request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"


def _http_page(error: HTTPException) -> Response:
    code = error.code or 500
    title, text = _WORDS.get(code, (error.name, "Go back and try again."))
    response = trouble_page(Trouble(code, title, text))
    response.headers.extend((name, value) for name, value in error.get_headers() if name in ("Allow", "Retry-After"))
    return response


def _broken_page() -> Response:
    return trouble_page(
        Trouble(
            500,
            "Something broke on our side",
            "It was written to the log, under the reference below. Nothing was changed that this page does not show. "
            "Try again; if it happens again, give the reference to whoever runs this service.",
            Way("Try again", request.path if request.method == "GET" else "/"),
        )
    )


def _platform_page(error: PlatformError) -> Response:
    """A neighbour did not do what the page needs, and the page did not say so itself."""
    log.warning("pages.neighbour_failed", endpoint=request.endpoint, reason=error.reason_code, why=error.reason)
    again = Way("Try again", request.path if request.method == "GET" else "/")
    if isinstance(error, TryAgain):
        text = "A service that this page needs does not answer at the moment. Nothing was lost. Try again in a minute."
        return trouble_page(Trouble(503, "This page has to wait", text, again, retry_after=30))
    text = f"A service that this page needs refused: {error.reason}."
    return trouble_page(Trouble(502, "A neighbour refused", text, again))
