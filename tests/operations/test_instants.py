"""Bounds of a period are encoded so that the raw column can be compared, in whatever way the target tells time."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import column, create_engine, select, table

from hypercare.operations_model.instants import Instant, TimestampFormat, repeated_hours, shortest_text
from hypercare.operations_model.representation import Representation
from hypercare.plan.calendar import Calendar, Period
from hypercare.target_file.mapping import ColumnMapping, EntityMapping, MappingConfig, TimeForm

BERLIN = ZoneInfo("Europe/Berlin")
naive = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2060, 1, 1))  # noqa: DTZ001
instants = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001
    max_value=datetime(2060, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
FORMS = ("%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")


@given(naive, naive)
def test_text_of_any_precision_compares_as_the_moments_do(stored: datetime, bound: datetime) -> None:
    for form in FORMS:
        text = stored.strftime(form)
        kept = datetime.strptime(text, form)  # noqa: DTZ007
        assert (text >= shortest_text(bound)) == (kept >= bound)
        assert (text < shortest_text(bound)) == (kept < bound)


@given(instants, st.sampled_from([form for form in TimeForm if form is not TimeForm.DATE]))
def test_what_is_encoded_is_decoded(instant: datetime, form: TimeForm) -> None:
    face = TimestampFormat(form, BERLIN)
    bound = face.encode(instant)
    value = bound.value if not hasattr(bound, "effective_value") else bound.effective_value
    decoded = face.decode(value)
    assert decoded is not None
    assert abs(decoded - instant) < timedelta(milliseconds=1) or _is_repeated(instant, form)


def _is_repeated(instant: datetime, form: TimeForm) -> bool:
    local = instant.astimezone(BERLIN)
    return form in {TimeForm.LOCAL, TimeForm.ISO_LOCAL} and local.replace(fold=0) != local.replace(fold=1).astimezone(
        UTC
    )


@pytest.mark.parametrize("form", list(TimeForm))
@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 25), date(2026, 10, 26)])
def test_a_business_day_holds_its_own_hours_only(form: TimeForm, day: date, tmp_path: Path) -> None:
    face, period = TimestampFormat(form, BERLIN), Calendar(BERLIN, date(2026, 1, 1)).day(day)
    moments = [period.start - timedelta(seconds=1), period.start, period.end - timedelta(seconds=1), period.end]
    path = tmp_path / "times.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE seen (number INTEGER, at)")
    connection.executemany("INSERT INTO seen VALUES (?, ?)", [(n, _kept(m, face)) for n, m in enumerate(moments)])
    connection.commit()
    connection.close()
    seen = table("seen", column("number"), column("at"))
    asked = select(seen.c.number).where(Instant(seen.c.at, face).within(period)).order_by(seen.c.number)
    with create_engine(f"sqlite:///{path}").connect() as opened:
        assert [row[0] for row in opened.execute(asked)] == [1, 2]


def _kept(moment: datetime, face: TimestampFormat) -> object:
    local = moment.astimezone(BERLIN)
    return {
        TimeForm.UTC: moment.strftime("%Y-%m-%d %H:%M:%S.%f"),
        TimeForm.LOCAL: local.strftime("%Y-%m-%d %H:%M:%S"),
        TimeForm.ISO_UTC: moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        TimeForm.ISO_LOCAL: local.strftime("%Y-%m-%dT%H:%M:%S"),
        TimeForm.SECONDS: int(moment.timestamp()),
        TimeForm.MILLISECONDS: int(moment.timestamp() * 1000),
        TimeForm.DATE: local.strftime("%Y-%m-%d"),
    }[face.form]


@pytest.mark.parametrize("form", [TimeForm.UTC, TimeForm.LOCAL, TimeForm.DATE])
def test_a_date_of_zeros_is_none_where_the_engine_keeps_those(form: TimeForm) -> None:
    face, moment = TimestampFormat(form, BERLIN), datetime(2026, 1, 15, 11, 0, tzinfo=UTC)
    seen, engine = table("seen", column("number"), column("at"), column("next")), create_engine("sqlite://")
    zeros = "0000-00-00" if form is TimeForm.DATE else "0000-00-00 00:00:00"
    kept = [(0, None), (1, zeros), (2, _kept(moment, face))]
    at, following = Instant(seen.c.at, face, zero_is_none=True), Instant(seen.c.next, face, zero_is_none=True)
    earlier = at.precedes(following)
    assert earlier is not None
    with engine.connect() as opened:
        opened.exec_driver_sql("CREATE TABLE seen (number INTEGER, at, next)")
        opened.exec_driver_sql(
            "INSERT INTO seen VALUES (?, ?, ?)", [(*one, _kept(moment + timedelta(days=1), face)) for one in kept]
        )
        asked = {"known": at.is_known, "missing": at.is_missing, "before": at.before(moment + timedelta(days=2))}
        asked |= {"before midnight": at.before(datetime(2026, 1, 19, 23, 0, tzinfo=UTC)), "earlier": earlier}
        rows = {name: list(opened.scalars(select(seen.c.number).where(one))) for name, one in asked.items()}
    assert rows == {"known": [2], "missing": [0, 1], "before": [2], "before midnight": [2], "earlier": [2]}


def test_a_column_of_days_counts_the_day_in_progress() -> None:
    face = TimestampFormat(TimeForm.DATE, BERLIN)
    noon = datetime(2026, 1, 15, 11, 0, tzinfo=UTC)
    asked = str(Instant(column("day"), face).within(Period(noon - timedelta(hours=12), noon)))
    assert asked.startswith("day >= ") and "day <= " in asked


@pytest.mark.parametrize(
    ("form", "found"), [(TimeForm.UTC, ["10"]), (TimeForm.LOCAL, ["10"]), (TimeForm.ISO_UTC, ["11", "10"])]
)
def test_whole_seconds_do_not_tell_what_came_first_within_one(form: TimeForm, found: list[str]) -> None:
    """A column of the engine's own may have been rounded up; text that an application wrote was cut off."""
    entered, final = datetime(2026, 1, 15, 10, 30, 12, 700_000), datetime(2026, 1, 15, 10, 30, 12)  # noqa: DTZ001
    engine = create_engine("sqlite://")
    seen = table("seen", column("entered"), column("final"))
    mark = "T" if form is TimeForm.ISO_UTC else " "
    with engine.begin() as opened:
        opened.exec_driver_sql("CREATE TABLE seen (entered TEXT, final TEXT)")
        for earlier in (timedelta(0), timedelta(seconds=1), timedelta(seconds=2)):
            pair = (entered.isoformat(mark), (final - earlier).isoformat(mark))
            opened.exec_driver_sql("INSERT INTO seen VALUES (?, ?)", pair)
        one, other = (Instant(of, TimestampFormat(form, BERLIN)) for of in (seen.c.final, seen.c.entered))
        earlier_ones = one.precedes(other)
        assert earlier_ones is not None
        rows = list(opened.scalars(select(seen.c.final).where(earlier_ones)))
    assert rows == [f"2026-01-15{mark}10:30:{second}" for second in found]


