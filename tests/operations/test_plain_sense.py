"""What makes no sense in itself, and what only looks like it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hypercare.outcome.finding import Finding
from hypercare.outcome.level import Level
from tests.operations.checking import Asked

BACKWARDS = "plain_sense.no_record_ends_before_it_begins"
AHEAD = "plain_sense.no_record_is_dated_ahead"
NAMELESS = "plain_sense.nothing_in_use_lacks_its_name"
ONE_NAME = "plain_sense.no_two_in_use_bear_one_name"
NEARLY_ONE_NAME = "plain_sense.names_in_use_differ_by_more_than_capitals"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE shift_rows SET ends_at_ = '2026-03-20 05:00:00.000000' WHERE id_ = 20",
        "UPDATE job_rows SET finished_at_ = '2026-03-18 01:00:00.000000' WHERE id_ = (SELECT max(id_) FROM job_rows)",
        "UPDATE issue_rows SET responded_at_ = '2026-03-17 01:00:00.000000'"
        " WHERE id_ = (SELECT min(id_) FROM issue_rows WHERE responded_at_ IS NOT NULL)",
    ],
)
def test_what_ended_before_it_began_is_found(found: Callable[..., Finding], statement: str) -> None:
    assert found(BACKWARDS, statement).level is Level.L2


@pytest.mark.parametrize(("before", "outcome"), [("-90 seconds", "passed"), ("-10 minutes", "failed")])
def test_a_job_may_begin_before_it_was_queued_by_what_two_clocks_differ_by(
    asked: Asked, before: str, outcome: str
) -> None:
    newest = "(SELECT max(id_) FROM job_rows WHERE started_at_ IS NOT NULL)"
    early = (
        f"UPDATE job_rows SET started_at_ = strftime('%Y-%m-%d %H:%M:%S', queued_at_, '{before}') WHERE id_ = {newest}"
    )
    assert asked(BACKWARDS, early).outcome == outcome


def test_times_that_run_backwards_everywhere_mean_something_else(asked: Asked) -> None:
    assert (
        asked(BACKWARDS, "UPDATE shift_rows SET ends_at_ = starts_at_, starts_at_ = ends_at_").outcome == "not covered"
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE customer_rows SET created_at_ = '2027-01-01 09:00:00.000000' WHERE id_ = 2",
        "UPDATE activity_rows SET at_ = '2027-01-01 09:00:00.000000' WHERE id_ = 5",
    ],
)
def test_what_is_dated_ahead_is_found(found: Callable[..., Finding], statement: str) -> None:
    assert found(AHEAD, statement).count == 1


@pytest.mark.parametrize(
    "statement",
    ["UPDATE branch_rows SET code_ = '' WHERE id_ = 2", "UPDATE user_rows SET username_ = NULL WHERE id_ = 3"],
)
def test_a_name_that_is_missing_is_found(found: Callable[..., Finding], statement: str) -> None:
    assert found(NAMELESS, statement).count == 1


def test_where_nobody_has_a_user_name_none_is_missing(asked: Asked) -> None:
    assert asked(NAMELESS, "UPDATE user_rows SET username_ = ''").outcome == "not covered"


def test_whoever_left_needs_no_name(asked: Asked) -> None:
    left = "UPDATE user_rows SET username_ = '', active_ = 0 WHERE id_ = 3"
    assert asked(NAMELESS, left).outcome == "passed"


def test_two_people_of_one_name_are_found(found: Callable[..., Finding]) -> None:
    assert found(ONE_NAME, "UPDATE user_rows SET username_ = 'u1' WHERE id_ = 2").count == 1


@pytest.mark.parametrize("name", ["U1", " u1", "u 1"])
def test_two_people_whose_names_differ_by_capitals_or_blanks_are_asked_about(asked: Asked, name: str) -> None:
    ended = asked(NEARLY_ONE_NAME, f"UPDATE user_rows SET username_ = '{name}' WHERE id_ = 2")
    assert ended.outcome == "awaiting"
    assert "Are they two?" in ended.reason


def test_two_of_the_very_same_name_are_told_of_elsewhere(asked: Asked) -> None:
    assert asked(NEARLY_ONE_NAME, "UPDATE user_rows SET username_ = 'u1' WHERE id_ = 2").outcome == "passed"
