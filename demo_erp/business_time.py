"""Between instants (UTC) and the days of the business (its own time zone)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DEFAULT_TIMEZONE = ZoneInfo("Europe/Berlin")


def business_day(instant: datetime, timezone: ZoneInfo) -> date:
    """The local day that an aware instant falls on."""
    return instant.astimezone(timezone).date()


def day_bounds(day: date, timezone: ZoneInfo) -> tuple[datetime, datetime]:
    """The half-open range of instants [start, end) of a local day: 23, 24 or 25 hours long."""
    return _midnight(day, timezone), _midnight(day + timedelta(days=1), timezone)


def local_instant(day: date, at: time, timezone: ZoneInfo) -> datetime:
    """The instant (UTC) at which the business's clocks show ``at`` on ``day``."""
    return datetime.combine(day, at, tzinfo=timezone).astimezone(UTC)


def _midnight(day: date, timezone: ZoneInfo) -> datetime:
    return local_instant(day, time(0), timezone)
