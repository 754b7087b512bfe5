"""One correlation id and one event for every request that is answered.

The id is made here, bound to the context of the thread that answers, and goes back as `X-Correlation-ID`.
"""

from __future__ import annotations

import time

import structlog
from flask import Flask, Response, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars

from sync.logs import new_correlation_id

HEADER = "X-Correlation-ID"

log: structlog.stdlib.BoundLogger = structlog.get_logger("canvas_app")


def register(app: Flask) -> None:
    """One correlation id and one `http.answered` event for every request of this app."""
    app.before_request(_open)
    app.after_request(_close)


def _open() -> None:
    clear_contextvars()  # threads are reused, and so would be the last request's facts
    g.started = time.perf_counter()
    g.correlation_id = new_correlation_id()
    bind_contextvars(correlation_id=g.correlation_id)


def _close(response: Response) -> Response:
    response.headers[HEADER] = g.correlation_id
    log.info(
        "http.answered",
        route=request.url_rule.rule if request.url_rule else "(unknown)",  # never the path: people type into it
        method=request.method,
        status=response.status_code,
        ms=round((time.perf_counter() - g.started) * 1000, 1),
    )
    return response
