"""Who brings it: Pub/Sub, SNS and Event Grid, as each knocks at a door of ours."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

import requests
from google.auth import crypt, jwt

from sandbox.doors.keys import SigningKey

PATIENCE_S: Final = 30.0
SNS_REGION: Final = "eu-central-1"


@dataclass(frozen=True, kw_only=True)
class PubSubCourier:
    """A push subscription; without a `key` its pushes have no token. `claims` replace those of one; None: left out."""

    door: str
    key: SigningKey | None
    audience: str = "https://panel.example.com/ingest/pubsub"
    service_account: str = "push@shop.iam.gserviceaccount.com"
    session: requests.Session = field(default_factory=requests.Session, repr=False)

    def token(self, **claims: Any) -> str:
        assert self.key is not None
        now = int(time.time())
        usual = {
            "iss": "https://accounts.google.com",
            "aud": self.audience,
            "azp": "113774264463038321964",
            "sub": "113774264463038321964",
            "email": self.service_account,
            "email_verified": True,
            "iat": now,
            "exp": now + 3600,
        }
        payload = {name: value for name, value in (usual | claims).items() if value is not None}
        signer = crypt.RSASigner.from_string(self.key.private_pem, self.key.id)  # type: ignore[no-untyped-call]
        signed: bytes = jwt.encode(signer, payload)  # type: ignore[no-untyped-call]
        return signed.decode()

    def push(self, text: str, *, wrapped: bool = True, **claims: Any) -> int:
        """The status that the door answers with."""
        return self.post(self.wrapped(text) if wrapped else text.encode(), self.token(**claims) if self.key else None)

    def post(self, body: bytes, token: str | None) -> int:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        return self.session.post(self.door, data=body, headers=headers, timeout=PATIENCE_S).status_code

    @staticmethod
    def wrapped(text: str) -> bytes:
        """https://cloud.google.com/pubsub/docs/push#receive_push"""
        message = {
            "data": base64.b64encode(text.encode()).decode(),
            "messageId": str(uuid4().int)[:16],
            "publishTime": datetime.now(UTC).isoformat(),
        }
        return json.dumps({"message": message, "subscription": "projects/shop/subscriptions/intercom"}).encode()


@dataclass(frozen=True, kw_only=True)
class SnsCourier:
    """An HTTPS subscription to a topic. `version` is that of the signature."""

    door: str
    key: SigningKey
    topic: str = f"arn:aws:sns:{SNS_REGION}:123456789012:commercetools"
    version: str = "2"
    session: requests.Session = field(default_factory=requests.Session, repr=False)

    def post(self, text: str, *, at: datetime | None = None) -> int:
        """A notification; the status that the door answers with."""
        return self.send(self.signed({"Type": "Notification", "Message": text}, at=at))

    def ask_to_confirm(self, *, subscribe_url: str | None = None) -> int:
        return self.send(self.confirmation("SubscriptionConfirmation", subscribe_url=subscribe_url))

    def confirmation(self, type_: str, *, subscribe_url: str | None = None) -> dict[str, str]:
        token = uuid4().hex
        url = f"https://sns.{SNS_REGION}.amazonaws.com/?Action=ConfirmSubscription&TopicArn={self.topic}&Token={token}"
        return self.signed(
            {"Type": type_, "Message": "You have chosen...", "Token": token, "SubscribeURL": subscribe_url or url}
        )

    def signed(self, content: Mapping[str, str], *, at: datetime | None = None) -> dict[str, str]:
        """https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html"""
        sent = (at or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        full = {"MessageId": str(uuid4()), "TopicArn": self.topic, "Timestamp": sent, **content}
        names = sorted(name for name in full if name in _SIGNED)
        lines = "".join(f"{name}\n{full[name]}\n" for name in names)
        signature = self.key.sign(lines.encode(), sha1=self.version == "1")
        return {
            **full,
            "SignatureVersion": self.version,
            "Signature": base64.b64encode(signature).decode(),
            "SigningCertURL": f"https://sns.{SNS_REGION}.amazonaws.com/{self.key.id}.pem",
        }

    def send(self, content: Mapping[str, str]) -> int:
        headers = {"Content-Type": "text/plain; charset=UTF-8", "x-amz-sns-message-type": content.get("Type", "")}
        return self.session.post(
            self.door, data=json.dumps(content).encode(), headers=headers, timeout=PATIENCE_S
        ).status_code


_SIGNED: Final = frozenset(
    {"Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"}
)


@dataclass(frozen=True, kw_only=True)
class EventGridCourier:
    """An event subscription with a webhook. The key travels in the address, or in a header."""

    door: str
    key: str | None = field(repr=False)
    in_header: bool = False
    session: requests.Session = field(default_factory=requests.Session, repr=False)

    def post(self, *events: Mapping[str, Any], batch: bool = False) -> int:
        """One CloudEvent, or several as a batch; the status that the door answers with."""
        is_batch = batch or len(events) != 1
        content_type = "application/cloudevents-batch+json" if is_batch else "application/cloudevents+json"
        return self.send(json.dumps(events if is_batch else events[0]).encode(), content_type).status_code

    def send(self, body: bytes, content_type: str = "application/json") -> requests.Response:
        query, headers = self._credentials()
        headers["Content-Type"] = f"{content_type}; charset=utf-8"
        return self.session.post(self.door, data=body, params=query, headers=headers, timeout=PATIENCE_S)

    def shake_hands(self, origin: str = "eventgrid.azure.net") -> requests.Response:
        query, headers = self._credentials()
        headers |= {"WebHook-Request-Origin": origin, "WebHook-Request-Rate": "120"}
        return self.session.options(self.door, params=query, headers=headers, timeout=PATIENCE_S)

    def _credentials(self) -> tuple[dict[str, str], dict[str, str]]:
        if self.key is None:
            return {}, {}
        return ({}, {"X-Eventgrid-Key": self.key}) if self.in_header else ({"key": self.key}, {})
