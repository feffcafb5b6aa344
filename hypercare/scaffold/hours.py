"""Hours of the business as a scheduler says them whose clock is UTC and knows no summer time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_A_DAY = 24 * 60
_MONTHS = 12


def cron_lines(hours: Sequence[tuple[int, int]], zone: str, now: datetime) -> list[str]:
    """Cron expressions in UTC: of each hour as many as it has in a year, since summer time moves it."""
    found = {(hour * 60 + minute - offset) % _A_DAY for hour, minute in hours for offset in _offsets(zone, now)}
    return [f"{one % 60} {one // 60} * * *" for one in sorted(found)]


def minutes_of_an_hour(hours: Sequence[tuple[int, int]], zone: str, now: datetime) -> str:
    """The first field of a cron expression that is due at each of these hours, whatever zone the machine's clock shows.

    A zone may lie half an hour or a quarter beside the others.
    """
    found = {(minute - offset) % 60 for _, minute in hours for offset in (*_offsets(zone, now), 0)}
    return ",".join(str(one) for one in sorted(found))


def _offsets(zone: str, now: datetime) -> set[int]:
    """By how many minutes the zone is ahead of UTC, at some time within a year."""
    local = ZoneInfo(zone)
    lengths = [(now + timedelta(days=30 * month)).astimezone(local).utcoffset() for month in range(_MONTHS + 1)]
    return {int(length.total_seconds()) // 60 for length in lengths if length is not None}
