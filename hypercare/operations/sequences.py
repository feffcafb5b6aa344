"""Keys and numbers that are counted up as records are made: they tell when one was made, whatever its date says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select

from hypercare.operations_model.model import Model
from hypercare.operations_model.records import Records
from hypercare.plan.calendar import Period

_MOST_READ = 2000
_LEAST_READ = 20
_MOST_SERIES = 20
_GO_BY_TIME = 0.9
# The first of them may have been made before, and given another date.
_SURELY_SINCE = 0.05
# Keys further ahead than this are of a range of their own, as an import may have been given.
_NOT_FAR_AHEAD = 1000
_COUNTED = re.compile(r"(.*?)([0-9]{1,15})")


@dataclass(frozen=True)
class _Number:
    """A number as it is written; its place in the sequence is what its last digits say."""

    start: str
    digits: str

    @property
    def place(self) -> int:
        return int(self.digits)


def made_since_go_live(model: Model, records: Records, made_at: str) -> ColumnElement[bool] | None:
    """Whether a record's key or number lies among those of records made since go-live.

    None where neither is counted up as records are made, or too few are known.
    """
    return made_in(model, records, made_at, model.hypercare)


def made_in(model: Model, records: Records, made_at: str, period: Period) -> ColumnElement[bool] | None:
    """The same of a period, by the newest of those that are dated in it."""
    made = records.instant(made_at)
    fields = {"id": records["id"], "made": made.raw}
    fields |= {field: records[field] for field in ("number", "branch") if records.has(field)}
    statement = select(*(column.label(name) for name, column in fields.items())).where(made.within(period))
    newest = model.database.rows(
        statement.order_by(made.raw.desc()).limit(_MOST_READ), about=f"keys of {records.place}"
    )
    # Within a day or a second nothing tells what came first.
    rows = sorted(newest, key=lambda row: (str(row["made"]), str(row.get("number") or ""), str(row["id"])))
    by_key = _among_keys(records, [row["id"] for row in rows])
    if by_key is not None or "number" not in fields:
        return by_key
    numbers: dict[tuple[object, str, int], list[_Number]] = defaultdict(list)
    for row in rows:
        if read := _COUNTED.fullmatch(str(row["number"] or "").strip()):
            one = _Number(*read.groups())
            numbers[row.get("branch"), one.start, len(one.digits)].append(one)
    most = sorted(numbers.items(), key=lambda series: len(series[1]), reverse=True)[:_MOST_SERIES]
    conditions = list(_among_numbers(records, dict(most)))
    return and_(or_(*conditions), _nobody_elses(model, records, made_at, period)) if conditions else None


def _nobody_elses(model: Model, records: Records, made_at: str, period: Period) -> ColumnElement[bool]:
    """Where numbers begin anew each year or day, one of earlier has a namesake in the period."""
    other = model.records(records.entity, f"{records.entity}_of_that_number")
    here = [other["branch"] == records["branch"]] if records.has("branch") else []
    since = other.instant(made_at).within(period)
    return not_(exists().where(other["number"] == records["number"], other["id"] != records["id"], since, *here))


def _among_keys(records: Records, keys: Sequence[object]) -> ColumnElement[bool] | None:
    counted = [key for key in keys if isinstance(key, int) and not isinstance(key, bool)]
    if len(counted) < len(keys) or not _is_counted_up(counted):
        return None
    return and_(records["id"] > _surely_since(counted), records["id"] <= max(counted) + _NOT_FAR_AHEAD)


def _among_numbers(
    records: Records, numbers: dict[tuple[object, str, int], list[_Number]]
) -> Iterator[ColumnElement[bool]]:
    for (branch, start, width), ones in numbers.items():
        places = [one.place for one in ones]
        if not _is_counted_up(places):
            continue
        first, last = (f"{start}{place:0{width}}" for place in (_surely_since(places), max(places)))
        shape = re.sub(r"([%_/])", r"/\1", start) + "_" * width
        here = [records["branch"] == branch] if records.has("branch") and branch is not None else []
        number = records["number"]
        yield and_(number.like(shape, escape="/"), number > first, number <= last, *here)


def _is_counted_up(places: Sequence[int]) -> bool:
    if len(places) < _LEAST_READ:
        return False
    return sum(one < other for one, other in pairwise(places)) >= _GO_BY_TIME * (len(places) - 1)


def _surely_since(places: Sequence[int]) -> int:
    return sorted(places)[int(len(places) * _SURELY_SINCE)]
