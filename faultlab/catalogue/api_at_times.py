"""An API that answers at times, or everybody but the suite, or with what was hours ago."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from faultlab.catalogue.api import API, TRIALS
from faultlab.fault import Where, items
from faultlab.gateway.spoiling import instead, json_changed, lost_now_and_then
from faultlab.gateway_fault import between
from hypercare.http.reverse_proxy import Answer
from hypercare.outcome.level import Level


def _hours_behind(page: dict[str, Any]) -> dict[str, Any]:
    return {**page, "items": page["items"][15:]}


def _disk_full(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "components": {**answer["components"], "disk": {"status": "full"}}}


def _one_dearer(page: dict[str, Any]) -> dict[str, Any]:
    """The list keeps what a sale came to before it was corrected."""
    final = [one for one in page["items"] if one["state"] == "final"]
    for one in final[-1:]:
        one["total"] = str(Decimal(one["total"]) + 5)
    return page


FAULTS = (
    between(
        "api-list-of-sales-hours-behind",
        "The list of sales comes from a search index that is hours behind.",
        Where.API,
        json_changed(f"{API}/sales", _hours_behind, "GET"),
        {"verify.sales-totals": Level.L2, "ops.sales": Level.L2},
        TRIALS | items("health.api", "verify.branches"),
    ),
    between(
        "api-list-of-sales-with-another-total",
        "The list of sales still tells what a sale came to before it was corrected.",
        Where.API,
        json_changed(f"{API}/sales", _one_dearer, "GET"),
        {"verify.sales-totals": Level.L2},
        TRIALS,
    ),
    between(
        "api-health-tells-of-a-full-disk",
        "The system calls itself well, and says further down that its disk is full.",
        Where.API,
        json_changed(f"{API}/health", _disk_full),
        {"health.api": Level.L3},
    ),
    between(
        "api-loses-one-in-five",
        "One of five servers behind the API's address is gone: every fifth request gets no answer.",
        Where.API,
        lost_now_and_then(rf"{API}/.*", 5),
        {"health.api": Level.L2},
        items("health.mobile", "users.login") | TRIALS,
    ),
    between(
        "api-throttles-the-suite",
        "The API tells the suite, and nobody else, that it asks too much.",
        Where.API,
        instead(rf"{API}/.*", Answer.of_json({"detail": "Too Many Requests"}, 429)),
        just_below=items("health.api", "perf.response-time") | TRIALS,
    ),
)
