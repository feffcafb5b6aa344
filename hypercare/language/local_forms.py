"""Numbers, amounts, dates and times as a language writes them, by the data of the Unicode CLDR."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_MONTH_OF = {name: number for number, whole in enumerate(_MONTHS, start=1) for name in (whole, whole[:3])}
_DAY_OF = {name: number for number, whole in enumerate(_DAYS) for name in (whole, whole[:3])}
# Nothing that begins with a nought, and none of more digits than an amount has: a key, a version, an address.
_NUMBER = re.compile(
    r"(?P<sign>[+-]?)"
    r"(?P<number>[1-9]\d{0,2}(?:,\d{3}){1,4}(?:\.\d{1,9})?|(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?)"
    r"(?P<unit>(?: ?%| [A-Za-z]{1,3})?)"
)
_HOURS = re.compile(r"\d+ h \d+ min")
_DATE = re.compile(
    rf"(?:(?P<weekday>{'|'.join(_DAY_OF)}),? )?(?P<day>\d{{1,2}}) (?P<month>{'|'.join(_MONTH_OF)})"
    r"(?: (?P<year>\d{4}))?"
    r"(?P<rest>,? (?:\d{1,2}:\d{2}(?::\d{2})?))?"
)
_A_YEAR_WITH_ALL_DAYS = 2024


class LocalForms:
    """How numbers, dates and weekdays read in a language, of what English wrote."""

    def __init__(self, language: str) -> None:
        from babel import Locale

        self._locale = Locale.parse(language)

    def of(self, text: str) -> str | None:
        """A number with or without a unit, a date, a weekday or a month as the language writes it; None of all else."""
        for pattern, write in self._forms:
            found = pattern.fullmatch(text)
            if found is not None:
                return write(found)
        if _HOURS.fullmatch(text):
            return text
        if text in _DAY_OF:
            return self._name_of_weekday(_DAY_OF[text], wide=text in _DAYS)
        return self._name_of_month(_MONTH_OF[text], wide=text in _MONTHS) if text in _MONTH_OF else None

    @property
    def _forms(self) -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]:
        return (_NUMBER, self._number), (_DATE, self._date)

    def _number(self, found: re.Match[str]) -> str:
        """With as many decimals as it has: an amount that lost one would be another."""
        from babel.numbers import format_decimal

        number = found["number"].replace(",", "")
        decimals = len(number.partition(".")[2])
        form = "#,##0" + ("." + "0" * decimals if decimals else "")
        return found["sign"] + format_decimal(Decimal(number), format=form, locale=self._locale) + found["unit"]

    def _date(self, found: re.Match[str]) -> str:
        month, is_wide = _MONTH_OF[found["month"]], found["month"] in _MONTHS
        from babel.dates import format_skeleton

        day = self._a_date(int(found["day"]), month, found["year"])
        if day is None:
            return found[0]
        skeleton = f"{'y' if found['year'] else ''}{'MMMM' if is_wide else 'MMM'}d"
        words = format_skeleton(skeleton, day, locale=self._locale)
        if found["weekday"]:
            wide = found["weekday"] in _DAYS
            words = f"{self._name_of_weekday(_DAY_OF[found['weekday']], wide=wide)}, {words}"
        return words + (found["rest"] or "")

    @staticmethod
    def _a_date(day: int, month: int, year: str | None) -> date | None:
        try:
            return date(int(year or _A_YEAR_WITH_ALL_DAYS), month, day)
        except ValueError:
            return None

    def _name_of_weekday(self, number: int, *, wide: bool) -> str:
        return str(self._locale.days["stand-alone"]["wide" if wide else "abbreviated"][number])

    def _name_of_month(self, number: int, *, wide: bool) -> str:
        return str(self._locale.months["stand-alone"]["wide" if wide else "abbreviated"][number])
