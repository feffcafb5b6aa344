"""How the final sales of a past month stand, day by day and in slices of a day, in what no business changes later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, select

from hypercare.database.fingerprint import fingerprint
from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import one_if
from hypercare.operations_model.records import Records
from hypercare.plan.calendar import Period
from hypercare.seals.row_versions import version_in, versioned
from hypercare.seals.window import number_of_day

ENTITY = "sale"
FINAL = "finalised_at"
# What is corrected later by right (a customer, a note, a state that moves on) is not among them, nor is what we do not
# know the meaning of.
STABLE = ("id", "number", "branch", "total", FINAL)
# Of a day. A small shop has few sales in each; the seals of a year are then half a megabyte at most.
_SLICES = 32


@dataclass(frozen=True)
class Slice:
    """What is known of the final sales of a slice, `amount` in minor units; `taken_back` are those not final any more.

    Those were void, drafts or offers all along, or became void: of them nothing is kept but how many there are.
    """

    count: int
    amount: int
    fingerprint: str
    taken_back: int

    @property
    def sales(self) -> Sequence[Any]:
        """What is compared."""
        return self.count, self.amount, self.fingerprint

    def written(self) -> Sequence[Any]:
        return astuple(self)


NO_SALES = Slice(0, 0, "", 0)


def day_in(month: date, name: str) -> date:
    """The day of a slice ("day.slice")."""
    return month.replace(day=number_of_day_in(name))


def number_of_day_in(name: str) -> int:
    return int(name.partition(".")[0])


def stable_fields(records: Records) -> Sequence[str]:
    """The fields that are compared: those of the sale's own row. What is looked up elsewhere may change by right."""
    return [field for field in STABLE if records.has(field) and field not in records.gone and _is_own(records, field)]


def _is_own(records: Records, field: str) -> bool:
    """A branch that is that of whoever sold, or the lowest of several, moves on without the sale."""
    mapping, spec = records.mapping, records.mapping.columns[field]
    if field == "branch":
        return mapping.table is not None and mapping.branches is None and spec.column is not None
    return spec.sql is None or field == "total" or "select" not in spec.sql.lower()


def _compared(records: Records, field: str) -> ColumnElement[Any]:
    """A total in minor units: the same is told apart from another whatever number of digits its column has."""
    return records.amount(field).minor if field == "total" else records.source.c[field]


def slices_of(model: Model, first: date, last: date) -> Mapping[str, Slice]:
    """What is known of the days between two of a month, both included, by "day.slice"; of slices with a sale alone."""
    records = model.records(ENTITY)
    fields, days = stable_fields(records), [model.calendar.day(one) for one in _dates(first, last)]
    each = (
        select(
            number_of_day(records.instant(FINAL), days).label("day"),
            _number_of_slice(model, records).label("slice"),
            _if_taken_back(records).label("taken_back"),
            (records.amount("total").minor if records.has("total") else literal_column("0")).label("amount"),
            *(_compared(records, field).label(f"value_{field}") for field in fields),
        )
        .select_from(records.source)
        .where(*_on(model, records, Period(days[0].start, days[-1].end)))
        .subquery("each_one")
    )
    statement = select(
        each.c.day,
        each.c.slice,
        each.c.taken_back,
        func.count().label("count"),
        func.sum(each.c.amount).label("amount"),
        fingerprint(*(each.c[f"value_{field}"] for field in fields)).label("fingerprint"),
    ).group_by(each.c.day, each.c.slice, each.c.taken_back)
    found: dict[str, Slice] = {}
    for row in model.database.rows(statement, about=f"seal of {records.place} of {first:%Y-%m}"):
        name = f"{first.day + int(row['day'])}.{int(row['slice'])}"
        found[name] = _with(found.get(name, NO_SALES), row)
    return found


def has_more_sales(model: Model, first: date, last: date, than: int) -> bool:
    """Whether more than so many became final between two days, both included; no more of them are looked at."""
    records = model.records(ENTITY)
    period = Period(model.calendar.day(first).start, model.calendar.day(last).end)
    some: Select[Any] = (
        select(literal_column("1").label("one")).select_from(records.source).where(*_on(model, records, period))
    )
    counted = select(func.count()).select_from(some.limit(than + 1).subquery("some"))
    return int(model.database.value(counted, about=f"size of {records.place} of {first:%Y-%m}")) > than


def totals_of(model: Model, first: date, last: date) -> tuple[int, int]:
    """How many sales are final between two days, both included, and their amount in minor units."""
    records = model.records(ENTITY)
    period = Period(model.calendar.day(first).start, model.calendar.day(last).end)
    amount = records.amount("total").minor if records.has("total") else literal_column("0")
    is_final = _if_taken_back(records) == literal_column("0")
    statement = select(func.count().label("count"), func.coalesce(func.sum(amount), 0).label("amount"))
    row = model.database.row(
        statement.select_from(records.source).where(*_on(model, records, period), is_final),
        about=f"totals of {records.place} of {first:%Y-%m}",
    )
    return int(row["count"]), int(row["amount"])


def versions_of(model: Model, first: date, last: date) -> str:
    """Of the rows of these days, as the engine tells them; empty where it does not. The same: nothing was changed."""
    records = versioned(model, ENTITY)
    if records is None or any(records.mapping.columns[field].sql is not None for field in stable_fields(records)):
        return ""
    period = Period(model.calendar.day(first).start, model.calendar.day(last).end)
    statement = select(func.count().label("count"), func.sum(version_in(records)).label("sum"))
    row = model.database.row(
        statement.select_from(records.source).where(*_on(model, records, period)),
        about=f"versions of {records.place} of {first:%Y-%m}",
    )
    return f"{row['count']}:{row['sum']}"


def in_slice(model: Model, records: Records, day: date, name: str) -> Sequence[ColumnElement[bool]]:
    """The sales of a slice of a day, whatever became of them."""
    number = int(name.partition(".")[2])
    return (*_on(model, records, model.calendar.day(day)), _number_of_slice(model, records) == number)


def _on(model: Model, records: Records, period: Period) -> Sequence[ColumnElement[bool]]:
    return records.instant(FINAL).within(period), *model.excluding_canary(records)


def _dates(first: date, last: date) -> Sequence[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _number_of_slice(model: Model, records: Records) -> ColumnElement[int]:
    """By the key, so that few sales have to be looked through.

    It has to be a number: an engine is strict about that, or takes a text such as 12e-3 for a fraction. SQLite, whose
    columns hold anything, makes it whole.
    """
    kind = records.types.get("id")
    if not records.has("id") or (model.database.dialect != "sqlite" and not (kind and kind.is_whole)):
        return literal_column("0")
    return func.coalesce(func.abs(records["id"]) % literal_column(str(_SLICES)), 0)


def sales_without_a_time(model: Model, period: Period) -> int:
    """How many sales that were entered in the period are void and have lost when they were final."""
    records = model.records(ENTITY)
    if not records.has("state", "created_at"):
        return 0
    lost = records.instant(FINAL).is_missing, records.is_("state", "void")
    return model.count(records, records.instant("created_at").within(period), *lost)


def _if_taken_back(records: Records) -> ColumnElement[int]:
    return one_if(records.is_not("state", "final")) if records.has("state") else literal_column("0")


def _with(earlier: Slice, row: Mapping[str, Any]) -> Slice:
    """A slice with its final sales, or with how many there are of others."""
    if row["taken_back"]:
        return replace(earlier, taken_back=int(row["count"]))
    return Slice(int(row["count"]), int(row["amount"] or 0), str(row["fingerprint"]), earlier.taken_back)