@pytest.mark.parametrize(
    ("form", "seconds", "found"),
    [
        (TimeForm.UTC, 1, [90, 130, 190]),
        (TimeForm.UTC, 120, [130, 190]),
        (TimeForm.SECONDS, 1, [90, 130, 190]),
        (TimeForm.SECONDS, 120, [130, 190]),
        (TimeForm.ISO_UTC, 1, [90, 130, 190]),
        (TimeForm.ISO_UTC, 120, [190]),  # text is compared by its minutes
    ],
)
def test_what_two_clocks_may_differ_by_does_not_tell_what_came_first(
    form: TimeForm, seconds: int, found: list[int]
) -> None:
    queued = datetime(2026, 1, 15, 10, 30, 12)  # noqa: DTZ001
    seen = table("seen", column("began"), column("queued"), column("late"))
    engine = create_engine("sqlite://")
    with engine.begin() as opened:
        opened.exec_driver_sql("CREATE TABLE seen (began, queued, late)")
        for late in (0, 90, 130, 190):
            pair = [queued - timedelta(seconds=late), queued]
            texts = {TimeForm.UTC: str, TimeForm.ISO_UTC: datetime.isoformat, TimeForm.SECONDS: datetime.timestamp}
            kept = [texts[form](one) for one in pair]
            opened.exec_driver_sql("INSERT INTO seen VALUES (?, ?, ?)", (*kept, late))
        one, other = (Instant(of, TimestampFormat(form, BERLIN)) for of in (seen.c.began, seen.c.queued))
        earlier = one.surely_precedes(other, timedelta(seconds=seconds))
        assert list(opened.scalars(select(seen.c.late).where(earlier))) == found


@pytest.mark.parametrize(
    ("moment", "late", "early"),
    [
        (datetime(2026, 1, 15, 11, 0, tzinfo=UTC), ["2026-01-16"], ["2026-01-14"]),
        (datetime(2026, 1, 14, 23, 0, tzinfo=UTC), ["2026-01-15", "2026-01-16"], ["2026-01-14"]),
    ],
    ids=["noon", "midnight in Berlin"],
)
def test_the_day_of_an_instant_is_neither_surely_later_nor_surely_earlier(
    moment: datetime, late: list[str], early: list[str]
) -> None:
    days = ("2026-01-14", "2026-01-15", "2026-01-16")
    engine = create_engine("sqlite://")
    seen = table("seen", column("day"))
    with engine.begin() as opened:
        opened.exec_driver_sql("CREATE TABLE seen (day TEXT)")
        for day in days:
            opened.exec_driver_sql(f"INSERT INTO seen VALUES ('{day}')")
        at = Instant(seen.c.day, TimestampFormat(TimeForm.DATE, BERLIN))
        asked = (at.surely_since(moment), at.surely_before(moment))
        rows = [list(opened.scalars(select(seen.c.day).where(one).order_by(seen.c.day))) for one in asked]
    assert rows == [late, early]


