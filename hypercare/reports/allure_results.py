"""Allure's result files, made ready: no machine names, the round and the level on every result."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.reports.figures import shown
from hypercare.reports.markdown import escaped
from hypercare.reports.summary import Check, ItemResult, Summary
from hypercare.reports.words import excepted_words, looked_at_words

# They carry the name of the machine and the number of its process into the report and its history.
_LEAKING = {"host", "thread"}
_RUNBOOK = re.compile(r"docs/runbook/(?P<id>[a-z0-9.-]+)\.md")
# What our outcome label decides, whatever the reporting plug-in made of the exception.
_STATUS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.FLAKY: "passed",
    Outcome.BLOCKED: "skipped",
    Outcome.NOT_COVERED: "skipped",
    Outcome.MONITOR_FAULT: "broken",
    Outcome.AWAITING: "skipped",
}
# Groups stand in the order of their names, so the number puts the most urgent first.
URGENCY = {
    Level.L3: "1. L3 critical",
    Level.L2: "2. L2 technical",
    Level.L1: "3. L1 user support",
}
REST = {
    Outcome.MONITOR_FAULT: "4. Fault of the monitor, not of the system",
    Outcome.FLAKY: "5. Unsteady: held when tried again",
    Outcome.BLOCKED: "6. Blocked by what is down",
    Outcome.AWAITING: "7. Waits for a person",
    Outcome.NOT_COVERED: "8. Not covered",
}


def prepare_results(results: Path, into: Path, summary: Summary) -> int:
    """Copy a round's allure-results to `into`, each result labelled by what the summary knows of its check.

    A result file that is not JSON (the round was killed while it was
    written) is left out. A folder that is not there is one of a round on
    another machine, and has none.

    Returns:
        how many results there are.

    Raises:
        OSError: a file cannot be read or written.
    """
    into.mkdir(parents=True, exist_ok=True)
    checks_by_key = {_key(check.nodeid): (item, check) for item in summary.items for check in item.checks}
    number = 0
    for path in sorted(results.iterdir()) if results.is_dir() else ():
        if path.name.endswith(("-result.json", "-container.json")):
            content = _read(path)
            if content is None:
                continue
            if path.name.endswith("-result.json"):
                _label(
                    content,
                    summary.round,
                    next((checks_by_key[key] for key in _keys(content) if key in checks_by_key), None),
                )
                number += 1
            (into / path.name).write_text(json.dumps(content), encoding="utf-8")
        elif path.is_file() and "-attachment" in path.name:
            shutil.copyfile(path, into / path.name)
    return number


def _read(path: Path) -> dict[str, Any] | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


def _keys(content: Mapping[str, Any]) -> list[str]:
    """What may name the check of a result: its label `check`, else its file and class with its name or function."""
    parts = [str(part) for part in content.get("titlePath") or []]
    module = next((number for number, part in enumerate(parts) if part.endswith(".py")), len(parts) - 1)
    above = ["/".join(parts[: module + 1]), *parts[module + 1 :]]
    function = str(content.get("fullName", "")).rpartition("#")[2]
    names = [str(content.get("name", "")), function]
    return [_key(nodeid) for nodeid in (_value(content, "check"), *("::".join([*above, name]) for name in names))]


def _key(nodeid: str) -> str:
    """A pytest id, or the title made from it, in one form: "t.py::test_a_b[x]" and "t.py::A b[x]" are the same."""
    above, _, name = nodeid.rpartition("::")
    return f"{above}::{name.removeprefix('test_').replace('_', ' ').lower()}"


def _value(content: Mapping[str, Any], name: str) -> str:
    return next((str(label.get("value")) for label in content.get("labels", []) if label.get("name") == name), "")


def _label(content: dict[str, Any], round_name: str, item_and_check: tuple[ItemResult, Check] | None) -> None:
    content["labels"] = [label for label in content.get("labels", []) if label.get("name") not in _LEAKING]
    content["links"] = [_beside(link) for link in content.get("links") or []]
    _set(content, "round", round_name)
    # Where two rounds of a day make the same look, the second is no retry of the first.
    own = f"{content.get('historyId') or content.get('fullName', '')} {round_name}"
    content["historyId"] = hashlib.sha256(own.encode()).hexdigest()[:32]
    if item_and_check is None:
        _set(content, "urgency", _urgency_of(_value(content, "outcome"), _value(content, "escalation")))
        return
    item, check = item_and_check
    level = check.level or item.level
    _set(content, "outcome", check.outcome.value)
    _set(content, "section", item.section or "Other")
    _set(content, "severity", level.allure_severity)
    if check.outcome in {Outcome.FAILED, Outcome.FLAKY}:
        _set(content, "escalation", level.value)
    _set(content, "urgency", _urgency_of(check.outcome, level))
    content["name"] = _readable(str(content.get("name", "")))
    content["description"] = _description(item, check)
    content["status"] = _STATUS[check.outcome]
    details = content.get("statusDetails") or {}
    content["statusDetails"] = {**details, "flaky": check.outcome is Outcome.FLAKY}
    if check.sentence and check.outcome is not Outcome.PASSED:
        content["statusDetails"]["message"] = check.sentence


def _readable(name: str) -> str:
    """ "test_total_equals_lines[api]" becomes "Total equals lines [api]"; a title stays as it is."""
    if not name.startswith("test_"):
        return name
    words, bracket, parameters = name.removeprefix("test_").partition("[")
    words = words.replace("_", " ")
    return f"{words[:1].upper()}{words[1:]}{f' [{parameters}' if bracket else ''}"


def _description(item: ItemResult, check: Check) -> str:
    """What the finding says besides its sentence, as Markdown without any of the target's own."""
    facts = {
        "Plan": item.words,
        "Finding": check.sentence if check.outcome is not Outcome.PASSED else "",
        "Looked at": looked_at_words(check),
        "Passed over": excepted_words(check),
        "Next step": check.next_step,
        "Where to look": check.where,
        "At stake": f"{shown(check.money)} {check.currency}" if check.money is not None else "",
        "To mend it": check.remedy,
    }
    return "\n\n".join(f"**{name}**: {escaped(text)}" for name, text in facts.items() if text)


def _urgency_of(outcome: str, level: str) -> str:
    if outcome == Outcome.FAILED:
        return next((words for one, words in URGENCY.items() if one == level), "")
    return next((words for one, words in REST.items() if one == outcome), "")


def _beside(link: Mapping[str, Any]) -> Mapping[str, Any]:
    """The runbook's page lies beside the report, wherever the report is carried."""
    page = _RUNBOOK.fullmatch(str(link.get("url", "")))
    return {**link, "url": f"../runbook/{page['id']}.html"} if page else link


def _set(content: dict[str, Any], name: str, value: str) -> None:
    content["labels"] = [label for label in content["labels"] if label.get("name") != name]
    if value:
        content["labels"].append({"name": name, "value": value})
