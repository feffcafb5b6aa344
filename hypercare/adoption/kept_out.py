"""People who tried to come in and gave up."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import case, func, literal_column, or_, select

from hypercare.adoption.attendance import Attendance
from hypercare.operations_model.portable import count_if
from hypercare.outcome.found import Found
from hypercare.plan.calendar import Period

_MOST_NAMES = 200


def not_in_since_failing(attendance: Attendance, period: Period, least: int, after: timedelta) -> Found:
    """People who failed to log in at least so often, the last time more than `after` ago, and left no trace since.

    Who goes on in another window or on a phone is in, whatever was mistyped. Raises NotCovered where log-ins are not
    mapped.
    """
    model = attendance.model
    attempt = model.records("login_attempt")
    at, failed = attempt.instant("at"), ~attempt.flag("succeeded")
    last_failure = func.max(case((failed, at.raw)))
    last_success = func.max(case((attempt.flag("succeeded"), at.raw)))
    statement = (
        select(
            attempt["username"].label("name"), count_if(failed).label("failures"), last_failure.label("last_failure")
        )
        .where(at.within(period), *model.excluding_canary(attempt))
        .group_by(attempt["username"])
        .having(count_if(failed) >= least, or_(last_success.is_(None), last_success < last_failure))
        .order_by(literal_column("failures").desc())
        .limit(_MOST_NAMES)
    )
    rows: list[dict[str, object]] = []
    names = {person.username: person for person in attendance.people.values()}
    for row in model.database.rows(statement, about="people who failed last"):
        failed_at, person = at.timestamp_format.decode(row["last_failure"]), names.get(str(row["name"]))
        if person is None or failed_at is None or failed_at > model.as_of - after:
            continue
        # What they did while they were trying is no sign that they got in.
        since = Period(failed_at + timedelta(seconds=1), model.as_of)
        if not attendance.came(since, [person]):
            rows.append({**attendance.who(person), "failed": int(row["failures"]), "last": attendance.clock(failed_at)})
    return attendance.found(rows, of=None, place=attempt.place)
