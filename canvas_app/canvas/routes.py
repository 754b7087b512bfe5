"""The two doors that Intercom's Inbox calls: `POST /canvas/initialize` and `POST /canvas/submit`.

A wrong signature gets 401 and nothing else. Everything that is signed gets 200 with a valid
canvas, whatever is broken behind it: Intercom shows any other answer as "Something went wrong".
Rules: https://developers.intercom.com/docs/canvas-kit
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import structlog
from flask import Blueprint, Response, request

from canvas_app.canvas.panel import Panel
from canvas_app.canvas.request import BadPayload, parse_initialize, parse_submit
from canvas_app.canvas.visit import Drawn
from canvas_app.metrics import Metrics
from clients.intercom.signatures import verify_body_signature

log = structlog.get_logger(__name__)


def canvas_blueprint(panel: Panel, *, secrets: Sequence[str], metrics: Metrics) -> Blueprint:
    """The routes of the panel. `secrets`: the app's client secrets, newest first."""
    blueprint = Blueprint("canvas", __name__, url_prefix="/canvas")

    def signed(answer: Callable[[bytes], Drawn], flow: str) -> Response:
        body = request.get_data(cache=True)
        if not verify_body_signature(body, request.headers.get("X-Body-Signature"), secrets):
            metrics.rejected_signatures_total.labels(flow).inc()
            log.warning("canvas.signature_rejected", flow=flow, length=len(body))
            return Response(status=401)
        started = time.perf_counter()
        try:
            drawn = answer(body)
            content = drawn.canvas.to_json()
        except BadPayload as error:
            log.warning("canvas.request_not_understood", flow=flow, reason=error.reason)
            drawn = panel.not_understood()
            content = drawn.canvas.to_json()
        except Exception:
            log.exception("canvas.broke", flow=flow)
            drawn = panel.broke()
            content = drawn.canvas.to_json()
        metrics.panel_seconds.labels(flow).observe(time.perf_counter() - started)
        metrics.panel_answers_total.labels(flow, drawn.screen, drawn.outcome).inc()
        return Response(content, content_type="application/json; charset=utf-8")

    @blueprint.post("/initialize")
    def initialize() -> Response:
        return signed(lambda body: panel.initialize(parse_initialize(body)), "initialize")

    @blueprint.post("/submit")
    def submit() -> Response:
        return signed(lambda body: panel.submit(parse_submit(body)), "submit")

    return blueprint
