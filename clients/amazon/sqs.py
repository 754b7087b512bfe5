"""An SQS queue: what waits in it is received, and deleted once it is done with.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import boto3  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import (  # type: ignore[import-untyped]
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
)

from clients.amazon.settings import SqsSettings
from clients.errors import CredentialsRefused, NotFound, PlatformError, Rejected, Unreachable

MOST_AT_ONCE: Final = 10  # SQS' own limit
WAIT_SECONDS: Final = 20  # the longest that SQS waits for a message

_CREDENTIALS: Final = frozenset(
    {
        "AccessDenied", "AccessDeniedException", "AuthFailure", "ExpiredToken", "ExpiredTokenException",
        "InvalidAccessKeyId", "InvalidClientTokenId", "InvalidSecurity", "MissingAuthenticationToken", "OptInRequired",
        "SignatureDoesNotMatch", "UnrecognizedClientException",
    }
)  # fmt: skip
DENIED: Final = frozenset({"AccessDenied", "AccessDeniedException"})
"""The credentials are good, and do not allow this."""
_NO_QUEUE: Final = frozenset({"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"})


@dataclass(frozen=True, slots=True)
class Received:
    """A message that nobody else gets for a while: the queue's visibility time-out."""

    id: str
    receipt: str = field(repr=False)
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueState:
    """About so many messages wait, are `taken` and not deleted yet, and come later.

    How old the oldest is, only Amazon's CloudWatch knows. `takes_out`: after how many attempts one is put into a
    dead-letter queue, None if there is no such queue.
    """

    waiting: int
    taken: int
    delayed: int
    takes_out: int | None


class _Client(Protocol):
    def get_queue_attributes(self, **asked: Any) -> Mapping[str, Any]: ...
    def receive_message(self, **asked: Any) -> Mapping[str, Any]: ...
    def delete_message_batch(self, **asked: Any) -> Mapping[str, Any]: ...
    def close(self) -> None: ...


class SqsQueue:
    """Thread-safe. Nothing is looked up before the first call. Raises only `PlatformError`."""

    def __init__(self, settings: SqsSettings, *, wait_seconds: int = WAIT_SECONDS) -> None:
        self._settings = settings
        self._wait = wait_seconds
        self._lock = threading.Lock()
        self._made: _Client | None = None

    def receive(self) -> Sequence[Received]:
        """Up to ten messages, as soon as there is one; none after so many seconds."""
        answer = self._ask(
            "receive_message",
            QueueUrl=self._settings.queue_url,
            MaxNumberOfMessages=MOST_AT_ONCE,
            WaitTimeSeconds=self._wait,
        )
        return [Received(each["MessageId"], each["ReceiptHandle"], each["Body"]) for each in answer.get("Messages", ())]

    def state(self) -> QueueState:
        """Takes the permission `sqs:GetQueueAttributes`, which nothing else here does."""
        answer = self._ask("get_queue_attributes", QueueUrl=self._settings.queue_url, AttributeNames=["All"])
        held = answer.get("Attributes", {})
        redrive = json.loads(held.get("RedrivePolicy") or "{}")
        most = redrive.get("maxReceiveCount")
        return QueueState(
            waiting=int(held.get("ApproximateNumberOfMessages", 0)),
            taken=int(held.get("ApproximateNumberOfMessagesNotVisible", 0)),
            delayed=int(held.get("ApproximateNumberOfMessagesDelayed", 0)),
            takes_out=None if most is None else int(most),
        )

    def may_delete(self) -> bool:
        """Asked with a receipt of no message: nothing goes, and whoever may not delete is told so first.

        Raises `PlatformError` when nobody answers, or the credentials are good for nothing.
        """
        entries = [{"Id": "0", "ReceiptHandle": "a receipt of no message"}]
        try:
            self._ask("delete_message_batch", QueueUrl=self._settings.queue_url, Entries=entries)
        except PlatformError as error:
            if error.code is None or (isinstance(error, CredentialsRefused) and error.code not in DENIED):
                raise
            return error.code not in DENIED  # another code: the receipt is wrong, as it should be
        return True

    def delete(self, messages: Sequence[Received]) -> int:
        """For good; at most ten. How many SQS would not delete: they come again."""
        if not messages:
            return 0
        entries = [{"Id": str(number), "ReceiptHandle": each.receipt} for number, each in enumerate(messages)]
        answer = self._ask("delete_message_batch", QueueUrl=self._settings.queue_url, Entries=entries)
        return len(answer.get("Failed", ()))

    def close(self) -> None:
        with self._lock:
            made, self._made = self._made, None
        if made is not None:
            made.close()

    def _ask(self, operation: str, **asked: Any) -> Mapping[str, Any]:
        try:
            answer: Mapping[str, Any] = getattr(self._client(), operation)(**asked)
        except (ClientError, BotoCoreError) as error:
            raise _translated(error) from None  # the chain quotes the request
        return answer

    def _client(self) -> _Client:
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made

    def _make(self) -> _Client:
        settings = self._settings
        session = boto3.session.Session(
            aws_access_key_id=settings.access_key_id,
            aws_secret_access_key=settings.secret_access_key,
            aws_session_token=settings.session_token,
            region_name=settings.region,
            profile_name=settings.profile,
        )
        config = Config(
            connect_timeout=3,
            read_timeout=self._wait + 5,
            retries={"mode": "standard", "total_max_attempts": 1},  # whoever asks knows better when to ask again
        )
        client: _Client = session.client("sqs", endpoint_url=settings.endpoint_url, config=config)
        return client


def _translated(error: ClientError | BotoCoreError) -> PlatformError:
    """Codes and names alone: Amazon's messages quote keys and accounts."""
    if isinstance(error, ClientError):
        code = str(error.response.get("Error", {}).get("Code", ""))
        refusal = _refusal(code)(f"SQS: {code or 'no code'}")
        refusal.code = code or None
        return refusal
    match error:
        case NoCredentialsError() | PartialCredentialsError():
            return CredentialsRefused(f"SQS: {type(error).__name__}")
        case NoRegionError():
            return Rejected("SQS: set AWS_REGION")
        case _:
            return Unreachable(f"SQS: {type(error).__name__}")


def _refusal(code: str) -> type[CredentialsRefused | NotFound | Unreachable]:
    if code in _CREDENTIALS:
        return CredentialsRefused
    return NotFound if code in _NO_QUEUE else Unreachable
