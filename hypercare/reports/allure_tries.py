"""A check that was looked at twice, as Allure knows it: two results, of which the first is a retry of the second."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from hypercare.reports.check_parts import Try
from hypercare.reports.summary import Check

STATUS_OF_TRY = {"failed": "failed", "blocked": "skipped"}
_MILLISECOND = 1e-3


def earlier_tries(content: Mapping[str, Any], check: Check, earlier_by_ms: int) -> list[dict[str, Any]]:
    """A result for each try of the check before the one that decided, made from the whole check's `content`.

    `earlier_by_ms` is added to real instants, as it was to those of `content`.
    """
    return [_result(content, number, one, earlier_by_ms) for number, one in enumerate(check.tries[:-1], start=1)]


def confine_to_last_try(content: dict[str, Any], check: Check, earlier_by_ms: int) -> None:
    """Let the result begin where the try began that decided."""
    if len(check.tries) > 1:
        content["start"] = _milliseconds(check.tries[-1].started) + earlier_by_ms


def _result(content: Mapping[str, Any], number: int, one: Try, earlier_by_ms: int) -> dict[str, Any]:
    made = deepcopy(dict(content))
    made["uuid"] = hashlib.sha256(f"{content.get('uuid')} try {number}".encode()).hexdigest()[:32]
    made["status"] = STATUS_OF_TRY.get(one.outcome.value, "passed")
    made["statusDetails"] = {"message": one.sentence}
    made["start"] = _milliseconds(one.started) + earlier_by_ms
    made["stop"] = _milliseconds(one.ended) + earlier_by_ms
    # What was kept while it was looked at stands with the try that decided.
    made["attachments"], made["steps"] = [], []
    return made


def _milliseconds(instant: datetime) -> int:
    return round(instant.timestamp() / _MILLISECOND)
