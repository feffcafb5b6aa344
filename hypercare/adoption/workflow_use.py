"""Which workflows people use, and who of those that they are for never does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from hypercare.adoption.attendance import Attendance, Person
from hypercare.operations_model.records import Records
from hypercare.operations_model.roles import knows_roles
from hypercare.operations_model.schema_drift import left_out_if_gone
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period

# What people do, by whose hand a record shows when.
_WORKFLOWS = (
    ("enters sales", "sale", "created_by", "created_at"),
    ("makes sales final", "sale", "finalised_by", "finalised_at"),
    ("takes payments", "payment", "received_by", "paid_at"),
    ("moves production steps", "step", "updated_by", "updated_at"),
    ("enters costs", "cost", "entered_by", "entered_at"),
    ("hands in the manual record", "manual_record", "handed_in_by", "handed_in_at"),
)
_DAYS = 7
_MOST_PEOPLE = 20_000
# A workflow is for a role when so many of its people use it; of fewer people that says nothing.
_SHARE_OF_ROLE = 0.7
# Where more of a role than one, or one in ten, do without it, they have other work.
_FEW, _SHARE_OF_FEW = 1, 0.1
_LEAST_ALIKE = 4
# Whoever was at work on fewer days may not have come to it yet.
_LEAST_DAYS_AT_WORK = 3
_LEAST_EACH = 3


@dataclass(frozen=True)
class _Use:
    """One workflow: how often each person used it."""

    words: str
    place: str
    by_person: Mapping[str, int]


def not_using_their_workflows(attendance: Attendance, branches: Collection[str] | None = None) -> Found:
    """People who have never used a workflow, in a week of which they worked three days, that most of their role use.

    Each with each such workflow, of these branches where they are named. A workflow that nobody uses is not in it.
    Raises NotCovered where roles or hands are not mapped, or no role has enough people with enough days at work.
    """
    model = attendance.model
    if not knows_roles(model):
        model.records("user").need("role")
    today = model.calendar.date_of(model.as_of)
    first = max(model.calendar.go_live, today - timedelta(days=_DAYS - 1))
    days = [first + timedelta(days=number) for number in range((today - first).days + 1)]
    uses = list(_uses(attendance, Period(model.calendar.day(first).start, model.as_of)))
    if not uses:
        raise NotCovered(
            "No record says who made it, so it cannot be told who uses what.",
            remedy="Map created_by in [mapping.sale], updated_by in [mapping.step], entered_by in [mapping.cost].",
        )
    by_role = _at_work_enough(attendance, days)
    if not by_role:
        raise NotCovered(
            f"Not enough history: no role has {_LEAST_ALIKE} people yet who worked on {_LEAST_DAYS_AT_WORK} days.",
            remedy="Nothing to mend: the check learns from each day.",
        )
    judged = {one.id for people in by_role.values() for one in people}
    rows = [
        {**attendance.who(person), "never": use.words, "others of the role": f"{share:.0%}"}
        for use in uses
        for people in by_role.values()
        for person, share in _not_using(use, people)
        if branches is None or model.branch_word(person.branch) in branches
    ]
    return attendance.found(rows, of=len(judged), place=", ".join(dict.fromkeys(use.place for use in uses)))


def _uses(attendance: Attendance, period: Period) -> Iterator[_Use]:
    for words, entity, who, when in _WORKFLOWS:
        if attendance.model.has(entity, who, when):
            found: list[_Use] = []
            with left_out_if_gone():
                found.append(_use(attendance, words, attendance.model.records(entity), (who, when), period))
            yield from found


def _use(attendance: Attendance, words: str, records: Records, fields: tuple[str, str], period: Period) -> _Use:
    who, when = fields
    statement = (
        select(records[who].label("who"), func.count().label("many"))
        .where(records.instant(when).within(period), *attendance.model.excluding_canary(records))
        .group_by(records[who])
        .limit(_MOST_PEOPLE)
    )
    rows = attendance.model.database.rows(statement, about=f"who {words}")
    return _Use(words, records.place, {str(row["who"]): int(row["many"]) for row in rows if row["who"] is not None})


def _at_work_enough(attendance: Attendance, days: Sequence[date]) -> Mapping[str, Sequence[Person]]:
    """By role, those who did anything on enough of the days; roles of too few are left out."""
    counted: dict[str, int] = defaultdict(int)
    for day in days:
        for key in attendance.worked(attendance.model.calendar.day(day).until(attendance.model.as_of)):
            counted[key] += 1
    by_role: dict[str, list[Person]] = defaultdict(list)
    for person in attendance.people.values():
        if person.role and counted[person.id] >= _LEAST_DAYS_AT_WORK:
            by_role[person.role].append(person)
    return {role: people for role, people in by_role.items() if len(people) >= _LEAST_ALIKE}


def _not_using(use: _Use, people: Sequence[Person]) -> Iterator[tuple[Person, float]]:
    """Who of a role never uses what most of it do, several times each; and how many of the role do."""
    using = [one for one in people if use.by_person.get(one.id)]
    share = len(using) / len(people)
    often = sorted(use.by_person[one.id] for one in using)
    if len(people) - len(using) > max(_FEW, _SHARE_OF_FEW * len(people)):
        return
    if share < _SHARE_OF_ROLE or often[len(often) // 2] < _LEAST_EACH:
        return
    yield from ((one, share) for one in people if one not in using)
