"""The door for Intercom's notifications over a real socket, and Intercom telling it what happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import requests

from canvas_app.app import create_app
from canvas_app.metrics import Metrics
from canvas_app.webhooks.hearing import Hearing
from canvas_app.webhooks.routes import WebhookDoor, webhooks_blueprint
from canvas_app.writer import Writer
from clients.intercom.notifications import TOPICS
from sandbox.inbox.intercom_json import intercom_bytes
from sandbox.intercom.webhooks import hub_signature
from sandbox.intercom.workspace import WORKSPACE_ID
from sandbox.shop import Project
from sync.sources.webhooks import WebhookRules
from tests.integration.sync.companion import Companion
from tests.integration.sync.doors.house import served

SECRET: Final = "the-client-secret-of-the-app"
OLDER_SECRET: Final = "the-client-secret-before-it"


@dataclass(frozen=True, kw_only=True)
class Ear:
    """The door at `url`, and what it counts."""

    url: str
    metrics: Metrics = field(repr=False)

    def post(self, body: bytes, signature: str | None) -> requests.Response:
        headers = {"Content-Type": "application/json"} | ({"X-Hub-Signature": signature} if signature else {})
        return requests.post(self.url, data=body, headers=headers, timeout=60)

    def told(self, topic: str, item: Any, *, secret: str = SECRET, **envelope: Any) -> int:
        """A notification, truly signed; the status that it is answered with."""
        body = intercom_bytes(
            {
                "type": "notification_event",
                "id": "notif_1",
                "topic": topic,
                "app_id": WORKSPACE_ID,
                "created_at": 1_795_424_400,
                "data": {"type": "notification_event_data", "item": item},
            }
            | envelope
        )
        return self.post(body, hub_signature(body, secret)).status_code

    def count(self, outcome: str, topic: str = "unknown") -> int:
        value = self.metrics.registry.get_sample_value("webhooks_total", {"topic": topic, "outcome": outcome})
        return int(value or 0)


@contextmanager
def ear(
    database_url: str,
    rules: WebhookRules,
    *,
    workspace_id: str | None = WORKSPACE_ID,
    patience: float = 60.0,  # a test's machine may be slow
) -> Iterator[Ear]:
    metrics = Metrics()
    writer = Writer(
        database_url,
        var=Path("var"),
        project_key=Project().key,
        workspace_id=workspace_id,
        now=now,
        places=4,
        failures=4,
        patience=patience,
    )
    door = WebhookDoor(
        secrets=(SECRET, OLDER_SECRET),
        workspace_id=workspace_id,
        hearing=Hearing(writer, rules, now=now, patience=patience),
        metrics=metrics,
    )
    app = create_app(metrics=metrics, blueprints=[webhooks_blueprint(door)])
    try:
        with served(app) as url:
            yield Ear(url=f"{url}/intercom/webhooks", metrics=metrics)
    finally:
        writer.close()


@contextmanager
def told_of_everything(running: Companion) -> Iterator[Ear]:
    """Intercom tells the door of everything that we act on, and of what we do not."""
    mapping = running.at.mapping
    rules = WebhookRules(external_id=mapping.identity.external_id, conversations=mapping.conversations)
    with ear(running.database.url, rules) as listening:
        ours = ("contact.user.updated", "contact.lead.updated", "contact.user.tag.created", "contact.user.tag.deleted")
        running.intercom.subscribe(listening.url, SECRET, [*TOPICS, *ours])
        yield listening
        running.intercom.webhooks.subscribe(None)


def now() -> datetime:
    return datetime.now(UTC)
