"""What one job does, put down step by step, each step with what was answered to the requests since the one before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

from clients.deadline import Call, Reply
from sync.installation import Installation
from sync.storage.traces import Trace

MOST_ANSWERS: Final = 50  # of one step; a guest with a thousand orders takes many


@dataclass(slots=True, kw_only=True)
class Steps:
    """Of one job, in one thread. `subject`: whose contact it is about, None while a resource is read."""

    at: Installation
    subject: str | None = None
    correlation_id: str = field(default_factory=lambda: uuid4().hex)
    _replies: list[Reply] = field(default_factory=list)

    @property
    def has_answers(self) -> bool:
        """Whether there was a request that no step tells of yet."""
        return bool(self._replies)

    def call(self) -> Call:
        """For one request to a platform, whose answer the next step tells."""
        return self.at.call(self.correlation_id, heard=self._replies.append)

    def step(
        self,
        name: str,
        detail: Mapping[str, object],
        *,
        subject: str | None = None,
        resource: tuple[str, str] | None = None,
        order_number: str | None = None,
    ) -> Trace:
        """To be kept with what it tells of, in one transaction."""
        type_, id_ = resource or (None, None)
        return Trace(
            at=self.at.now(),
            step=name,
            subject=subject or self.subject,
            resource_type=type_,
            resource_id=id_,
            order_number=order_number,
            correlation_id=self.correlation_id,
            detail={**detail, **self._answers()},
        )

    def _answers(self) -> dict[str, object]:
        replies = self._replies[:MOST_ANSWERS]
        self._replies.clear()
        told = [
            {
                "platform": each.platform,
                "request": each.purpose,
                "outcome": each.outcome,
                **({"reference": each.reference} if each.reference else {}),
            }
            for each in replies
        ]
        return {"answers": told} if told else {}
