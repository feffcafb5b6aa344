"""Does the watch itself work: are rounds held, reports read, and people reached?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypercare.outcome.expect import ask_about, expect_none
from hypercare.outcome.level import Level

if TYPE_CHECKING:
    from hypercare.escalation.reach import Reach
    from hypercare.period_reports.reviews import Reviews

LOST = "Look at the trouble of each below, and try the route: hypercare notify test."


@pytest.mark.item("cadence")
def test_rounds_are_held_when_they_are_due(reviews: Reviews) -> None:
    expect_none(
        reviews.missed_rounds(),
        lambda found: f"{found.count} of {found.of} rounds that were due since yesterday did not happen.",
        next_step="See what starts them (cron, timer, build server) and whether its machine was on; `hypercare day` "
        "runs what is still due today.",
    )


@pytest.mark.item("cadence")
def test_rounds_that_are_due_are_held_at_all(reviews: Reviews) -> None:
    ask_about(
        reviews.rounds_that_nobody_holds(),
        lambda found: (
            f"{found.count} of {found.of} rounds that were due since yesterday did not happen, and are never "
            "held. Are they to be? [rounds] due in the target file says which are waited for."
        ),
    )


@pytest.mark.item("report.daily")
def test_the_report_of_the_last_day_was_read(reviews: Reviews) -> None:
    reviews.require_last_day_read()


@pytest.mark.item("report.weekly")
def test_the_summary_of_the_last_week_was_read(reviews: Reviews) -> None:
    reviews.require_last_week_read()


@pytest.mark.item("escalation.l1")
def test_user_support_is_reached(reach: Reach) -> None:
    expect_none(
        reach.undelivered(Level.L1),
        lambda found: f"{found.count} of {found.of} messages to user support (L1) of the last day did not arrive.",
        next_step=LOST,
    )
    reach.require_people(Level.L1)


@pytest.mark.item("escalation.l2")
def test_technical_support_is_reached(reach: Reach) -> None:
    expect_none(
        reach.undelivered(Level.L2),
        lambda found: f"{found.count} of {found.of} messages to technical support (L2) of the last day did not arrive.",
        next_step=LOST,
    )
    reach.require_people(Level.L2)


@pytest.mark.item("escalation.l3")
def test_whoever_acts_on_critical_issues_is_reached(reach: Reach) -> None:
    expect_none(
        reach.undelivered(Level.L3),
        lambda found: f"{found.count} of {found.of} messages on critical issues (L3) of the last day did not arrive.",
        next_step=LOST,
    )
    reach.require_people(Level.L3)