def test_any_hour_of_a_day_is_that_day_where_days_are_kept() -> None:
    noon = datetime(2026, 1, 15, 11, 0, tzinfo=UTC)
    assert TimestampFormat(TimeForm.DATE, BERLIN).encode(noon).compile().params["param_1"] == date(2026, 1, 15)


def test_the_repeated_hour_is_known() -> None:
    face = TimestampFormat(TimeForm.LOCAL, BERLIN)
    assert repeated_hours(face, date(2026, 10, 1), date(2026, 11, 1)) == (
        (datetime(2026, 10, 25, 2, 0), datetime(2026, 10, 25, 3, 0)),  # noqa: DTZ001
    )
    assert repeated_hours(face, date(2026, 10, 1), date(2026, 10, 25)) != ()
    assert repeated_hours(face, date(2026, 10, 1), date(2026, 10, 24)) == ()
    assert repeated_hours(TimestampFormat(TimeForm.UTC, BERLIN), date(2026, 10, 1), date(2026, 11, 1)) == ()


def test_the_hours_that_come_twice_around_go_live_are_known() -> None:
    representation = Representation(MappingConfig(time=TimeForm.LOCAL), "Europe/Berlin", 2, date(2026, 10, 1))
    mapped = EntityMapping(table="sales", columns={"created_at": ColumnMapping(column="at")})
    instant = representation.instant(column("at"), mapped.columns["created_at"], mapped)
    assert instant.repeated == ((datetime(2026, 10, 25, 2, 0), datetime(2026, 10, 25, 3, 0)),)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("form", "kept", "instant"),
    [
        (TimeForm.UTC, datetime(2026, 7, 1, 9, 30), datetime(2026, 7, 1, 9, 30, tzinfo=UTC)),  # noqa: DTZ001
        (TimeForm.LOCAL, datetime(2026, 7, 1, 9, 30), datetime(2026, 7, 1, 7, 30, tzinfo=UTC)),  # noqa: DTZ001
        (TimeForm.UTC, datetime(2026, 7, 1, 9, 30, tzinfo=BERLIN), datetime(2026, 7, 1, 7, 30, tzinfo=UTC)),
        (TimeForm.LOCAL, datetime(2026, 7, 1, 9, 30, tzinfo=UTC), datetime(2026, 7, 1, 9, 30, tzinfo=UTC)),
    ],
)
def test_what_a_driver_gives_with_a_zone_is_that_moment(form: TimeForm, kept: datetime, instant: datetime) -> None:
    assert TimestampFormat(form, BERLIN).decode(kept) == instant


@pytest.mark.parametrize(
    ("first", "second", "is_earlier"),
    [
        ((TimeForm.DATE, "2026-01-10"), (TimeForm.UTC, "2026-02-19 08:00:00"), True),
        ((TimeForm.DATE, "2026-01-10"), (TimeForm.UTC, "2026-01-12 00:10:00"), True),
        ((TimeForm.DATE, "2026-01-10"), (TimeForm.UTC, "2026-01-11 13:59:00"), False),
        ((TimeForm.DATE, "2026-02-28"), (TimeForm.ISO_UTC, "2026-03-01T09:00:00"), False),
        ((TimeForm.DATE, "2026-02-28"), (TimeForm.ISO_UTC, "2026-03-02T09:00:00"), True),
        ((TimeForm.UTC, "2026-01-10 23:30:00"), (TimeForm.DATE, "2026-01-11"), False),
        ((TimeForm.LOCAL, "2026-01-10 23:30:00"), (TimeForm.UTC, "2026-01-12 01:00:00"), True),
        ((TimeForm.SECONDS, 1_768_000_000), (TimeForm.DATE, "2026-01-12"), True),
        ((TimeForm.DATE, "2026-01-08"), (TimeForm.MILLISECONDS, 1_768_000_000_000), False),
        ((TimeForm.DATE, "sometime"), (TimeForm.UTC, "2026-02-19 08:00:00"), False),
        ((TimeForm.DATE, None), (TimeForm.UTC, "2026-02-19 08:00:00"), False),
    ],
)
def test_a_day_and_a_time_are_compared_where_no_zone_can_make_the_difference(
    first: tuple[TimeForm, object], second: tuple[TimeForm, object], is_earlier: bool
) -> None:
    seen = table("seen", column("one"), column("other"))
    (form, one), (other_form, other) = first, second
    with create_engine("sqlite://").begin() as opened:
        opened.exec_driver_sql("CREATE TABLE seen (one, other)")
        opened.exec_driver_sql("INSERT INTO seen VALUES (?, ?)", (one, other))
        earlier = Instant(seen.c.one, TimestampFormat(form, BERLIN)).surely_precedes(
            Instant(seen.c.other, TimestampFormat(other_form, BERLIN))
        )
        found = list(opened.scalars(select(seen.c.one).where(earlier)))
    assert bool(found) is is_earlier
