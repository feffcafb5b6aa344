"""Who does what: people of a role at work where nobody of that role ever was.

Told by nothing but the weeks before, so it is a question: somebody may have been asked to help out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from sqlalchemy import func, select

from hypercare.operations_model.hands import HANDS
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import count_if
from hypercare.operations_model.schema_drift import left_out_if_gone
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period

# Whoever does anything of an area belongs there.
_AREAS = {"sale": "sales", "payment": "sales", "cost": "production", "step": "production"}
_LOOKS_BACK = timedelta(days=14)
_MOST_GROUPS = 2_000
# So much done in an area, on so many days before, and so much by the role elsewhere, tell who works where.
_LEAST_IN_AREA = 100
_LEAST_DAYS = 2
_LEAST_ELSEWHERE = 10


@dataclass(frozen=True)
class _Done:
    role: str
    area: str
    branch: object
    before: int
    today: int


def strangers_to_their_work(model: Model) -> Found:
    """Areas in which people of a role did something today, of whom none had in the two weeks before.

    Raises NotCovered where too little was done before, or nothing tells who did it or which role that is.
    """
    done = list(_done(model))
    before = {(one.role, one.area): 0 for one in done}
    for one in done:
        before[one.role, one.area] += one.before
    of_area, of_role = Counter[str](), Counter[str]()
    for (role, area), many in before.items():
        of_area[area] += many
        of_role[role] += many
    judged_areas = {area for area, many in of_area.items() if many >= _LEAST_IN_AREA}
    if not judged_areas:
        raise NotCovered(
            "Not enough history: too little was done on the days before to tell which role works where.",
            remedy="Nothing to mend: the check learns from each day.",
        )
    rows = [
        {
            "role": one.role,
            **({} if one.branch is None else {"branch": model.branch_word(one.branch)}),
            "in": one.area,
            "records": one.today,
        }
        for one in done
        if one.today
        and one.area in judged_areas
        and not before[one.role, one.area]
        and of_role[one.role] >= _LEAST_ELSEWHERE
    ]
    return model.found(rows, of=len(before), place=model.records("user").place)


def _done(model: Model) -> Iterator[_Done]:
    """By role, area and branch of the person, how much was done on the days before and today."""
    today = model.calendar.date_of(model.as_of)
    start = model.calendar.at(today, time.min)
    first = max(model.calendar.at(model.calendar.go_live, time.min), start - _LOOKS_BACK)
    if start - first < _LEAST_DAYS * timedelta(days=1):
        return
    for entity, who, at in HANDS:
        if entity in _AREAS and model.has(entity, who, at):
            with left_out_if_gone():
                for row in _by_role(model, entity, who, at, Period(first, model.as_of), start):
                    yield _Done(
                        str(row["role"]), _AREAS[entity], row.get("branch"), int(row["before"]), int(row["today"])
                    )


def _by_role(model: Model, entity: str, who: str, at: str, period: Period, start: Any) -> Sequence[Mapping[str, Any]]:
    records, user = model.records(entity), model.records("user")
    instant = records.instant(at)
    keys = {"role": user["role"], **({"branch": user["branch"]} if user.has("branch") else {})}
    past = count_if(instant.before(start))
    statement = (
        select(
            *(column.label(name) for name, column in keys.items()),
            func.coalesce(past, 0).label("before"),
            (func.count() - func.coalesce(past, 0)).label("today"),
        )
        .select_from(records.source.join(user.source, records[who] == user["id"]))
        .where(
            instant.within(period),
            user["role"].is_not(None),
            *model.excluding_canary(records),
            *model.excluding_canary(user),
        )
        .group_by(*keys.values())
        .limit(_MOST_GROUPS)
    )
    return model.database.rows(statement, about=f"{records.place} by role")
