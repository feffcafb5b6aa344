"""Instants as the target keeps them.

A question is put in the column's own representation, so that the raw, indexed column is compared: the bounds of a
business day are encoded once instead of decoding every row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    Numeric,
    String,
    TypeDecorator,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    not_,
    or_,
)
from sqlalchemy.types import TypeEngine

from hypercare.operations_model.portable import day_number, minute_number, seconds_later, to_the_second
from hypercare.plan.calendar import Period
from hypercare.target_file.mapping import TimeForm

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOCAL = {TimeForm.LOCAL, TimeForm.ISO_LOCAL, TimeForm.DATE}
_ISO = {TimeForm.ISO_UTC, TimeForm.ISO_LOCAL}
_EPOCHS = {TimeForm.SECONDS, TimeForm.MILLISECONDS}
_SECOND = timedelta(seconds=1)
# MySQL may keep "no date" as 0000-00-00, which is not null and lies before every date that it vouches for.
_FIRST_DAY = datetime(1000, 1, 1)  # noqa: DTZ001 a bound of naive columns


def shortest_text(moment: datetime, separator: str = " ") -> str:
    """The least text that sorts no later than any text of this moment: "2026-01-15", "2026-01-15 09:30", ...

    Targets write 09:30 as "09:30", "09:30:00" or "09:30:00.000000"; the shortest is a prefix of each, so `>=` and
    `<` against it are right for all of them.
    """
    for form in ("%Y-%m-%d", f"%Y-%m-%d{separator}%H:%M", f"%Y-%m-%d{separator}%H:%M:%S"):
        text = moment.strftime(form)
        if datetime.fromisoformat(text) == moment:
            return text
    return moment.strftime(f"%Y-%m-%d{separator}%H:%M:%S.%f").rstrip("0")


class _Stamp(TypeDecorator[datetime]):
    """A naive moment; SQLite has no type for it and compares text."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else DateTime())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return shortest_text(value) if value is not None and dialect.name == "sqlite" else value


class _Day(TypeDecorator[date]):
    impl = Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else Date())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        return value.isoformat() if value is not None and dialect.name == "sqlite" else value


@dataclass(frozen=True)
class TimestampFormat:
    """How one column tells time. `zone` is that of local forms and of days.

    Where the engine `keeps_zones`, a bound without one would be brought to the column's own kind for each record.
    """

    form: TimeForm
    zone: ZoneInfo
    keeps_zones: bool = field(default=False, compare=False)

    def encode(self, instant: datetime) -> ColumnElement[Any]:
        """The instant as a bound value that compares with the raw column."""
        if self.form in {TimeForm.SECONDS, TimeForm.MILLISECONDS}:
            unit = timedelta(seconds=1) if self.form is TimeForm.SECONDS else timedelta(milliseconds=1)
            number = (instant.astimezone(UTC) - _EPOCH) / unit
            whole = int(number)
            return bindparam(None, whole) if whole == number else bindparam(None, number, Numeric(asdecimal=False))
        if self.keeps_zones and self.form is TimeForm.UTC:
            return bindparam(None, instant.astimezone(UTC), DateTime(timezone=True))
        moment = instant.astimezone(self.zone if self.form in _LOCAL else UTC).replace(tzinfo=None)
        if self.form in _ISO:
            return bindparam(None, shortest_text(moment, "T"), String())
        if self.form is TimeForm.DATE:
            return bindparam(None, moment.date(), _Day())
        return bindparam(None, moment, _Stamp())

    def decode(self, value: object) -> datetime | None:
        """The aware instant that a raw value stands for; None for none, and for what cannot be read as a time."""
        if value is None or value == "":
            return None
        if self.form in {TimeForm.SECONDS, TimeForm.MILLISECONDS}:
            return _from_epoch(value, 1 if self.form is TimeForm.SECONDS else 1000)
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                return None
        if isinstance(value, date) and not isinstance(value, datetime):
            value = datetime.combine(value, time.min)
        if not isinstance(value, datetime):
            return None
        zone = self.zone if self.form in _LOCAL else UTC
        told = value if value.tzinfo else value.replace(tzinfo=zone)
        return told if told.tzinfo is UTC else told.astimezone(UTC)


