"""People who tried to come in and gave up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import case, func, literal_column, or_, select

from hypercare.adoption.attendance import Attendance
from hypercare.adoption.places import network_of
from hypercare.operations_model.portable import count_if
from hypercare.outcome.found import Found
from hypercare.plan.calendar import Period

_MOST_NAMES = 200
_MOST_ADDRESSES = 20_000
_A_WEEK = timedelta(days=7)

Row = dict[str, object]


def not_in_since_failing(attendance: Attendance, period: Period, least: int, after: timedelta) -> Found:
    """People who failed to log in at least so often, the last time more than `after` ago, and left no trace since.

    Who goes on in another window or on a phone is in, whatever was mistyped. Of whom all attempts came from networks
    that nobody came in from in the last week is left to `tried_from_elsewhere`. Raises NotCovered where log-ins are not
    mapped.
    """
    rows = _kept_out(attendance, period, least, after)
    elsewhere = _only_from_elsewhere(attendance, period, rows)
    left = [row for row in rows if row["user"] not in elsewhere]
    return attendance.found(left, of=None, place=attendance.model.records("login_attempt").place)


def tried_from_elsewhere(attendance: Attendance, period: Period, least: int, after: timedelta) -> Found:
    """The others: somebody at home for the first time, or somebody else who guesses. To be asked."""
    rows = _kept_out(attendance, period, least, after)
    elsewhere = _only_from_elsewhere(attendance, period, rows)
    left = [row for row in rows if row["user"] in elsewhere]
    return attendance.found(left, of=None, place=attendance.model.records("login_attempt").place)


def _only_from_elsewhere(attendance: Attendance, period: Period, rows: Sequence[Row]) -> Collection[object]:
    """The names of whom all failed attempts came from networks that nobody came in from in the last week."""
    model = attendance.model
    if not rows or not model.has("login_attempt", "address"):
        return ()
    attempt = model.records("login_attempt")
    at, address, name = attempt.instant("at"), attempt["address"], attempt["username"]
    came = select(address.label("address")).where(
        at.within(Period(period.end - _A_WEEK, period.end)), attempt.flag("succeeded"), *model.excluding_canary(attempt)
    )
    addresses = model.database.rows(came.distinct().limit(_MOST_ADDRESSES), about="where people come in from")
    familiar = {network_of(row["address"]) for row in addresses}
    tried = select(name.label("name"), address.label("address")).where(
        at.within(period), ~attempt.flag("succeeded"), name.in_([str(row["user"]) for row in rows])
    )
    networks: dict[object, set[object]] = defaultdict(set)
    for row in model.database.rows(tried.distinct().limit(_MOST_ADDRESSES), about="where log-ins failed"):
        networks[str(row["name"])].add(network_of(row["address"]))
    return {who for who, some in networks.items() if None not in some and familiar.isdisjoint(some)}


def _kept_out(attendance: Attendance, period: Period, least: int, after: timedelta) -> list[Row]:
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
    rows: list[Row] = []
    names = {person.username: person for person in attendance.people.values()}
    for row in model.database.rows(statement, about="people who failed last"):
        failed_at, person = at.timestamp_format.decode(row["last_failure"]), names.get(str(row["name"]))
        if person is None or failed_at is None or failed_at > model.as_of - after:
            continue
        # What they did while they were trying is no sign that they got in.
        since = Period(failed_at + timedelta(seconds=1), model.as_of)
        if not attendance.came(since, [person]):
            rows.append({**attendance.who(person), "failed": int(row["failures"]), "last": attendance.clock(failed_at)})
    return rows
