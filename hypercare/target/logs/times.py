"""The time that a log line states, in the many ways in which lines state it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

_ISO = re.compile(
    r"(?P<year>\d{4})[-/](?P<month>\d\d)[-/](?P<day>\d\d)[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d))?"
    r"(?:[.,](?P<fraction>\d{1,9}))?\s?(?P<zone>Z\b|UTC\b|GMT\b|[+-]\d\d(?::?\d\d)?(?!\d))?"
)
_COMMON = re.compile(
    r"(?P<day>\d\d)/(?P<month>[A-Z][a-z]{2})/(?P<year>\d{4})[: ](?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
    r"(?: (?P<zone>[+-]\d{4}))?"
)
_SYSLOG = re.compile(
    r"(?P<month>[A-Z][a-z]{2}) {1,2}(?P<day>\d{1,2}) (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)\b"
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], 1
    )
}
_LATEST_START = 90  # characters before a line's time: a process, a thread, an address

# A record starts with a brace or, behind little more than numbers, a level or other key=value, with a time. Zeros are
# what a crash of the machine leaves behind.
HEAD = re.compile(
    rb"\x00*(?:\{"
    rb"|[\[(<]?(?:(?:[\d.:-]{1,40} {1,5}|[A-Z]{3,9}:? {1,5}|[A-Z]{3,9}:|[\w.-]{1,40} {1,5}\| )[\[(<]?){0,4}"
    rb"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d"
    rb"|(?:[\w.@-]{1,30}=(?:\"[^\"\n]{0,60}\"|[^\s\"]{1,60}) {1,3}){0,5}[\w.@-]{1,30}=\"?\d{4}-\d\d-\d\d[T ]\d\d:\d\d"
    rb"|[^\n\[]{0,90}\[\d\d/[A-Z][a-z]{2}/\d{4}[: ]\d\d"
    rb"|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d )"
)


def time_of(value: object, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The instant that a field states: ISO text, an access log's form, or seconds to nanoseconds since 1970.

    A time without a zone is taken to be in `zone`. Anything that states no time gives None.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return _since_1970(float(value))
    if not isinstance(value, str):
        return None
    text = value.strip()
    if re.fullmatch(r"\d{9,19}(?:\.\d+)?", text):
        return _since_1970(float(text))
    return time_at_start(text, zone, now)


def time_at_start(line: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The first time that a line states near its start."""
    start = line[: _LATEST_START + 40]
    for pattern in (_ISO, _COMMON, _SYSLOG):
        match = pattern.search(start)
        if match and match.start() <= _LATEST_START:
            return _instant(match.groupdict(), zone, now)
    return None


def _instant(parts: dict[str, str | None], zone: ZoneInfo, now: datetime) -> datetime | None:
    try:
        month = str(parts["month"])
        local = datetime(  # noqa: DTZ001 - its zone is settled below
            int(parts.get("year") or now.astimezone(zone).year),
            _MONTHS[month] if month in _MONTHS else int(month),
            int(str(parts["day"])),
            int(str(parts["hour"])),
            int(str(parts["minute"])),
            min(int(parts.get("second") or 0), 59),
            int((parts.get("fraction") or "0").ljust(6, "0")[:6]),
        )
    except ValueError:
        return None
    stated = parts.get("zone")
    try:
        instant = local.replace(tzinfo=_zone(stated) if stated else zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if "year" not in parts and instant > now + timedelta(days=2):
        instant = instant.replace(year=instant.year - 1)
    return instant


def _zone(stated: str) -> timezone:
    if stated in {"Z", "UTC", "GMT"}:
        return UTC
    digits = stated[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if stated[0] == "-" else offset)


def _since_1970(number: float) -> datetime | None:
    for unit in (1e9, 1e6, 1e3, 1.0):
        if number / unit >= 1e8:  # any instant after 1973, in the coarsest unit that makes it one
            try:
                return datetime.fromtimestamp(number / unit, UTC)
            except (ValueError, OverflowError, OSError):
                return None
    return None
