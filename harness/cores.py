"""How many processor cores there are for us."""

from __future__ import annotations

import os


def cores() -> int:
    """Processor cores this process may use, divided among pytest-xdist's workers where there are any."""
    mine = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, mine // int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))
