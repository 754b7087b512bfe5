"""Whether a post really comes from our SNS topic, and the one thing that we may be asked to do about it.

No library that is kept up checks these for Python; the rules are few and stand here:
https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from clients.amazon.arns import ARN
from clients.authenticity import NotAuthentic
from clients.wire.published import Fetch, Published

OLDEST: Final = timedelta(
    hours=1
)  # SNS gives up after an hour: https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
SKEW: Final = timedelta(minutes=5)  # of two clocks

_HASHES: Final[Mapping[object, type[hashes.SHA1 | hashes.SHA256]]] = {"1": hashes.SHA1, "2": hashes.SHA256}
_CERTIFICATE_PATH: Final = re.compile(r"/[A-Za-z0-9_-]{1,128}\.pem")


class SnsType(StrEnum):
    """https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html"""

    NOTIFICATION = "Notification"
    SUBSCRIPTION = "SubscriptionConfirmation"
    UNSUBSCRIPTION = "UnsubscribeConfirmation"


_SIGNED: Final = {
    SnsType.NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    SnsType.SUBSCRIPTION: ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    SnsType.UNSUBSCRIPTION: ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
_OPTIONAL: Final = "Subject"


@dataclass(frozen=True, slots=True, kw_only=True)
class SnsMessage:
    """One that a topic of ours sent. `subscribe_url` carries a secret."""

    type: SnsType
    topic: str
    message: str = field(repr=False)
    subscribe_url: str | None = field(repr=False)


class SnsTopics:
    """Those that we listen to, by ARN; None: any, where something else says whom a message is for. Thread-safe."""

    def __init__(self, fetch: Fetch, *, topics: Collection[str] | None, now: Callable[[], datetime]) -> None:
        self._fetch = fetch
        self._certificates = Published(fetch, x509.load_pem_x509_certificate)
        self._topics = None if topics is None else frozenset(topics)
        self._now = now

    def verified(self, body: bytes) -> SnsMessage:
        """What was posted. Raises `NotAuthentic`, and `PlatformError` when the certificate is not to be had."""
        content = _texts(body)
        type_, topic = _type(content), content.get("TopicArn", "")
        if self._topics is not None and topic not in self._topics:
            raise NotAuthentic("wrong_topic", is_misaddressed=True)
        self._refuse_forged(content, type_, topic)
        self._refuse_old(content["Timestamp"])
        return SnsMessage(
            type=type_, topic=topic, message=content["Message"], subscribe_url=content.get("SubscribeURL")
        )

    def confirm(self, message: SnsMessage) -> None:
        """Says yes to a subscription. Raises `NotAuthentic`, and `PlatformError` when Amazon does not take it."""
        url = message.subscribe_url or ""
        asked = parse_qs(urlsplit(url).query)
        if not _is_amazons(url, message.topic, path=re.compile("/?")):
            raise NotAuthentic("foreign_subscribe_url")
        if asked.get("Action") != ["ConfirmSubscription"] or asked.get("TopicArn") != [message.topic]:
            raise NotAuthentic("foreign_subscribe_url")
        self._fetch(url)

    def _refuse_forged(self, content: Mapping[str, str], type_: SnsType, topic: str) -> None:
        url = content.get("SigningCertURL", "")
        if not _is_amazons(url, topic, path=_CERTIFICATE_PATH):
            raise NotAuthentic("foreign_certificate")
        algorithm = _HASHES.get(content.get("SignatureVersion"))
        if algorithm is None:
            raise NotAuthentic("unknown_signature_version")
        signed = string_to_sign(content, type_)
        signature = _signature(content)
        try:
            self._key(url).verify(signature, signed, padding.PKCS1v15(), algorithm())
        except InvalidSignature:
            raise NotAuthentic("bad_signature") from None

    def _key(self, url: str) -> RSAPublicKey:
        certificate = self._certificates.get(url)
        if not certificate.not_valid_before_utc <= self._now() <= certificate.not_valid_after_utc:
            raise NotAuthentic("certificate_expired")
        key = certificate.public_key()
        if not isinstance(key, RSAPublicKey):
            raise NotAuthentic("foreign_certificate")
        return key

    def _refuse_old(self, timestamp: str) -> None:
        try:
            sent = datetime.fromisoformat(timestamp)
        except ValueError:
            raise NotAuthentic("no_time") from None
        age = self._now() - (sent if sent.tzinfo else sent.replace(tzinfo=UTC))
        if not -SKEW <= age <= OLDEST:
            raise NotAuthentic("too_old", is_misaddressed=True)


def string_to_sign(content: Mapping[str, str], type_: SnsType) -> bytes:
    """What the signature covers: names and values in this order, each with a line of its own."""
    try:
        parts = [f"{name}\n{content[name]}\n" for name in _SIGNED[type_] if name in content or name != _OPTIONAL]
    except KeyError:
        raise NotAuthentic("not_an_sns_message") from None
    return "".join(parts).encode()


def _is_amazons(url: str, topic: str, *, path: re.Pattern[str]) -> bool:
    """Whether the address is at SNS itself, in the topic's own region."""
    region = ARN.fullmatch(topic)
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if region is None or not url.isascii() or not url.isprintable() or "\\" in url:
        return False
    ending = "amazonaws.com.cn" if topic.startswith("arn:aws-cn:") else "amazonaws.com"
    is_host = parts.netloc == f"sns.{region[1]}.{ending}"
    return parts.scheme == "https" and is_host and path.fullmatch(parts.path) is not None and not parts.fragment


def _texts(body: bytes) -> Mapping[str, str]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise NotAuthentic("not_an_sns_message") from None
    if not isinstance(content, dict):
        raise NotAuthentic("not_an_sns_message")
    return {name: value for name, value in content.items() if isinstance(value, str)}


def _type(content: Mapping[str, str]) -> SnsType:
    try:
        return SnsType(content.get("Type", ""))
    except ValueError:
        raise NotAuthentic("not_an_sns_message") from None


def _signature(content: Mapping[str, str]) -> bytes:
    try:
        return base64.b64decode(content.get("Signature", ""), validate=True)
    except (binascii.Error, ValueError):
        raise NotAuthentic("bad_signature") from None
