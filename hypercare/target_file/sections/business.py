"""The business itself: its time, its days, its currency, and what a number of a sale tells apart."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from hypercare.outcome.currency import digits_of, smallest_coin_of
from hypercare.plan.calendar import LAST_DAY, Calendar, CriticalPeriod
from hypercare.plan.public_holidays import holidays_of
from hypercare.target_file.section import Section


class OpeningHours(Section):
    """Service hours of one branch. `days` are "mon" ... "sun". Over midnight where it closes before it opens."""

    branch: str
    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...]
    opens: time
    closes: time

    @field_validator("opens", "closes", mode="before")
    @classmethod
    def _midnight_ends_a_day(cls, value: object) -> object:
        return "00:00" if value == "24:00" else value


class ClosedDay(Section):
    """A day on which nobody works as on any other: a holiday, a move. Without a branch, all are closed."""

    day: date
    branch: str | None = None
    reason: str = ""


class PublicHolidays(Section):
    """Public holidays on which nobody works, so that they need not be named as closed days one by one, year by year.

    `country` and `subdivision` are codes of ISO 3166: "DE" and "BY". Without a branch, all are closed.
    """

    country: str
    subdivision: str | None = None
    branch: str | None = None

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        holidays_of(self.country, self.subdivision)
        return self

    def on(self, day: date) -> str | None:
        return holidays_of(self.country, self.subdivision).get(day)


class Wave(Section):
    """Branches that go live later than the rest, with a critical period of their own."""

    branches: tuple[str, ...] = Field(min_length=1)
    go_live: date
    critical_days: int = Field(default=LAST_DAY, ge=1)
    normal_from: date | None = None

    @property
    def period(self) -> CriticalPeriod:
        return CriticalPeriod(self.go_live, self.critical_days, self.normal_from, frozenset(self.branches))


class BusinessSection(Section):
    """`clock` names a file with the target's own simulated time; without it the clock is the real one.

    `day_starts` is for those who work over midnight: what is sold before it belongs to the books of the day before.
    `critical_days` is how long the critical period lasts from `go_live` on: more than 14 extend it, its further days go
    on as day 14; fewer cut it short. After it the daily rounds stay until `normal_from` says from which day on
    operations are normal. `waves` are branches that go live later and have a day 1 of their own.
    `branches_see_each_other` is for businesses that agreed on it: then nobody asks for another branch's records.

    Numbers of sales are compared as people read them: `numbers_ignore` names what does not tell two apart, "case",
    "spaces" around them, "leading-zeros"; on a system whose own numbers differ by case, case counts all the same. A
    number is given once to a branch and a year; `numbers_unique_per` says otherwise: "branch", "customer", "kind",
    "year", "month", "day", or none of them. Where nothing is said and numbers repeat all the time, it is learned from
    the sales.

    `smallest_coin` is what sums in cash are rounded to (0.05 where nothing is said and the currency is the Swiss
    franc): a round sum that was paid may be half of it off.
    """

    timezone: str
    go_live: date
    currency: str = "EUR"
    minor_units: int = Field(default=2, ge=0, le=4, description="without it, as many decimals as ISO 4217 says")
    smallest_coin: Decimal = Field(default=Decimal(0), ge=0, description="without it, as is usual for the currency")
    clock: Path | None = None
    hours: tuple[OpeningHours, ...] = ()
    closed: tuple[ClosedDay, ...] = ()
    public_holidays: tuple[PublicHolidays, ...] = ()
    day_starts: time | None = None
    critical_days: int = Field(default=LAST_DAY, ge=1)
    normal_from: date | None = None
    waves: tuple[Wave, ...] = ()
    branches_see_each_other: bool = False
    numbers_ignore: tuple[Literal["case", "spaces", "leading-zeros"], ...] = ("case", "spaces")
    numbers_unique_per: tuple[Literal["branch", "customer", "kind", "year", "month", "day"], ...] | None = None

    @model_validator(mode="before")
    @classmethod
    def _as_the_currency_has_it(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("currency"), str):
            return data
        currency = data["currency"]
        return {"minor_units": digits_of(currency), "smallest_coin": smallest_coin_of(currency), **data}

    @model_validator(mode="after")
    def _normal_operations_follow_go_live(self) -> Self:
        for one in self.calendar.critical_periods:
            if one.normal_from is not None and one.normal_from <= one.go_live:
                raise ValueError(f"normal_from {one.normal_from} is not after go_live {one.go_live}")
        return self

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"there is no time zone {value!r}") from None
        return value

    @property
    def calendar(self) -> Calendar:
        waves = tuple(one.period for one in self.waves)
        days = (self.day_starts or time.min, self.critical_days, self.normal_from)
        return Calendar(ZoneInfo(self.timezone), self.go_live, *days, waves)
