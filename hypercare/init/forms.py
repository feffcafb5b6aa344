"""How a column keeps time and money, by its type and by what it holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypercare.init.names import tokens_of
from hypercare.init.sampling import number
from hypercare.init.schema import Column, Type
from hypercare.target_file.mapping import MoneyForm, TimeForm

_TEXT_TIME = re.compile(r"\d{4}-\d\d-\d\d(?P<between>[T ])\d\d:\d\d")
_TEXT_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
_SECONDS = range(600_000_000, 4_200_000_000)
UNPROVED = "taken for UTC, nothing speaks against it"
_CENT_WORDS = {"cents", "cent", "minor", "pence", "ct"}


def time_form(column: Column, values: Sequence[Any], *, now: datetime | None = None) -> tuple[TimeForm, str] | None:
    """The form with its reason; None when the column keeps no time."""
    if column.type is Type.DATE:
        return TimeForm.DATE, "a date"
    if column.type is Type.AWARE:
        return TimeForm.UTC, "a time with its zone"
    texts = [value for value in values if isinstance(value, str)]
    if texts:
        return _of_texts(column, texts, now)
    if column.type is Type.TIME:
        return _naive([v for v in values if isinstance(v, datetime)], now)
    numbers = [n for value in values if (n := number(value)) is not None and n != 0]
    if column.type in {Type.WHOLE, Type.FLOAT, Type.DECIMAL} and numbers:
        if all(int(n) in _SECONDS for n in numbers):
            return TimeForm.SECONDS, "seconds since 1970"
        if all(int(n) // 1000 in _SECONDS for n in numbers):
            return TimeForm.MILLISECONDS, "milliseconds since 1970"
    return None


def _of_texts(column: Column, texts: Sequence[str], now: datetime | None) -> tuple[TimeForm, str] | None:
    if all(_TEXT_DAY.match(text) for text in texts):
        return TimeForm.DATE, "a day as text"
    found = [match for text in texts if (match := _TEXT_TIME.match(text))]
    if len(found) < 0.9 * len(texts):
        return None
    iso = sum(match["between"] == "T" for match in found) > len(found) / 2
    times = []
    for text in texts:
        try:
            times.append(datetime.fromisoformat(text))
        except ValueError:
            continue
    zoned = [one for one in times if one.tzinfo is not None]
    if zoned:
        return (TimeForm.ISO_UTC if iso else TimeForm.UTC), "text that names its zone"
    form, why = _naive(times, now)
    if not iso:
        return form, why
    return (TimeForm.ISO_LOCAL if form is TimeForm.LOCAL else TimeForm.ISO_UTC), f"ISO text, {why}"


def _naive(times: Sequence[datetime], now: datetime | None) -> tuple[TimeForm, str]:
    present = (now or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None)
    naive = [one if one.tzinfo is None else one.astimezone(UTC).replace(tzinfo=None) for one in times]
    ahead = [one for one in naive if timedelta(minutes=10) < one - present < timedelta(hours=14)]
    if ahead:
        return TimeForm.LOCAL, "a naive time whose newest values lie ahead of UTC, so it is local"
    return TimeForm.UTC, f"a naive time; {UNPROVED}"


def money_form(column: Column, values: Sequence[Any]) -> tuple[MoneyForm, str]:
    if column.type is Type.FLOAT:
        return MoneyForm.FLOAT, "a float"
    if column.type is Type.WHOLE:
        numbers = [n for value in values if (n := number(value)) is not None]
        named = bool(_CENT_WORDS & set(tokens_of(column.name)))
        large = bool(numbers) and sorted(abs(n) for n in numbers)[len(numbers) // 2] >= 500
        if named or large:
            return MoneyForm.CENTS, "whole numbers" + (" named so" if named else " as large as cents")
    return MoneyForm.DECIMAL, "a decimal"
