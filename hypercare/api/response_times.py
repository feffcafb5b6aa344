"""How fast the API answers ourselves: each endpoint asked several times, so that one slow answer is no verdict."""

from __future__ import annotations

import time
from collections import defaultdict
from datetime import timedelta
from statistics import median

from hypercare.api.api import Api
from hypercare.api.endpoint_round import EndpointRound
from hypercare.outcome.found import Found

_TIMES = 3
_ENOUGH = 30.0  # seconds; a slow API is not asked for longer than it takes to know


def endpoints_slower_than(api: Api, limit: timedelta) -> Found:
    """Endpoints whose median answer takes longer than `limit`, slowest first.

    One that the target file gives a time of its own may take that long.
    """
    seconds: dict[str, list[float]] = defaultdict(list)
    limits: dict[str, float] = {}
    until = time.monotonic() + _ENOUGH
    for _ in range(_TIMES):
        for result in EndpointRound(api).ask_all(sampling=False).results:
            if result.exchange.status or result.is_slow:
                one = result.endpoint
                seconds[one.name].append(result.exchange.seconds)
                limits[one.name] = max(
                    limit, one.timeout if "timeout" in one.model_fields_set else limit
                ).total_seconds()
        if time.monotonic() > until:
            break
    medians = sorted(((median(times), name) for name, times in seconds.items()), reverse=True)
    rows = [
        {"endpoint": name, "median_ms": round(taken * 1000), "limit_ms": round(limits[name] * 1000)}
        for taken, name in medians
        if taken > limits[name]
    ]
    return Found.of_rows(rows, where=api.section.url, of=len(medians))
