"""What can be counted and timed, for Prometheus: `GET /metrics`.

Every app has a registry of its own, so that tests and several apps in one process do not add up. The figures are
those of one process: with `WEB_CONCURRENCY` above 1 each scrape meets one of them by chance.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import choose_encoder

from clients.wire.http import Exchange

_PANEL_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 3.5)
_INGEST_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_UPSTREAM_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0)


class Metrics:
    """The product's figures; every one is safe to use from several threads. Labels never hold ids."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.panel_answers_total = Counter(
            "panel_answers_total",
            "Canvases answered, by flow (initialize, submit), screen and outcome (live, cached, last_known, ...).",
            ["flow", "screen", "outcome"],
            registry=self.registry,
        )
        self.panel_seconds = Histogram(
            "panel_seconds",
            "Seconds from a request to its canvas, by flow.",
            ["flow"],
            buckets=_PANEL_SECONDS,
            registry=self.registry,
        )
        self.upstream_requests_total = Counter(
            "upstream_requests_total",
            "Requests to commercetools, by operation and outcome (the status, or the reason code of the error).",
            ["operation", "outcome"],
            registry=self.registry,
        )
        self.upstream_seconds = Histogram(
            "upstream_seconds",
            "Seconds that commercetools took to answer, by operation.",
            ["operation"],
            buckets=_UPSTREAM_SECONDS,
            registry=self.registry,
        )
        self.cache_total = Counter(
            "cache_total",
            "Look-ups in the panel's cache, by result (fresh, shared, asked, last_known, nothing).",
            ["result"],
            registry=self.registry,
        )
        self.breaker_state = Gauge(
            "breaker_state",
            "0 closed: commercetools is asked; 1 half open: one request tries; 2 open: nothing is asked.",
            registry=self.registry,
        )
        self.rejected_signatures_total = Counter(
            "rejected_signatures_total",
            "Requests refused because their signature was missing or wrong, by flow.",
            ["flow"],
            registry=self.registry,
        )
        self.ingest_total = Counter(
            "ingest_total",
            "Pushes of cloud queues, by door (pubsub, sns, eventgrid) and outcome (taken, refused, unavailable, ...).",
            ["door", "outcome"],
            registry=self.registry,
        )
        self.ingest_hints_total = Counter(
            "ingest_hints_total",
            "Hints that pushes of cloud queues gave, by door.",
            ["door"],
            registry=self.registry,
        )
        self.ingest_seconds = Histogram(
            "ingest_seconds",
            "Seconds from a push to its answer, by door.",
            ["door"],
            buckets=_INGEST_SECONDS,
            registry=self.registry,
        )
        self.webhooks_total = Counter(
            "webhooks_total",
            "Notifications of Intercom, by topic (unknown: not acted on) and outcome (heard, ignored, refused, ...).",
            ["topic", "outcome"],
            registry=self.registry,
        )
        self.webhook_seconds = Histogram(
            "webhook_seconds",
            "Seconds from a notification of Intercom to its answer.",
            buckets=_INGEST_SECONDS,
            registry=self.registry,
        )

    def observe_exchange(self, exchange: Exchange) -> None:
        """Counts and times one request to commercetools."""
        self.upstream_requests_total.labels(exchange.purpose, exchange.outcome).inc()
        self.upstream_seconds.labels(exchange.purpose).observe(exchange.seconds)

    def exposition(self, accept: str) -> tuple[bytes, str]:
        """The figures and their content type, in the form that the scraper's `Accept` header asks for."""
        encode, content_type = choose_encoder(accept)
        return encode(self.registry), content_type
