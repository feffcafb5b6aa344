"""Does whoever asks for help get a first answer at once?"""

from __future__ import annotations

import pytest

from hypercare.adoption.first_answers import answered_late
from hypercare.operations.issues import Issues
from hypercare.outcome.durations import exact_duration
from hypercare.outcome.expect import expect_none
from hypercare.outcome.level import Level
from hypercare.target_file.target import Target


@pytest.mark.item("focus.quick-response")
def test_issues_get_a_first_answer_at_once(
    issues: Issues, target: Target, branches_in_focus: frozenset[str] | None
) -> None:
    limit = target.config.escalation[Level.L1].respond_within
    expect_none(
        answered_late(issues.model, issues.last_day, limit, branches_in_focus),
        lambda found: (
            f"{found.count} of {found.of} issues of the last day had no first answer within {exact_duration(limit)}."
        ),
        next_step="Answer those that are open now, and see who is to be at the telephone at such hours.",
    )
