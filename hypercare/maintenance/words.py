"""What is under maintenance, in words; apart, so that whoever says it opens no history."""

from __future__ import annotations

from datetime import datetime

from hypercare.plan.calendar import Calendar
from hypercare.uptime.overrides import Maintenance


def words_of_window(window: Maintenance, calendar: Calendar, now: datetime) -> str:
    """ "under maintenance until 14:00 (by A. Keller: new server)"; with the day where it is not today's."""
    end = window.end.astimezone(calendar.zone)
    day = "" if calendar.date_of(now) == end.date() else f"{end.day} {end:%b} "
    announcer = f"by {window.by}: {window.name}" if window.by else window.name
    return f"under maintenance until {day}{end:%H:%M} ({announcer})"
