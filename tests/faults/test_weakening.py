"""A weakened check is the same check without one of its statements."""

from __future__ import annotations

import ast
import re

import pytest

from faultlab.mutating.run import NoticedFault, _still_says, faults_by_check
from faultlab.mutating.site import all_sites, without
from faultlab.proving.proof import Proof, Sighting
from faultlab.suite_run import PROJECT

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
    checks = {
        f"{path.relative_to(PROJECT)}::{function.name}"
        for folder in ("tests_health", "tests_data", "tests_workflows", "tests_mobile")
        for path in (PROJECT / folder).glob("test_*.py")
        for function in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(function, ast.FunctionDef) and function.name.startswith("test_") and not asks_a_person(function)
    }
    assert checks - sites == set()


def asks_a_person(function: ast.FunctionDef) -> bool:
    """Whether a check ends with a question, so that no fault can make it fail."""
    return any(
        isinstance(one, ast.Name) and one.id in {"ask", "ask_about", "AwaitingPerson"} for one in ast.walk(function)
    )


def test_the_quickest_proof_of_a_check_is_tried_first() -> None:
    def fault(name: str, took: float, item: str = "verify.costs") -> dict[str, object]:
        seen = {"outcome": "failed", "checks": ["a.py::test_a"], "sentence": "1 of 30 costs are wrong."}
        return {
            "id": name,
            "noticed_by": {"verify.costs": "L2"},
            "proof": {"took_s": took, "sightings": {item: seen}},
        }

    faults = [fault("slow", 9.0), fault("quick", 1.0), fault("by-chance", 0.5, item="verify.branches")]
    assert [one.fault for one in faults_by_check({"faults": faults})["a.py::test_a"]] == ["quick", "slow"]


def test_what_much_of_the_suite_notices_is_tried_last() -> None:
    seen = {"outcome": "failed", "checks": ["a.py::test_a"], "sentence": "The database is gone."}
    others = {**seen, "checks": [f"b.py::test_{number}" for number in range(20)]}
    wide = {"took_s": 1.0, "sightings": {"verify.costs": seen, "verify.branches": others}}
    narrow = {"took_s": 9.0, "sightings": {"verify.costs": seen}}
    noticed_by = {"verify.costs": "L2"}
    faults = [{"id": name, "noticed_by": noticed_by, "proof": one} for name, one in (("gone", wide), ("one", narrow))]
    assert [one.fault for one in faults_by_check({"faults": faults})["a.py::test_a"]] == ["one", "gone"]


SAID = ("1 of 30 costs are wrong.", "2 of 40 costs are wrong.", "The API answers wrongly.")


@pytest.mark.parametrize(("now", "still"), [(SAID[1], True), (SAID[2], False), (None, False)])
def test_a_statement_is_doubled_when_something_else_is_said_without_it(now: str | None, still: bool) -> None:
    site = next(iter(all_sites()))
    noticed = NoticedFault(False, 1.0, "a-fault", (re.sub(r"\d+", "", SAID[0]),))
    seen = {} if now is None else {"verify.costs": Sighting("failed", "L2", 1.0, now, (site.check,))}
    assert _still_says(site, noticed, Proof("a-fault", "records", sightings=seen)) is still
