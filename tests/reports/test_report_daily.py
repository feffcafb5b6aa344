"""The day's rounds as one summary."""

from __future__ import annotations

import pytest

from hypercare.outcome.outcome import Outcome
from hypercare.plan.rounds import Round
from hypercare.reports.daily import daily_summary
from tests.reports.report_examples import CHECKLIST, LOCKED_OUT, WORSE, at, healthy, merged, round_summary


def test_all_items_of_the_day_stand_in_the_order_of_the_plan() -> None:
    daily = healthy()
    assert daily.round == "daily"
    due = [item.id for item in CHECKLIST if item.day_range is None]
    assert [item.id for item in daily.items] == due
    assert sum(daily.counts.values()) == daily.coverage.items == len(due)
    assert (daily.started, daily.finished.hour, daily.as_of) == (at(9), 17, at(17))
    assert {"sales_created", "users_logged_in"} <= set(daily.figures)


def test_an_item_keeps_the_outcome_of_its_own_round() -> None:
    daily = merged(WORSE)
    by_id = {item.id: item for item in daily.items}
    assert by_id["users.login-failures"].outcome is Outcome.FAILED
    assert by_id["users.login-failures"].round == "morning"


def test_a_round_that_has_not_run_is_said() -> None:
    daily = merged({}, rounds=[Round.MORNING])
    assert [(entry.round, entry.ran) for entry in daily.rounds] == [
        ("morning", True),
        ("midday", False),
        ("evening", False),
    ]


def test_the_latest_run_of_a_round_counts() -> None:
    first = round_summary(Round.MORNING, WORSE)
    second = round_summary(Round.MORNING).model_copy(update={"finished": at(9, 30)})
    daily = daily_summary([second, first])
    assert daily.counts["failed"] == 0
    assert len(daily.rounds) == 3


def test_incidents_are_as_the_latest_round_knew_them() -> None:
    over = LOCKED_OUT.model_copy(update={"resolved": at(12)})
    rounds = [
        round_summary(Round.MORNING, WORSE, [LOCKED_OUT]),
        round_summary(Round.MIDDAY, {}, [over]),
        round_summary(Round.EVENING),
    ]
    daily = daily_summary(rounds)
    assert [incident.is_open for incident in daily.incidents] == [False]
    assert daily.status == "issues"


def test_rounds_of_two_days_are_refused() -> None:
    other = round_summary(Round.MORNING)
    later = round_summary(Round.MIDDAY).model_copy(update={"as_of": at(12).replace(day=16)})
    with pytest.raises(ValueError, match="one business day"):
        daily_summary([other, later])
    with pytest.raises(ValueError, match="at least one"):
        daily_summary([])
