"""`POST /intercom/health` and `POST /intercom/uninstall`: what Intercom asks and tells about an installation.

https://developers.intercom.com/docs/build-an-integration/learn-more/installation-health-check
https://developers.intercom.com/docs/build-an-integration/learn-more/authentication/installing-uninstalling-apps
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import structlog
from flask import Blueprint, Response, jsonify, request

from canvas_app.install.health import Health
from canvas_app.pages.site import Storage
from clients.errors import PlatformError
from clients.intercom.signatures import BODY_SIGNATURE_HEADER, verify_body_signature
from sync.storage import audit
from sync.storage.installed import installation_id, uninstall

BY_INTERCOM: Final = "intercom"
"""The admin id in the audit log of what Intercom tells us: it does not say who did it."""

log = structlog.get_logger(__name__)


def intercom_blueprint(
    storage: Storage, health: Health, *, secrets: Sequence[str], now: Callable[[], datetime]
) -> Blueprint:
    blueprint = Blueprint("intercom", __name__, url_prefix="/intercom")

    @blueprint.before_request
    def believe_intercom_alone() -> Response | None:
        body = request.get_data(cache=True)
        if verify_body_signature(body, request.headers.get(BODY_SIGNATURE_HEADER), secrets):
            return None
        log.warning("intercom.refused", endpoint=request.endpoint)
        return Response(status=401)

    @blueprint.post("/health")
    def installation_health() -> tuple[Response, int]:
        workspace_id = _text("workspace_id")
        if workspace_id is None:
            return jsonify(error="bad_request"), 400
        return jsonify(health.of(workspace_id)), 200

    @blueprint.post("/uninstall")
    def uninstalled() -> Response:
        """Once or often, known or not: what is to be gone is gone afterwards."""
        workspace_id = _text("app_id") or _text("workspace_id")
        if workspace_id is None:
            return Response(status=400)
        try:
            _uninstall(storage, workspace_id, now())
        except ValueError:  # no id of a workspace
            return Response(status=400)
        except PlatformError as error:
            log.warning("intercom.uninstall_not_kept", reason=error.reason_code, why=error.reason)
            return Response(status=503)
        return Response(status=200)

    return blueprint


def _uninstall(storage: Storage, workspace_id: str, now: datetime) -> None:
    id_ = installation_id(workspace_id)
    with storage.transaction() as connection:
        if not uninstall(connection, workspace_id, now=now):
            return
        audit.note(connection, id_, admin_id=BY_INTERCOM, action="app_uninstalled", detail={}, now=now)
    log.info("install.uninstalled", installation=id_)


def _text(name: str) -> str | None:
    try:
        body = json.loads(request.get_data(cache=True))
    except (ValueError, RecursionError):
        return None
    value = body.get(name) if isinstance(body, dict) else None
    return value if isinstance(value, str) and 0 < len(value) <= 100 else None
