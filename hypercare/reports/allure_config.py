"""allurerc.mjs: the settings of one Allure report. Levels come first, the most urgent at the top."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypercare.language.chosen import chosen
from hypercare.language.texts import translated
from hypercare.outcome.level import Level
from hypercare.reports.allure_results import REST, URGENCY
from hypercare.reports.summary import Status, Summary
from hypercare.reports.verdict import open_incidents, verdict_of
from hypercare.reports.words import long_date, round_words, short_instant

# A point holds every result of a day; more than a fortnight of them would make the pages heavy.
HISTORY_LIMIT = 14
_LOOKS = ["failed", "broken", "passed", "skipped", "unknown"]


def config_text(summary: Summary, *, history: Path | None, append_history: bool, has_history: bool = False) -> str:
    """The file's content; with `has_history` there are earlier reports to show beside this one.

    JSON is JavaScript, so no string of the target can become code."""
    settings: dict[str, Any] = {
        "name": translated(report_name(summary)),
        "variables": {translated(name): translated(value) for name, value in _variables(summary).items()},
        "categories": {"rules": _categories()},
        "appendHistory": append_history and history is not None,
        "plugins": {
            "awesome": {
                "options": {
                    "singleFile": True,
                    "reportLanguage": chosen(),
                    "groupBy": ["urgency", "section"],
                    "theme": "auto",
                    "defaultSortBy": "name,asc",
                }
            },
            "dashboard": {
                "options": {
                    "singleFile": True,
                    "reportLanguage": chosen(),
                    "layout": _dashboard(with_history=has_history),
                }
            },
        },
    }
    if history is not None:
        settings |= {"historyPath": str(history), "historyLimit": HISTORY_LIMIT}
    return f"export default {json.dumps(settings, indent=1)};\n"


def report_name(summary: Summary) -> str:
    """The verdict stands in the name, because that is what is read first."""
    opened = [incident.level for incident in open_incidents(summary)]
    levels = [f"{opened.count(level)} × {level} open" for level in sorted(Level, reverse=True) if level in opened]
    words = verdict_of(summary).headline if summary.status is not Status.CRITICAL else "Critical"
    return f"{words}{': ' + ', '.join(levels) if levels else ''} · {summary.target}, day {summary.day}"


def _variables(summary: Summary) -> dict[str, str]:
    verdict = verdict_of(summary)
    answers = {answer.question: f"{answer.short}. {answer.text}" for answer in verdict.answers}
    return {
        **answers,
        "Report": f"{round_words(summary.round)}, day {summary.day}, {long_date(summary.as_of)}",
        "As of": f"{short_instant(summary.as_of)} ({summary.timezone})",
        "Looked at": f"{summary.coverage.covered} of {summary.coverage.items} items",
        **summary.versions,
    }


def _categories() -> list[dict[str, Any]]:
    rules = [
        {
            "name": _unnumbered(translated(URGENCY[level])),
            "matchers": {"statuses": ["failed", "broken"], "labels": {"escalation": level.value}},
            "groupBy": [{"label": "section"}],
            "expand": True,
        }
        for level in sorted(Level, reverse=True)
    ]
    rest = [
        {"name": _unnumbered(translated(name)), "matchers": {"statuses": _LOOKS, "labels": {"outcome": outcome.value}}}
        for outcome, name in REST.items()
    ]
    return [*rules, *rest]


def _unnumbered(name: str) -> str:
    return name.partition(" ")[2]


def _dashboard(*, with_history: bool) -> list[dict[str, Any]]:
    """What has something to show: without earlier reports, nothing can have changed. Durations are drawn in red by
    Allure, whatever they are, and so are left to the page itself."""
    now: list[dict[str, Any]] = [
        {"type": "currentStatus", "title": translated("Checks now"), "statuses": _LOOKS[:4], "metric": "passed"},
        {
            "type": "testResultSeverities",
            "title": translated("By severity (blocker is L3, critical L2, minor L1)"),
            "levels": ["blocker", "critical", "minor"],
            "includeUnset": False,
        },
    ]
    if not with_history:
        return now
    return [*now, {"type": "statusDynamics", "title": translated("Report by report"), "limit": HISTORY_LIMIT}]
