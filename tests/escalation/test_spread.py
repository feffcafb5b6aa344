"""How far a failure reaches is read from what it names."""

from decimal import Decimal

import pytest

from hypercare.escalation.terms import Terms
from hypercare.escalation.troubles import Spread, spread_of, troubles_of
from hypercare.outcome.finding import Finding
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.redaction import Redactor
from hypercare.outcome.result import CheckResult
from hypercare.plan.checklist import Checklist
from tests.escalation.incidents_of_a_shop import config_with, hours_of

TERMS = Terms.of(config_with(business=hours_of("north", "south")))


def result_of(finding: Finding) -> CheckResult:
    failed = CheckResult(nodeid="t.py::t", items=("users.active",), outcome=Outcome.FAILED, level=Level.L1)
    return failed.saying(finding, Redactor())


def rows(*branches: str) -> list[dict[str, object]]:
    return [{"user": f"u{number}", "branch": branch} for number, branch in enumerate(branches)]


@pytest.mark.parametrize(
    ("sample", "count", "of", "spread"),
    [
        (rows("north"), 1, 12, Spread.ONE),
        (rows("north", "north"), 2, 12, Spread.ONE),
        (rows("north", "north"), 2, 4, Spread.BRANCH),
        (rows("north") * 5, 5, 40, Spread.ONE),
        (rows("north", "north", "north", "north", "south"), 6, 40, Spread.BRANCH),
        (rows("north", "south"), 20, 40, Spread.ALL),
        (rows("north", "south"), 3, 40, Spread.ONE),
        ([{"order": 7, "branch": "south"}], 30, 40, Spread.ONE),
        ([], 40, 40, Spread.ONE),
    ],
    ids=[
        "one user",
        "two of many",
        "half of them",
        "one user many times",
        "several users",
        "half of all in every branch",
        "a few in every branch",
        "records of one branch",
        "nobody is named",
    ],
)
def test_spread(sample, count, of, spread):
    assert spread_of(result_of(Finding(sentence="x", sample=sample, count=count, of=of)), TERMS) is spread


def test_a_check_may_know_more_than_its_sample_shows():
    finding = Finding(sentence="x", sample=rows("north"), count=90, of=100, branches=("north", "south"), people=90)
    result = result_of(finding)
    assert (result.branches, result.people) == (("north", "south"), 90)
    assert spread_of(result, TERMS) is Spread.ALL


def test_it_travels_between_processes():
    result = result_of(Finding(sentence="x", sample=rows("north"), count=1, money=Decimal("1.50")))
    assert CheckResult.from_dict(result.as_dict()) == result


def test_a_trouble_reaches_as_far_as_its_furthest_failure():
    results = [
        result_of(Finding(sentence="x", sample=rows("north"), count=1, of=9)),
        result_of(Finding(sentence="x", sample=rows("north", "south"), count=9, of=9)),
    ]
    (trouble,) = troubles_of(results, Checklist(()), TERMS)
    assert (trouble.spread, trouble.branches) == (Spread.ALL, ("north", "south"))
