"""Numbers and days as people write them: a column as a whole tells which mark parts what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

_SPACES = re.compile(r"[\s'\u2019\u00a0\u202f]")
_DIGITS = re.compile(r"\d[\d.,]*")
_NEGATIVE = re.compile(r"^\s*[-\u2212\u2013]|[-\u2212]\s*$|^\s*\(.*\)\s*$")
# "12,-" and "12.--" are whole amounts.
_NO_CENTS = re.compile(r"[.,][-\u2013]{1,2}\s*\D*$")
_YEAR_FIRST = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?:[T\s].*)?")
_YEAR_LAST = re.compile(r"(?:\D+\s)?(\d{1,2})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{4}|\d{2})(?:\s.*)?")
_IN_ONE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_BEFORE_MONTHS = 12


def decimal_mark(cells: Iterable[str], digits: int = 2) -> str:
    """The mark before the cents in a column of amounts, "." or ",".

    `digits` is how many a currency has: three of them after a single mark are thousands elsewhere.
    """
    marks = [mark for cell in cells if (mark := _mark_of(_bare(cell), digits))]
    return max(set(marks), key=marks.count, default=".")


def number_of(cell: str, mark: str = ".") -> Decimal | None:
    """The number that a cell shows; None where it is empty or shows none."""
    found = _DIGITS.search(_bare(cell))
    if found is None:
        return None
    text = found[0].rstrip(".,").replace("," if mark == "." else ".", "").replace(mark, ".")
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    signs = re.sub(r"[^\d.,()\-\u2212\u2013\s]", "", _NO_CENTS.sub("", cell))
    return -value if _NEGATIVE.search(signs) else value


def day_of(cell: str, *, day_first: bool = True) -> date | None:
    """The day that a cell shows, with or without a weekday or a time; None where it shows none."""
    text = cell.strip()
    if found := _YEAR_FIRST.fullmatch(text) or _IN_ONE.fullmatch(text):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _YEAR_LAST.fullmatch(text):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        # What cannot be a month is the day, however it is meant elsewhere.
        is_day_first = (day_first and second <= _BEFORE_MONTHS) or first > _BEFORE_MONTHS
        day, month = (first, second) if is_day_first else (second, first)
        return _date(year if year > 99 else 2000 + year, month, day)
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _bare(cell: str) -> str:
    return _SPACES.sub("", _NO_CENTS.sub("", cell))


def _mark_of(text: str, digits: int) -> str:
    """What the one cell says of the mark; nothing where it may be either."""
    found = _DIGITS.search(text)
    shown = found[0].rstrip(".,") if found else ""
    marks: Sequence[str] = [mark for mark in ".," if mark in shown]
    if len(marks) == 2:
        return max(marks, key=shown.rindex)
    if not marks:
        return ""
    mark, other = marks[0], "," if marks[0] == "." else "."
    if shown.count(mark) > 1:
        return other
    after = len(shown) - shown.index(mark) - 1
    if after != 3 or digits == 3:
        return mark
    return other
