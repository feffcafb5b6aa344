"""People and branches that report far more trouble than the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import time, timedelta

from sqlalchemy import func, select

from hypercare.adoption.attendance import Attendance
from hypercare.outcome.found import Found
from hypercare.plan.calendar import Period

_DAYS = 7
_MOST_PEOPLE = 5_000
# So many in a week, and so many times what the others report on average.
_LEAST_OF_A_PERSON = 7
_LEAST_OF_A_BRANCH = 10
_TIMES_OTHERS = 4
# Where hardly anybody else reports anything, one does so for the others.
_LEAST_OTHERS = 2


def complaining_far_more(attendance: Attendance) -> Found:
    """People, and branches by their people, who reported far more issues in the last week than the others.

    A branch is told where several of its people did; a single one is told by name, beside others who report: where one
    or two report what everybody tells them, they complain for others. Raises NotCovered where it is not
    mapped who reported.
    """
    return attendance.found(rows_of_complaints(attendance), of=len(attendance.people), place="issues")


def rows_of_complaints(attendance: Attendance) -> list[dict[str, object]]:
    """The same, all of them."""
    model = attendance.model
    today = model.calendar.date_of(model.as_of)
    first = max(model.calendar.go_live, today - timedelta(days=_DAYS - 1))
    by_person = reported_by_person(attendance, Period(model.calendar.at(min(first, today), time.min), model.as_of))
    rows: list[dict[str, object]] = [
        {**attendance.who(attendance.people[key]), "issues": many, "others": round(others, 1)}
        for key, many in by_person.items()
        if many >= _LEAST_OF_A_PERSON
        and len(by_person) > _LEAST_OTHERS
        and many >= _TIMES_OTHERS * (others := (sum(by_person.values()) - many) / (len(by_person) - 1))
    ]
    return [*rows, *_branches(attendance, by_person)]


def reported_by_person(attendance: Attendance, period: Period) -> Mapping[str, int]:
    """By the ids of people, how many issues they reported."""
    model = attendance.model
    issue = model.records("issue")
    statement = (
        select(issue["reported_by"].label("who"), func.count().label("many"))
        .where(issue.instant("reported_at").within(period), *model.excluding_canary(issue))
        .group_by(issue["reported_by"])
        .limit(_MOST_PEOPLE)
    )
    rows = model.database.rows(statement, about="issues by person")
    return {str(row["who"]): int(row["many"]) for row in rows if str(row["who"]) in attendance.people}


def _branches(attendance: Attendance, by_person: Mapping[str, int]) -> list[dict[str, object]]:
    """Branches of which each of the people reports several times what the people of the others do."""
    model = attendance.model
    size, issues, people = Counter[object](), Counter[object](), Counter[object]()
    for key, person in attendance.people.items():
        if person.branch is not None:
            size[person.branch] += 1
            issues[person.branch] += by_person.get(key, 0)
            people[person.branch] += key in by_person
    rows: list[dict[str, object]] = []
    for branch, many in issues.items():
        elsewhere = (sum(issues.values()) - many) / max(1, sum(size.values()) - size[branch])
        if many >= _LEAST_OF_A_BRANCH and people[branch] > 2 and many / size[branch] >= _TIMES_OTHERS * elsewhere:
            rows.append({"branch": model.branch_word(branch), "issues": many, "people": people[branch]})
    return rows
