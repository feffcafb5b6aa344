"""What went wrong today: is it known, is it classed, does it keep happening?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypercare.error_history.by_class import by_class
from hypercare.outcome.expect import expect_none
from hypercare.outcome.finding import SAMPLE_SIZE
from hypercare.outcome.signals import AwaitingPerson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypercare.error_history.error_history import ErrorHistory
    from hypercare.fixtures import Figure
    from hypercare.logs import Logs
    from hypercare.outcome.finding import Row
    from hypercare.plan.calendar import Period

QUESTION = "Who takes each recurring error on tomorrow, and what will they do about it?"
READ_IT = (
    "Read the line with what stands before it and give it to somebody; "
    "what then is known goes into [[known_errors]] with its owner."
)


@pytest.mark.item("issues.error-logs")
def test_no_error_since_the_last_round_is_critical(logs: Logs, since_last_round: Period) -> None:
    errors = logs.errors(since_last_round)
    expect_none(
        errors.critical(),
        lambda found: f"{found.count} of {found.of} errors since the last round are critical.",
        next_step="Act on them now.",
        cause="critical-error-in-log",
    )
    errors.require_understood()


@pytest.mark.item("issues.error-logs")
def test_no_error_since_the_last_round_is_of_a_new_kind(logs: Logs, since_last_round: Period) -> None:
    errors = logs.errors(since_last_round)
    expect_none(
        errors.never_seen_before(since_last_round),
        lambda found: (
            f"{found.count} of {found.of} errors since the last round are of a kind that was never seen before."
        ),
        next_step=READ_IT,
    )
    errors.require_understood()


@pytest.mark.item("issues.error-logs")
def test_no_request_failed_in_the_server(logs: Logs, since_last_round: Period) -> None:
    expect_none(
        logs.failed_requests(since_last_round),
        lambda found: f"{found.count} request(s) since the last round ended with a server error.",
        next_step="Look up the trace id in the application log.",
    )


@pytest.mark.item("errors.review")
def test_no_error_of_today_is_critical(logs: Logs, unreviewed: Period) -> None:
    errors = logs.errors(unreviewed)
    expect_none(
        errors.critical(),
        lambda found: f"{found.count} of {found.of} errors since the last review are critical.",
        next_step="Act on them now, and say in the daily report what was done.",
        cause="critical-error-in-log",
    )
    errors.require_understood()


@pytest.mark.item("errors.review")
def test_errors_of_today_are_classed(
    logs: Logs, error_history: ErrorHistory, today: Period, unreviewed: Period, figure: Figure
) -> None:
    errors = logs.errors(today)
    if errors.count or not errors.gaps:
        figure("errors", errors.count - errors.by_users().count)
        figure("errors_critical", errors.critical().count)
        figure("errors_by_kind", by_class(errors))
    errors = logs.errors(unreviewed)
    error_history.tell(errors)
    expect_none(
        errors.unclassed(),
        lambda found: (
            f"{found.count} of {found.of} errors since the last review are neither a person's mistake "
            "nor anything known."
        ),
        next_step=READ_IT,
    )
    errors.require_understood()


@pytest.mark.item("errors.recurring")
def test_nothing_keeps_going_wrong(logs: Logs, error_history: ErrorHistory, today: Period) -> None:
    errors = logs.errors(today)
    error_history.tell(errors)
    expect_none(
        errors.recurring(),
        lambda found: f"Some errors keep happening: {found.count} of {found.of} errors today are repetitions.",
        next_step="Take the most frequent one first: its first time says what had been changed.",
    )
    errors.require_understood()


@pytest.mark.item("errors.fix-plan")
def test_recurring_errors_have_an_owner(logs: Logs, error_history: ErrorHistory, today: Period) -> None:
    errors = logs.errors(today)
    error_history.tell(errors)
    without, taken_on = errors.kinds_recurring(owned=False), errors.kinds_recurring(owned=True)
    if not without:
        errors.require_understood()
    if not without and not taken_on:
        return
    # Whose an error is, the target file may know; what will be done about it tomorrow, only a person does.
    raise AwaitingPerson(f"{QUESTION} {whose_they_are(without, taken_on)}")


def whose_they_are(without: Sequence[Row], taken_on: Sequence[Row]) -> str:
    sentences = []
    if without:
        sentences.append(f"Without an owner today: {all_said([said_of(row) for row in without])}.")
    else:
        sentences.append("Today nothing keeps happening without an owner.")
    if taken_on:
        owned = [f"{said_of(row)}, by {row['owner']}" for row in taken_on]
        sentences.append(f"Taken on already: {all_said(owned)}.")
    return " ".join(sentences)


def all_said(kinds: Sequence[str]) -> str:
    more = len(kinds) - SAMPLE_SIZE
    return "; ".join(kinds[:SAMPLE_SIZE]) + (f"; and {more} more" if more > 0 else "")


def said_of(row: Row) -> str:
    details = [f"{row['times']} times", str(row["trend"])]
    if row.get("last_owner"):
        details.append(f"{row['last_owner']}'s before")
    if row.get("done_before"):
        details.append(f"done before: {row['done_before']}")
    return f"{row['says']} ({', '.join(details)})"
