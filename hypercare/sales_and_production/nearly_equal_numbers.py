"""Numbers of sales that people take for the same, though they differ by a dash, a blank, their case or a zero."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from hypercare.operations_model.model import Model
from hypercare.outcome.found import Found

_MOST_SALES = 20_000
# Where more than one in so many is nearly another, the difference is meant.
_ONE_IN = 100
_SIGNS = re.compile(r"[^0-9a-z]+")
_FIGURES = re.compile(r"[0-9]+")
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")

Row = Mapping[str, Any]


def nearly_equal_numbers(model: Model) -> Found:
    """Sales since yesterday evening whose number is another's but for signs, blanks, case or leading zeros.

    Of the same branch, where two branches give the same number: there each counts for itself.

    Those that are equal to the letter are told by another question. Where so many are nearly equal that it must be
    meant (numbers that tell sales apart by a sign), none is told.
    """
    sale = model.records("sale")
    created = sale.instant("created_at")
    columns = {"number": sale["number"], "entered": created.raw, "total": sale.amount("total").minor}
    if sale.has("branch"):
        columns["branch"] = sale["branch"]
    statement = (
        select(*(column.label(name) for name, column in columns.items()))
        .where(
            created.within(model.since_yesterday_evening), sale["number"].is_not(None), *model.excluding_canary(sale)
        )
        .order_by(created.raw.desc())
        .limit(_MOST_SALES)
    )
    rows = model.database.rows(statement, about="numbers of sales since yesterday evening")
    groups = list(_nearly_equal(rows))
    meant = len(groups) > max(2, len(rows) // _ONE_IN)
    shown = [_shown(model, row, others) for row, others in ([] if meant else groups)]
    money = sum((model.money(row["total"]) for row, _ in groups), model.money(0))
    left = model.exceptions.without(shown, "sale", "sale", sale.place)
    return model.found(left, of=len(rows), place=sale.place, money=money)


def as_people_take_it(number: str) -> str:
    """Letters and figures alone, as they are read aloud: "har2026531" for "HAR–2026–000531 "."""
    plain = unicodedata.normalize("NFKC", number).casefold()
    return _SIGNS.sub("", _LEADING_ZEROS.sub("", _SIGNS.sub(" ", plain)))


def are_told_apart(one: str, other: str) -> bool:
    """Whether the same signs part other figures: "12-3", the third sale of till 12, is not "1-23"."""
    figures, others = ([int(part) for part in _FIGURES.findall(number)] for number in (one, other))
    return len(figures) == len(others) and figures != others


def _nearly_equal(rows: Sequence[Row]) -> Iterator[tuple[Row, str]]:
    """The newest of each group that is nearly equal, with the numbers of the others."""
    by_branch = _count_by_branch(rows)
    alike: dict[tuple[object, str], dict[str, Row]] = defaultdict(dict)
    for row in rows:
        branch = row.get("branch") if by_branch else None
        alike[branch, as_people_take_it(str(row["number"]))].setdefault(str(row["number"]), row)
    for (_, taken_for), numbers in alike.items():
        for first in numbers if taken_for else ():
            others = [other for other in numbers if other != first and not are_told_apart(first, other)]
            if others:
                yield numbers[first], ", ".join(repr(other) for other in others)
                break


def _count_by_branch(rows: Sequence[Row]) -> bool:
    """Whether a number was given in two branches."""
    first: dict[str, object] = {}
    return any(first.setdefault(str(row["number"]), row.get("branch")) != row.get("branch") for row in rows)


def _shown(model: Model, row: Row, others: str) -> dict[str, object]:
    branch = {"branch": model.branch_word(row["branch"])} if "branch" in row else {}
    entered = model.shown_time(model.records("sale").instant("created_at")).readable(row["entered"])
    return {"sale": row["number"], **branch, "entered": entered, "nearly": others}
