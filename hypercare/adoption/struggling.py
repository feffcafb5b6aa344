"""People in trouble, as their records show it: failed log-ins, drafts given up, own sales taken back, many edits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, literal_column, select

from hypercare.adoption.attendance import Attendance, Person
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import counted_by
from hypercare.operations_model.records import Records
from hypercare.operations_model.schema_drift import left_out_if_gone
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period

_MOST = 20_000
# Whoever does so much more of it than the others of the day, and at least so often, has trouble with it.
_TIMES_OTHERS = 3
_LEAST_ALIKE = 3
_SOON = timedelta(days=1)
_LEAST_EDITS = 12
# To look at a record often is no trouble with it.
_LOOKS = re.compile(r"view|read|list|get|search|show|print|export|log-?(in|out)", re.IGNORECASE)


@dataclass(frozen=True)
class Sign:
    """Something that happens to everybody now and then; `least` is from how often on a day it may be trouble."""

    words: str
    least: int
    by_person: Mapping[str, int]


def people_in_trouble(attendance: Attendance, period: Period, branches: Collection[str] | None = None) -> Found:
    """The people of the period who show a sign far more often than the others at work then, once for each sign.

    Of these branches, where they are named. Raises NotCovered where no sign can be told.
    """
    signs = list(signs_of_trouble(attendance.model, period))
    if not signs:
        raise NotCovered(
            "Nothing that is mapped shows who has trouble.",
            remedy="Map [mapping.login_attempt], created_by in [mapping.sale], or [mapping.activity].",
        )
    rows = [row for sign in signs for row in _rows(attendance, sign, branches)]
    return attendance.found(rows, of=len(attendance.people), place="people")


def people_refused_often(
    attendance: Attendance, refused: Mapping[str, int], least: int, branches: Collection[str] | None = None
) -> Found:
    """The people to whom the system refused something at least so often, and far more often than to the others.

    `refused` is by user name. Raises NotCovered where that names none of the people.
    """
    names = {person.username: person.id for person in attendance.people.values()}
    refused_by_id = {names[name]: many for name, many in refused.items() if name in names}
    if refused and not refused_by_id:
        raise NotCovered(
            "The log names people otherwise than the database does, so refusals cannot be told by person.",
            remedy="Map as username in [mapping.user] what the log calls them.",
        )
    rows = list(_rows(attendance, Sign("refused", least, refused_by_id), branches))
    return attendance.found(rows, of=len(attendance.people), place="access log")


def _rows(attendance: Attendance, sign: Sign, branches: Collection[str] | None) -> Iterator[dict[str, object]]:
    for key, many in sorted(sign.by_person.items(), key=lambda pair: -pair[1]):
        person = attendance.people.get(key)
        if person is None or many < sign.least:
            continue
        others = _usual_of_others(attendance, sign, person)
        is_meant = branches is None or attendance.model.branch_word(person.branch) in branches
        if is_meant and others is not None and many >= _TIMES_OTHERS * others:
            yield {**attendance.who(person), "sign": sign.words, "times": many, "others": round(others, 1)}


def _usual_of_others(attendance: Attendance, sign: Sign, person: Person) -> float | None:
    """How often the others of the same role show it who came today, or all others who did where these are too few.

    None where too few came at all to compare somebody with.
    """
    everybody = [one for one in attendance.people.values() if one is not person and one.id in attendance.came_today]
    alike = [one for one in everybody if one.role == person.role]
    others = alike if len(alike) >= _LEAST_ALIKE else everybody
    if len(others) < _LEAST_ALIKE:
        return None
    return sum(sign.by_person.get(one.id, 0) for one in others) / len(others)


def signs_of_trouble(model: Model, period: Period) -> Iterator[Sign]:
    """How often each person showed each sign that is mapped."""
    for ask in (_failed_log_ins, _drafts_given_up, _sales_taken_back, _edits):
        found: list[Sign] = []
        with left_out_if_gone():
            found += ask(model, period)
        yield from found


def _failed_log_ins(model: Model, period: Period) -> Iterator[Sign]:
    if model.has("login_attempt", "user", "succeeded", "at"):
        attempt = model.records("login_attempt")
        yield Sign("failed log-ins", 4, _counted(model, attempt, "user", "at", period, ~attempt.flag("succeeded")))


def _drafts_given_up(model: Model, period: Period) -> Iterator[Sign]:
    if model.has("sale", "created_by", "created_at", "state"):
        sale = model.records("sale")
        aged = Period(period.start, max(period.start, period.end - model.target.config.limits.draft_age))
        drafts = Counter(_counted(model, sale, "created_by", "created_at", aged, sale.is_("state", "draft")))
        yield Sign("drafts given up", 4, drafts + _deleted(model, period))


def _sales_taken_back(model: Model, period: Period) -> Iterator[Sign]:
    if model.has("sale", "created_by", "created_at", "voided_by", "voided_at"):
        sale = model.records("sale")
        # A slip is taken back soon; a sale of long ago is given back.
        lately = sale.instant("created_at").within(Period(period.start - _SOON, period.end))
        own = and_(sale["voided_by"] == sale["created_by"], lately)
        yield Sign("own sales taken back", 5, _counted(model, sale, "voided_by", "voided_at", period, own))


def _edits(model: Model, period: Period) -> Iterator[Sign]:
    if model.has("activity", "user", "entity_id", "at"):
        yield Sign("edits of one record", _LEAST_EDITS, _most_on_one_record(model, period))


def _deleted(model: Model, period: Period) -> Counter[str]:
    """Drafts that were thrown away, where the activity log tells of it."""
    if not model.has("activity", "user", "action", "at"):
        return Counter()
    activity = model.records("activity")
    if "sale.delete" not in activity.mapping.values.get("action", {}):
        return Counter()
    return Counter(_counted(model, activity, "user", "at", period, activity.is_("action", "sale.delete")))


def _counted(
    model: Model, records: Records, who: str, when: str, period: Period, *only: ColumnElement[bool]
) -> Mapping[str, int]:
    statement = (
        select(records[who].label("who"), func.count().label("many"))
        .where(records.instant(when).within(period), *only, *model.excluding_canary(records))
        .group_by(records[who])
        .limit(_MOST)
    )
    rows = model.database.rows(statement, about=f"{records.place} by person")
    return {str(row["who"]): int(row["many"]) for row in rows if row["who"] is not None}


def _most_on_one_record(model: Model, period: Period) -> Mapping[str, int]:
    """By person, how often they did the same thing to one record at most."""
    activity = model.records("activity")
    columns = {"who": activity["user"], "thing": activity["entity_id"]}
    columns |= {name: activity[name] for name in ("entity", "action") if activity.has(name)}
    each = counted_by(
        select(*(column.label(name) for name, column in columns.items())).where(
            activity.instant("at").within(period),
            activity["entity_id"].is_not(None),
            *model.excluding_canary(activity),
        )
    ).subquery("things")
    statement = select(each).where(each.c.many >= literal_column(str(_LEAST_EDITS))).limit(_MOST)
    found: dict[str, int] = {}
    for row in model.database.rows(statement, about="edits of one record"):
        if row["who"] is not None and not _LOOKS.search(str(row.get("action", ""))):
            found[str(row["who"])] = max(int(row["many"]), found.get(str(row["who"]), 0))
    return found
