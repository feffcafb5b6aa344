"""On how many earlier days a rule was broken: what happens on most of them is the way of the house."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, FromClause, func, select

from hypercare.operations_model.instants import Instant
from hypercare.operations_model.portable import one_if
from hypercare.operations_model.protocol import AskedModel
from hypercare.operations_model.weighing import JudgedDays
from hypercare.outcome.doubt import Spread
from hypercare.plan.calendar import Period

_LOOKS_BACK = 31


def spread_of(
    model: AskedModel,
    source: FromClause,
    among: Sequence[ColumnElement[bool]],
    wrong: ColumnElement[bool],
    dated: Instant,
    days: JudgedDays | None,
) -> Spread:
    """The days before today that have such records, and those on which one is wrong; asked where something is.

    Days that are not asked again have nothing wrong.
    """
    today = model.calendar.date_of(model.target.as_of)
    dates = [today - timedelta(days=back) for back in range(_LOOKS_BACK, 0, -1)]
    periods = [model.calendar.day(one) for one in dates]
    day = dated.bucket(periods)
    earlier = Period(periods[0].start, model.target.today.start)
    each = (
        select(day.label("day"), one_if(wrong).label("wrong")).select_from(source).where(*among, dated.within(earlier))
    )
    by_day = each.subquery("each_of_a_day")
    statement = select(by_day.c.day, func.sum(by_day.c.wrong).label("wrong")).group_by(by_day.c.day)
    rows = model.database.rows(statement, about="on which days")
    found = {dates[int(row["day"])]: bool(row["wrong"]) for row in rows}
    in_order = {} if days is None else {one: False for one, figures in days.sealed.items() if figures.get("looked_at")}
    told = [is_wrong for _, is_wrong in sorted({**in_order, **found}.items())]
    return Spread(days=len(told), wrong=sum(told), first=told.index(True) if True in told else None)
