"""From checks to items, counts and coverage."""

from __future__ import annotations

from dataclasses import replace

from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.reports.gathering import coverage_of, item_result
from tests.reports.report_examples import CHECKLIST, nothing_covered

ITEM = CHECKLIST["verify.costs"]
PASSED = CheckResult(nodeid="t.py::a", items=(ITEM.id,), outcome=Outcome.PASSED, level=ITEM.level, duration_s=0.2)
FAILED = replace(PASSED, nodeid="t.py::b", outcome=Outcome.FAILED, sentence="2 costs are negative.", count=2)
GAP = replace(PASSED, nodeid="t.py::c", outcome=Outcome.NOT_COVERED, sentence="No budget is mapped.", remedy="Map it.")


def test_the_weightiest_check_speaks_for_the_item() -> None:
    worse = replace(FAILED, nodeid="t.py::d", level=Level.L3, sentence="5 costs are on no order.", money="12.50")
    item = item_result(ITEM, [PASSED, FAILED, worse, GAP], round_name="evening", incident="4")
    assert (item.outcome, item.level, item.check) == (Outcome.FAILED, Level.L3, "t.py::d")
    assert (item.sentence, str(item.money), item.incident) == ("5 costs are on no order.", "12.50", "4")
    assert item.duration_s == 0.8
    assert len(item.checks) == 4


def test_an_item_without_a_check_is_not_covered() -> None:
    item = item_result(ITEM, [], round_name="evening")
    assert item.outcome is Outcome.NOT_COVERED
    assert coverage_of([item]).not_covered[0].reason == "No check answers for this item."


def test_what_is_covered_in_part_is_said() -> None:
    coverage = coverage_of([item_result(ITEM, [PASSED, GAP], round_name="evening")])
    assert (coverage.covered, coverage.percent) == (1, 100.0)
    assert [(gap.reason, gap.remedy, gap.partial) for gap in coverage.not_covered] == [
        ("No budget is mapped.", "Map it.", True)
    ]


def test_nothing_covered_is_zero_percent() -> None:
    coverage = nothing_covered().coverage
    assert (coverage.covered, coverage.percent) == (0, 0.0)
    assert coverage.items == len(nothing_covered().items)
    assert coverage_of([]).percent == 0.0
