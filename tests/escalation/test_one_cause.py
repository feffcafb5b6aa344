"""Findings about the same records are one incident and one sentence; other records are a trouble of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from hypercare.escalation.troubles import one_cause, troubles_of
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.plan.checklist import read_checklist
from hypercare.reports.gathering import item_result

CHECKLIST = read_checklist(Path(__file__).parents[2] / "checklist.toml")
PROGRESS, COMPLETED, COSTS = "verify.production-progress", "summary.orders-completed", "verify.costs"


def result(
    item: str, *concerns: str, rank: int = 0, level: Level = Level.L2, outcome: Outcome = Outcome.FAILED
) -> CheckResult:
    sentence = f"{item} {rank} says so."
    return CheckResult(
        nodeid=f"t.py::{item}-{rank}-{'-'.join(concerns)}",
        items=(item,),
        outcome=outcome,
        level=level,
        sentence=sentence,
        concerns=concerns,
        rank=rank,
    )


def test_one_wrong_order_is_one_incident_with_the_plainest_sentence() -> None:
    results = one_cause(
        [
            result(PROGRESS, "progress:7", rank=1),
            result(PROGRESS, "progress:7", rank=2),
            result(COMPLETED, "progress:7"),
            result(COSTS, "progress:7"),
        ]
    )
    (trouble,) = troubles_of(results, CHECKLIST)
    assert trouble.sentence == f"{PROGRESS} 2 says so."
    assert set(trouble.items) == {PROGRESS, COMPLETED, COSTS}
    assert [one.told_by for one in results] == [PROGRESS, "", PROGRESS, PROGRESS]
    assert [one.sentence.endswith(f"It is told of by {PROGRESS}.") for one in results] == [False, False, True, True]


def test_the_item_tells_what_no_other_check_tells_more_plainly() -> None:
    results = one_cause([result(PROGRESS, "progress:7", rank=1), result(PROGRESS, "progress:7", rank=2)])
    assert item_result(CHECKLIST[PROGRESS], results, round_name="evening").sentence == f"{PROGRESS} 2 says so."


def test_the_gravest_tells() -> None:
    results = one_cause(
        [result(COSTS, "branch:sale 3", rank=2), result("verify.branches", "branch:sale 3", level=Level.L3)]
    )
    (trouble,) = troubles_of(results, CHECKLIST)
    assert (trouble.level, trouble.sentence) == (Level.L3, "verify.branches 0 says so.")


@pytest.mark.parametrize(
    "others",
    [
        result(COMPLETED, "progress:8"),
        result(COMPLETED, "progress:7", "progress:8"),
        result(COMPLETED, "branch:7"),
        result(COMPLETED),
    ],
    ids=["another order", "another besides", "another family", "nothing is known"],
)
def test_what_concerns_anything_else_is_hidden_by_nobody(others: CheckResult) -> None:
    results = one_cause([result(PROGRESS, "progress:7", rank=2), others])
    assert len(troubles_of(results, CHECKLIST)) == 2
    assert results[1] == others


def test_what_passed_tells_of_nothing() -> None:
    passed = result(PROGRESS, "progress:7", rank=2, outcome=Outcome.FLAKY)
    assert one_cause([passed, result(COMPLETED, "progress:7")])[1].told_by == ""
