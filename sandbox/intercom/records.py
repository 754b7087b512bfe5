"""What Intercom was asked and what came of it: counts for ever, details of the last requests."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

KEPT: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedRequest:
    """One request. `route` is "PUT /contacts/{id}"; `status` is what was decided, 0 when nothing was carried out.

    `changed`: the workspace changed by it. `is_lost`: the true answer was not what went out.
    """

    at: float
    method: str
    path: str
    route: str
    status: int
    request_id: str
    body: Mapping[str, Any]
    version: str | None
    changed: bool = False
    is_lost: bool = False

    def to_json(self) -> dict[str, Any]:
        """As `GET /_control` shows it; without headers, so without secrets."""
        return {name: getattr(self, name) for name in self.__slots__} | {"body": dict(self.body)}


class RequestLog:
    """Counts and keeps requests. Not thread-safe: the stand-in's lock guards it."""

    def __init__(self) -> None:
        self._kept: deque[ReceivedRequest] = deque(maxlen=KEPT)
        self.accepted: Counter[str] = Counter()  # by route: answered 2xx, whether or not that answer arrived
        self.effective: Counter[str] = Counter()  # of those: changed something
        self.lost: Counter[str] = Counter()  # of those: the client did not get the answer
        self.refused: Counter[tuple[str, int]] = Counter()  # by route and status; 0 = not carried out

    def add(self, request: ReceivedRequest) -> None:
        self._kept.append(request)
        if 200 <= request.status < 300:
            self.accepted[request.route] += 1
            self.effective[request.route] += request.changed
            self.lost[request.route] += request.is_lost
        else:
            self.refused[request.route, request.status] += 1

    def clear(self) -> None:
        self._kept.clear()
        self.accepted.clear()
        self.effective.clear()
        self.lost.clear()
        self.refused.clear()

    @property
    def requests(self) -> tuple[ReceivedRequest, ...]:
        """The last requests, oldest first."""
        return tuple(self._kept)
