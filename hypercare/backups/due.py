"""When backups were due, and whether the newest one came when it should."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypercare.plan.calendar import Calendar
from hypercare.target_file.sections.backups import BackupsSection

EARLY = timedelta(minutes=15)  # a schedule may start a little before its time
_DAYS_BACK = 3


def last_due(section: BackupsSection, calendar: Calendar, as_of: datetime) -> datetime | None:
    """The latest time at which a backup was due and must be complete by `as_of`; None when none was since go-live."""
    today = calendar.date_of(as_of)
    opening = calendar.day(calendar.go_live).start
    due = [calendar.at(today - timedelta(days=back), clock) for back in range(_DAYS_BACK + 1) for clock in section.at]
    return max((one for one in due if one + section.complete_within <= as_of and one >= opening), default=None)
