"""What the activity log says of who made a record, and on which day, beside what the record says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from hypercare.operations.instants import Instant
from hypercare.operations.model import Model
from hypercare.operations.records import Records, differs
from hypercare.operations.seldom import unless_usual
from hypercare.operations.violations import Found, Row
from hypercare.outcome.signals import NotCovered

_APART = timedelta(hours=2)
_MOST = 20_000


@dataclass(frozen=True)
class Told:
    """The log's word for what was done, and the record's own fields that tell when and by whom."""

    entity: str
    action: str
    at: str
    by: str = ""


SALES = (
    Told("sale", "sale.create", "created_at", "created_by"),
    Told("sale", "sale.finalise", "finalised_at", "finalised_by"),
    Told("sale", "sale.void", "voided_at", "voided_by"),
)
COSTS = (Told("cost", "cost.enter", "entered_at", "entered_by"),)
STEPS = (Told("step", "step.start", "started_at"), Told("step", "step.finish", "finished_at"))


def told_otherwise(model: Model, several: tuple[Told, ...]) -> Found:
    """Records of which the log says that somebody else did it, or hours apart on another day.

    Where that is usual (people enter for others, devices send later), it is not judged.

    Raises NotCovered where the log tells of none of it.
    """
    found = [one for told in several for one in (_on_another_day(model, told), _by_somebody_else(model, told)) if one]
    if not found:
        raise NotCovered(
            "the activity log tells neither who nor when, or it is usual here that it tells otherwise",
            mend="Map the words of action in [mapping.activity], with entity_id, user and at.",
        )
    rows = [row for one in found for row in one.sample]
    worst = max(found, key=lambda one: one.count)
    return Found(
        count=sum(one.count for one in found),
        of=worst.of,
        sample=rows[:5],
        source=", ".join(dict.fromkeys(one.source for one in found)),
        branches=tuple(sorted({branch for one in found for branch in one.branches})),
    )


def _is_told(model: Model, told: Told) -> bool:
    mapped = model.mapping.entity("activity")
    if mapped is None or not model.has("activity", "action", "entity_id", "at"):
        return False
    words = mapped.values.get("action")
    return (words is None or told.action in words) and model.has(told.entity, "id", told.at)


def _by_somebody_else(model: Model, told: Told) -> Found | None:
    if not (told.by and _is_told(model, told) and model.has("activity", "user") and model.has(told.entity, told.by)):
        return None
    records, log = model.records(told.entity), model.records("activity")
    wrong = differs(records[told.by], log["user"])
    return _found(model, (records, log), told, wrong, {"by": records[told.by], "the log says": log["user"]})


def _on_another_day(model: Model, told: Told) -> Found | None:
    if not _is_told(model, told):
        return None
    records, log = model.records(told.entity), model.records("activity")
    calendar, today = model.calendar, model.calendar.date_of(model.as_of)
    first = calendar.date_of(model.hypercare.start)
    days = [calendar.day(first + timedelta(days=number)) for number in range((today - first).days + 1)]
    own, other = records.instant(told.at), log.instant("at")
    one_day, other_day = own.bucket(days), other.bucket(days)
    wrong = and_(own.is_known, other_day.is_not(None), or_(one_day.is_(None), one_day != other_day))
    return _found(model, (records, log), told, wrong, {"dated": own, "the log says": other})


_Show = Mapping[str, ColumnElement[Any] | Instant]


def _found(
    model: Model, beside: tuple[Records, Records], told: Told, wrong: ColumnElement[bool], show: _Show
) -> Found | None:
    records, log = beside
    joined = records.source.join(log.source, and_(log["entity_id"] == records["id"], log.is_("action", told.action)))
    at = log.instant("at")
    among = [at.within(model.watched(at, log)), *model.real(records), *model.real(log)]
    columns = {"record": model.shown_name(records).expression}
    columns |= {name: one.raw if isinstance(one, Instant) else one for name, one in show.items()}
    if records.has("branch"):
        columns["branch"] = records["branch"]
    asked = select(*(column.label(name) for name, column in columns.items())).select_from(joined).where(*among, wrong)
    with model.database.snapshot():
        counted = select(func.count()).select_from(joined).where(*among)
        of = int(model.database.value(counted, about=f"what the log tells of {records.place}"))
        candidates = model.database.rows(asked.limit(_MOST), about=f"{records.place}, told otherwise")
    rows = [row for one in candidates if (row := _row(model, told, one, show)) is not None]
    try:
        return unless_usual(model.found(rows, of=of, place=f"{records.place}, {log.place}"), "records")
    except NotCovered:
        return None


def _row(model: Model, told: Told, row: Row, show: _Show) -> dict[str, object] | None:
    """The row as it is shown; None where two times lie so close that only midnight is between them."""
    shown: dict[str, object] = {"what": told.action, **row}
    times = {name: one.face.decode(row[name]) for name, one in show.items() if isinstance(one, Instant)}
    moments = [moment for moment in times.values() if moment is not None]
    if times:
        if len(moments) < len(times) or max(moments) - min(moments) <= _APART:
            return None
        zone = model.calendar.zone
        shown |= {name: f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" for name, moment in times.items() if moment}
    if "branch" in shown:
        shown["branch"] = model.branch_word(shown["branch"])
    return shown
