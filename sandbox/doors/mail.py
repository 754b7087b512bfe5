"""What commercetools tells the queues of its subscriptions, and how it comes: twice, late, in any order.

https://docs.commercetools.com/api/projects/subscriptions#delivery-payloads
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sandbox.shop.acts import Done
from sandbox.shop.resources import timestamp

TOLD = ("order", "payment", "customer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One notification. `version` is None when the resource is gone."""

    project_key: str
    type_id: str
    id: str
    version: int | None
    at: datetime

    def platform(self) -> dict[str, Any]:
        """As a change in the platform's own format."""
        kind = (
            "ResourceDeleted" if self.version is None else "ResourceCreated" if self.version == 1 else "ResourceUpdated"
        )
        return {
            "notificationType": kind,
            "projectKey": self.project_key,
            "resource": {"typeId": self.type_id, "id": self.id},
            "resourceUserProvidedIdentifiers": {},
            "version": self.version or 1,
            **({"oldVersion": (self.version or 2) - 1} if kind == "ResourceUpdated" else {}),
            "modifiedAt": timestamp(self.at),
        }

    def cloud_event(self) -> dict[str, Any]:
        """As a CloudEvent around it."""
        platform = self.platform()
        return {
            "specversion": "1.0",
            "id": str(uuid4()),
            "type": f"com.commercetools.{self.type_id}.change.{platform['notificationType']}",
            "source": f"/{self.project_key}/{self.type_id}s",
            "subject": self.id,
            "time": platform["modifiedAt"],
            "data": platform,
        }

    def event_bridge(self) -> dict[str, Any]:
        """As Amazon EventBridge hands a CloudEvent's contents on to SQS."""
        return {
            "version": "0",
            "id": str(uuid4()),
            "detail-type": self.platform()["notificationType"],
            "source": f"aws.partner/commercetools.com/{self.project_key}/{self.type_id}",
            "account": "123456789012",
            "time": timestamp(self.at),
            "region": "eu-central-1",
            "resources": [],
            "detail": self.platform(),
        }

    def text(self) -> str:
        return json.dumps(self.platform())


def mail_of(done: Done, *, project_key: str) -> tuple[Mail, ...]:
    """What a subscription to changes of orders, payments and customers is told of an act."""
    return tuple(
        Mail(project_key=project_key, type_id=each.type_id, id=each.id, version=each.version, at=done.at)
        for each in done.changed
        if each.type_id in TOLD
    )


def as_they_come(mail: Iterable[Mail], *, times: int = 2, chance: random.Random) -> Sequence[Mail]:
    """Each so many times, in any order."""
    coming = [each for each in mail for _ in range(times)]
    chance.shuffle(coming)
    return coming
