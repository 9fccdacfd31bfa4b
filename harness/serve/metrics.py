"""What the service counts, for Prometheus."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest

PATHS = frozenset(
    {
        "/v1/rtl",
        "/v1/corrections",
        "/v1/chat/completions",
        "/v1/completions",
        "/v1/models",
        "/health",
        "/metrics",
    }
)
"""Others are counted together, or a stranger could make as many series as there are paths."""
SECONDS = (0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 20, 40, 80, 160)


class Metrics:
    """The counters of one service."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "harness_requests", "Requests by path and status.", ["path", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "harness_request_seconds",
            "Seconds from a request to the end of its reply.",
            ["path"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self._verdicts = Counter(
            "harness_verdicts", "Answers by verdict.", ["verdict"], registry=self.registry
        )

    def request(self, path: str, status: int, seconds: float) -> None:
        """Count a request that has been answered."""
        known = path if path in PATHS else "other"
        self._requests.labels(known, str(status)).inc()
        self._seconds.labels(known).observe(seconds)

    def verdict(self, verdict: str) -> None:
        """Count an answer."""
        self._verdicts.labels(verdict).inc()

    def text(self) -> bytes:
        """All figures, as Prometheus reads them."""
        return generate_latest(self.registry)
