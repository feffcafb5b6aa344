"""Go or no-go by the rounds of a day: what holds, what does not, and what only traffic can tell."""

from __future__ import annotations

from typing import Any

import pytest

from hypercare.gates.readiness import Decision, Group, readiness_markdown, readiness_of, readiness_page
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.plan.checklist import shipped
from hypercare.plan.rounds import DAILY_ROUNDS
from hypercare.reports.daily import daily_summary
from tests.reports.report_examples import round_summary

FAILED = {"outcome": Outcome.FAILED, "sentence": "It is so."}
TABLE: list[tuple[dict[str, Any], Decision]] = [
    ({}, Decision.GO),
    ({"errors.recurring": FAILED}, Decision.LIMITS),
    ({"verify.branches": {**FAILED, "level": Level.L3}}, Decision.NO_GO),
    ({"users.login": FAILED}, Decision.NO_GO),
    ({"health.api": {"outcome": Outcome.NOT_COVERED, "sentence": "No API is named."}}, Decision.UNKNOWN),
    ({"health.web": {"outcome": Outcome.MONITOR_FAULT, "sentence": "No browser."}}, Decision.UNKNOWN),
    (
        {"ops.sales": {"outcome": Outcome.NOT_COVERED, "remedy": "Nothing to mend: it is told from tomorrow on."}},
        Decision.GO,
    ),
]


def readiness(findings: dict[str, Any], *rounds: str) -> Any:
    chosen = [one for one in DAILY_ROUNDS if not rounds or one in rounds]
    return readiness_of(shipped(), daily_summary([round_summary(one, findings) for one in chosen]))


@pytest.mark.parametrize(("findings", "decision"), TABLE)
def test_the_decision_goes_by_what_selling_depends_on(findings: dict[str, Any], decision: Decision) -> None:
    assert readiness(findings).decision is decision


def test_a_round_that_was_not_held_leaves_it_open() -> None:
    found = readiness({}, "evening")
    assert found.decision is Decision.UNKNOWN
    assert "health.web" in [line.item.id for line in dict(found.groups)[Group.NOT_YET]]


def test_what_only_traffic_can_tell_is_apart_from_what_nothing_covers() -> None:
    later = {"outcome": Outcome.NOT_COVERED, "sentence": "Too early.", "remedy": "Nothing to mend: wait."}
    lacking = {"outcome": Outcome.NOT_COVERED, "sentence": "No table.", "remedy": "Map it."}
    groups = dict(readiness({"perf.response-time": later, "verify.costs": lacking}).groups)
    assert [line.item.id for line in groups[Group.WITHOUT_TRAFFIC]] == ["perf.response-time"]
    assert [line.item.id for line in groups[Group.NOT_COVERED]] == ["verify.costs"]


def test_each_item_of_the_plan_is_in_one_group_and_on_the_page() -> None:
    found = readiness({"users.login": {**FAILED, "sentence": "<i>3</i> people cannot log in."}})
    told = [line.item.id for _, lines in found.groups for line in lines]
    assert sorted(told) == sorted(item.id for item in shipped())
    text, page = readiness_markdown(found), readiness_page(found)
    assert text.startswith("# Go or no-go: Rosewood Bridal")
    assert "**No-go.**" in text
    assert "<i>3</i>" not in page
