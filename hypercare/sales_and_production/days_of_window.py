"""The days that a question has to read for a figure of each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta

from hypercare.operations_model.model import Model
from hypercare.plan.calendar import Period
from hypercare.seals import Window


def days_of(model: Model, window: Window) -> Mapping[date, Period]:
    """Each day by its date, oldest first; where the window does not tell days apart, each of its whole watch."""
    if window.seals:
        return {day.date: day.period for day in window.days}
    calendar, whole = model.calendar, window.whole
    first, last = calendar.date_of(whole.start), calendar.date_of(model.as_of)
    dates = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return {day: Period(max(whole.start, calendar.at(day, time.min)), calendar.day(day).end) for day in dates}
