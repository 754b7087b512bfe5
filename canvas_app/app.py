"""The Flask app: what every route shares. The routes themselves come as blueprints."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Flask, Response, g, jsonify
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from canvas_app import request_log
from canvas_app.health import Check, Readiness, health_blueprint
from canvas_app.metrics import Metrics

# Intercom sends the conversation along and names no upper bound. Far above any real one, far below our memory.
MAX_BODY_BYTES = 16 * 1024 * 1024

_SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def create_app(*, metrics: Metrics, blueprints: Sequence[Blueprint] = (), checks: Sequence[Check] = ()) -> Flask:
    """The web side. `blueprints` bring the product's routes, `checks` the neighbours that `/readyz` asks.

    Hand the same `metrics` to the blueprints: `/metrics` shows that registry.
    """
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    request_log.register(app)
    app.after_request(_protect)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, broken)
    readiness = app.extensions["readiness"] = Readiness(checks)
    for blueprint in (health_blueprint(metrics, readiness), *blueprints):
        app.register_blueprint(blueprint)
    return app


def _protect(response: Response) -> Response:
    for name, value in _SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def http_error(error: HTTPException) -> Response:
    """Small JSON instead of a page: {"error": "not_found", "correlation_id": "ict-..."}."""
    answer = _error(error.code or 500, error.name)
    answer.headers.extend((name, value) for name, value in error.get_headers() if name in ("Allow", "Retry-After"))
    if isinstance(error, RequestEntityTooLarge):
        answer.headers["Connection"] = "close"  # or the server would read the rest before the next request
    return answer


def broken(error: Exception) -> Response:
    """A bug. The log has the traceback, the caller has the id to find it by."""
    request_log.log.error("http.broken", exc_info=error)
    return _error(500, "Internal Server Error")


def _error(status: int, name: str) -> Response:
    answer = jsonify(error=name.lower().replace(" ", "_"), correlation_id=g.correlation_id)
    answer.status_code = status
    return answer
