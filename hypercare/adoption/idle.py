"""People who log in and do nothing: to sit beside, or to be asked whether it is their work to look things up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from hypercare.adoption.attendance import Attendance, Person
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered

# Of a role with fewer people today it cannot be told what is usual in it.
_LEAST_ALIKE = 3
_ON_TWO_DAYS = 2
# What is usual in a role is told from so many days of one person, and doing nothing is unusual up to such a share.
_LEAST_ROLE_DAYS = 15
_SELDOM = 0.02
# In one branch, where less is known.
_LEAST_AT_WORK_THERE = 3
_SELDOM_THERE = 0.25
_LATER = "Nothing to mend: look again later in the day."
_PLACE = "login attempts, activity"


def only_logged_in(attendance: Attendance, after: timedelta) -> Found:
    """People who logged in today, more than `after` ago, and did nothing since, as hardly anybody of their role does.

    That is told from the days of the last week on which people of it came, or from today where these are few: on all
    but one in fifty they did something. Who did nothing on most of the earlier days either is left to `only_looking`.
    Raises NotCovered where nobody came early enough, or what is usual is not known of any role.
    """
    judged, rows = rows_of_only_logged_in(attendance, after)
    return attendance.found(rows, of=judged, place=_PLACE)


def rows_of_only_logged_in(attendance: Attendance, after: timedelta) -> tuple[int, list[dict[str, object]]]:
    """The same, all of them, with how many people were judged."""
    judged, idle = _idle(attendance, after)
    usual = {role: _is_seldom_idle(attendance, role, after) for role in {one.role for one in idle}}
    if usual and not any(seldom is not None for seldom in usual.values()):
        raise NotCovered("Not enough history: too few people have come to tell what is usual.", remedy=_LATER)
    looking = _looked_on_most_days(attendance, idle)
    return judged, [
        {**attendance.who(one), "logged in": attendance.clock(at)}
        for one, at in idle.items()
        if one not in looking and usual[one.role] and _there_is_work(attendance, one)
    ]


def only_looking(attendance: Attendance, after: timedelta) -> Found:
    """People who come and do nothing, as they did on two earlier days or more of the last week and on most of them,
    though most of their role do something.

    It may be their work to look things up: to be asked. Raises NotCovered as `only_logged_in` does.
    """
    judged, idle = _idle(attendance, after)
    usual = {role: _is_seldom_idle(attendance, role, after) for role in {one.role for one in idle}}
    looking = _looked_on_most_days(attendance, idle)
    return attendance.found([attendance.who(one) for one in looking if usual[one.role]], of=judged, place=_PLACE)


def _came_early(attendance: Attendance, after: timedelta) -> Mapping[Person, datetime]:
    """Those who logged in today more than `after` ago, and when. Raises NotCovered where nobody did."""
    people, until = attendance.people, attendance.model.as_of - after
    came = attendance.logged_in(attendance.target.today)
    early = {people[key]: first for key, first in came.items() if key in people and first < until}
    if not early:
        raise NotCovered("Nobody logged in early enough today to judge it.", remedy=_LATER)
    return early


def _idle(attendance: Attendance, after: timedelta) -> tuple[int, Mapping[Person, datetime]]:
    """How many people are judged, and since when those are in who have done nothing."""
    early, worked = _came_early(attendance, after), attendance.worked(attendance.target.today)
    roles = _roles_that_leave_traces(early, worked)
    judged = [person for person in early if person.role in roles]
    if not judged:
        raise NotCovered(
            "Not enough history: no role has enough people today to tell what is usual in it.", remedy=_LATER
        )
    return len(judged), {one: early[one] for one in judged if one.id not in worked}


def _is_seldom_idle(attendance: Attendance, role: str, after: timedelta) -> bool | None:
    """Whether people of a role who come do something on nearly each day, or None where too little is known.

    Those of it who mostly look things up tell nothing of the others.
    """
    idle, at_work = attendance.on_earlier_days(role)
    others = [one for one in idle | at_work if not _mostly_looks(idle[one], at_work[one])]
    did_nothing, did_something = sum(idle[one] for one in others), sum(at_work[one] for one in others)
    if did_nothing + did_something < _LEAST_ROLE_DAYS:
        worked = attendance.worked(attendance.target.today)
        today = [one.id in worked for one in _came_early(attendance, after) if one.role == role]
        did_nothing, did_something = today.count(False), today.count(True)
    many = did_nothing + did_something
    return None if many < _LEAST_ROLE_DAYS else did_nothing <= _SELDOM * many


def _there_is_work(attendance: Attendance, person: Person) -> bool:
    """Whether the others of the role in the person's branch did something on nearly each day that they came: a branch
    that has only just opened may have nothing to do yet."""
    idle, at_work = attendance.on_earlier_days(person.role)
    there = [one.id for one in attendance.people.values() if one.role == person.role and one.branch == person.branch]
    did_nothing, did_something = (sum(days[one] for one in there) for days in (idle, at_work))
    return did_something >= _LEAST_AT_WORK_THERE and did_nothing <= _SELDOM_THERE * did_something


def _looked_on_most_days(attendance: Attendance, people: Collection[Person]) -> Collection[Person]:
    """Those of some people who did nothing on two earlier days or more of the week, and on most that they came."""
    found = []
    for one in people:
        idle, at_work = attendance.on_earlier_days(one.role)
        if _mostly_looks(idle[one.id], at_work[one.id]):
            found.append(one)
    return found


def _mostly_looks(idle: int, at_work: int) -> bool:
    return idle >= _ON_TWO_DAYS and idle > at_work


def _roles_that_leave_traces(people: Collection[Person], worked: frozenset[str]) -> frozenset[str]:
    """Roles whose work is seen in what is logged: most of these people have done some."""
    came = Counter(person.role for person in people)
    at_work = Counter(person.role for person in people if person.id in worked)
    return frozenset(role for role, many in came.items() if role and many >= _LEAST_ALIKE and 2 * at_work[role] > many)