def _from_epoch(value: object, per_second: int) -> datetime | None:
    try:
        return _EPOCH + timedelta(seconds=float(str(value)) / per_second)
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True)
class Instant:
    """A column of instants, with the comparisons that the questions need."""

    raw: ColumnElement[Any]
    timestamp_format: TimestampFormat
    repeated: Sequence[tuple[datetime, datetime]] = field(default=())
    zero_is_none: bool = False
    may_be_endless: bool = False
    """Whether it may hold `infinity`, by which systems say "without end": that is no moment that has come or will."""

    def within(self, period: Period) -> ColumnElement[bool]:
        """In the half-open period, in which nothing lies that has no beginning or no end."""
        return and_(self._not_earlier(period.start), self._is_before(period.end))

    @property
    def tells_hours(self) -> bool:
        """Whether more than the day is kept."""
        return self.timestamp_format.form is not TimeForm.DATE

    def since(self, instant: datetime) -> ColumnElement[bool]:
        """At the instant or later; for a column of days, on its day or later."""
        return and_(self._not_earlier(instant), *self._has_an_end)

    def before(self, instant: datetime) -> ColumnElement[bool]:
        """Earlier than the instant; a column of days counts the day in which the instant lies as earlier."""
        return and_(self._is_before(instant), *self._begins)

    def _not_earlier(self, instant: datetime) -> ColumnElement[bool]:
        return self.raw >= self.timestamp_format.encode(instant)

    def _is_before(self, instant: datetime) -> ColumnElement[bool]:
        is_days = self.timestamp_format.form is TimeForm.DATE
        bound = self.timestamp_format.encode(instant)
        if is_days and instant.astimezone(self.timestamp_format.zone).time() != time.min:
            return self.raw <= bound
        return self.raw < bound

    def surely_since(self, instant: datetime) -> ColumnElement[bool]:
        """At the instant or later; a column of days only where all of its day is."""
        if (
            self.timestamp_format.form is TimeForm.DATE
            and instant.astimezone(self.timestamp_format.zone).time() != time.min
        ):
            return and_(self.raw > self.timestamp_format.encode(instant), *self._has_an_end)
        return self.since(instant)

    def surely_before(self, instant: datetime) -> ColumnElement[bool]:
        """Earlier than the instant; a column of days only where all of its day is."""
        return and_(self.raw < self.timestamp_format.encode(instant), *self._begins)

    def precedes(self, other: Instant, by: timedelta = _SECOND) -> ColumnElement[bool] | None:
        """Earlier than another column by more than a second; None where they are kept too differently for SQL to say.

        `by` is what the clocks of those who write them may differ by.

        One of them may keep whole seconds alone, cut off or rounded up, which says nothing of what came first within
        one.

        In the hour that the end of summer time repeats, naive local times do not tell what came first: no row is
        blamed for that.
        """
        if self.timestamp_format != other.timestamp_format:
            return None
        earlier = and_(self._is_earlier(other, by), *self._begins, *other._has_an_end)
        for start, end in self.repeated:
            inside = [and_(one.raw >= _literal(one, start), one.raw < _literal(one, end)) for one in (self, other)]
            earlier = and_(earlier, not_(and_(*inside)))
        return earlier

    def surely_precedes(self, other: Instant, by: timedelta = _SECOND) -> ColumnElement[bool]:
        """Earlier than another column, however the two are kept.

        Where one is a day and the other a time, or their zones differ, only what lies two days apart is called earlier:
        less may be the difference of the zones.
        """
        exactly = self.precedes(other, by)
        if exactly is not None:
            return exactly
        apart = self._day_number + literal_column("2") <= other._day_number
        return and_(apart, *self._begins, *other._has_an_end)

    def is_near(self, earlier: ColumnElement[Any], length: timedelta) -> ColumnElement[bool]:
        """Whether it may lie no more than this after an earlier value of the column: where it surely does not, false.

        Local times leave an hour out when summer begins; and not every form can be reckoned with by the engines.
        """
        seconds = int((length + timedelta(hours=1)).total_seconds())
        if self.timestamp_format.form in _ISO | {TimeForm.DATE}:
            return earlier.is_not(None)
        if self.timestamp_format.form in _EPOCHS:
            unit = 1 if self.timestamp_format.form is TimeForm.SECONDS else 1000
            return self.raw <= earlier + literal_column(str(seconds * unit))
        return to_the_second(self.raw) <= seconds_later(earlier, seconds)

    @property
    def is_known(self) -> ColumnElement[bool]:
        return and_(self.raw.is_not(None), *self._begins, *self._has_an_end)

    @property
    def is_missing(self) -> ColumnElement[bool]:
        return or_(self.raw.is_(None), *(not_(one) for one in (*self._begins, *self._has_an_end)))

    @property
    def _to_the_second(self) -> ColumnElement[Any]:
        if self.timestamp_format.form in _ISO:
            return func.substr(self.raw, 1, len("2026-01-15T10:30:00"))
        if self.timestamp_format.form in _EPOCHS | {TimeForm.DATE}:
            return self.raw
        return to_the_second(self.raw)

    def _is_earlier(self, other: Instant, by: timedelta) -> ColumnElement[bool]:
        if self.timestamp_format.form in _ISO and by > _SECOND:
            minutes: ColumnElement[int] = literal_column(str(int(by.total_seconds()) // 60))
            return minute_number(self.raw) + minutes < minute_number(other.raw)
        return self._later(by) < other._to_the_second

    def _later(self, by: timedelta) -> ColumnElement[Any]:
        """Text that the application wrote itself is cut off and never rounded up."""
        seconds = int(by.total_seconds())
        if self.timestamp_format.form in _EPOCHS:
            per_second = 1 if self.timestamp_format.form is TimeForm.SECONDS else 1000
            return self.raw + literal_column(str(seconds * per_second))
        if self.timestamp_format.form in _ISO | {TimeForm.DATE}:
            return self._to_the_second
        return seconds_later(self.raw, seconds)

    @property
    def _day_number(self) -> ColumnElement[Any]:
        if self.timestamp_format.form in _EPOCHS:
            return self.raw / literal_column("86400" if self.timestamp_format.form is TimeForm.SECONDS else "86400000")
        return day_number(self.raw)

    @property
    def _begins(self) -> Sequence[ColumnElement[bool]]:
        return (self.raw > literal_column("'-infinity'"),) if self.may_be_endless else self._not_zero

    @property
    def _has_an_end(self) -> Sequence[ColumnElement[bool]]:
        return (self.raw < literal_column("'infinity'"),) if self.may_be_endless else ()

    @property
    def _not_zero(self) -> Sequence[ColumnElement[bool]]:
        if not self.zero_is_none or self.timestamp_format.form in _ISO | _EPOCHS:
            return ()
        if self.timestamp_format.form is TimeForm.DATE:
            return (self.raw >= bindparam(None, _FIRST_DAY.date(), _Day()),)
        return (self.raw >= bindparam(None, _FIRST_DAY, _Stamp()),)

    def bucket(self, periods: Sequence[Period]) -> ColumnElement[int]:
        """The number of the period in which the instant lies; null outside of all of them. No two may overlap.

        Days are told apart by their bounds and not by a date function: 23 and 25 hours are right on every engine.
        """
        return self._bucket(sorted(enumerate(periods), key=lambda numbered: numbered[1].start))

    def _bucket(self, numbered: Sequence[tuple[int, Period]]) -> ColumnElement[int]:
        """Few comparisons a record: with the begin of half of them, of half of these ..."""
        if len(numbered) == 1:
            number, period = numbered[0]
            return case((self.within(period), number))
        middle = len(numbered) // 2
        is_later = self._not_earlier(numbered[middle][1].start)
        return case((is_later, self._bucket(numbered[middle:])), else_=self._bucket(numbered[:middle]))


def _literal(instant: Instant, moment: datetime) -> ColumnElement[Any]:
    if instant.timestamp_format.form is TimeForm.ISO_LOCAL:
        return bindparam(None, shortest_text(moment, "T"), String())
    return bindparam(None, moment, _Stamp())


def repeated_hours(timestamp_format: TimestampFormat, first: date, last: date) -> tuple[tuple[datetime, datetime], ...]:
    """The naive local ranges between two days that the clocks show twice; none for a form that is not local."""
    if timestamp_format.form not in {TimeForm.LOCAL, TimeForm.ISO_LOCAL}:
        return ()
    found = []
    moment = datetime.combine(first, time.min, UTC)
    while moment.date() <= last:
        before, after = (
            moment.astimezone(timestamp_format.zone),
            (moment + timedelta(hours=1)).astimezone(timestamp_format.zone),
        )
        back = (before.utcoffset() or timedelta()) - (after.utcoffset() or timedelta())
        if back > timedelta():
            shown = after.replace(tzinfo=None, fold=0)
            found.append((shown, shown + back))
        moment += timedelta(hours=1)
    return tuple(found)
