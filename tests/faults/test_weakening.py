"""A weakened check is the same check without one of its statements."""

from __future__ import annotations

import ast

import pytest

from faultlab.looking import PROJECT
from faultlab.mutating.run import faults_by_check
from faultlab.mutating.site import all_sites, without

SOURCE = """
def test_it(found):
    expect_none(
        found,
        "words",
    )
    expect(True)
"""


def test_only_the_statement_on_that_line_is_gone() -> None:
    left = ast.unparse(without(SOURCE, 3))
    assert "expect_none" not in left
    assert "expect(True)" in left


def test_a_line_without_a_statement_is_refused() -> None:
    with pytest.raises(LookupError, match="line 5"):
        without(SOURCE, 5)


def test_every_check_has_a_statement_that_can_be_weakened() -> None:
    sites = {site.check for site in all_sites()}
    asks_a_person = "tests_health/test_errors.py::test_recurring_errors_have_an_owner"
    checks = {
        f"{path.relative_to(PROJECT)}::{function.name}"
        for folder in ("tests_health", "tests_data", "tests_workflows", "tests_mobile")
        for path in (PROJECT / folder).glob("test_*.py")
        for function in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(function, ast.FunctionDef) and function.name.startswith("test_")
    }
    assert checks - sites - {asks_a_person} == {"tests_data/test_figures.py::test_people_of_today"}


def test_the_quickest_proof_of_a_check_is_tried_first() -> None:
    def fault(name: str, took: float, item: str = "verify.costs") -> dict[str, object]:
        seen = {"outcome": "failed", "checks": ["a.py::test_a"]}
        return {
            "id": name,
            "noticed_by": {"verify.costs": "L2"},
            "proof": {"took_s": took, "sightings": {item: seen}},
        }

    faults = [fault("slow", 9.0), fault("quick", 1.0), fault("by-chance", 0.5, item="verify.branches")]
    assert faults_by_check({"faults": faults}) == {"a.py::test_a": ["quick", "slow"]}
