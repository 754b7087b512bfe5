"""What an operator asks: is the process alive, can it do its work, what has it done.

`GET /healthz` looks at nothing but the process: a shop that is down must not get us restarted. `GET /readyz` asks the
neighbours and names those that fail: one that the panel can do without makes it degraded, not unready. `GET /metrics`
is for Prometheus.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock

import structlog
from flask import Blueprint, Response, jsonify, request

from canvas_app.metrics import Metrics
from clients.deadline import Call, Deadline
from clients.errors import PlatformError
from sync.logs import correlation_id

log: structlog.stdlib.BoundLogger = structlog.get_logger("canvas_app")

_GRACE = 0.1  # seconds; a check that keeps to its deadline ends a little after it, and knows a better reason than we


@dataclass(frozen=True, slots=True)
class Check:
    """One neighbour: its name, and a call that raises when it cannot be used. Not `essential`: we work without it."""

    neighbour: str
    run: Callable[[Call], None]
    essential: bool = True


@dataclass(frozen=True, slots=True)
class Failing:
    """A neighbour that cannot be used, and a reason code: those of clients/errors.py, `timed_out` or `failed`."""

    neighbour: str
    reason: str
    essential: bool = True

    def to_dict(self) -> dict[str, str]:
        return {"neighbour": self.neighbour, "reason": self.reason}


class Readiness:
    """Asks every neighbour at the same time, at most once every `keep` seconds, however many probes there are.

    A check that hangs is reported after `patience` seconds and not started again before it is over, so a hanging
    neighbour holds one thread and no more.
    """

    def __init__(
        self,
        checks: Sequence[Check],
        *,
        patience: float = 1.0,
        keep: float = 2.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._checks = tuple(checks)
        self.patience = patience
        self._keep = keep
        self._clock = clock
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(max_workers=max(1, len(self._checks)), thread_name_prefix="readiness")
        self._running: dict[str, Future[None]] = {}
        self._failing: tuple[Failing, ...] = ()
        self._asked_at: float | None = None

    def failing(self) -> tuple[Failing, ...]:
        """The neighbours that cannot be used, as of at most `keep` seconds ago."""
        with self._lock:
            if self._asked_at is None or self._clock() - self._asked_at >= self._keep:
                self._failing = self._ask()
                self._asked_at = self._clock()
            return self._failing

    def _ask(self) -> tuple[Failing, ...]:
        deadline = Deadline.after(self.patience, clock=self._clock)
        asked = [(check, self._start(check, deadline)) for check in self._checks]
        verdicts = [_verdict(check, running, deadline) for check, running in asked]
        return tuple(verdict for verdict in verdicts if verdict)

    def _start(self, check: Check, deadline: Deadline) -> Future[None]:
        running = self._running.get(check.neighbour)
        if running is None or running.done():
            call = Call(deadline=deadline, correlation_id=correlation_id())
            running = self._running[check.neighbour] = self._pool.submit(check.run, call)
        return running


def _verdict(check: Check, running: Future[None], deadline: Deadline) -> Failing | None:
    try:
        running.result(timeout=deadline.remaining() + _GRACE)
    except PlatformError as exc:
        return _failing(check, exc.reason_code)
    except TimeoutError:
        return _failing(check, "timed_out")
    except Exception:
        log.exception("readiness.check_broke", neighbour=check.neighbour)
        return _failing(check, "failed")
    return None


def _failing(check: Check, reason: str) -> Failing:
    log.warning("readiness.neighbour_failing", neighbour=check.neighbour, reason=reason)
    return Failing(check.neighbour, reason, check.essential)


def health_blueprint(metrics: Metrics, readiness: Readiness) -> Blueprint:
    """The operator's three doors."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="alive")

    @blueprint.get("/readyz")
    def readyz() -> tuple[Response, int]:
        found = readiness.failing()
        failing = [each.to_dict() for each in found if each.essential]
        degraded = [each.to_dict() for each in found if not each.essential]
        status = "not_ready" if failing else "ready"
        return jsonify(status=status, failing=failing, degraded=degraded), 503 if failing else 200

    @blueprint.get("/metrics")
    def expose() -> Response:
        figures, content_type = metrics.exposition(request.headers.get("Accept", ""))
        return Response(figures, content_type=content_type)

    return blueprint
