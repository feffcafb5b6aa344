"""Are the issues that people reported read, classed, answered and solved in time?"""

from __future__ import annotations

import pytest

from hypercare.fixtures import Figure
from hypercare.operations.issues import Issues
from hypercare.outcome.durations import exact_duration
from hypercare.outcome.expect import expect_none
from hypercare.outcome.level import Level
from hypercare.plan.calendar import Period
from hypercare.target_file.config import LimitsSection

pytestmark = pytest.mark.item("issues.reported")


def test_issues_are_classed(issues: Issues, limits: LimitsSection) -> None:
    expect_none(
        issues.not_classed(limits.issue_read),
        lambda found: (
            f"{found.count} of {found.of} open issues have not been classed "
            f"within {exact_duration(limits.issue_read)}, "
            "so nobody may have read them."
        ),
        next_step="Read and class the issues below.",
    )


def test_issues_are_answered_in_time(issues: Issues, today: Period, figure: Figure) -> None:
    figure("issues_open", issues.open())
    figure("issues_reported", issues.reported(today))
    expect_none(
        issues.without_answer(),
        lambda found: f"{found.count} of {found.of} open issues have had no answer in time.",
        next_step="Answer the people below now, even if there is no solution yet.",
    )


def test_issues_are_solved_in_time(issues: Issues) -> None:
    expect_none(
        issues.without_solution(),
        lambda found: f"{found.count} of {found.of} open issues should have been solved by now.",
        next_step="Decide who solves the issues below, and tell the people when.",
    )


def test_no_open_issue_is_grave(issues: Issues) -> None:
    expect_none(
        issues.grave(),
        lambda found: f"{found.count} of {found.of} open issues tell of something graver than a question.",
        next_step="Read the issues below now, and find out whether it is so.",
        level=Level.L2,
    )


def test_issues_do_not_pile_up(issues: Issues) -> None:
    expect_none(
        issues.open_grown(),
        lambda found: (
            f"{found.count} issues are open, several times as many as ever before at this hour: something has happened."
        ),
        next_step="See what the newest have in common.",
        level=Level.L2,
    )


def test_states_of_issues_are_known(issues: Issues) -> None:
    expect_none(
        issues.in_a_strange_state(),
        lambda found: f"{found.count} of {found.of} issues are in an unknown state, so nobody works on them.",
        next_step="Find out what the state means and map it, or mend the issues below.",
    )
