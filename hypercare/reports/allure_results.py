"""Allure's result files, made ready: no machine names, the round and the level on every result."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from hypercare.language.texts import translated
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.wording import check_words
from hypercare.reports.allure_tries import confine_to_last_try, earlier_tries
from hypercare.reports.figures import shown
from hypercare.reports.markdown import escaped
from hypercare.reports.summary import Check, ItemResult, Summary
from hypercare.reports.words import excepted_words, looked_at_words, round_words

Value = TypeVar("Value")
# They carry the name of the machine and the number of its process into the report and its history.
_LEAKING = {"host", "thread"}
# Which file, class or marker of pytest's it came from says nothing to a reader, and what does stands in other labels.
_NOISE = {"parentSuite", "suite", "subSuite", "epic", "feature", "story", "framework", "language", "package"}
_OF_ROUND = ": "
_MARKS = {"alone", "long"}
_ENDINGS = {
    "text/plain": ".txt",
    "text/csv": ".csv",
    "text/html": ".html",
    "application/json": ".json",
    "application/zip": ".zip",
    "image/png": ".png",
    "image/jpeg": ".jpg",
}
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
    Outcome.AWAITING: "5. Waits for a person",
    Outcome.FLAKY: "6. Unsteady: held when tried again",
    Outcome.BLOCKED: "7. Blocked by what is down",
    Outcome.NOT_COVERED: "8. Not covered",
}


def prepare_results(results: Path, into: Path, summary: Summary) -> int:
    """Copy a round's allure-results to `into`, each result labelled by what the summary knows of its check.

    A result file that is not JSON (the round was killed while it was written) is left out, and so is what pytest's
    fixtures did, unless one of them failed. A folder that is not there is one of a round on another machine, and has
    none. All instants are moved to the hour as of which the round judged, so that history tells of business days.

    Returns:
        how many results there are.

    Raises:
        OSError: a file cannot be read or written.
    """
    into.mkdir(parents=True, exist_ok=True)
    preparing = _Preparing(summary, into)
    for path in sorted(results.iterdir()) if results.is_dir() else ():
        if path.name.endswith("-result.json"):
            preparing.take_result(path)
        elif path.name.endswith("-container.json"):
            preparing.take_container(path)
    for path in sorted(results.iterdir()) if results.is_dir() else ():
        if path.is_file() and "-attachment" in path.name:
            shutil.copyfile(path, into / preparing.names.get(path.name, path.name))
    return preparing.number


def ids_of_tests(prepared: Iterable[Path]) -> dict[str, str]:
    """By the ids of checks, where Allure's page shows the test of each; of several rounds it is that of the last."""
    latest: dict[str, tuple[int, str]] = {}
    for folder in prepared:
        for path in sorted(folder.glob("*-result.json")):
            content = read_result(path) or {}
            nodeid = str(content.get("fullName", "")).partition(_OF_ROUND)[2]
            one = (int(content.get("start") or 0), str(content.get("uuid", "")))
            latest[nodeid] = max(one, latest.get(nodeid, one))
    # As Allure makes its ids of the results'.
    return {
        nodeid: hashlib.md5(uuid.encode(), usedforsecurity=False).hexdigest()
        for nodeid, (_, uuid) in latest.items()
        if nodeid and uuid
    }


class _Preparing:
    """The results of one round on their way. `names` are attachments that are called by what they are."""

    def __init__(self, summary: Summary, into: Path) -> None:
        self._round, self._into = summary.round, into
        self._checks = {key_of(check.nodeid): (item, check) for item in summary.items for check in item.checks}
        self._moved_by_ms = round((summary.as_of - summary.started).total_seconds() * 1000)
        self.names: dict[str, str] = {}
        self.number = 0

    def take_result(self, path: Path) -> None:
        content = read_result(path)
        if content is None:
            return
        self.number += 1
        found = check_of(content, self._checks)
        for name in ("start", "stop"):
            if isinstance(content.get(name), int):
                content[name] += self._moved_by_ms
        self._rename(content)
        _label(content, self._round, found)
        if found is not None:
            earlier = earlier_tries(content, found[1], self._moved_by_ms)
            confine_to_last_try(content, found[1], self._moved_by_ms)
            for number, one in enumerate(earlier, start=1):
                self._write(one, f"{path.name.removesuffix('-result.json')}-{number}-result.json")
        self._write(content, path.name)

    def take_container(self, path: Path) -> None:
        """Only what a fixture broke on says anything."""
        content = read_result(path) or {}
        broken = {part: [one for one in content.get(part) or [] if _is_broken(one)] for part in ("befores", "afters")}
        if any(broken.values()):
            shorter = {**content, **broken}
            self._rename(shorter)
            self._write(shorter, path.name)

    def _write(self, content: Mapping[str, Any], name: str) -> None:
        (self._into / name).write_text(json.dumps(content), encoding="utf-8")

    def _rename(self, content: Mapping[str, Any]) -> None:
        """Let what is attached have the ending of what it is: allure-pytest gives most of it none of its own."""
        for attachment in _attachments(content):
            source, ending = str(attachment.get("source", "")), _ENDINGS.get(str(attachment.get("type")))
            if ending and not source.endswith(ending):
                self.names[source] = f"{source.removesuffix('.attach').removesuffix('.bin')}{ending}"
                attachment["source"] = self.names[source]


