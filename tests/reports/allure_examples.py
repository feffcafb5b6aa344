"""Result files as allure-pytest writes them, made from a summary without running a round."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypercare.outcome.outcome import Outcome
from hypercare.reports.summary import Check, Summary

_STATUS = {Outcome.PASSED: "passed", Outcome.FAILED: "failed", Outcome.FLAKY: "failed", Outcome.MONITOR_FAULT: "broken"}
MACHINE = "secret-machine-name"


def write_results(summary: Summary, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number, check in enumerate(_checks(summary)):
        source = f"{number:04}-attachment.txt"
        (folder / source).write_text(f"evidence of {check.nodeid}", encoding="utf-8")
        content = _result(check, source, int(summary.started.timestamp() * 1000))
        (folder / f"{number:04}-result.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def _checks(summary: Summary) -> Iterator[Check]:
    return (check for item in summary.items for check in item.checks)


def _result(check: Check, source: str, start: int) -> dict[str, Any]:
    path, _, name = check.nodeid.partition("::")
    identity = hashlib.md5(check.nodeid.encode(), usedforsecurity=False).hexdigest()
    return {
        "uuid": identity,
        "historyId": identity,
        "testCaseId": identity,
        "fullName": f"{path.removesuffix('.py').replace('/', '.')}#{name}",
        "name": name,
        "titlePath": path.split("/"),
        "status": _STATUS.get(check.outcome, "skipped"),
        "statusDetails": {"message": check.sentence, "trace": check.detail} if check.sentence else None,
        "labels": [
            {"name": "host", "value": MACHINE},
            {"name": "thread", "value": f"{MACHINE}-1"},
            {"name": "framework", "value": "pytest"},
        ],
        "attachments": [{"name": "rows", "source": source, "type": "text/plain"}],
        "start": start,
        "stop": start + int(check.duration_s * 1000),
        "steps": [],
        "parameters": [],
        "links": [],
    }
