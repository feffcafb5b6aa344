"""Are the issues that people reported read, classed, answered and solved in time?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from hypercare.operations.issues import Issues
from hypercare.outcome.expect import expect_none
from hypercare.plan.calendar import Period

pytestmark = pytest.mark.item("issues.reported")

READ_WITHIN = timedelta(hours=1)


def test_issues_are_classed(issues: Issues) -> None:
    expect_none(
        issues.not_classed(READ_WITHIN),
        "{count} of {of} open issues have not been classed within an hour, so nobody may have read them.",
        next_step="Read and class the issues below.",
    )


def test_issues_are_answered_in_time(issues: Issues, today: Period, figure: Callable[..., None]) -> None:
    figure("issues_open", issues.open(), unit="issues")
    figure("issues_reported", issues.reported(today), unit="issues")
    expect_none(
        issues.without_answer(),
        "{count} of {of} open issues have had no answer in time.",
        next_step="Answer the people below now, even if there is no solution yet.",
    )


def test_issues_are_solved_in_time(issues: Issues) -> None:
    expect_none(
        issues.without_solution(),
        "{count} of {of} open issues should have been solved by now.",
        next_step="Decide who solves the issues below, and tell the people when.",
    )


def test_states_of_issues_are_known(issues: Issues) -> None:
    expect_none(
        issues.in_a_strange_state(),
        "{count} of {of} issues are in an unknown state, so nobody works on them.",
        next_step="Find out what the state means and map it, or mend the issues below.",
    )
