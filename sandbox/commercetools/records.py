"""What the stand-in was asked, for tests and for the page: counts for ever, details of the last requests."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

KEPT: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedRequest:
    """One request as it came in. `operation` is the GraphQL operation's name, "" elsewhere."""

    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    operation: str = ""
    query: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)

    @property
    def correlation_id(self) -> str | None:
        return self.headers.get("X-Correlation-ID")

    @property
    def is_graphql(self) -> bool:
        return self.path.endswith("/graphql")

    def to_json(self) -> dict[str, Any]:
        """As `GET /_control` shows it; without the headers' secrets."""
        return {
            "method": self.method,
            "path": self.path,
            "operation": self.operation,
            "correlation_id": self.correlation_id,
            "user_agent": self.headers.get("User-Agent"),
            "query": self.query,
            "variables": dict(self.variables),
        }


class RequestLog:
    """Counts and keeps requests; any thread may add."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: deque[ReceivedRequest] = deque(maxlen=KEPT)
        self._by_path: Counter[str] = Counter()
        self._by_operation: Counter[str] = Counter()

    def add(self, request: ReceivedRequest) -> None:
        with self._lock:
            self._kept.append(request)
            self._by_path[request.path] += 1
            if request.is_graphql:
                self._by_operation[request.operation] += 1

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self._by_path.clear()
            self._by_operation.clear()

    @property
    def requests(self) -> tuple[ReceivedRequest, ...]:
        """The last requests, oldest first."""
        with self._lock:
            return tuple(self._kept)

    @property
    def by_path(self) -> dict[str, int]:
        with self._lock:
            return dict(self._by_path)

    @property
    def by_operation(self) -> dict[str, int]:
        with self._lock:
            return dict(self._by_operation)