def _is_broken(fixture: Mapping[str, Any]) -> bool:
    return fixture.get("status") in {"failed", "broken"}


def _attachments(content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from content.get("attachments") or []
    for part in ("steps", "befores", "afters"):
        for step in content.get(part) or []:
            yield from _attachments(step)


def read_result(path: Path) -> dict[str, Any] | None:
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
    return [key_of(nodeid) for nodeid in (_value(content, "check"), *("::".join([*above, name]) for name in names))]


def key_of(nodeid: str) -> str:
    """A pytest id, or the title made from it, in one form: "t.py::test_a_b[x]" and "t.py::A b[x]" are the same."""
    above, _, name = nodeid.rpartition("::")
    return f"{above}::{name.removeprefix('test_').replace('_', ' ').lower()}"


def _value(content: Mapping[str, Any], name: str) -> str:
    return next((str(label.get("value")) for label in content.get("labels", []) if label.get("name") == name), "")


def check_of(content: Mapping[str, Any], checks: Mapping[str, Value]) -> Value | None:
    """What `checks` has, by the keys that `key_of` makes of their ids, of the check that a result of Allure's is of."""
    return next((checks[key] for key in _keys(content) if key in checks), None)


def _label(content: dict[str, Any], round_name: str, item_and_check: tuple[ItemResult, Check] | None) -> None:
    content["labels"] = [label for label in content.get("labels", []) if not _says_nothing(label)]
    content["parameters"] = []
    content["links"] = [_beside(link) for link in content.get("links") or []]
    _set(content, "round", round_name)
    # Where two rounds of a day make the same look, the second is no retry of the first.
    own = f"{_identity(content, item_and_check)} {round_name}"
    content["testCaseId"] = content["historyId"] = hashlib.sha256(own.encode()).hexdigest()[:32]
    if item_and_check is None:
        _set(content, "urgency", _urgency_of(_value(content, "outcome"), _value(content, "escalation")))
        return
    item, check = item_and_check
    content["fullName"] = f"{translated(round_words(round_name))}{_OF_ROUND}{check.nodeid}"
    level = check.level or item.level
    _set(content, "outcome", check.outcome.value)
    _set(content, "section", translated(item.section or "Other"))
    _set(content, "severity", level.allure_severity)
    if check.outcome in {Outcome.FAILED, Outcome.FLAKY}:
        _set(content, "escalation", level.value)
    _set(content, "urgency", _urgency_of(check.outcome, level))
    content["name"] = translated(check_words(check.nodeid)) or _readable(str(content.get("name", "")))
    content["description"] = _description(item, check)
    content["status"] = _STATUS[check.outcome]
    details = content.get("statusDetails") or {}
    content["statusDetails"] = {**details, "flaky": check.outcome is Outcome.FLAKY}
    if check.sentence and check.outcome is not Outcome.PASSED:
        content["statusDetails"]["message"] = translated(check.sentence)


def _identity(content: Mapping[str, Any], item_and_check: tuple[ItemResult, Check] | None) -> str:
    """What makes it the same check on every machine: its id, which no parameter's address in memory is part of."""
    if item_and_check is not None:
        return item_and_check[1].nodeid
    return f"{content.get('fullName', '')} {content.get('name', '')}"


def _says_nothing(label: Mapping[str, Any]) -> bool:
    name = label.get("name")
    return name in _LEAKING or name in _NOISE or (name == "tag" and label.get("value") in _MARKS)


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
    return "\n\n".join(f"**{translated(name)}**: {escaped(text)}" for name, text in facts.items() if text)


def _urgency_of(outcome: str, level: str) -> str:
    if outcome == Outcome.FAILED:
        return next((translated(words) for one, words in URGENCY.items() if one == level), "")
    return next((translated(words) for one, words in REST.items() if one == outcome), "")


def _beside(link: Mapping[str, Any]) -> Mapping[str, Any]:
    """The runbook's page lies beside the report, wherever the report is carried."""
    page = _RUNBOOK.fullmatch(str(link.get("url", "")))
    return {**link, "url": f"../runbook/{page['id']}.html"} if page else link


def _set(content: dict[str, Any], name: str, value: str) -> None:
    content["labels"] = [label for label in content["labels"] if label.get("name") != name]
    if value:
        content["labels"].append({"name": name, "value": value})
