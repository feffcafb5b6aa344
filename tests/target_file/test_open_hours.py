"""Opening hours as lengths of time, and the days on which they do not hold."""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from hypercare.target_file.open_hours import (
    begin_alike,
    closed_on,
    instant_before,
    is_open_at,
    not_closed_time,
    open_time,
    works_on,
)
from hypercare.target_file.sections.business import BusinessSection

BERLIN = ZoneInfo("Europe/Berlin")
EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
NORTH = {"branch": "N", "days": EVERY_DAY, "opens": "09:00", "closes": "18:00"}
SOUTH = {"branch": "S", "days": EVERY_DAY, "opens": "10:00", "closes": "20:00"}
CHRISTMAS = {"day": "2026-12-25", "reason": "Christmas"}


def business(**more: Any) -> BusinessSection:
    return BusinessSection.model_validate({"timezone": "Europe/Berlin", "go_live": "2026-12-01", **more})


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=BERLIN).astimezone(ZoneInfo("UTC"))


def test_why_a_day_is_closed() -> None:
    shop = business(closed=[CHRISTMAS, {"day": "2026-12-24", "branch": "S"}])
    assert closed_on(shop, date(2026, 12, 25)) == "Christmas"
    assert closed_on(shop, date(2026, 12, 25), {"N"}) == "Christmas"
    assert closed_on(shop, date(2026, 12, 24), {"S"}) == "closed"
    assert closed_on(shop, date(2026, 12, 24), {"N"}) is None
    assert closed_on(shop, date(2026, 12, 24)) is None


@pytest.mark.parametrize(
    ("day", "names", "why"),
    [
        (date(2026, 1, 6), {"S"}, "Epiphany"),
        (date(2027, 1, 6), {"S"}, "Epiphany"),
        (date(2026, 1, 6), {"N"}, None),
        (date(2026, 1, 6), set(), None),
        (date(2026, 10, 3), {"N"}, "German Unity Day"),
        (date(2026, 1, 7), {"S"}, None),
        (date(2026, 12, 25), {"N"}, "Christmas"),
    ],
)
def test_public_holidays_are_closed_where_they_are_kept(day: date, names: set[str], why: str | None) -> None:
    kept = [{"country": "DE"}, {"country": "DE", "subdivision": "BY", "branch": "S"}]
    assert closed_on(business(closed=[CHRISTMAS], public_holidays=kept), day, names) == why


@pytest.mark.parametrize(
    ("kept", "says"), [({"country": "XX"}, "XX not available"), ({"country": "DE", "subdivision": "QQ"}, "QQ")]
)
def test_a_country_that_nobody_knows_is_refused(kept: dict[str, str], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        business(public_holidays=[kept])


def test_the_package_for_public_holidays_is_asked_for_only_where_a_country_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)
    assert closed_on(business(), date(2026, 1, 1)) is None
    with pytest.raises(ValidationError, match=r"hypercare\[holidays\]"):
        business(public_holidays=[{"country": "FR", "subdivision": "57"}])


@pytest.mark.parametrize(
    ("closed", "hours"),
    [((), 22), ((CHRISTMAS,), 11), (({**CHRISTMAS, "branch": "S"},), 20), (({**CHRISTMAS, "day": "2026-12-26"},), 22)],
)
def test_closed_days_are_not_open_time(closed: tuple[dict[str, str], ...], hours: int) -> None:
    shop = business(hours=[NORTH, SOUTH], closed=closed)
    assert open_time(shop, at(24, 0), at(26, 0)) == timedelta(hours=hours)


def test_without_hours_only_closed_days_are_known() -> None:
    shop = business(closed=[CHRISTMAS])
    assert open_time(shop, at(24, 0), at(26, 0)) is None
    assert not_closed_time(shop, at(24, 22), at(26, 3)) == timedelta(hours=5)


@pytest.mark.parametrize(
    ("end", "minutes", "start"),
    [
        (at(28, 9, 20), 15, at(28, 9, 5)),
        (at(28, 9, 10), 15, at(27, 17, 55)),
        (at(26, 9, 10), 15, at(24, 17, 55)),
        (at(28, 22, 0), 60, at(28, 17, 0)),
    ],
)
def test_so_much_open_time_ago(end: datetime, minutes: int, start: datetime) -> None:
    shop = business(hours=[NORTH], closed=[CHRISTMAS])
    assert instant_before(shop, end, timedelta(minutes=minutes)) == start


def test_so_long_ago_where_no_hours_are_known() -> None:
    assert instant_before(business(), at(28, 0, 10), timedelta(minutes=15)) == at(27, 23, 55)
    assert instant_before(business(closed=[CHRISTMAS]), at(26, 0, 10), timedelta(minutes=15)) == at(24, 23, 55)


BAR = {"branch": "B", "days": ["fri", "sat"], "opens": "18:00", "closes": "02:00"}


@pytest.mark.parametrize(
    ("instant", "opened"),
    [
        (at(4, 17, 59), False),  # a Friday
        (at(4, 18), True),
        (at(5, 1, 59), True),
        (at(5, 2), False),
        (at(6, 1), True),
        (at(6, 18), False),
        (at(7, 1), False),
    ],
)
def test_a_branch_may_be_open_over_midnight(instant: datetime, opened: bool) -> None:
    assert is_open_at(business(hours=[BAR]), instant, {"B"}) is opened
    assert is_open_at(business(hours=[BAR]), instant, {"other"}) is None


def test_what_began_before_a_closed_day_goes_on_into_it_and_is_no_work_of_that_day() -> None:
    shop = business(hours=[BAR], closed=[{"day": "2026-12-05"}])
    assert is_open_at(shop, at(5, 1), {"B"})
    assert not is_open_at(shop, at(5, 20), {"B"})
    assert [works_on(shop, date(2026, 12, day)) for day in (4, 5, 6)] == [True, False, False]
    assert not begin_alike(shop, date(2026, 12, 6), date(2026, 12, 13))
    assert begin_alike(shop, date(2026, 12, 5), date(2026, 12, 12))


def test_who_closes_at_midnight_goes_on_into_no_other_day() -> None:
    shop = business(hours=[{**BAR, "closes": "24:00"}], closed=[{"day": "2026-12-05"}])
    assert begin_alike(shop, date(2026, 12, 6), date(2026, 12, 13))
    assert open_time(shop, at(4, 0), at(5, 0)) == timedelta(hours=6)
