"""The detection matrix says what came of each fault, in figures and on a page."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from faultlab.fault import Fault, Where
from faultlab.proving.matrix import Matrix, matrix_of
from faultlab.proving.page import page_of, summary_of
from faultlab.proving.pair import draw_pairs, pair_of
from faultlab.proving.proof import Proof, proof_of
from faultlab.verdict import judge
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult

BEGAN = datetime.fromisoformat("2026-01-15T17:00:00+00:00")
ITEMS = ("verify.sales-totals", "verify.costs", "health.web")
TOTAL = Fault(
    id="total-wrong",
    happens="A total is wrong <by a cent>.",
    where=Where.DATABASE,
    put_in=lambda scene: None,
    noticed_by={"verify.sales-totals": Level.L3},
)
QUIET = Fault(id="all-is-well", happens="Nothing.", where=Where.LOGS, put_in=lambda scene: None)


def result(item: str, outcome: Outcome, level: Level = Level.L3, after: float = 1.0) -> CheckResult:
    return CheckResult(
        nodeid=f"tests_data/test_x.py::test_{item}",
        items=(item,),
        outcome=outcome,
        level=level,
        sentence=f"{item} says so",
        ended=(BEGAN + timedelta(seconds=after)).isoformat(),
    )


def proof(fault: Fault, *results: CheckResult) -> Proof:
    return proof_of(fault, results, "database", BEGAN, 3.0)


def matrix(*proofs: tuple[Fault, Proof]) -> Matrix:
    faults = [fault for fault, _ in proofs]
    return matrix_of(faults, {one.fault: one for _, one in proofs}, (), ITEMS, date(2026, 1, 15))


CASES = [
    ([result("verify.sales-totals", Outcome.FAILED)], "noticed", {"noticed": 1, "missed": 0}),
    ([result("verify.sales-totals", Outcome.PASSED)], "missed", {"noticed": 0, "missed": 1}),
    ([result("verify.sales-totals", Outcome.FAILED, Level.L2)], "level", {"noticed": 0, "wrong_level": 1}),
]


@pytest.mark.parametrize(("results", "cell", "counts"), CASES, ids=[cell for _, cell, _ in CASES])
def test_a_cell_says_how_the_item_took_the_fault(results, cell, counts) -> None:
    made = matrix((TOTAL, proof(TOTAL, *results)))
    assert made.rows[0].cell("verify.sales-totals") == cell
    assert counts.items() <= dict(made.counts).items()
    assert made.right == (cell == "noticed")


def test_an_item_that_has_nothing_to_do_with_it_is_a_false_alarm() -> None:
    made = matrix((QUIET, proof(QUIET, result("verify.costs", Outcome.FAILED, Level.L2))))
    assert made.rows[0].cell("verify.costs") == "alarm"
    assert (made.counts["false_alarms"], made.right) == (1, False)


def test_a_fault_that_could_not_be_put_in_is_not_proven() -> None:
    made = matrix((TOTAL, Proof("total-wrong", "database", trouble="no such record")))
    assert (made.counts["not_proven"], made.right) == (1, False)


def test_a_fault_is_known_when_the_last_who_must_has_noticed() -> None:
    both = pair_of(TOTAL, Fault(**{**vars(QUIET), "noticed_by": {"verify.costs": Level.L2}}))
    seen = proof(
        both,
        result("verify.sales-totals", Outcome.FAILED, after=2.0),
        result("verify.costs", Outcome.FAILED, Level.L2, after=7.5),
    )
    assert matrix((both, seen)).rows[0].seconds == 7.5


def test_a_proof_is_the_same_after_it_was_written_and_read() -> None:
    one = proof(TOTAL, result("verify.sales-totals", Outcome.FAILED))
    assert Proof.from_dict(json.loads(json.dumps(one.as_dict()))) == one


def test_the_page_shows_every_fault_and_runs_nothing_of_it(tmp_path: Path) -> None:
    made = matrix((TOTAL, proof(TOTAL, result("verify.sales-totals", Outcome.FAILED))), (QUIET, proof(QUIET)))
    page = page_of(made)
    assert "A total is wrong &lt;by a cent&gt;." in page
    assert "Every fault is noticed, and nobody cries wolf" in page
    assert 'id="all-is-well"' in page


def test_the_summary_names_what_is_not_as_it_should_be() -> None:
    made = matrix((TOTAL, proof(TOTAL, result("verify.sales-totals", Outcome.PASSED))))
    assert "- `total-wrong`: verify.sales-totals did not notice" in summary_of(made)
    assert "| verify.sales-totals | 1 | 0 |" in summary_of(made)


PAIR_CASES = [
    (
        "blocked by what the other broke",
        [result("health.web", Outcome.FAILED)],
        "web",
        {"verify.costs": "blocked by web, which health.web says is down"},
    ),
    ("blocked although nobody says so", [result("health.web", Outcome.PASSED)], "web", {}),
    ("seen and not noticed", [result("health.web", Outcome.FAILED)], None, {}),
]


@pytest.mark.parametrize(
    ("others", "way", "hidden"), [case[1:] for case in PAIR_CASES], ids=[case[0] for case in PAIR_CASES]
)
def test_one_fault_may_hide_the_other_only_for_a_reason(others, way, hidden) -> None:
    web_down = Fault(**{**vars(QUIET), "noticed_by": {"health.web": Level.L3}})
    costs = Fault(**{**vars(QUIET), "id": "costs", "noticed_by": {"verify.costs": Level.L2}})
    looked = result("verify.costs", Outcome.BLOCKED if way else Outcome.PASSED, Level.L2)
    both = proof_of(
        pair_of(web_down, costs), [replace(looked, blocked_by=way), *others], "everything", BEGAN, 3.0, is_pair=True
    )
    assert both.hidden == hidden
    assert both.right == bool(hidden)
    alone = proof_of(costs, [replace(looked, blocked_by=way), *others], "everything", BEGAN, 3.0)
    assert not alone.right


def test_pairs_are_the_same_for_the_same_seed_and_each_is_there_once() -> None:
    faults = [Fault(**{**vars(TOTAL), "id": f"total-{letter}"}) for letter in "abcdefgh"]
    pairs = draw_pairs(faults, 20, seed=7)
    assert pairs == draw_pairs(faults, 20, seed=7) != draw_pairs(faults, 20, seed=8)
    assert len({frozenset((one.id, other.id)) for one, other in pairs}) == 20


def test_a_catalogue_that_grows_keeps_nearly_all_of_its_pairs() -> None:
    faults = [Fault(**{**vars(TOTAL), "id": f"total-{number}"}) for number in range(40)]
    before, after = (
        {frozenset((one.id, other.id)) for one, other in draw_pairs(known, 50, seed=1)}
        for known in (faults[1:], faults)
    )
    assert len(before & after) >= 40
    assert after - before and all("total-0" in pair for pair in after - before)


def test_a_check_that_answers_for_several_items_cries_for_none_of_them() -> None:
    shared = replace(result("verify.sales-totals", Outcome.FAILED), items=("verify.sales-totals", "verify.costs"))
    assert judge(TOTAL, [shared]).right


def test_an_item_that_another_check_of_it_fails_as_well_has_cried() -> None:
    shared = replace(result("verify.sales-totals", Outcome.FAILED), items=("verify.sales-totals", "verify.costs"))
    verdict = judge(TOTAL, [shared, result("verify.costs", Outcome.FAILED)])
    assert set(verdict.false_alarms) == {"verify.costs"}
