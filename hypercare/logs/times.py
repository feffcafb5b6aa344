"""The time that a log line states, in the many ways in which lines state it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hypercare.logs.time_forms import ALL, ALWAYS, DOTTED, THREE_NUMBERS, ZONES, TimeForm

_LATEST_START = 90  # characters before a line's time: a process, a thread, an address
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan gen ene sty led oca янв",
            "feb fév fev lut úno şub фев",
            "mar mär mrz maa bře мар",
            "apr avr abr kwi dub nis апр",
            "mai may mag maj kvě май мая",
            "jun juin giu cze čvn haz июн",
            "jul juil lug lip čvc tem июл",
            "aug aoû aou ago sie srp ağu авг",
            "sep set wrz zář eyl сен",
            "oct okt ott out paź říj eki окт",
            "nov lis kas ноя",
            "dec dez déc dic gru pro ara дек",
        ),
        1,
    )
    for name in names.split()
}
_AHEAD = timedelta(days=2)
# The form of most, which needs no search for others.
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)")
_ORDERS = ("dmy", "mdy", "ymd")


@dataclass(frozen=True)
class TimeReader:
    """Reads times by the `forms` that a log was seen to use, those it uses most first.

    A time without a zone is taken to be in `zone`, one without a year to be the latest that is not ahead of `now`.
    `order` is that of the numbers of dates such as 11/12/2026.
    """

    zone: ZoneInfo
    now: datetime
    forms: tuple[TimeForm, ...] = ALWAYS
    order: str | None = None
    own: re.Pattern[str] | None = None
    own_format: str | None = None

    def value(self, value: object) -> datetime | None:
        """The instant that a field states: a text of any form, or seconds to nanoseconds since 1970."""
        if isinstance(value, bool) or value is None:
            return None
        if isinstance(value, int | float):
            return _since_1970(float(value))
        if isinstance(value, dict) and "$date" in value:
            return self.value(value["$date"])
        if not isinstance(value, str):
            return None
        text = value.strip()
        if re.fullmatch(r"\d{9,19}(?:\.\d+)?", text):
            return _since_1970(float(text))
        if self.own is None and _ISO.fullmatch(text):
            try:
                return datetime.fromisoformat(text).astimezone(UTC)
            except (ValueError, OverflowError):
                return self.at(text)  # a second of its own, an hour that is none
        return self.at(text)

    def at(self, line: str) -> datetime | None:
        """The time that a line states near its start."""
        if self.own is not None:
            return self._by_own_pattern(self.own, line)
        start = line[: _LATEST_START + 40]
        for form in self.forms:
            match = form.pattern.search(start)
            if match and match.start() <= _LATEST_START:
                instant = self._instant(form, match)
                if instant is not None:
                    return instant
        return None

    def _by_own_pattern(self, own: re.Pattern[str], line: str) -> datetime | None:
        match = own.search(line)
        if match is None:
            return None
        text = match["at"] if "at" in own.groupindex else match[0]
        if self.own_format is None:
            return TimeReader(self.zone, self.now, ALL, self.order or "dmy").value(text)
        try:
            stated = datetime.strptime(text, self.own_format)  # noqa: DTZ007 - its zone is settled below
        except (ValueError, TypeError):
            return None
        if stated.year == 1900 and "%y" not in self.own_format.lower():
            stated = stated.replace(year=self.now.astimezone(self.zone).year)
            return self._not_ahead(self._placed(stated, None))
        return self._placed(stated, None)

    def _instant(self, form: TimeForm, match: re.Match[str]) -> datetime | None:
        parts = match.groupdict()
        if parts.get("epoch"):
            return _since_1970(float(str(parts["epoch"])))
        if form.three_numbers:
            if self.order is None:
                return None
            parts = {**parts, **in_order(self.order, parts)}
        try:
            local = _local(parts, self.now.astimezone(self.zone).year)
        except ValueError:
            return None
        instant = self._placed(local, parts)
        return instant if parts.get("year") else self._not_ahead(instant)

    def _placed(self, local: datetime, parts: dict[str, str | None] | None) -> datetime | None:
        try:
            if local.tzinfo is not None:
                return local.astimezone(UTC)
            return local.replace(tzinfo=self._zone(parts or {}, local)).astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    def _not_ahead(self, instant: datetime | None) -> datetime | None:
        if instant is None or instant <= self.now + _AHEAD:
            return instant
        try:
            return instant.replace(year=instant.year - 1)
        except ValueError:
            return None

    def _zone(self, parts: dict[str, str | None], local: datetime) -> tzinfo:
        if parts.get("minutes_east"):
            return timezone(timedelta(minutes=int(str(parts["minutes_east"]))))
        stated = parts.get("zone")
        if not stated or local.replace(tzinfo=self.zone).tzname() == stated:
            return self.zone
        if "/" in stated:
            try:
                return ZoneInfo(stated)
            except (ZoneInfoNotFoundError, ValueError):
                return self.zone
        if stated in ZONES:
            return timezone(timedelta(minutes=ZONES[stated]))
        sign, digits = re.sub(r"^(?:UTC|GMT)", "", stated)[0], re.sub(r"\D", "", stated)
        digits = digits.zfill(2).ljust(4, "0")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        return timezone(-offset if sign == "-" else offset)


def in_order(order: str, parts: dict[str, str | None]) -> dict[str, str]:
    """The three numbers of a date by what `order` says they are."""
    names = {"d": "day", "m": "month", "y": "year"}
    return {names[letter]: str(parts[number]) for letter, number in zip(order, "abc", strict=True)}


def _local(parts: dict[str, str | None], this_year: int) -> datetime:
    month = str(parts["month"])
    year = int(parts.get("year") or this_year)
    hour = int(str(parts["hour"]))
    half = (parts.get("half") or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return datetime(  # noqa: DTZ001 - its zone is settled by who asks
        year + 2000 if year < 100 else year,
        int(month) if month.isdecimal() else month_named(month),
        int(str(parts["day"])),
        hour,
        int(str(parts["minute"])),
        min(int(parts.get("second") or 0), 59),
        int((parts.get("fraction") or "0").ljust(6, "0")[:6]),
    )


def month_named(name: str) -> int:
    """The number of a month by its name or the first letters of it. Raises ValueError where it is none."""
    small = name.casefold()
    for length in (4, 3):
        if small[:length] in _MONTHS:
            return _MONTHS[small[:length]]
    raise ValueError(f"{name!r} is no month")


def _since_1970(number: float) -> datetime | None:
    for unit in (1e9, 1e6, 1e3, 1.0):
        if number / unit >= 1e8:  # any instant after 1973, in the coarsest unit that makes it one
            try:
                return datetime.fromtimestamp(number / unit, UTC)
            except (ValueError, OverflowError, OSError):
                return None
    return None


def forms_of(lines: Sequence[str], least_share: float = 0.05) -> tuple[TimeForm, ...]:
    """The forms that stand in lines of a sample, the one of most lines first; of two in one line the first in ALL."""
    counts: Counter[str] = Counter()
    for line in lines:
        for form in ALL:
            match = form.pattern.search(line[: _LATEST_START + 40])
            if match and match.start() <= _LATEST_START and _is_possible(form, match):
                counts[form.name] += 1
                break
    found = [form for form in ALL if counts[form.name] and counts[form.name] >= least_share * len(lines)]
    return tuple(sorted(found, key=lambda form: -counts[form.name]))


def _is_possible(form: TimeForm, match: re.Match[str]) -> bool:
    parts = match.groupdict()
    if parts.get("epoch"):
        instant = _since_1970(float(str(parts["epoch"])))
        return instant is not None and 2000 <= instant.year <= 2100
    if form.three_numbers:
        return True
    try:
        _local(parts, 2024)  # a leap year, so that its last day of February is one
    except ValueError:
        return False
    return True


def _three_numbers_in(line: str) -> re.Match[str] | None:
    return THREE_NUMBERS.pattern.search(line) or DOTTED.pattern.search(line)


def order_of(lines: Iterable[str], zone: ZoneInfo, now: datetime) -> str | None:
    """What is day, month and year in dates of three numbers: the order in which all are dates, and in time.

    Where more than one is left, that whose latest date is nearest to the present.
    """
    dates = [match.groupdict() for line in lines if (match := _three_numbers_in(line[:130]))]
    if not dates:
        return None
    halves = any(date.get("half") for date in dates)
    ranked: list[tuple[int, float, bool, str]] = []
    for order in _ORDERS:
        try:
            times = [_local({**date, **in_order(order, date)}, now.year).replace(tzinfo=zone) for date in dates]
        except ValueError:
            continue
        latest = max(times)
        if latest > now + _AHEAD:
            continue
        unsorted = sum(later < earlier - timedelta(hours=2) for earlier, later in pairwise(times))
        days_ago = round((now - latest).total_seconds() / 86_400)
        ranked.append((unsorted, days_ago, halves != (order == "mdy"), order))
    return min(ranked)[3] if ranked else None
